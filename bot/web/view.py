"""An answer and the slots as the templates show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.conversation.reception import Reply
from bot.messages import Choice
from bot.web.forms import choices_of, turn_of
from bot.web.words import POSTURES, POSTURES_AUTRUI, URGENCIES
from knowledge.autrui import said_of_another
from knowledge.labels import Posture, Urgency
from knowledge.lignes import AlerteDanger
from knowledge.needs import Need, Site
from knowledge.raisons import say_day
from knowledge.snapshot import Knowledge

OF_A_HELPER = ("pour_autrui", "disponibilite", "habilitation")
"""Slots that tell that a helper asks for somebody else (`knowledge.autrui.is_for_another`)."""

RIGHT_TO_LEFT = frozenset({"ar"})
"""Languages that are written from right to left."""


@dataclass(frozen=True, slots=True)
class Line:
    """The line in the person's language: `langue` and `direction` are said to browsers and screen readers."""

    text: str
    langue: str
    direction: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said: first what to do in a danger, then `text`, then `card`, shown instead of its words.

    `autrui`: to a helper, of somebody else. `apporter` and `site`: what to bring, and the site of the procedure.

    `line`: the same in short, in the person's language. `insee`: the code of the commune where help is wanted.
    """

    danger: AlerteDanger | None
    text: str
    line: Line | None
    card: Mapping[str, Any] | None
    posture: str | None
    apporter: str | None
    site: Site | None
    autrui: bool
    need: Need | None
    insee: str | None
    choices: tuple[Choice, ...]
    turn: str


@dataclass(frozen=True, slots=True)
class Understood:
    """A line of "Ce que j'ai compris": `value` is the slot, `said` what is shown, None when it is not known."""

    name: str
    title: str
    value: str | None
    said: str | None
    options: Mapping[Urgency, str] | Mapping[Posture, str]


def answer_of(reply: Reply, knowledge: Knowledge) -> Answer:
    """Return the answer on the screen."""
    card = next((message.card for message in reply.messages if message.card and "posture" in message.card), None)
    paragraphs = "\n\n".join(message.text for message in reply.messages).split("\n\n")
    langue = reply.messages[-1].langue
    line = Line(paragraphs.pop(), langue, "rtl" if langue in RIGHT_TO_LEFT else "ltr") if langue else None
    danger = _danger(paragraphs, knowledge)
    need = knowledge.needs.get(reply.slots.get("need") or "")
    autrui = any(reply.slots.get(name) for name in OF_A_HELPER)
    beside = _beside(paragraphs, card) if card else paragraphs
    return Answer(
        danger=danger,
        text="\n\n".join(words for words in beside if not danger or words != danger.sentence),
        line=line,
        card=card,
        posture=(POSTURES_AUTRUI if autrui else POSTURES)[Posture(card["posture"])] if card else None,
        apporter=_bring(need, autrui=autrui),
        site=need.site if need else None,
        autrui=autrui,
        need=need,
        insee=reply.slots.get("insee"),
        choices=choices_of(reply),
        turn=turn_of(reply),
    )


def _bring(need: Need | None, *, autrui: bool) -> str | None:
    bring = need.apporter if need else None
    return said_of_another(bring) if bring and autrui else bring


def understood_of(slots: Mapping[str, Any], knowledge: Knowledge) -> tuple[Understood, ...]:
    """Return the four lines of what was understood; () while nothing was."""
    need, insee = slots.get("need"), slots.get("insee")
    urgency, posture = slots.get("urgency"), slots.get("posture")
    commune = knowledge.communes.by_insee(insee) if insee else None
    hurry = _hurry(urgency, slots.get("deadline"))
    if not (need or commune or hurry or posture):
        return ()
    return (
        Understood("need", "Besoin", need, knowledge.needs[need].label if need in knowledge.needs else None, {}),
        Understood("commune", "Commune", insee, commune.nom if commune else None, {}),
        Understood("urgency", "Urgence", urgency, hurry, URGENCIES),
        Understood("posture", "Aide voulue", posture, POSTURES[Posture(posture)] if posture else None, POSTURES),
    )


def _beside(paragraphs: Sequence[str], card: Mapping[str, Any]) -> Sequence[str]:
    """Return the paragraphs before those that the card says better; all of them when it cannot be told."""
    first = next((n for n, words in enumerate(paragraphs) if card["posture_reason"] in words), len(paragraphs))
    return paragraphs[:first]


def _danger(paragraphs: Sequence[str], knowledge: Knowledge) -> AlerteDanger | None:
    alerts = knowledge.lignes.by_danger.values()
    return next((alert for alert in alerts if alert.sentence in paragraphs), None)


def _hurry(urgency: str | None, deadline: str | None) -> str | None:
    if deadline:
        return f"avant le {say_day(datetime.fromisoformat(deadline))}"
    return URGENCIES[Urgency(urgency)] if urgency else None
