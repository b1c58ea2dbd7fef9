"""Playing turns: texts of the database in, texts for the database out, in this process or in one that does only that.

Python computes in one thread at a time: apart, turns have a processor of their own, and the gateways are answered
meanwhile. What plays apart holds nothing: when it dies, the messages under way are played again.
"""

import logging
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from time import monotonic

from bot.conversation.asides import is_stopped
from bot.conversation.reception import read_tracker, to_json
from bot.conversation.turn import Conversation, Outcome
from bot.engine.tracker import Tracker
from bot.journal import log_fault
from bot.messages import MessageIn
from knowledge.base import BaseIndisponible

logger = logging.getLogger(__name__)

MOST_LATELY = 40
"""A person who sends more messages than this lately is told once, then left without an answer until it is over."""

MOST_IN_DANGER = 2 * MOST_LATELY
"""Who tells of a danger is answered this often."""

PATIENCE_S = 30.0
"""How long some turns may take, a start and a new reading of the base counted; a process that takes longer is ended."""

READY_S = 60.0
"""How often the process apart looks whether the base has changed."""

LEAVE_S = 1.0
"""How long a process that is told to end may take."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A turn to play.

    `tracker`: the conversation as it is stored, None for a new one; `recent`: how many messages of it came lately.
    """

    tracker: str | None
    message: MessageIn
    recent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A turn as it is written: `Outcome` in texts. `insee`: the commune that the person is in after it, if known."""

    tracker: str | None
    messages: tuple[str, ...]
    stopped: bool = False
    remind_at: float | None = None
    handed: bool = False
    insee: str | None = None


Play = Callable[[Sequence[Asked]], Sequence[Played]]
"""Plays turns, all of them or none. Raises `BaseIndisponible`, or whatever one of them raises."""

ServeTurns = Callable[[Connection], None]
"""What the process apart runs; it travels there by name, so it is a function of a module, or a partial one."""


class TourInterrompu(Exception):
    """The process that played a turn broke it off: why stands in the log, or it died."""


def play_turn(conversation: Conversation, asked: Asked) -> Played:
    """Play one turn."""
    tracker = read_tracker(asked.tracker)
    if asked.recent > MOST_LATELY and not _must_be_heard(conversation, asked):
        outcome = _too_many(conversation, tracker, asked)
    else:
        outcome = conversation.play(tracker, asked.message)
    after = outcome.tracker
    return Played(
        tracker=after.to_json() if after else None,
        messages=tuple(map(to_json, outcome.messages)),
        stopped=outcome.stopped,
        remind_at=outcome.remind_at,
        handed=outcome.handed,
        insee=after.slots.get("insee") if after else None,
    )


def play_turns(conversation: Callable[[], Conversation], asked: Sequence[Asked]) -> Sequence[Played]:
    """Play turns one after the other, in this thread."""
    playing = conversation()
    return [play_turn(playing, one) for one in asked]


def _must_be_heard(conversation: Conversation, asked: Asked) -> bool:
    in_danger = asked.recent <= MOST_IN_DANGER and conversation.tells_danger(asked.message)
    return in_danger or conversation.is_final(asked.message)


def _too_many(conversation: Conversation, tracker: Tracker | None, asked: Asked) -> Outcome:
    kept = tracker or conversation.begin(asked.message)
    stopped, told = is_stopped(kept), asked.recent > MOST_LATELY + 1
    said = () if told or stopped else conversation.apology(asked.message, "utter_trop")
    return Outcome(kept, said, stopped=stopped)


class Apart:
    """Plays turns in a process of its own, begun with the service and again whenever it died."""

    def __init__(self, serve: ServeTurns) -> None:
        self._serve = serve
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def begin(self) -> None:
        """Begin the process, if there is none: it takes a while to be ready."""
        if self._connection:
            return
        context = get_context("spawn")  # a fork would copy threads' locks as they happen to be
        self._connection, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(self._serve, there), name="tours", daemon=True)
        self._process.start()
        there.close()

    def play(self, asked: Sequence[Asked]) -> Sequence[Played]:
        """Play turns. Raises `BaseIndisponible`, or `TourInterrompu` when one breaks, or the process."""
        self.begin()
        assert self._connection
        try:
            self._connection.send(asked)
            if not self._connection.poll(PATIENCE_S):
                raise TimeoutError
            said = self._connection.recv()
        except (EOFError, OSError) as error:
            self.end()
            raise TourInterrompu from error
        if isinstance(said, Exception):
            raise said
        return tuple(said)

    def end(self) -> None:
        """End the process; what it was playing is lost, and played again."""
        if self._connection:
            self._connection.close()
            self._connection = None
        if self._process:
            self._process.join(LEAVE_S)
            self._process.kill()
            self._process.join()
            self._process = None


def _serve(serve: ServeTurns, connection: Connection) -> None:
    """Leave it to the first process when to end: signals go to both of them."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    serve(connection)


def answer_turns(
    connection: Connection, conversation: Callable[[], Conversation], make_ready: Callable[[], None]
) -> None:
    """Play what is asked through a connection until its other end is closed; `make_ready` is called each minute."""
    due = monotonic()
    with suppress(EOFError, OSError):
        while True:
            if connection.poll(max(0.0, due - monotonic())):
                connection.send(_answer(connection.recv(), conversation))
            if monotonic() >= due:
                _make_ready(make_ready)
                due = monotonic() + READY_S


def _make_ready(make_ready: Callable[[], None]) -> None:
    try:
        make_ready()
    except BaseIndisponible as error:
        logger.warning("%s", error)


def _answer(asked: Sequence[Asked], conversation: Callable[[], Conversation]) -> Sequence[Played] | Exception:
    try:
        return play_turns(conversation, asked)
    except BaseIndisponible as error:
        return BaseIndisponible(str(error))
    except Exception as error:  # noqa: BLE001 - whatever broke, the next turns are played
        log_fault(logger, "tour", error)
        return TourInterrompu()
