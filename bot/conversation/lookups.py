"""Looking a contact up (CONTACT CAF MAULÉON), at any time: the conversation under way stays where it is."""

from dataclasses import replace

from bot.conversation.asides import Aside, metadata_of
from bot.conversation.keywords import LOOK_UP, Keywords
from bot.engine.engine import Engine, Input
from bot.engine.tracker import Tracker
from bot.messages import MessageIn
from bot.understanding import Understander

NEXT, BACK = "/SetSlots(suite=lieu_suivant)", "/SetSlots(suite=reprendre)"
FICHE = "/SetSlots(annuaire_fiche="
"""The beginning of the choice of one lieu, whose number follows."""

KEPT = ("annuaire", "annuaire_criteres", "annuaire_vus", "annuaire_fiche")
"""Slots that last as long as the look-up."""


class LookUps:
    """Answers helpers who look a contact up, and what they write about the answer."""

    def __init__(self, engine: Engine, keywords: Keywords, understander: Understander) -> None:
        self._engine = engine
        self._keywords = keywords
        self._understander = understander

    async def turn(
        self, tracker: Tracker, message: MessageIn, text: str, payload: str | None, intent: str | None
    ) -> Aside | None:
        """Return the turn, None when the message belongs to the dialogue: a danger that is told always does."""
        query = None if message.payload or message.pressed else self._keywords.looked_up(text)
        if query and self._understander.danger(query, message.received_at) is None:
            return await self._play(tracker, message, Input(text=query, intent=LOOK_UP))
        if payload == BACK:
            after, said = await self._engine.ask_again(left(tracker), Input(metadata=metadata_of(message)))
            return Aside(after.counted_on(tracker), said)
        if payload == NEXT or (intent == "suite" and "annuaire" in tracker.slots):
            return await self._play(tracker, message, Input(intent=LOOK_UP))
        if payload and payload.startswith(FICHE):
            return await self._play(tracker, message, Input(payload=payload, intent=LOOK_UP))
        return None

    async def _play(self, tracker: Tracker, message: MessageIn, event: Input) -> Aside:
        """Play the flow of look-ups; its choices take the place of those of the look-up before, or of the question."""
        metadata = {**metadata_of(message), "asked": tracker.pending}
        before = replace(tracker, choices=()) if _offers(tracker) else tracker
        return Aside(*await self._engine.apart(before, replace(event, metadata=metadata)))


def left(tracker: Tracker) -> Tracker:
    """Return the conversation without the look-up, once somebody writes something else."""
    if tracker.slots.keys().isdisjoint(KEPT) and not _offers(tracker):
        return tracker
    slots = {name: value for name, value in tracker.slots.items() if name not in KEPT}
    return replace(tracker, slots=slots, choices=() if _offers(tracker) else tracker.choices)


def _offers(tracker: Tracker) -> bool:
    """Say whether the last choices are those of a look-up."""
    return any(one.payload in (NEXT, BACK) or one.payload.startswith(FICHE) for one in tracker.choices)
