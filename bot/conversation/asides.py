"""What comes between the turns of the dialogue: reminders, codes, things that are no text, what machines write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.conversation.keywords import Keywords
from bot.conversation.opening import GROUP
from bot.conversation.reminders import remind_at
from bot.engine.engine import Engine, Input
from bot.engine.responses import Utterance
from bot.engine.tracker import Tracker
from bot.messages import EDITED, ELSEWHERE, REMINDER, SMS, TELEGRAM, MessageIn
from knowledge.raisons import say_day, say_hour

REMINDED = (SMS, TELEGRAM)
"""Channels on which a person can be written to later."""

SAID_OF: Mapping[str, str] = {GROUP: "utter_groupe", EDITED: "utter_modification"}
"""What is said of some of the things that are no text; of the others, that only texts are read."""

AGAIN: Mapping[str, Any] = {"presente": None}
"""Slots that have the last answer said again, as it is now."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A turn beside the dialogue. Nothing said: silence, and all stays as it was. The rest as in `Outcome`."""

    tracker: Tracker
    said: Sequence[Utterance] = ()
    remind_at: float | None = None
    handed: bool = False


class Asides:
    """Answers what is no step of the dialogue."""

    def __init__(self, engine: Engine, keywords: Keywords) -> None:
        self._engine = engine
        self._keywords = keywords

    async def turn(
        self, tracker: Tracker, message: MessageIn, text: str, pressed: str | None, intent: str | None
    ) -> Aside | None:
        """Return the turn, None when the message belongs to the dialogue."""
        if message.media == REMINDER:
            return await self._remind(tracker, message)
        if message.carried is not None:
            return await self._carry(tracker, message)
        if message.media and not text:
            return await self._no_text(tracker, message, message.media)
        if pressed == "":
            return await self._correct(tracker, message)
        if intent == "rappel":
            return await self._promise(tracker, message)
        if intent == "code" and message.code:
            return replace(self._say(tracker, "utter_code", code=message.code), handed=True)
        return None

    def _say(self, tracker: Tracker, name: str, **values: str) -> Aside:
        return Aside(tracker, self._engine.say(tracker, name, **values))

    async def _no_text(self, tracker: Tracker, message: MessageIn, media: str) -> Aside:
        """Answer what is no message to read; who said STOP and then changes a message has asked for nothing."""
        if media == EDITED and is_stopped(tracker):
            return Aside(tracker)
        if media == ELSEWHERE:
            after, said = await self._engine.ask_again(tracker, Input(metadata=metadata_of(message)))
            return Aside(after.counted_on(tracker), [*self._engine.say(tracker, "utter_ailleurs"), *said])
        return self._say(tracker, SAID_OF.get(media, "utter_media"))

    async def _again(self, tracker: Tracker, message: MessageIn) -> tuple[Tracker, list[Utterance]]:
        """Say the last answer, or ask the last question, again."""
        if tracker.pending == "suite":
            return await self._engine.turn(tracker, Input(slots=AGAIN, metadata=metadata_of(message)))
        return await self._engine.ask_again(tracker, Input(metadata=metadata_of(message)))

    async def _correct(self, tracker: Tracker, message: MessageIn) -> Aside:
        """Answer the button of an earlier question."""
        after, said = await self._engine.ask_again(tracker, Input(metadata=metadata_of(message)))
        return Aside(after.counted_on(tracker), [*self._engine.say(tracker, "utter_bouton_ancien"), *said])

    async def _promise(self, tracker: Tracker, message: MessageIn) -> Aside:
        """Say when the person will be reminded of the lieu of the last answer."""
        answered = tracker.pending == "suite" and message.channel in REMINDED
        said = (await self._again(tracker, message))[1] if answered else []
        moment = remind_at(said, message.received_at)
        if moment is None:
            return self._say(tracker, "utter_rappel_impossible")
        quand = f"{say_day(moment)} à {say_hour(moment)}"
        return replace(self._say(tracker, "utter_rappel_promis", quand=quand), remind_at=moment.timestamp())

    async def _remind(self, tracker: Tracker, message: MessageIn) -> Aside:
        """Say the last answer again to who asked for it; nothing to who has gone on to something else."""
        if tracker.pending != "suite" or is_stopped(tracker):
            return Aside(tracker)
        after, said = await self._again(tracker, message)
        return Aside(after.counted_on(tracker), [*self._engine.say(tracker, "utter_rappel"), *said])

    async def _carry(self, tracker: Tracker, message: MessageIn) -> Aside:
        """Go on with the conversation of another channel, whose code the person wrote here."""
        if not message.carried:
            return self._say(tracker, "utter_code_inconnu")
        there = Tracker.from_json(message.carried)
        here = replace(there, conversation=message.conversation, channel=message.channel, history=())
        after, said = await self._again(here, message)
        return Aside(after.counted_on(tracker), [*self._engine.say(here, "utter_passage"), *said])


def metadata_of(message: MessageIn) -> dict[str, Any]:
    """Return what actions are told of a message beside the slots."""
    return {"now": message.received_at.isoformat(), "channel": message.channel}


def is_stopped(tracker: Tracker) -> bool:
    """Say whether the person wrote STOP, and nothing since."""
    return bool(tracker.slots.get("arrete"))
