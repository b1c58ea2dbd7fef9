"""What the conversation tables promise: one effect a message, whole turns, no turn over another, real erasure."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, event

from bot.store.conversations import Store, Stored
from bot.store.turns import ConversationDepassee, MessageDejaRecu
from tests.databases import count_rows
from tests.store.turns import ANNA, turn


def test_what_is_committed_is_read_back(database: Engine) -> None:
    store = Store(database)
    assert store.load("sms", ANNA) == Stored(None, 0)
    assert store.last_answers("sms", ANNA) == []
    assert store.answers("sms", "m1") is None
    store.commit(turn(messages=["un", "deux"]))
    assert store.load("sms", ANNA).tracker == turn().tracker
    assert store.last_answers("sms", ANNA) == store.answers("sms", "m1") == ["un", "deux"]


def test_each_turn_raises_the_version_and_replaces_the_answers(database: Engine) -> None:
    store = Store(database)
    store.commit(turn())
    first = store.load("sms", ANNA).version
    store.commit(turn(external_id="m2", read_version=first, tracker="{}", messages=["trois"]))
    assert store.load("sms", ANNA) == Stored("{}", first + 1)
    assert store.last_answers("sms", ANNA) == ["trois"]
    assert store.answers("sms", "m1") == []
    assert count_rows(database) == {"conversation": 1, "inbox": 2, "outbox": 1}


def test_a_silent_turn_leaves_nothing_to_say(database: Engine) -> None:
    store = Store(database)
    store.commit(turn(messages=()))
    assert store.answers("sms", "m1") == store.last_answers("sms", ANNA) == []


def test_a_message_received_twice_is_refused_whole(database: Engine) -> None:
    store = Store(database)
    store.commit(turn())
    before = store.load("sms", ANNA)
    for read_version in (0, before.version):
        with pytest.raises(MessageDejaRecu):
            store.commit(turn(read_version=read_version, tracker="{}", messages=["autre"]))
    assert store.load("sms", ANNA) == before
    assert store.answers("sms", "m1") == list(turn().messages)
    assert count_rows(database) == {"conversation": 1, "inbox": 1, "outbox": 1}


def test_an_id_is_that_of_its_channel_and_no_id_is_no_duplicate(database: Engine) -> None:
    store = Store(database)
    store.commit(turn())
    store.commit(turn(channel="telegram"))
    for _ in range(2):
        store.commit(turn(external_id=None, read_version=store.load("sms", ANNA).version))
    assert count_rows(database)["inbox"] == 4


def test_a_turn_played_over_another_version_is_refused_whole(database: Engine) -> None:
    store = Store(database)
    store.commit(turn())
    stored = store.load("sms", ANNA)
    for read_version in (0, stored.version - 1, stored.version + 1):
        with pytest.raises(ConversationDepassee):
            store.commit(turn(external_id="m2", read_version=read_version, tracker="{}"))
    assert store.load("sms", ANNA) == stored
    assert count_rows(database) == {"conversation": 1, "inbox": 1, "outbox": 1}


def test_a_turn_read_before_an_erasure_does_not_bring_back_what_was_erased(database: Engine) -> None:
    store = Store(database)
    store.commit(turn())
    read = store.load("sms", ANNA)
    store.commit(turn(tracker=None))
    with pytest.raises(ConversationDepassee):
        store.commit(turn(external_id="m2", read_version=read.version))
    store.commit(turn(external_id="m3", tracker="{}"))
    with pytest.raises(ConversationDepassee):
        store.commit(turn(external_id="m2", read_version=read.version))
    assert store.load("sms", ANNA).tracker == "{}"


def test_of_many_turns_over_one_version_one_is_committed(database: Engine) -> None:
    store = Store(database)
    store.commit(turn())
    version = store.load("sms", ANNA).version

    def write(number: int) -> str | None:
        try:
            store.commit(turn(external_id=f"x{number}", read_version=version, tracker=f'"{number}"'))
        except ConversationDepassee:
            return None
        return f'"{number}"'

    with ThreadPoolExecutor(8) as pool:
        won = [tracker for tracker in pool.map(write, range(24)) if tracker]
    assert [store.load("sms", ANNA).tracker] == won
    assert count_rows(database) == {"conversation": 1, "inbox": 2, "outbox": 1}


def test_erasing_removes_all_rows_of_one_person_only(database: Engine) -> None:
    store = Store(database)
    store.commit(turn())
    store.commit(turn(external_id="m2", read_version=store.load("sms", ANNA).version))
    store.commit(turn(external_id="m3", conversation="06 39 98 00 02"))
    store.commit(turn(external_id="m4", channel="web"))
    store.commit(turn(external_id="m5", tracker=None, read_version=0))
    assert store.load("sms", ANNA) == Stored(None, 0)
    assert count_rows(database) == {"conversation": 2, "inbox": 2, "outbox": 2}
    store.commit(turn(tracker=None, conversation="06 39 98 00 02"))
    store.commit(turn(tracker=None, channel="web"))
    assert count_rows(database) == {"conversation": 0, "inbox": 0, "outbox": 0}


class Fault(Exception):
    """What breaks a transaction in a test."""


def _statements(database: Engine, write: Callable[[], None], *, break_at: int | None = None) -> int:
    """Run `write`, broken just before its statement number `break_at`; count those up to its first commit."""
    done: list[str] = []
    counters: dict[str, Callable[..., None]] = {}
    for name in ("before_cursor_execute", "commit"):

        def count(*_: object, name: str = name) -> None:
            if len(done) == break_at:
                raise Fault
            done.append(name)

        counters[name] = count
        event.listen(database, name, count)
    try:
        write()
    finally:
        for name, count in counters.items():
            event.remove(database, name, count)
    return done.index("commit") + 1


@pytest.mark.parametrize("erasing", [False, True])
def test_a_fault_anywhere_in_a_commit_leaves_nothing_half_written(database: Engine, erasing: bool) -> None:
    store = Store(database)

    def begin() -> int:
        store.commit(turn(tracker=None))
        store.commit(turn(messages=["un", "deux"]))
        return store.load("sms", ANNA).version

    def write(version: int) -> None:
        tracker = None if erasing else "{}"
        store.commit(turn(external_id="m2", read_version=version, tracker=tracker, messages=["trois"]))

    version = begin()
    steps = _statements(database, lambda: write(version))
    assert steps >= 4
    for step in range(steps):
        version = begin()
        before = store.load("sms", ANNA), store.answers("sms", "m1"), count_rows(database)
        with pytest.raises(Fault):
            _statements(database, lambda at=version: write(at), break_at=step)  # type: ignore[misc]
        assert (store.load("sms", ANNA), store.answers("sms", "m1"), count_rows(database)) == before
        write(version)
        assert store.load("sms", ANNA).tracker == (None if erasing else "{}")
