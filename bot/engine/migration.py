"""A conversation under way when the flows were edited: go on where it still makes sense, else start over."""

from dataclasses import replace
from typing import Any

from bot.engine.steps import Call, Collect, Flows
from bot.engine.tracker import Frame, Tracker


def adopt(tracker: Tracker, flows: Flows) -> tuple[Tracker, bool]:
    """Return the tracker fit for these flows, and whether a flow under way had to start over.

    A flow goes on if its step still exists, starts over otherwise; what is known of the person is kept as
    long as its slot exists and accepts it.
    """
    if tracker.digest == flows.digest:
        return tracker, False
    stack: list[Frame] = []
    for frame in tracker.stack:
        if adopted := _adopted(frame, stack, flows):
            stack.append(adopted)
    moved = [(frame.flow, frame.step) for frame in stack] != [(f.flow, f.step) for f in tracker.stack]
    slots = {name: value for name, value in tracker.slots.items() if _accepts(flows, name, value)}
    pending = tracker.pending if stack and _asks(stack[-1], tracker.pending, flows) else None
    return replace(tracker, slots=slots, stack=tuple(stack), pending=pending, digest=flows.digest), moved


def _adopted(frame: Frame, below: list[Frame], flows: Flows) -> Frame | None:
    flow = flows.flows.get(frame.flow)
    if flow is None or (frame.called and not (below and _calls(below[-1], frame.flow, flows))):
        return None
    if frame.step not in flow.steps:
        return Frame(flow=frame.flow, step=flow.first, called=frame.called)
    visited, known = (tuple(step for step in steps if step in flow.steps) for steps in (frame.visited, frame.known))
    return replace(frame, visited=visited, known=known)


def _calls(frame: Frame, flow_id: str, flows: Flows) -> bool:
    step = flows.flows[frame.flow].steps[frame.step]
    return isinstance(step, Call) and step.flow == flow_id


def _asks(frame: Frame, slot: str | None, flows: Flows) -> bool:
    step = flows.flows[frame.flow].steps[frame.step]
    return isinstance(step, Collect) and step.slot == slot


def _accepts(flows: Flows, name: str, value: Any) -> bool:
    try:
        flows.slots[name].check(value)
    except (KeyError, ValueError):
        return False
    return True
