"""The engine: flows, actions and a tracker in; a new tracker and what to say out."""

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePath
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

from bot.engine.checks import check_actions
from bot.engine.faults import FlowErrors, FlowFault
from bot.engine.migration import adopt
from bot.engine.responses import Fits, Payload, RenderError, Utterance, parse_payload, render
from bot.engine.steps import Flow, Flows
from bot.engine.tracker import Tracker
from bot.engine.turn import BREAKDOWN, CHANGED, Script, Turn

if TYPE_CHECKING:
    from rasa_sdk.interfaces import Action

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """What a message means. `slots` is what understanding found, `intent` a command, `payload` a button.

    `text` and `metadata` are only passed on to the actions (`tracker.latest_message`), and never kept. A
    payload that is plain text must be understood by the caller, like any text: here it fills nothing.
    """

    text: str = ""
    slots: Mapping[str, Any] = field(default_factory=dict)
    intent: str | None = None
    payload: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


class Engine:
    """Plays flows. It holds no conversation: a turn depends on its arguments only."""

    def __init__(self, flows: Flows, actions: "Iterable[Action]", *, fits: Fits, default_flow: str) -> None:
        """Raises FlowErrors when a flow needs an action that is not given, ValueError for the rest."""
        by_name = {action.name(): action for action in actions}
        if errors := check_actions(flows, by_name):
            raise FlowErrors(errors)
        if default_flow not in flows.flows:
            raise ValueError(f"the default flow {default_flow!r} does not exist")
        breakdown = flows.responses.get(BREAKDOWN)
        if not breakdown or not any(variation.unconditional for variation in breakdown.variations):
            raise ValueError(f"{BREAKDOWN} must have a variation that can always be said")
        self.flows = flows
        self._script = Script(flows=flows, actions=by_name, fits=fits, domain=flows.domain())
        self._default_flow = default_flow

    @property
    def domain(self) -> Mapping[str, Any]:
        """The responses and slots, as actions read them."""
        return self._script.domain

    def new_tracker(self, conversation: str, channel: str) -> Tracker:
        """Return the tracker of a conversation that has not begun."""
        slots = self.flows.initial_slots()
        return Tracker(conversation=conversation, channel=channel, slots=slots, digest=self.flows.digest)

    async def turn(self, tracker: Tracker, event: Input) -> tuple[Tracker, list[Utterance]]:
        """Play one turn. A fault of a flow or an action ends the flows under way with an apology.

        Raises KeyError or ValueError when `event.slots` or `event.intent` name what the flows do not have:
        a mistake of the caller. What a payload names comes from a person and is ignored when unknown.
        """
        before, moved = adopt(tracker, self.flows)
        slots, flow_id = self._read(event, before.slots)
        turn = Turn(self._script, before, _message(event))
        changed = turn.fill(slots)
        if flow_id:
            after = await self._play(turn, moved, partial(turn.start, flow_id))
        elif changed or before.pending is None:
            after = await self._play(turn, moved)
        else:
            after = await self._play(turn, moved, turn.misunderstand)
        kept = changed and not turn.restarted and self._has_begun(before)
        return (after.remembering(before) if kept else after), turn.said

    async def skip(self, tracker: Tracker, event: Input) -> tuple[Tracker, list[Utterance]]:
        """Go past the pending question without an answer (« je ne sais pas »); `utter_passer` says so."""
        before, moved = adopt(tracker, self.flows)
        turn = Turn(self._script, before, _message(event))
        after = await self._play(turn, moved, turn.skip)
        return after.remembering(before), turn.said

    async def ask_again(self, tracker: Tracker, event: Input) -> tuple[Tracker, list[Utterance]]:
        """Ask the pending question again (after `undo`, or a message that was answered outside of the flows)."""
        before, moved = adopt(tracker, self.flows)
        turn = Turn(self._script, before, _message(event))
        return await self._play(turn, moved), turn.said

    async def apart(self, tracker: Tracker, event: Input) -> tuple[Tracker, list[Utterance]]:
        """Play the flow of an intent by itself: what was under way stays as it is, and is not asked again.

        Raises KeyError when no flow has the intent; the tracker returned only differs in slots and choices.
        """
        before, moved = adopt(tracker, self.flows)
        slots, flow_id = self._read(event, before.slots)
        turn = Turn(self._script, replace(before, stack=(), pending=None), _message(event))
        turn.fill(slots)
        opening = partial(turn.start, flow_id) if flow_id else None
        after = await self._play(turn, moved, opening, alone=True)
        return replace(before, slots=after.slots, choices=after.choices), turn.said

    def say(self, tracker: Tracker, name: str, **values: str | float) -> list[Utterance]:
        """Say a response outside of any flow. Raises KeyError when it does not exist, RenderError."""
        response, slots = self.flows.responses[name], tracker.slots
        return [render(response, tracker.channel, slots, values, self._script.fits)]

    async def _play(
        self, turn: Turn, moved: bool, opening: Callable[[], None] | None = None, *, alone: bool = False
    ) -> Tracker:
        """Play a turn, the default flow below all others if not `alone`, and apologise for whatever goes wrong."""
        try:
            if moved:
                turn.say_if_written(CHANGED)
            if not (turn.stack or alone):
                turn.start(self._default_flow)
            if opening:
                opening()
            await turn.play()
            return turn.tracker()
        except Exception as error:  # noqa: BLE001 - whatever happens, the person gets an answer
            _log(turn, error)
            turn.said[:] = [replace(said, choices=()) for said in turn.said]  # they lead nowhere any more
            turn.say(BREAKDOWN)
            return replace(turn.before, stack=(), pending=None, choices=(), misunderstood=0)

    def _has_begun(self, tracker: Tracker) -> bool:
        return tracker.timeless() != self.new_tracker(tracker.conversation, tracker.channel)

    def _read(self, event: Input, slots: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
        """Return the slots that an input fills and the flow that it starts.

        The guard of a flow (`if`) counts for an intent, not for a button: who offers it knows (Rasa's rule).
        """
        filled, flow_id = dict(event.slots), None
        if event.intent is not None:
            candidates = self._listening(event.intent)
            if not candidates:
                raise KeyError(f"no flow has the intent {event.intent!r}")
            known = {**slots, **filled}
            flow_id = next((f.id for f in candidates if f.guard is None or f.guard.holds(known)), None)
        if event.payload is not None:
            payload = _parsed(event.payload)
            filled |= self._accepted(payload)
            if payload.intent:
                flow_id = next((flow.id for flow in self._listening(payload.intent)), flow_id)
        return filled, flow_id

    def _listening(self, intent: str) -> list[Flow]:
        return [flow for flow in self.flows.flows.values() if intent in flow.intents]

    def _accepted(self, payload: Payload) -> dict[str, Any]:
        """Return the slots of a payload with their values; what the flows do not have (any more) is left out."""
        accepted = {}
        for name, written in payload.slots.items():
            if slot := self.flows.slots.get(name):
                with suppress(ValueError):
                    accepted[name] = slot.parse(written)
        return accepted


def _parsed(payload: str) -> Payload:
    try:
        return parse_payload(payload)
    except ValueError:
        return Payload()


def _message(event: Input) -> dict[str, Any]:
    """Return Rasa's `latest_message`."""
    return {
        "text": event.text,
        "intent": {"name": event.intent, "confidence": 1.0 if event.intent else 0.0},
        "entities": [],
        "metadata": dict(event.metadata),
    }


def _log(turn: Turn, error: Exception) -> None:
    """Log where it broke. The message of a foreign exception may quote the person: only its kind is logged."""
    frame = turn.stack[-1] if turn.stack else None
    where = extract_tb(error.__traceback__)[-1]
    ours = isinstance(error, FlowFault | RenderError)
    logger.error(
        "flux %s, étape %s : %s (%s:%s)",
        frame.flow if frame else "-",
        frame.step if frame else "-",
        error if ours else type(error).__name__,
        PurePath(where.filename).name,
        where.lineno,
    )
