"""Check the ways through the flows: every step is reached, every loop asks a question, calls come back."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.engine.faults import Faults, unknown
from bot.engine.steps import END, Act, Call, Collect, Flow, Flows, Link, SetSlots, Step

Place = tuple[str, str]
"""A step among all flows: (flow id, step id)."""

T = TypeVar("T")


def check_routes(flows: Flows, faults: Faults) -> None:
    """Add the faults of the routes to `faults`; a flow that could not be read is left out."""
    sound = [flow for flow in flows.flows.values() if flow.sound]
    for flow in sound:
        faults.fichier = flow.fichier
        lost = _check_targets(flow, faults)
        if not lost:
            _check_reached(flow, faults)
        _check_calls(flow, flows, faults)
        _check_repeated_questions(flow, faults)
    _check_loops(sound, flows, faults)


def _check_targets(flow: Flow, faults: Faults) -> bool:
    found = len(faults.found)
    known = [step.id for step in flow if step.named] + [END]
    for step in flow:
        for branch in step.next:
            if branch.target != END and branch.target not in flow.steps:
                faults.add(branch.ligne, unknown("étape inconnue", branch.target, known))
    return len(faults.found) > found


def _check_reached(flow: Flow, faults: Faults) -> None:
    reached = _reachable([flow.first], lambda step_id: _targets(flow.steps[step_id])) | {flow.first}
    lost = {step.id: step for step in flow if step.id not in reached}
    followers = {target for step in lost.values() for target in _targets(step)}
    for step_id, step in lost.items():
        if step_id not in followers or lost.keys() <= followers:
            faults.add(step.ligne, "cette étape n'est jamais atteinte")


def _check_calls(flow: Flow, flows: Flows, faults: Faults) -> None:
    for step in flow:
        if isinstance(step, Link) and step.flow == flow.id:
            faults.add(step.ligne, f"« link » ne peut pas mener à son propre flux « {flow.id} »")
        if isinstance(step, Call):
            called = flows.called(step.flow)
            if flow.id in called:
                faults.add(step.ligne, f"le flux « {flow.id} » s'appelle lui-même par « {step.flow} »")
            elif any(isinstance(inner, Link) for name in called for inner in flows.flows[name]):
                faults.add(step.ligne, f"le flux « {step.flow} » est appelé (call) : pas de « link » dedans")


def _check_repeated_questions(flow: Flow, faults: Faults) -> None:
    """A loop whose questions are all answered after the first round never stops (nothing empties them)."""
    seen: set[str] = set()
    for step in flow:
        if not isinstance(step, Collect) or step.id in seen:
            continue
        loop = _loop(step.id, lambda step_id: _targets(flow.steps[step_id]) & flow.steps.keys())
        seen |= loop
        if loop and not any(_may_ask(flow.steps[step_id]) for step_id in loop):
            faults.add(
                step.ligne,
                f"boucle : la question « {step.slot} » n'y est plus posée une fois répondue "
                f"(videz le slot, ou « ask_before_filling: true »)",
            )


def _may_ask(step: Step) -> bool:
    """Tell whether a step of a loop can make a question be asked again."""
    if isinstance(step, Collect):
        return step.ask_before_filling
    if isinstance(step, SetSlots):
        return None in step.values.values()
    return isinstance(step, Call) or (isinstance(step, Act) and not step.name.startswith("utter_"))


def _check_loops(sound: list[Flow], flows: Flows, faults: Faults) -> None:
    """Refuse the loops, within a flow or through `link`, that never wait for the person."""
    names = {flow.id for flow in sound}

    def onward(place: Place) -> set[Place]:
        flow_id, step_id = place
        step = flows.flows[flow_id].steps[step_id]
        if flows.collected(step):
            return set()
        places = {(flow_id, target) for target in _targets(step) & flows.flows[flow_id].steps.keys()}
        if isinstance(step, Link) and step.flow in names - {flow_id}:
            places.add((step.flow, flows.flows[step.flow].first))
        return places

    seen: set[Place] = set()
    for flow in sound:
        for step in flow:
            loop = _loop((flow.id, step.id), onward) if (flow.id, step.id) not in seen else set()
            seen |= loop
            if loop:
                faults.fichier = flow.fichier
                faults.add(step.ligne, "boucle sans question : rien n'y attend une réponse (« collect »)")


def _targets(step: Step) -> set[str]:
    return {branch.target for branch in step.next if branch.target != END}


def _reachable(starts: Iterable[T], onward: Callable[[T], Iterable[T]]) -> set[T]:
    found: set[T] = set()
    waiting = list(starts)
    while waiting:
        for place in onward(waiting.pop()):
            if place not in found:
                found.add(place)
                waiting.append(place)
    return found


def _loop(start: T, onward: Callable[[T], Iterable[T]]) -> set[T]:
    """Return the places of the loop that `start` is part of, none when it is part of no loop."""
    return {place for place in _reachable([start], onward) if start in _reachable([place], onward)}
