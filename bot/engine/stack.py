"""The flows under way, the one being played last: taking one out, going back to an earlier question."""

from collections.abc import Iterable, Set
from dataclasses import replace

from bot.engine.steps import Flows
from bot.engine.tracker import Frame


def without(stack: Iterable[Frame], flow_id: str) -> list[Frame]:
    """Return the stack without a flow and the flows that it called."""
    kept: list[Frame] = []
    removed = False
    for frame in stack:
        removed = frame.flow == flow_id or (removed and frame.called)
        if not removed:
            kept.append(frame)
    return kept


def gone_back(stack: Iterable[Frame], corrected: Set[str], flows: Flows) -> list[Frame]:
    """Return the stack with each flow back at the first passed question whose answer was corrected."""
    kept: list[Frame] = []
    went_back = False
    for frame in stack:
        if went_back and frame.called:
            continue  # its caller goes back to before the call
        earlier = _earlier(frame, corrected, flows)
        went_back = earlier is not frame
        kept.append(earlier)
    return kept


def _earlier(frame: Frame, corrected: Set[str], flows: Flows) -> Frame:
    steps = flows.flows[frame.flow].steps
    for index, step_id in enumerate(frame.visited):
        if not flows.collected(steps[step_id]).isdisjoint(corrected):
            known = (*frame.visited[index:], frame.step)
            return replace(frame, step=step_id, visited=frame.visited[:index], known=known)
    return frame
