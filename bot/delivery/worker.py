"""Playing the messages of the inbox, those of several persons in one transaction, the database asked from a thread."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from bot.conversation.passages import handed_code, with_code, written_code
from bot.conversation.positions import Positions
from bot.conversation.reception import to_json
from bot.conversation.turn import Conversation
from bot.delivery.envelope import Envelope
from bot.delivery.players import Asked, Play, Played, play_turns
from bot.failpoints import reach
from bot.journal import log_fault
from bot.messages import REMINDER, MessageIn
from bot.store.conversations import Store
from bot.store.inbox import MAX_ATTEMPTS, Claim, Inbox
from bot.store.turns import CodeDejaUtilise, ConversationDepassee, HandedCode, MessageDejaRecu, Turn
from knowledge.base import BaseIndisponible

logger = logging.getLogger(__name__)

AT_ONCE = 64
"""Turns of one transaction, when as many persons wait: a disk that is asked once takes them as fast as one."""

POLL_S = 0.5
"""How often to look for messages that another process wrote."""

OUTAGE_S = 1.0
"""How long to wait for a database that cannot be used."""

DRAIN_S = 5.0
"""How long a stop waits for the turn under way."""

WINDOW_S = 600.0
"""How far back messages of one person are counted together."""

Observe = Callable[[str, float, int], None]
"""Told of each turn: channel, seconds, answers."""


class Worker:
    """Plays messages until it is told to stop; the one under way is finished."""

    def __init__(
        self,
        conversation: Callable[[], Conversation],
        store: Store,
        inbox: Inbox,
        envelope: Envelope,
        clock: Callable[[], datetime],
        *,
        play: Play | None = None,
        played: Callable[[], None] = lambda: None,
        observe: Observe = lambda _channel, _seconds, _answers: None,
    ) -> None:
        self._conversation = conversation
        self._store = store
        self._inbox = inbox
        self._envelope = envelope
        self._clock = clock
        self._turns = play or partial(play_turns, conversation)
        self._played = played
        self._observe = observe
        self._positions = Positions()
        self._alone = AT_ONCE
        """How many messages to play one a transaction: at a start, and after a transaction that broke."""
        self._counted: int | None = None
        """The message of them whose attempt is counted, and not over."""
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to play."""
        self._thread = threading.Thread(target=self.run, name="turns", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Say that the inbox has a message; callable from any thread."""
        self._wake.set()

    @property
    def alive(self) -> bool:
        """Whether turns are played."""
        return self._thread is not None and self._thread.is_alive()

    def stop(self) -> None:
        """Finish the turn under way, and play no other; one that takes too long is played again another time."""
        self._stopping.set()
        self._wake.set()
        if self._thread:
            self._thread.join(DRAIN_S)

    def run(self) -> None:
        """Play until `stop`."""
        while not self._stopping.is_set():
            try:
                while not self._stopping.is_set() and self.play_next():
                    self._played()
                self._wake.wait(POLL_S)
                self._wake.clear()
            except BaseIndisponible as error:
                logger.warning("%s", error)
                self._stopping.wait(OUTAGE_S)
            except Exception as error:  # noqa: BLE001 - whatever broke, messages go on
                log_fault(logger, "tours", error)
                self._stopping.wait(OUTAGE_S)

    def play_next(self) -> int:
        """Play what waits, in one transaction; return how many messages were taken.

        Raises `BaseIndisponible`: nothing is written, play it again.
        """
        since = self._clock().timestamp() - WINDOW_S
        return self._play_one(since) if self._alone else self._play_some(since)

    def _play_some(self, since: float) -> int:
        with self._inbox.claim(since, AT_ONCE) as claim:
            try:
                self._play(claim)
            except BaseIndisponible:
                raise
            except Exception:  # noqa: BLE001 - which of them broke shows when each is played alone
                self._alone = len(claim.rows)
            return len(claim.rows)

    def _play_one(self, since: float) -> int:
        """Play a message that may break everything, its attempt counted before: it may kill the program too."""
        with self._inbox.claim_counted(since, self._counted) as claim:
            self._counted = claim.rows[0].id if claim.rows else None
            try:
                self._play(claim)
            except BaseIndisponible:
                raise
            except (ConversationDepassee, MessageDejaRecu, CodeDejaUtilise):
                return 1  # the web page wrote to the same conversation, or another process played it: look again
            except Exception as error:  # noqa: BLE001 - a message that breaks must not block the others
                log_fault(logger, "tour", error)
                self._set_aside(claim)
            if claim.rows:
                self._alone, self._counted = self._alone - 1, None
            return len(claim.rows)

    def _play(self, claim: Claim) -> None:
        """Play the messages and commit their turns."""
        if not claim.rows:
            return
        reach("turn.claimed")
        started = self._clock()
        asked = [self._asked(row, started) for row in claim.rows]
        played = zip(claim.rows, asked, self._turns(asked), strict=True)
        turns = [self._played_turn(row, one.message, turn, started) for row, one, turn in played]
        claim.commit(turns)
        reach("turn.committed")
        seconds = (self._clock() - started).total_seconds()
        for turn in turns:
            self._observe(turn.channel, seconds, len(turn.messages))
        if any(turn.tracker is None for turn in turns):
            self._store.overwrite()

    def _asked(self, row: Any, now: datetime) -> Asked:
        """Return the turn that a message asks for. Raises `TropEssaye` where it killed the program each time."""
        if row.attempts > MAX_ATTEMPTS:
            raise TropEssaye
        written = self._envelope.message(row, now)
        used = written_code(written.text)
        worth = self._store.handed_out(used, now.timestamp()) if used else None
        if row.tracker is None:
            self._positions.forget(row.conversation)  # another process may have forgotten the person
        near = self._positions.near(row.conversation, now.timestamp())
        message = with_code(replace(written, near=near) if near else written, used, worth)
        return Asked(row.tracker, message, row.recent)

    def _played_turn(self, row: Any, message: MessageIn, played: Played, now: datetime) -> Turn:
        """Return what a turn writes, and remember where the person stands."""
        reach("turn.played")
        if played.tracker is None:
            self._positions.forget(row.conversation)
        if message.latitude is not None and message.longitude is not None and played.insee:
            position = (message.latitude, message.longitude, played.insee)
            self._positions.keep(message.conversation, position, now.timestamp())
        used = written_code(message.text) if message.carried else None
        reminder = message.media == REMINDER
        if reminder and row.stopped_by is not None:
            played = Played(tracker=row.tracker, messages=())  # as if it had not come
        turn = _turn(row, played, now, handed=handed_code(message, handed=played.handed), used=used)
        return replace(turn, reminder=reminder)

    def _set_aside(self, claim: Claim) -> None:
        """Set a message that broke aside with an apology, if it was tried often enough."""
        (row,) = claim.rows
        now = self._clock()
        try:
            said = self._conversation().apology(self._envelope.message(row, now))
        except Exception:  # noqa: BLE001 - the same fault may break the apology
            said = ()
        apology = Played(tracker=None, messages=tuple(map(to_json, said)))
        if claim.set_aside(_turn(row, apology, now), self._envelope.masked(row)):
            self._observe(row.channel, 0.0, len(said))


class TropEssaye(Exception):
    """A message that was tried as often as may be, without an end."""


def _turn(
    row: Any, played: Played, now: datetime, *, handed: HandedCode | None = None, used: str | None = None
) -> Turn:
    return Turn(
        channel=row.channel,
        conversation=row.conversation,
        external_id=row.external_id,
        received_at=now.timestamp(),
        read_version=row.version,
        tracker=played.tracker,
        messages=played.messages,
        inbox_id=row.id,
        gateway=row.gateway,
        address=row.address,
        stopped=played.stopped,
        remind_at=played.remind_at,
        handed=handed,
        used=used,
    )
