"""Receiving a message durably: one transaction a turn, one effect a message."""

import asyncio
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.conversation.passages import handed_code, with_code, written_code
from bot.conversation.turn import Conversation
from bot.engine.tracker import Tracker
from bot.journal import log_fault
from bot.messages import Choice, MessageIn, MessageOut
from bot.store.conversations import Store
from bot.store.turns import CodeDejaUtilise, ConversationDepassee, MessageDejaRecu, Turn

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
"""Turns played for one message when another process commits messages of the same conversation in between."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answers to one message, and the slots after its turn."""

    messages: tuple[MessageOut, ...]
    slots: dict[str, Any]


class Reception:
    """What every channel calls with a message."""

    def __init__(self, conversation: Conversation, store: Store) -> None:
        self._conversation = conversation
        self._store = store
        self._turns = ThreadPoolExecutor(1, thread_name_prefix="reception")
        """One thread: a turn is all computing, and messages are played in the order in which they came."""

    async def receive(self, message: MessageIn) -> Reply:
        """Play one turn and commit it; a message that was received before gets its first answer again.

        Messages of one conversation are answered in the order in which they came. Raises `BaseIndisponible` when the
        database cannot be used: nothing was written, send it again.
        """
        return await asyncio.get_running_loop().run_in_executor(self._turns, self._receive, message)

    def _receive(self, message: MessageIn) -> Reply:
        for _ in range(MAX_ATTEMPTS):
            with suppress(ConversationDepassee, CodeDejaUtilise):
                return self._attempt(message)
        raise ConversationDepassee

    def _attempt(self, message: MessageIn) -> Reply:
        stored = self._store.load(message.channel, message.conversation)
        tracker = read_tracker(stored.tracker)
        used = written_code(message.text)
        worth = self._store.handed_out(used, message.received_at.timestamp()) if used else None
        ready = with_code(message, used, worth)
        outcome = self._conversation.play(tracker, ready)
        turn = Turn(
            channel=message.channel,
            conversation=message.conversation,
            external_id=message.external_id,
            received_at=message.received_at.timestamp(),
            read_version=stored.version,
            tracker=outcome.tracker.to_json() if outcome.tracker else None,
            messages=[to_json(answer) for answer in outcome.messages],
            stopped=outcome.stopped,
            handed=handed_code(ready, handed=outcome.handed),
            used=used if worth else None,
        )
        try:
            self._store.commit(turn)
        except MessageDejaRecu:
            return self._again(message)
        return Reply(outcome.messages, _slots(outcome.tracker))

    def _again(self, message: MessageIn) -> Reply:
        answers = self._store.answers(message.channel, message.external_id or "")
        stored = self._store.load(message.channel, message.conversation)
        return Reply(tuple(from_json(answer) for answer in answers or ()), _slots(read_tracker(stored.tracker)))

    def current(self, channel: str, conversation: str) -> Reply:
        """Return the answers to the last message again, for a page that is opened again."""
        stored = self._store.load(channel, conversation)
        answers = self._store.last_answers(channel, conversation)
        return Reply(tuple(from_json(answer) for answer in answers), _slots(read_tracker(stored.tracker)))

    def forget(self, channel: str, conversation: str, now: datetime) -> None:
        """Delete every row of the conversation."""
        self._store.commit(
            Turn(
                channel=channel,
                conversation=conversation,
                external_id=None,
                received_at=now.timestamp(),
                read_version=0,
                tracker=None,
                messages=(),
            )
        )


def read_tracker(stored: str | None) -> Tracker | None:
    """Return the conversation as it was left; one that cannot be read begins again, rather than never go on."""
    try:
        return Tracker.from_json(stored) if stored else None
    except Exception as error:  # noqa: BLE001 - whatever it holds
        log_fault(logger, "conversation", error)
        return None


def _slots(tracker: Tracker | None) -> dict[str, Any]:
    return dict(tracker.slots) if tracker else {}


def _fields(part: MessageOut | Choice) -> dict[str, Any]:
    """Return the fields of a message or of a choice; `asdict` would copy the whole card."""
    return {name: getattr(part, name) for name in part.__slots__}


def to_json(message: MessageOut) -> str:
    """Return an answer as JSON text, for storage."""
    return json.dumps(message, default=_fields, ensure_ascii=False)


def from_json(text: str) -> MessageOut:
    """Read what `to_json` wrote."""
    value = json.loads(text)
    choices = tuple(Choice(**choice) for choice in value.pop("choices"))
    return MessageOut(**{**value, "choices": choices, "lieux": tuple(value["lieux"])})
