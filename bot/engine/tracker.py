"""`Tracker`: all that is remembered of a conversation between two turns. Never a message of the person."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, NamedTuple

from bot.engine.responses import Button

HISTORY_LIMIT = 10
"""How many answers can be undone."""

REPEATED_S = 3600.0
"""How long the same thing said again is a repetition."""

NOT_REPEATED = ("conversation", "channel", "history", "turn", "echo", "heard")
"""What the states of the history share with the tracker."""


class Repeated(NamedTuple):
    """A digest of what was said last, how many times in a row, and when the last time (seconds since 1970)."""

    digest: str = ""
    times: int = 0
    at: float = 0.0

    def again(self, text: str, now: float) -> "Repeated":
        """Return what is known once a text is said; what was said more than `REPEATED_S` ago is over."""
        digest = sha256(text.encode(errors="replace")).hexdigest()[:16]
        same = digest == self.digest and now - self.at < REPEATED_S
        return Repeated(digest, self.times + 1 if same else 1, now)


NEVER = Repeated()


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
    `turn` is the number of the last turn; `echo` is its answer, and `heard` the message, as far as they were repeated.
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
    echo: Repeated = NEVER
    heard: Repeated = NEVER

    def remembering(self, before: "Tracker") -> "Tracker":
        """Return this tracker with the state `before` as the one that `undo` goes back to."""
        history = (*before.history, replace(before.timeless(), history=()))
        return replace(self, history=history[-HISTORY_LIMIT:])

    def counted_on(self, before: "Tracker") -> "Tracker":
        """Return this tracker with the turns and the repetitions of another one, which it follows."""
        return replace(self, turn=before.turn, echo=before.echo, heard=before.heard)

    def timeless(self) -> "Tracker":
        """Return this tracker without what only counts turns."""
        return replace(self, turn=0, echo=NEVER, heard=NEVER)

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
        **{name: Repeated(*state[name]) for name in ("echo", "heard") if name in state},
    }
