"""What a form of the page sends, read strictly: a text, a choice, a command, or a changed answer."""

import asyncio
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256

from aiohttp import web

from bot.conversation.reception import Reply
from bot.conversation.turn import MAX_TEXT
from bot.messages import Choice
from bot.web.refusals import refuse
from bot.web.site import Fields
from bot.web.words import POSTURES, URGENCIES
from knowledge.labels import Posture, Urgency
from knowledge.snapshot import Knowledge

MAX_BYTES = 64 * 1024
"""A form of ours is a few thousand bytes at most."""

READ_SECONDS = 15
URLENCODED = "application/x-www-form-urlencoded"
UNKNOWN = "Cette page a envoyé une réponse que nous ne connaissons pas. Revenez au début."
COMMANDS: Mapping[str, str] = {"menu": "MENU", "retour": "RETOUR"}
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

CHANGED: Mapping[str, str] = {
    "need": "/SetSlots(need={}, exclus=null, suite=null)",
    "urgency": "/SetSlots(urgency={}, deadline=null, exclus=null, suite=null)",
    "posture": "/SetSlots(posture={}, exclus=null, suite=null)",
    "insee": "/SetSlots(insee={}, latitude=null, longitude=null, communes_possibles=null, exclus=null, suite=null)",
}
"""What a changed answer does to the slots: what depended on the former one (a date, a position) is emptied."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the person says with a form: the words, and the payload when they pressed a button."""

    text: str
    payload: str | None = None


async def read_fields(request: web.Request) -> Fields:
    """Return the fields of the form. Raises `Refusal`: too large, too slow, not a form of a page, not UTF-8."""
    if request.content_type != URLENCODED:
        raise refuse(415)
    try:
        async with asyncio.timeout(READ_SECONDS):
            fields = await request.post()
    except TimeoutError:
        raise refuse(408) from None
    except web.HTTPRequestEntityTooLarge:
        raise refuse(413) from None
    except (LookupError, ValueError):  # an unknown charset, bytes that are not of the charset
        raise refuse(400) from None
    return {name: value for name, value in fields.items() if isinstance(value, str)}


def turn_of(reply: Reply) -> str:
    """Return the mark of what is on the screen: a choice counts only for the very answer that offered it."""
    shown = json.dumps([asdict(message) for message in reply.messages], ensure_ascii=False, sort_keys=True)
    return sha256(shown.encode()).hexdigest()[:16]


def choices_of(reply: Reply) -> tuple[Choice, ...]:
    """Return the choices under the answer on the screen."""
    return reply.messages[-1].choices if reply.messages else ()


def read_said(fields: Fields, reply: Reply, knowledge: Knowledge, territoire: Collection[str]) -> Said | None:
    """Return what was said; None for a choice whose question has been answered since. Raises `Refusal`.

    `reply` is what is on the screen, `territoire` the départements where a commune is looked for first.
    """
    if "choix" in fields:
        return _choice(fields, reply)
    if "commande" in fields:
        if fields["commande"] not in COMMANDS:
            raise refuse(400, UNKNOWN)
        return Said(COMMANDS[fields["commande"]])
    if "commune" in fields:
        return _commune(fields["commune"], knowledge, territoire)
    for name in ("need", "urgency", "posture"):
        if name in fields:
            return _changed(name, fields[name], knowledge)
    return Said(_text(fields.get("texte", "")))


def _choice(fields: Fields, reply: Reply) -> Said | None:
    if fields.get("tour") != turn_of(reply):
        return None
    chosen = [choice for choice in choices_of(reply) if choice.key == fields["choix"]]
    if not chosen:
        raise refuse(400, UNKNOWN)
    return Said(chosen[0].label, chosen[0].payload)


def _changed(name: str, value: str, knowledge: Knowledge) -> Said:
    if name == "need" and value in knowledge.needs:
        return Said(knowledge.needs[value].label_court, CHANGED[name].format(value))
    if name == "urgency" and value in list(Urgency):
        return Said(URGENCIES[Urgency(value)], CHANGED[name].format(value))
    if name == "posture" and value in list(Posture):
        return Said(POSTURES[Posture(value)], CHANGED[name].format(value))
    raise refuse(400, UNKNOWN)


def _commune(written: str, knowledge: Knowledge, territoire: Collection[str]) -> Said:
    text = _text(written)
    commune = knowledge.communes.find_commune(text, territoire=territoire).commune
    return Said(text, CHANGED["insee"].format(commune.insee)) if commune else Said(f"Je suis à {text}")


def _text(written: str) -> str:
    """Return the text without control characters. Raises `Refusal` when it is empty or too long to be read whole."""
    text = CONTROLS.sub("", written.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text:
        raise refuse(422, "Écrivez quelques mots, puis appuyez sur « Envoyer ».")
    if len(text) > MAX_TEXT:
        raise refuse(413, f"Votre message a {len(text)} lettres. Il en faut {MAX_TEXT} au plus : raccourcissez-le.")
    return text
