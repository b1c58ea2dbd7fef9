"""One turn: a tracker and a message in, a tracker and messages out. No storage, no transport, no clock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.channels.rendering import Rendering
from bot.conversation.alarms import (
    SAID_IN_DISTRESS,
    Alarms,
    calmed,
    introduced,
    is_alarm,
    is_alarmed,
    warned,
)
from bot.conversation.asides import AGAIN, Asides, is_stopped, metadata_of
from bot.conversation.echoes import heard_too_often, hearing, saying
from bot.conversation.keywords import FINAL, Keywords
from bot.conversation.lookups import LookUps, left
from bot.conversation.opening import begin, opened_at, read_opening, read_pressed
from bot.conversation.positions import POSITION, standing_at, standing_nowhere
from bot.conversation.reading import filled_slots
from bot.conversation.translation import SLOT, Translator, speaking
from bot.engine.choices import match_choice
from bot.engine.engine import Engine, Input
from bot.engine.responses import Button, Utterance
from bot.engine.tracker import Tracker, undo
from bot.engine.turn import BREAKDOWN
from bot.messages import SMS, Choice, MessageIn, MessageOut
from bot.understanding import Understander, Understanding
from bot.understanding.masking import mask
from knowledge.snapshot import Knowledge

MAX_TEXT = 2000
"""Characters read of one message; what people write is far shorter, and the work stays bounded."""

FLOW_INTENTS = frozenset(
    {"aide", "contact", "bonjour", "merci", "humain", "service", "pourquoi", "colere", "conseil", "charte"}
)
"""Keywords that start the flow of the same name; the others are handled here."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a turn. `tracker` None: forget the person; `stopped`: they want no more messages.

    `remind_at`: when to play the turn of a reminder, 0 for never any more (seconds since 1970), None to leave it as it
    is. `handed`: whether the message's code was given to the person, to go on with another channel.
    """

    tracker: Tracker | None
    messages: tuple[MessageOut, ...]
    stopped: bool = False
    remind_at: float | None = None
    handed: bool = False


class Conversation:
    """Everything that a turn needs, given once."""

    def __init__(
        self,
        engine: Engine,
        understander: Understander,
        keywords: Keywords,
        knowledge: Callable[[], Knowledge],
        channels: Mapping[str, Rendering],
    ) -> None:
        self._engine = engine
        self._understander = understander
        self._keywords = keywords
        self._knowledge = knowledge
        self._channels = channels
        self._translator = Translator(engine.flows.languages)
        self._asides = Asides(engine, keywords)
        self._alarms = Alarms(engine, knowledge)
        self._lookups = LookUps(engine, keywords, understander)

    @property
    def domain(self) -> Mapping[str, Any]:
        """The responses and slots of the flows, as actions read them."""
        return self._engine.domain

    def play(self, tracker: Tracker | None, message: MessageIn) -> Outcome:
        """Play one turn at once, in any thread. Raises RuntimeError when an action waits for something.

        Actions are coroutines, as rasa_sdk wants them; but a turn is a pure function, and has nothing to wait for.
        """
        playing = self.turn(tracker, message)
        try:
            playing.send(None)
        except StopIteration as done:
            outcome: Outcome = done.value
            return outcome
        playing.close()
        raise RuntimeError("an action of a turn may not wait")

    async def turn(self, tracker: Tracker | None, message: MessageIn) -> Outcome:
        """Play one turn; `tracker` None begins a conversation."""
        new = tracker is None or _only_looked_up(tracker)
        kept = tracker or self.begin(message)
        before = standing_at(kept, message.near)
        text, secrets = mask(message.text[:MAX_TEXT])  # first of all: nothing below may store or log a secret
        text, opened = read_opening(text)
        poster = self._knowledge().communes.by_insee(opened) if opened else None
        pressed = read_pressed(message, before)
        payload = message.payload or pressed or match_choice(before, text)
        intent = None if payload else self._keywords.intent(text, self._understander.knows)
        if intent == "effacer":
            return Outcome(None, self._messages(self._engine.say(before, "utter_effacer"), _asking_nothing(before)))
        if intent == "stop":
            return self._stop(kept)
        if message.channel == SMS and text and not (payload or intent or message.media):
            kept, machine = self._heard(kept, message, text)
            if machine:
                return Outcome(kept, (), stopped=is_stopped(kept))
            before = replace(before, heard=kept.heard)
        if aside := await self._asides.turn(before, message, text, pressed, intent):
            silent = Outcome(kept, (), stopped=is_stopped(kept))
            ended = self._end(aside.tracker, aside.said, message) if aside.said else silent
            return replace(ended, remind_at=aside.remind_at, handed=aside.handed)
        before = _reopened(before)
        if found := await self._lookups.turn(before, message, text, payload, intent):
            return self._end(found.tracker, self._warned(found.tracker, found.said, secrets), message)
        after, said = await self._play(opened_at(left(before), poster), message, text, payload, intent)
        said = self._warned(after, said, secrets)
        if new and self._knowledge().demonstration:
            said = introduced(said, self._engine.say(after, "utter_demonstration"))
        outcome = self._end(after.counted_on(before), said, message)
        return replace(outcome, remind_at=0.0) if intent == "menu" else outcome

    def _warned(self, tracker: Tracker, said: Sequence[Utterance], secrets: Sequence[object]) -> list[Utterance]:
        """Return what is said, after a warning when the message held secrets."""
        return warned(said, self._engine.say(tracker, "utter_secret") if secrets else ())

    def begin(self, message: MessageIn) -> Tracker:
        """Return the conversation that this message begins."""
        return begin(self._engine.new_tracker(message.conversation, message.channel), message)

    def apology(self, message: MessageIn, name: str = BREAKDOWN) -> tuple[MessageOut, ...]:
        """Return what is said when a turn cannot be played; the conversation stays as it was."""
        nobody = self._engine.new_tracker(message.conversation, message.channel)
        return self._messages(self._engine.say(nobody, name), nobody)

    def is_final(self, message: MessageIn) -> bool:
        """Say whether the person wants no more messages, or to be forgotten: this is heard whatever else came."""
        return self._keywords.intent(read_opening(message.text[:MAX_TEXT])[0], self._understander.knows) in FINAL

    def tells_danger(self, message: MessageIn) -> bool:
        """Say whether a danger is told."""
        return self._understander.danger(message.text[:MAX_TEXT], message.received_at) is not None

    def _heard(self, tracker: Tracker, message: MessageIn, text: str) -> tuple[Tracker, bool]:
        """Return the conversation, and whether a machine wrote: one that says so, or always the same thing."""
        after = hearing(tracker, message, text)
        machine = self._keywords.is_automatic(text) or heard_too_often(tracker, after)
        return after, machine and not self.tells_danger(message)

    async def _play(
        self, tracker: Tracker, message: MessageIn, text: str, payload: str | None, intent: str | None
    ) -> tuple[Tracker, list[Utterance]]:
        metadata = metadata_of(message)
        if intent in SAID_IN_DISTRESS and is_alarmed(tracker):
            return tracker, self._alarms.again(tracker)
        if intent == "retour":
            return await self._undo(tracker, metadata)
        if intent == "menu":
            fresh = _keeping_the_person(tracker, self._engine.new_tracker(tracker.conversation, tracker.channel))
            after, said = await self._engine.turn(fresh, Input(metadata=metadata))
            return after, [*self._engine.say(fresh, "utter_menu"), *said]
        if intent == "passer" and tracker.pending:
            return await self._engine.skip(tracker, Input(metadata=metadata))
        if intent == "suite" and tracker.pending == "suite":
            return await self._engine.turn(tracker, Input(slots={"suite": "autre_lieu"}, metadata=metadata))
        if intent == "repeter" and tracker.pending == "suite":
            return await self._engine.turn(tracker, Input(slots=AGAIN, metadata=metadata))
        if intent == "au_revoir" or (intent == "merci" and tracker.pending in (None, "suite")):
            return tracker, self._engine.say(tracker, f"utter_{intent}")
        if intent in FLOW_INTENTS:
            return await self._engine.turn(tracker, Input(text=text, intent=intent, metadata=metadata))
        if payload and payload.startswith("/"):
            return await self._engine.turn(tracker, Input(text=text, payload=payload, metadata=metadata))
        return await self._understand(tracker, message, payload or text, metadata)

    async def _understand(
        self, tracker: Tracker, message: MessageIn, text: str, metadata: Mapping[str, Any]
    ) -> tuple[Tracker, list[Utterance]]:
        understood = self._understander.understand(text, message.received_at, expected=tracker.pending)
        after, said = await self._answer(tracker, message, text, understood, metadata)
        return self._translator.heard(after, understood.langue), said

    async def _answer(
        self, tracker: Tracker, message: MessageIn, text: str, understood: Understanding, metadata: Mapping[str, Any]
    ) -> tuple[Tracker, list[Utterance]]:
        slots = {**self._position(message), **filled_slots(understood, tracker)}
        if is_alarmed(tracker) and understood.danger is None:
            if not (slots.get("need") or slots.get("besoins_possibles")):
                return tracker, self._alarms.again(tracker)
            tracker = calmed(tracker)
        if understood.answer == "no" and not slots and tracker.pending:
            return await self._decline(tracker, metadata)
        if slots and understood.danger is None and tracker.pending and _says_nothing_new(slots, tracker):
            return await self._engine.ask_again(tracker, Input(metadata=metadata))
        if understood.danger is None:
            return await self._engine.turn(tracker, Input(text=text, slots=slots, metadata=metadata))
        slots["danger"] = understood.danger
        event = Input(text=text, slots=slots, intent="danger", metadata=metadata)
        after, said = await self._engine.turn(tracker, event)
        return self._alarms.raised(after, said, understood.danger, with_need=understood.need is not None)

    async def _decline(self, tracker: Tracker, metadata: Mapping[str, Any]) -> tuple[Tracker, list[Utterance]]:
        """Take a "no" to a question that it does not answer: none of these needs, nothing more, or not telling."""
        if tracker.pending == "need" and tracker.slots.get("besoins_possibles"):
            return await self._engine.turn(tracker, Input(slots={"besoins_possibles": None}, metadata=metadata))
        if tracker.pending in ("need", "suite"):
            return tracker, self._engine.say(tracker, "utter_au_revoir")
        return await self._engine.skip(tracker, Input(metadata=metadata))

    def _position(self, message: MessageIn) -> dict[str, Any]:
        if message.latitude is None or message.longitude is None:
            return {}
        nearest = self._knowledge().communes.nearest(message.latitude, message.longitude)
        return {"latitude": message.latitude, "longitude": message.longitude, "insee": nearest.insee}

    async def _undo(self, tracker: Tracker, metadata: Mapping[str, Any]) -> tuple[Tracker, list[Utterance]]:
        earlier = undo(tracker)
        word = "utter_retour" if earlier else "utter_retour_impossible"
        if earlier and earlier.pending == "suite":
            after, said = await self._engine.turn(earlier, Input(slots=AGAIN, metadata=metadata))
            after = replace(after, history=earlier.history)
        else:
            after, said = await self._engine.ask_again(earlier or tracker, Input(metadata=metadata))
        return speaking(after, tracker.slots.get(SLOT)), [*self._engine.say(tracker, word), *said]

    def _end(self, tracker: Tracker, said: Sequence[Utterance], message: MessageIn) -> Outcome:
        """Close the turn: number it, and fall silent where the same answer goes out for the fourth time in a row."""
        after = replace(standing_nowhere(tracker), turn=tracker.turn + 1)
        messages = self._messages(said, after)
        if not messages or is_alarm(said):
            return Outcome(after, messages)
        told, silent = saying(after, messages, message)
        return Outcome(told, () if silent else messages)

    def _stop(self, tracker: Tracker) -> Outcome:
        """STOP is final: one confirmation, then silence until the person writes something else."""
        if is_stopped(tracker):
            return Outcome(tracker, (), stopped=True)
        stopped = self._engine.new_tracker(tracker.conversation, tracker.channel)
        stopped = replace(stopped, slots={**stopped.slots, "arrete": True}).counted_on(tracker)
        stopped = replace(stopped, turn=tracker.turn + 1)
        return Outcome(
            stopped, self._messages(self._engine.say(tracker, "utter_stop"), _asking_nothing(tracker)), stopped=True
        )

    def _messages(self, said: Sequence[Utterance], tracker: Tracker) -> tuple[MessageOut, ...]:
        """Return what the channel sends: as few messages as it can carry, the choices numbered through."""
        if not said:
            return ()
        rendering = self._channels[tracker.channel]
        buttons = [button for utterance in said for button in utterance.choices]
        texts = rendering.join([utterance.text for utterance in said], [button.title for button in buttons])
        custom: dict[str, Any] = {}
        for utterance in said:
            custom |= utterance.custom or {}
        first = [MessageOut(text=rendering.render(text, ()), turn=tracker.turn) for text in texts[:-1]]
        last = replace(_last(texts[-1], buttons, custom, rendering), turn=tracker.turn, asks=tracker.pending)
        messages = (*first, last)
        return self._translator.add(messages, said, tracker.slots, lambda: self._knowledge().lignes, rendering)


def _last(text: str, buttons: Sequence[Button], custom: dict[str, Any], rendering: Rendering) -> MessageOut:
    choices = tuple(Choice(str(n), b.title, b.payload) for n, b in enumerate(buttons, start=1))
    lieux = tuple(lieu["id"] for lieu in custom.get("lieux", ()) if lieu["nom"] and lieu["nom"] in text)
    whole = rendering.render(text, [button.title for button in buttons])
    return MessageOut(text=whole, choices=choices, lieux=lieux, card=custom or None)


def _says_nothing_new(slots: Mapping[str, Any], tracker: Tracker) -> bool:
    """Tell whether the message was understood and only said again what is known: no reason to apologise."""
    return all(tracker.slots.get(name) == value for name, value in slots.items())


def _asking_nothing(tracker: Tracker) -> Tracker:
    return replace(tracker, pending=None, choices=())


def _reopened(tracker: Tracker) -> Tracker:
    slots = {name: value for name, value in tracker.slots.items() if name != "arrete"}
    return replace(tracker, slots=slots) if "arrete" in tracker.slots else tracker


def _only_looked_up(tracker: Tracker) -> bool:
    """Tell whether nothing but look-ups came so far: what opens a conversation has not been said."""
    return not (tracker.stack or tracker.history or "arrete" in tracker.slots)


def _keeping_the_person(old: Tracker, new: Tracker) -> Tracker:
    kept = {name: old.slots[name] for name in ("insee", *POSITION, SLOT) if name in old.slots}
    return replace(new, slots={**new.slots, **kept})
