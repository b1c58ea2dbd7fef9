"""What every action has: the knowledge that it may ask, and a typed reading of rasa's tracker.

The clock and the channel travel in the metadata of the latest message (`{"now": ISO instant, "channel": …}`),
in process as over rasa-sdk's HTTP server, so that an action never looks at a clock when it is told the time.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker

from knowledge.base import open_base
from knowledge.demande import Demande
from knowledge.horaires import paris
from knowledge.labels import Autonomy, Disponibilite, Posture, Urgency
from knowledge.snapshot import Knowledge, load_knowledge

Events = list[dict[str, Any]]
Domain = Mapping[str, Any]

SMS = "sms"
"""The channel on which room is counted."""


@cache
def default_knowledge() -> Knowledge:
    """Load the base that AIGUILLEUR_BASE names: for rasa-sdk's own server, which builds the actions without arguments.

    Raises `KeyError` when the variable is missing: that server has no other way to be told.
    """
    return load_knowledge(open_base(os.environ["AIGUILLEUR_BASE"]), datetime.now(paris()))


class KnowledgeAction(Action, ABC):  # type: ignore[misc]  # rasa_sdk has no types
    """An action over the knowledge.

    `placeholders` declares, for each response that the action utters, the values that it passes: `aiguilleur check`
    compares them with the texts.
    """

    placeholders: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def __init__(self, knowledge: Callable[[], Knowledge] = default_knowledge) -> None:
        self._knowledge = knowledge

    @abstractmethod
    def name(self) -> str:
        """Return the name that flows call the action by."""

    @abstractmethod
    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Utter what there is to say and return the events (rasa's dictionaries)."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Answer rasa_sdk's call."""
        return self.play(self._knowledge(), dispatcher, tracker, domain)


def now_of(tracker: Tracker) -> datetime:
    """Return the instant of the turn, Europe/Paris; the wall clock only when nobody said (a bare rasa server)."""
    said = tracker.latest_message.get("metadata", {}).get("now")
    return datetime.fromisoformat(said).astimezone(paris()) if said else datetime.now(paris())


def channel_of(tracker: Tracker) -> str:
    """Return the channel of the turn ("" when unknown)."""
    return str(tracker.latest_message.get("metadata", {}).get("channel", ""))


def demande_of(tracker: Tracker, **changes: Any) -> Demande:
    """Read the request out of the slots; `changes` replace fields of it."""
    slots = tracker.slots
    fields: dict[str, Any] = {
        "need": slots.get("need"),
        "urgency": Urgency(slots["urgency"]) if slots.get("urgency") else None,
        "deadline": date.fromisoformat(slots["deadline"]) if slots.get("deadline") else None,
        "posture": Posture(slots["posture"]) if slots.get("posture") else None,
        "insee": slots.get("insee"),
        "latitude": slots.get("latitude"),
        "longitude": slots.get("longitude"),
        "confidential": slots.get("confidential"),
        "autonomy": Autonomy(slots["autonomy"]) if slots.get("autonomy") else None,
        "publics": tuple(slots.get("publics") or ()),
        "prise_en_charge": tuple(slots.get("prise_en_charge") or ()),
        "pour_autrui": slots.get("pour_autrui"),
        "disponibilite": Disponibilite(slots["disponibilite"]) if slots.get("disponibilite") else None,
        "habilitation": slots.get("habilitation"),
        "exclude": frozenset(slots.get("exclus") or ()),
    }
    return Demande(**(fields | changes))


def set_slots(**values: Any) -> Events:
    """Return the events that set these slots; None clears one."""
    return [SlotSet(name, value) for name, value in values.items()]


def button(title: str, **slots: str) -> dict[str, str]:
    """Return a choice that sets slots when it is taken."""
    return {"title": title, "payload": f"/SetSlots({', '.join(f'{name}={value}' for name, value in slots.items())})"}


def count_question(tracker: Tracker, slot: str) -> Events:
    """Remember that the slot was asked: the limit of three questions holds over all of them."""
    asked = tracker.slots.get("questions_posees") or []
    return set_slots(questions_posees=asked if slot in asked else [*asked, slot])


NEED_SLOTS = (
    "need",
    "urgency",
    "deadline",
    "posture",
    "confidential",
    "question",
    "presente",
    "suite",
    "besoins_possibles",
    "questions_sms",
)
"""Slots that belong to one need; the commune, the autonomy and the publics stay with the person."""


def forget_need() -> Events:
    """Return the events that forget one need and its questions."""
    return set_slots(**dict.fromkeys(NEED_SLOTS), exclus=[], montres=[], questions_posees=[])
