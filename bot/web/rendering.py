"""The templates, and how they write phone numbers, dates and texts in French."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.printing.typography import NO_BREAK, french
from knowledge.demande import Ligne
from knowledge.raisons import say_day, say_hour
from knowledge.telephones import telephone

NUMBER = r"0\d(?: \d\d){4}|0 8\d\d \d{3} \d{3}"
ADDRESS = r"https?://[^\s<>\"»)]*[^\s<>\"»).,;:!?]"
SMS_ONLY = "urgence-sms"
SHORTEST_LINKED = 4
"""Digits: a bare "15" in a sentence may be a date; emergency numbers have their own buttons."""


class Templates:
    """The pages' templates: escaped by default, and a name that is not given is a fault, not a blank."""

    def __init__(self, lignes: Iterable[Ligne]) -> None:
        self._environment = Environment(
            loader=PackageLoader("bot.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        numbers = [ligne.telephone for ligne in lignes if len(ligne.telephone) >= SHORTEST_LINKED]
        linked = re.compile("|".join([f"(?P<address>{ADDRESS})", NUMBER, *(rf"\b{_spaced(n)}\b" for n in numbers)]))
        self._environment.filters |= {
            "telephone": telephone,
            "tel": tel,
            "appel": appel,
            "jour": jour,
            "moment": moment,
            "capital": capital,
            "segment": lambda text: quote(text, safe=""),
            "km": km,
            "lines": lambda text: _lines(text, linked),
            "paragraphs": lambda text: [_lines(one, linked) for one in text.split("\n\n") if one],
        }

    def render(self, name: str, values: Mapping[str, Any]) -> str:
        """Return a page."""
        return self._environment.get_template(name).render(values)


def tel(number: str) -> str:
    """Return the address that a phone dials."""
    return "tel:" + "".join(c for c in number if c.isdigit() or c == "+")


def appel(ligne: Ligne) -> str:
    """Return the address that reaches a line: the 114 is written to, it has no voice."""
    return f"sms:{ligne.telephone}" if ligne.id == SMS_ONLY else tel(ligne.telephone)


def jour(iso: str) -> str:
    """Return "12 octobre 2026"."""
    day = date.fromisoformat(iso)
    return f"{say_day(datetime.combine(day, time())).split(' ', 1)[1]} {day.year}"


def moment(start: str, end: str | None) -> str:
    """Return "mardi 24 novembre, de 14 h à 16 h 30", or "à 14 h" when the end is not known or is another day."""
    first, last = datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None
    if last is None or last.date() != first.date():
        return f"{say_day(first)}, à {say_hour(first)}"
    return f"{say_day(first)}, de {say_hour(first)} à {say_hour(last)}"


def capital(text: str) -> str:
    """Return a sentence of the knowledge as it stands alone: a capital first letter, no-break spaces."""
    return french(text[:1].upper() + text[1:])


def km(distance: float) -> str:
    """Return "à moins de 1 km", "à 3 km"."""
    return "à moins de 1 km" if distance < 1 else f"à {round(distance)} km"


def _spaced(number: str) -> str:
    """Return the pattern of a number written with or without blanks: "3939", "39 39", "+33…" as "0…"."""
    return r"\ ?".join(re.escape(c) for c in telephone(number).replace(" ", ""))


def _lines(text: str, linked: re.Pattern[str]) -> Markup:
    """Return a text whose phone numbers and addresses can be pressed; everything else is escaped."""
    parts, end = [], 0
    for match in linked.finditer(text):
        parts += [Markup.escape(french(text[end : match.start()])), _anchor(match)]
        end = match.end()
    parts.append(Markup.escape(french(text[end:])))
    return Markup("<br>").join(Markup("").join(parts).split("\n"))


def _anchor(match: re.Match[str]) -> Markup:
    said = match[0]
    if match["address"]:
        return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(said, said)
    return Markup('<a href="{}">{}</a>').format(tel(said), said.replace(" ", NO_BREAK))
