"""Reading one cell: text, date, number, phone, e-mail, web address.

Each function takes a text that is not blank and returns what was read with a French remark: (value, None) when all
is well, (value, remark) when something was decided that must be said, (None, remark) when nothing can be kept.
"""

import math
import re
from datetime import date, datetime
from functools import lru_cache
from typing import TypeAlias, TypeVar

T = TypeVar("T")
Read: TypeAlias = tuple[T | None, str | None]

EARLIEST_DATE = date(2000, 1, 1)
"""No record is older; what is (1969-12-31, 1970-01-01) is a missing date that some program wrote as zero."""

_OVERSEAS = {
    "971": "GP", "972": "MQ", "973": "GF", "974": "RE", "975": "PM", "976": "YT",
    "977": "BL", "978": "MF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip
"""Region whose numbering plan a local number belongs to, by the first digits of the postal code."""

NATIONAL_LENGTH = 9
"""Digits of a French number without its zero."""

_PLAIN_FRENCH = re.compile(r"(?:\+33|0)([1-9]\d{8})")
_SHORT_NUMBER = re.compile(r"1\d{1,2}|11\d{4}|118\d{3}|[13]\d{3}")
_LAYOUT = re.compile(r"[\s.()'-]")
_EMAIL = re.compile(r"[^\s@,;:<>\"]+@[^\s@,;:<>\"]+\.[^\s@,;:<>\".]+")
_LISTED = re.compile(r"[|;\n]")
_BARE_SITE = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?")


def clean(text: str) -> str:
    """Return the text without the characters that nobody sees and no database likes; line breaks stay."""
    text = text.strip()
    if text.isprintable():
        return text
    return "".join(c for c in text if c.isprintable() or c in "\n\t\u00a0\u202f").strip()


def split(text: str) -> list[str]:
    """Cut a list of free texts at the separators of either version of the standard; a comma may be part of a text."""
    return _LISTED.split(text)


def read_date(text: str, today: date) -> Read[date]:
    """Read an ISO date or instant, or a French date (31/12/2024)."""
    try:
        day = datetime.fromisoformat(text).date() if "/" not in text else datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007
    except ValueError:
        return None, "date illisible, laissée de côté : on attend 2024-12-31"
    if day < EARLIEST_DATE or day > today:
        return None, "date impossible, laissée de côté"
    return day, None


def read_number(text: str) -> Read[float]:
    """Read a decimal number, with a point or a comma."""
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = math.nan
    return (number, None) if math.isfinite(number) else (None, "nombre illisible, laissé de côté")


def read_integer(text: str) -> Read[int]:
    """Read a whole number that is not negative."""
    return (
        (int(text), None) if text.isdecimal() and len(text) < 10 else (None, "nombre entier illisible, laissé de côté")
    )


@lru_cache(maxsize=4096)
def read_telephone(text: str, code_postal: str = "") -> Read[str]:
    """Read a phone number: "+33559285108", or a short number as it is dialled ("3949").

    The layout may change without a word. Anything else that is decided is said: a second number left out, a
    missing zero, words around the number.
    """
    bare = _LAYOUT.sub("", text)
    region = _OVERSEAS.get(code_postal[:3], "FR")
    if region == "FR" and (match := _PLAIN_FRENCH.fullmatch(bare)):
        return f"+33{match[1]}", None
    if _SHORT_NUMBER.fullmatch(bare):
        return bare, None
    return _search_telephone(text, bare, region)


def _search_telephone(text: str, bare: str, region: str) -> Read[str]:
    import phonenumbers  # heavy, and most files never come here

    found = [match.number for match in phonenumbers.PhoneNumberMatcher(text.replace("'", " "), region)]
    if not found and bare.isdecimal() and len(bare) == NATIONAL_LENGTH:  # a spreadsheet took the zero for a number's
        guess = phonenumbers.parse(bare, region)
        found = [guess] if phonenumbers.is_valid_number(guess) else []
    if not found:
        return None, "numéro illisible, laissé de côté"
    number = phonenumbers.format_number(found[0], phonenumbers.PhoneNumberFormat.E164)
    national, country = str(found[0].national_number), str(found[0].country_code)
    same = {f"0{national}", f"+{country}{national}", f"00{country}{national}", f"+{country}0{national}"}
    if len(found) > 1:
        return number, f"plusieurs numéros : seul le premier est gardé, {number}"
    return number, None if bare in same else f"numéro lu comme {number}"


def read_courriel(text: str) -> Read[str]:
    """Read one e-mail address."""
    address = text.removeprefix("mailto:").strip()
    return (address, None) if _EMAIL.fullmatch(address) else (None, "adresse électronique illisible, laissée de côté")


def read_url(text: str) -> Read[str]:
    """Read a web address; only http and https are kept, for it becomes a link."""
    if re.match(r"https?://[^\s/]", text, re.IGNORECASE) and not re.search(r'[\s<>"]', text):
        return text, None
    if _BARE_SITE.fullmatch(text):
        return f"http://{text}", f"adresse lue comme http://{text}"
    return None, "adresse de site illisible, laissée de côté"
