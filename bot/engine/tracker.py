"""`Tracker`: all that is remembered of a conversation between two turns. Never a message of the person."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.engine.responses import Button

HISTORY_LIMIT = 10
"""How many answers can be undone."""

NOT_REPEATED = ("conversation", "channel", "history", "turn", "echo")
"""What the states of the history share with the tracker."""


NO_ECHO = ("", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A flow under way. `step` is the one to play next: a question that waits, a `call` under way.

    `visited` are the questions and calls passed so far, in order: where a correction goes back to. `known` are
    those passed before a correction went back, and not to be asked a second time. `called`: by the frame below.
    """

    flow: str
    step: str
    visited: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    called: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker:
    """The state of a conversation; a turn makes a new one.

    `slots` holds the filled ones only. `pending` is the slot of the question that waits for its answer,
    `choices` the last ones offered (numbered from 1), `misunderstood` how many turns in a row brought nothing,
    `history` the states before each answer (their own history empty), `digest` that of the flows played.
    `turn` is the number of the last turn, `echo` a digest of its answer and how many times in a row it was given.
    """

    conversation: str
    channel: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    stack: tuple[Frame, ...] = ()
    pending: str | None = None
    choices: tuple[Button, ...] = ()
    misunderstood: int = 0
    history: "tuple[Tracker, ...]" = ()
    digest: str = ""
    turn: int = 0
    echo: tuple[str, int] = NO_ECHO

    def remembering(self, before: "Tracker") -> "Tracker":
        """Return this tracker with the state `before` as the one that `undo` goes back to."""
        history = (*before.history, replace(before.timeless(), history=()))
        return replace(self, history=history[-HISTORY_LIMIT:])

    def timeless(self) -> "Tracker":
        """Return this tracker without what only counts turns."""
        return replace(self, turn=0, echo=NO_ECHO)

    def to_json(self) -> str:
        """Return the tracker as JSON text, for storage."""
        state = _named(self)
        state["history"] = [
            {key: value for key, value in _named(past).items() if key not in NOT_REPEATED} for past in self.history
        ]
        return json.dumps(state, default=_named, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> "Tracker":
        """Read what `to_json` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        state = json.loads(text)
        whose = {"conversation": state["conversation"], "channel": state["channel"]}
        history = tuple(cls(**_state({**past, **whose})) for past in state.pop("history"))
        return cls(**_state(state), history=history)


def undo(tracker: Tracker) -> Tracker | None:
    """Return the state before the last answer (then `Engine.ask_again`), or None when there is none."""
    if not tracker.history:
        return None
    return replace(tracker.history[-1], history=tracker.history[:-1])


def _named(part: object) -> dict[str, Any]:
    """Return the fields of a tracker or of a frame. Raises TypeError for what cannot be stored."""
    if not isinstance(part, Tracker | Frame):
        raise TypeError(f"{type(part).__name__} cannot be stored")
    return {name: getattr(part, name) for name in part.__slots__}


def _state(state: dict[str, Any]) -> dict[str, Any]:
    frames = (
        Frame(**{**frame, "visited": tuple(frame["visited"]), "known": tuple(frame["known"])})
        for frame in state["stack"]
    )
    return {
        **state,
        "stack": tuple(frames),
        "choices": tuple(Button(title, payload) for title, payload in state["choices"]),
        **({"echo": tuple(state["echo"])} if "echo" in state else {}),
    }
