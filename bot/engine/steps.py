"""What flow files say once read: flows, their steps, and the whole of them (`Flows`)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.engine.conditions import Condition
from bot.engine.languages import Language
from bot.engine.responses import Response
from bot.engine.slots import Slot

END = "END"


@dataclass(frozen=True, slots=True)
class Branch:
    """One way out of a step: to the step `target` (or END) when the condition holds; None is « else »."""

    target: str
    condition: Condition | None = None
    ligne: int = 0


@dataclass(frozen=True, slots=True)
class Rejection:
    """An answer that a question refuses, and the response that says why."""

    condition: Condition
    utter: str
    ligne: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step. `named` is False when the id was made from the content, and cannot be the target of `next`."""

    id: str
    ligne: int
    next: tuple[Branch, ...] = ()
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Collect(Step):
    """A question, asked unless its slot is filled. `ask_before_filling`: asked whatever the slot holds."""

    slot: str
    utter: str
    rejections: tuple[Rejection, ...] = ()
    ask_before_filling: bool = False
    description: str = ""

    @property
    def ask_action(self) -> str:
        """The action that asks the question, instead of `utter`, when there is one (Rasa's naming)."""
        return f"action_ask_{self.slot}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act(Step):
    """`action:` a custom action (`action_…`) or a response (`utter_…`)."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSlots(Step):
    """`set_slots:` slots and their new values; None empties."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Step):
    """`link:` the flow ends here and another one starts."""

    flow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Step):
    """`call:` another flow is played, then this one goes on."""

    flow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noop(Step):
    """`noop: true`: nothing but its `next`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A flow. `steps` are flat, the first one first. `sound`: no fault was found while reading it."""

    id: str
    fichier: str
    ligne: int
    description: str
    name: str = ""
    guard: Condition | None = None
    intents: tuple[str, ...] = ()
    persisted: tuple[str, ...] = ()
    steps: Mapping[str, Step] = field(default_factory=dict)
    sound: bool = True

    @property
    def first(self) -> str:
        """The id of the first step."""
        return next(iter(self.steps))

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """All that the flow files say. `digest` changes whenever a file does."""

    flows: dict[str, Flow] = field(default_factory=dict)
    slots: dict[str, Slot] = field(default_factory=dict)
    responses: dict[str, Response] = field(default_factory=dict)
    languages: dict[str, Language] = field(default_factory=dict)
    digest: str = ""

    def called(self, flow_id: str) -> set[str]:
        """Return the ids of a flow and of all those that it calls, directly or not."""
        found: set[str] = set()
        waiting = [flow_id]
        while waiting:
            current = waiting.pop()
            if current in found or current not in self.flows:
                continue
            found.add(current)
            waiting.extend(step.flow for step in self.flows[current] if isinstance(step, Call))
        return found

    def collected(self, step: Step) -> set[str]:
        """Return the slots that a step asks for, by itself or through the flow that it calls."""
        if isinstance(step, Collect):
            return {step.slot}
        if not isinstance(step, Call):
            return set()
        flows = (self.flows[flow_id] for flow_id in self.called(step.flow))
        return {inner.slot for flow in flows for inner in flow if isinstance(inner, Collect)}

    def emptied(self, flow_id: str) -> set[str]:
        """Return the slots that go back to their initial value when the flow ends (Rasa's rule).

        Those that the flow and the flows it calls collect or set, except the persisted ones.
        """
        emptied: set[str] = set()
        persisted: set[str] = set()
        for flow in (self.flows[called] for called in self.called(flow_id)):
            persisted.update(flow.persisted)
            for step in flow:
                if isinstance(step, Collect):
                    emptied.add(step.slot)
                elif isinstance(step, SetSlots):
                    emptied.update(step.values)
        return emptied - persisted

    def domain(self) -> dict[str, Any]:
        """Return what Rasa passes to actions as the domain: slots and responses, by name."""
        return {
            "slots": {name: {"type": slot.type} for name, slot in self.slots.items()},
            "responses": {
                name: [{"text": v.text} | ({"channel": v.channel} if v.channel else {}) for v in r.variations]
                for name, r in self.responses.items()
            },
        }

    def initial_slots(self) -> dict[str, Any]:
        """Return the slots that are filled from the start, with their values."""
        return {name: slot.initial for name, slot in self.slots.items() if slot.initial is not None}
