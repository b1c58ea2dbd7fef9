"""What a message means to the flows: the slots that it fills and the intent that it carries."""

from collections.abc import Mapping
from typing import Any

from bot.conversation.translation import SLOT as LANGUAGE
from bot.engine.tracker import Tracker
from bot.understanding import Understanding
from bot.understanding.language import FRENCH
from knowledge.demande import DEMANDE_SLOTS

OF_ONE_NEED: Mapping[str, Any] = {
    "urgency": None,
    "deadline": None,
    "posture": None,
    "confidential": None,
    "question": None,
    "questions_posees": [],
    "questions_sms": None,
    "suite": None,
}
"""What is forgotten when the person, once answered, names another need."""

OF_ONE_PERSON: Mapping[str, Any] = {"autonomy": None, "publics": None, "prise_en_charge": None}
"""What is forgotten when a helper, once answered, comes with another person."""

OF_A_HELPER = ("pour_autrui", "disponibilite", "habilitation", "avant_conseil")
"""Slots that tell that a helper writes: "j'ai 5 minutes" is their time then, and nothing else."""


def filled_slots(understood: Understanding, tracker: Tracker) -> dict[str, Any]:
    """Return the slots to fill. A changed request opens again the places set aside for the former one."""
    said = _said(understood)
    slots = tracker.slots
    if slots.get("presente") and said.get("need", slots.get("need")) != slots.get("need"):
        said = {**OF_ONE_NEED, **said}
    if understood.pour_autrui and understood.need and (slots.get("pour_autrui") or slots.get("presente")):
        said = {**OF_ONE_PERSON, **(OF_ONE_NEED if slots.get("presente") else {}), **said}
    if not (understood.pour_autrui or understood.habilitation or any(slots.get(name) for name in OF_A_HELPER)):
        said.pop("disponibilite", None)
    if any(slots.get(name) != value for name, value in said.items() if name in DEMANDE_SLOTS):
        said |= {"exclus": []}
    if understood.insee is None and understood.communes:
        said |= {"communes_possibles": [c.insee for c in understood.communes], "insee": None}
    elif understood.insee:
        said["communes_possibles"] = None
    if "urgency" in said and "deadline" not in said and said["urgency"] != slots.get("urgency"):
        said["deadline"] = None  # "en fait ce n'est pas pressé" takes the date back
    if not slots.get("need"):
        said |= _to_choose(understood)
    if understood.need and understood.autres_besoins:
        said["autres_besoins"] = [need for need in understood.autres_besoins if need != understood.need]
    return said | _language(understood, said, slots)


def _language(understood: Understanding, said: Mapping[str, Any], slots: Mapping[str, Any]) -> dict[str, Any]:
    """Return the language with what is said in it, for the actions of this turn; alone, it is no answer."""
    if understood.langue is None or all(slots.get(name) == value for name, value in said.items()):
        return {}
    return {LANGUAGE: None if understood.langue == FRENCH else understood.langue}


def _to_choose(understood: Understanding) -> dict[str, Any]:
    """Return the slots that leave the need open when two cannot be told apart: asking is better than guessing."""
    close = [need for need in understood.close_call if need not in understood.autres_besoins]
    return {"need": None, "besoins_possibles": close} if len(close) > 1 and understood.danger is None else {}


def _said(understood: Understanding) -> dict[str, Any]:
    values = {
        "need": understood.need,
        "urgency": understood.urgency and understood.urgency.value,
        "deadline": understood.deadline.isoformat() if understood.deadline else None,
        "posture": understood.posture and understood.posture.value,
        "insee": understood.insee,
        "confidential": understood.confidential,
        "autonomy": understood.autonomy and understood.autonomy.value,
        "publics": list(understood.publics) or None,
        "prise_en_charge": list(understood.prise_en_charge) or None,
        "pour_autrui": understood.pour_autrui,
        "disponibilite": understood.disponibilite and understood.disponibilite.value,
        "habilitation": understood.habilitation,
    }
    return {name: value for name, value in values.items() if value is not None}
