"""Turns played in a process apart: the same answers, and its death or a message that breaks it costs nothing."""

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import SecretStr

from bot.app import App, play_apart
from bot.conversation.turn import Conversation
from bot.delivery import players
from bot.delivery.players import Apart, Asked, Played, TourInterrompu, answer_turns, play_turn
from bot.messages import SMS, MessageIn
from bot.settings import Settings
from knowledge.base import BaseIndisponible
from tests.delivery.phones import KEY, PASSWORD, USER, Phones
from tests.delivery.program import Program, prepared
from tests.delivery.served import START
from tests.delivery.test_promises_turns import POISON, Poisoned
from tests.sms.kannel_server import wait_until

pytestmark = pytest.mark.xdist_group("players")

SAID = ("jai plus mes droits caf je sui a mauleon", "1", "RETOUR", "STOP", "caf à Pau", "CONTACT CAF ORTHEZ")
BREAKS, DIES = POISON, "ce texte tue"


def settings(folder: Path) -> Settings:
    return Settings(base=SecretStr(f"sqlite:///{folder}/base.db"))


def at_start() -> datetime:
    return START


def play_poisoned(given: Settings, connection: Connection) -> None:
    """What a process apart does, but for one text that breaks its turn and another that kills the process."""
    app = App(given, lambda: START)
    answer_turns(connection, lambda: cast("Conversation", Deadly(app.conversation)), app.make_ready)


class Deadly(Poisoned):
    """A conversation that breaks on one text and dies of another one."""

    def play(self, tracker: Any, message: MessageIn) -> Any:
        if message.text == DIES:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().play(tracker, message)


@pytest.fixture
def poisoned(tmp_path: Path) -> Iterator[Apart]:
    prepared(f"sqlite:///{tmp_path}/base.db").dispose()
    apart = Apart(partial(play_poisoned, settings(tmp_path)))
    yield apart
    apart.end()


def asked(text: str, tracker: str | None = None, person: str = "anna") -> Asked:
    return Asked(tracker, MessageIn(channel=SMS, conversation=person, text=text, received_at=START))


def dialogue(play: Callable[[Sequence[Asked]], Sequence[Played]], person: str) -> list[Played]:
    tracker, played = None, []
    for text in SAID:
        (turn,) = play([asked(text, tracker, person)])
        tracker = turn.tracker
        played.append(turn)
    return played


def as_data(turn: Played) -> Played:
    """Return a turn whose conversation is not compared letter by letter: its slots stand in any order."""
    return replace(turn, tracker=json.loads(turn.tracker or "null"))


def children(pid: int) -> set[int]:
    """Return the processes that the threads of a process began, on Linux."""
    begun = Path(f"/proc/{pid}/task").glob("*/children")
    return {int(one) for threads in begun for one in threads.read_text(encoding="ascii").split()}


def plays(pid: int) -> bool:
    """Tell whether a process is one that plays turns apart."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def test_apart_the_same_is_said(tmp_path: Path) -> None:
    prepared(f"sqlite:///{tmp_path}/base.db").dispose()
    here = App(settings(tmp_path), lambda: START)
    apart = Apart(partial(play_apart, settings(tmp_path), at_start))
    try:
        said = dialogue(apart.play, "anna")
        alike = dialogue(lambda few: [play_turn(here.conversation, one) for one in few], "anna")
        assert list(map(as_data, said)) == list(map(as_data, alike))
        assert any(turn.stopped for turn in said)
        assert "Mauléon" in said[0].messages[0]
    finally:
        apart.end()


def test_a_turn_that_breaks_or_kills_is_told_and_the_next_one_is_played(poisoned: Apart) -> None:
    for text in (BREAKS, DIES, DIES):
        with pytest.raises(TourInterrompu):
            poisoned.play([asked("caf"), asked(text, person="boris")])
        (turn,) = poisoned.play([asked("caf à Orthez")])
        assert "DÉMO, lieux inventés." in turn.messages[0]


def test_a_turn_without_an_end_is_ended(poisoned: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    assert poisoned.play([asked("bonjour")])
    monkeypatch.setattr(players, "PATIENCE_S", 0.0)
    with pytest.raises(TourInterrompu):
        poisoned.play([asked("caf " * 500, person=f"{number}") for number in range(16)])


def test_a_base_that_is_away_is_told_as_such_and_looked_at_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(players, "READY_S", 0.01)
    ours, theirs = Pipe()
    looked = threading.Semaphore(0)

    def away() -> Conversation:
        looked.release()
        raise BaseIndisponible("La base est absente.")

    thread = threading.Thread(target=answer_turns, args=(theirs, away, away), daemon=True)
    thread.start()
    assert all(looked.acquire(timeout=10) for _ in range(3))
    ours.send([asked("caf")])
    told = ours.recv()
    assert isinstance(told, BaseIndisponible)
    assert str(told) == "La base est absente."
    ours.close()
    thread.join(10)
    assert not thread.is_alive()


def test_killed_alone_or_with_the_program_it_loses_nothing(tmp_path: Path) -> None:
    with Phones().open() as phones:
        given = {"utilisateur": USER, "mot_de_passe": PASSWORD, "signature": KEY, "url": phones.url}
        android = {f"android_{name}": value for name, value in given.items()}
        program = Program(tmp_path, **android, tours_a_part="oui")
        phones.hook, phones.clock = program.hook("android"), program.now
        with program.serving():
            pid = program.pid
            (player,) = filter(plays, children(pid))
            people = [f"+3363998{number:04d}" for number in range(30)]
            sent = [(f"{who} {rank}", who, text) for who in people for rank, text in enumerate(("caf", "Orthez", "1"))]
            everything = phones.send(sent)
            wait_until(lambda: len(phones.asked) > 10, "no answer came")
            os.kill(player, signal.SIGKILL)
            wait_until(lambda: len(phones.asked) > 30, "no answer came after the process died")
            (player,) = filter(plays, children(pid))
            program.kill()
            wait_until(lambda: not plays(player), "the process outlived the program")
            program.start()
            everything.result(60)
            wait_until(lambda: all(len(phones.received[who]) == 3 for who in people), "answers are missing")
            assert len({tuple(phones.received[who]) for who in people}) == 1
            assert len(set(phones.asked)) == 3 * len(people)  # one asked twice has the same key
            status = program.stop()
            assert status == 0
        assert "Traceback" not in program.said()
