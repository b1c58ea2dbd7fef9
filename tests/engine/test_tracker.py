"""A tracker stored and read again is the same tracker, and holds no message."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine import Button, Engine, Input, Tracker, undo
from bot.engine.tracker import HISTORY_LIMIT, Frame

names = st.text(max_size=8)
json_values = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=6,
)
frames = st.builds(
    Frame,
    flow=names,
    step=names,
    visited=st.lists(names, max_size=3).map(tuple),
    known=st.lists(names, max_size=3).map(tuple),
    called=st.booleans(),
)


def trackers(history: st.SearchStrategy[tuple[Tracker, ...]]) -> st.SearchStrategy[Tracker]:
    return st.builds(
        Tracker,
        conversation=st.just("anna"),
        channel=st.just("sms"),
        slots=st.dictionaries(names, json_values, max_size=4),
        stack=st.lists(frames, max_size=3).map(tuple),
        pending=st.none() | names,
        choices=st.lists(st.builds(Button, names, names), max_size=3).map(tuple),
        misunderstood=st.integers(0, 3),
        history=history,
        digest=names,
    )


@settings(deadline=None, max_examples=60)
@given(trackers(st.lists(trackers(st.just(())), max_size=2).map(tuple)))
def test_round_trip(tracker: Tracker) -> None:
    assert Tracker.from_json(tracker.to_json()) == tracker


def test_undo_of_nothing() -> None:
    assert undo(Tracker(conversation="anna", channel="sms")) is None


def test_history_is_bounded() -> None:
    tracker = Tracker(conversation="anna", channel="sms")
    for _ in range(3 * HISTORY_LIMIT):
        tracker = tracker.remembering(tracker)
    assert len(tracker.history) == HISTORY_LIMIT
    assert all(past.history == () for past in tracker.history)


def test_messages_are_not_stored(engine: Engine) -> None:
    tracker = engine.new_tracker("anna", "sms")
    secrets = Input(text="mon secret", slots={"need": "caf"}, metadata={"now": "jamais"})
    for event in (secrets, Input(text="mon secret"), Input(text="mon secret", intent="aide")):
        tracker, _ = asyncio.run(engine.turn(tracker, event))
    stored = tracker.to_json()
    assert "caf" in stored
    assert "secret" not in stored
    assert "jamais" not in stored
