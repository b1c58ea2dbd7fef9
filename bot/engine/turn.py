"""One turn being played: the steps between a message and the next question."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.engine.faults import FlowFault
from bot.engine.responses import Button, Fits, Utterance, render
from bot.engine.stack import gone_back, without
from bot.engine.steps import END, Act, Call, Collect, Flows, Link, SetSlots, Step
from bot.engine.tracker import Frame, Tracker

if TYPE_CHECKING:
    from rasa_sdk.interfaces import Action

    from bot.engine.bridge import Said

MAX_STEPS_PER_TURN = 100
"""More steps than that without a question is a loop."""

PATIENCE = 3
"""Misunderstandings in a row after which a person is offered, and different sentences to say so."""

NOT_UNDERSTOOD = tuple(f"utter_pas_compris_{count}" for count in range(1, PATIENCE + 1))
RESUMED = "utter_reprise"
SKIPPED = "utter_passer"
BREAKDOWN = "utter_panne"
CHANGED = "utter_changement"
SAID_BY_ENGINE = frozenset({*NOT_UNDERSTOOD, RESUMED, SKIPPED, BREAKDOWN, CHANGED})
"""The responses that the engine says by itself: an apology (required), and where written, the others."""

PERSON_FLOW = "humain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What turns are played from."""

    flows: Flows
    actions: Mapping[str, "Action"]
    fits: Fits
    domain: dict[str, Any]


class Turn:
    """A mutable copy of a tracker's state, advanced step by step, then frozen again by `tracker()`."""

    def __init__(self, script: Script, before: Tracker, message: Mapping[str, Any]) -> None:
        self.script, self.flows, self.before, self.message = script, script.flows, before, message
        self.slots = dict(before.slots)
        self.stack = list(before.stack)
        self.misunderstood = 0
        self.answering = before.pending
        self.pending: str | None = None
        self.said: list[Utterance] = []
        self.steps = 0
        self.resumed = False
        self.restarted = False
        self.ended = False

    def tracker(self) -> Tracker:
        """Return the state after the turn; a turn that offers and asks nothing keeps the choices of before."""
        choices = tuple(choice for utterance in self.said for choice in utterance.choices)
        keep = not (choices or self.pending or self.ended)
        return replace(
            self.before,
            slots=self.slots,
            stack=tuple(self.stack),
            pending=self.pending,
            choices=self.before.choices if keep else choices,
            misunderstood=self.misunderstood,
            history=() if self.restarted else self.before.history,
        )

    # what the message does

    def fill(self, values: Mapping[str, Any]) -> set[str]:
        """Fill slots and return those that changed; changing an earlier answer goes back to its question.

        Raises ValueError for a value that a slot does not accept, KeyError for an undeclared slot.
        """
        changed = {name for name, value in values.items() if self.slots.get(name) != value}
        corrected = {name for name in changed if self.slots.get(name) is not None}
        for name in changed:
            self._set(name, values[name])
        if corrected:
            self.stack = gone_back(self.stack, corrected, self.flows)
        return changed

    def start(self, flow_id: str, *, called: bool = False) -> None:
        """Put a flow on top of the stack; if it was under way below, it starts afresh."""
        if not called:
            self.stack = without(self.stack, flow_id)
        self.stack.append(Frame(flow=flow_id, step=self.flows.flows[flow_id].first, called=called))

    def misunderstand(self) -> None:
        """Say that the message brought nothing, differently each time; then offer a person.

        A response `utter_pas_compris_1_<slot>` says it for the question about that slot.
        """
        self.misunderstood = self.before.misunderstood + 1
        general = NOT_UNDERSTOOD[min(self.misunderstood, PATIENCE) - 1]
        about_the_question = f"{general}_{self.answering}"
        self.say_if_written(about_the_question if about_the_question in self.flows.responses else general)
        self._lose_patience()

    def skip(self) -> None:
        """Go past the pending question without an answer; without one, this does nothing."""
        frame = self.stack[-1]
        step = self._step_of(frame)
        if isinstance(step, Collect) and self.answering == step.slot:
            self.say_if_written(SKIPPED)
            self._leave(frame, step)

    async def play(self) -> None:
        """Play steps until a question waits for its answer, or nothing is left to play."""
        while self.stack and self.pending is None:
            self._count()
            await self._step(self.stack[-1])
        if not self.said and not self.ended:
            raise FlowFault("the turn said nothing")

    # steps

    async def _step(self, frame: Frame) -> None:
        step = self._step_of(frame)
        if isinstance(step, Collect):
            await self._collect(frame, step)
        elif isinstance(step, Call):
            self.start(step.flow, called=True)
        elif isinstance(step, Link):
            self._close(frame)
            self.start(step.flow)
        else:
            if isinstance(step, Act):
                await self._act(step.name)
            elif isinstance(step, SetSlots):
                for name, value in step.values.items():
                    self._set(name, value)
            if self.stack and self.stack[-1] is frame:
                self._leave(frame, step)

    async def _collect(self, frame: Frame, step: Collect) -> None:
        given = self.answering == step.slot or step.id in frame.known
        if step.ask_before_filling and not given:
            self._set(step.slot, None)
        if step.slot in self.slots and self._rejected(step):
            return
        if step.slot not in self.slots:
            await self._ask(step)
            return
        self.answering = None
        known = tuple(other for other in frame.known if other != step.id)
        self._leave(replace(frame, known=known), step)

    def _rejected(self, step: Collect) -> bool:
        """Refuse an answer: say why and forget it. Tell whether a person was offered instead of asking again."""
        refusal = next((r for r in step.rejections if r.condition.holds(self.slots)), None)
        if refusal is None:
            return False
        self._set(step.slot, None)
        self.misunderstood = self.before.misunderstood + 1
        self.say(refusal.utter)
        return self._lose_patience()

    async def _ask(self, step: Collect) -> None:
        if self.resumed:
            self.resumed = False
            self.say_if_written(RESUMED)
        asks = step.ask_action in self.script.actions
        await self._act(step.ask_action if asks else step.utter)
        if step.slot in self.slots:  # the action that asks knew the answer
            self.answering = step.slot
        elif not self.ended:
            self.pending = step.slot

    async def _act(self, name: str) -> None:
        self._count()
        if name.startswith("utter_"):
            self.say(name)
            return
        from bot.engine.bridge import run_action

        if name not in self.script.actions:
            raise FlowFault(f"unknown action {name}")
        events, messages = await run_action(
            self.script.actions[name],
            self.before.conversation,
            self.before.channel,
            self.flows.slots,
            self.slots,
            self.message,
            self.script.domain,
        )
        for message in messages:
            self._relay(message)
        for event in events:
            self._apply(event)
        for event in events:
            if event["event"] == "followup":
                await self._act(event["name"])

    def _relay(self, message: "Said") -> None:
        """Say what an action said."""
        if message.response:
            self.say(message.response, message.context, message.buttons, message.custom)
        else:
            custom = message.custom or None
            self.said.append(Utterance(response=None, text=message.text, choices=message.buttons, custom=custom))

    def _apply(self, event: Mapping[str, Any]) -> None:
        kind = event["event"]
        if kind == "slot":
            self._set(event["name"], event["value"])
        elif kind == "reset_slots":
            self.slots = self.flows.initial_slots()
        elif kind in ("restart", "session_ended"):
            self.stack, self.ended = [], True
            if kind == "restart":
                self.slots, self.restarted = self.flows.initial_slots(), True

    # ways through the flows

    def _leave(self, frame: Frame, step: Step) -> None:
        """Go from a step to the next one; remember the questions and calls that were passed."""
        visited = frame.visited
        if isinstance(step, Collect | Call):
            visited = (*(other for other in visited if other != step.id), step.id)
        target = next(b.target for b in step.next if b.condition is None or b.condition.holds(self.slots))
        self.stack[-1] = replace(frame, step=target, visited=visited)
        if target == END:
            self._end(frame)

    def _end(self, frame: Frame) -> None:
        self._close(frame)
        if frame.called:
            caller = self.stack[-1]
            self._leave(caller, self._step_of(caller))
        elif self.stack:
            self.resumed = self.before.pending is not None

    def _close(self, frame: Frame) -> None:
        self.stack.pop()
        if not frame.called:  # what a called flow collected lives as long as its caller
            initial = self.flows.initial_slots()
            for name in self.flows.emptied(frame.flow):
                self._set(name, initial.get(name))

    def _step_of(self, frame: Frame) -> Step:
        return self.flows.flows[frame.flow].steps[frame.step]

    def _lose_patience(self) -> bool:
        if self.misunderstood < PATIENCE or PERSON_FLOW not in self.flows.flows:
            return False
        self.misunderstood = 0
        self.start(PERSON_FLOW)
        return True

    # words and slots

    def say(
        self,
        name: str,
        context: Mapping[str, Any] | None = None,
        buttons: tuple[Button, ...] = (),
        custom: Mapping[str, Any] | None = None,
    ) -> None:
        """Say a response. Raises FlowFault when it does not exist, RenderError when it cannot be said."""
        response = self.flows.responses.get(name)
        if response is None:
            raise FlowFault(f"unknown response {name}")
        said = render(response, self.before.channel, self.slots, context or {}, self.script.fits, buttons)
        self.said.append(replace(said, custom={**(said.custom or {}), **(custom or {})} or None))

    def say_if_written(self, name: str) -> None:
        """Say a response that the flows may leave out."""
        if name in self.flows.responses:
            self.say(name)

    def _set(self, name: str, value: Any) -> None:
        self.flows.slots[name].check(value)
        if value is None:
            self.slots.pop(name, None)
        else:
            self.slots[name] = value

    def _count(self) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS_PER_TURN:
            raise FlowFault(f"more than {MAX_STEPS_PER_TURN} steps in a turn")
