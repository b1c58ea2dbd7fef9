"""What the actions of the advice to a helper share: the situation that it is about, and the conversation around."""

from typing import Any

from rasa_sdk.interfaces import Tracker

from actions.bridge import Events, set_slots
from knowledge.demande import DEMANDE_SLOTS

SITUATION = tuple(name for name in DEMANDE_SLOTS if name not in ("latitude", "longitude"))
"""Slots that the advice may change, and that are as before once it is over. A position is never stored."""

OF_THE_HELPER = ("insee", "habilitation")
"""What stays when a helper comes to the next person."""


def situation(tracker: Tracker) -> dict[str, Any]:
    """Return the slots that make up the situation, None for what was not said."""
    return {name: tracker.slots.get(name) for name in SITUATION}


def forget_advice() -> Events:
    """Return the events that forget an advice and its questions."""
    return set_slots(question_conseil=None, conseil_donne=None, suite_conseil=None, questions_conseil=[])
