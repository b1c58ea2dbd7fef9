"""The flows as a Mermaid flowchart, for people: questions as they are asked, answers on the edges."""

import re
from collections.abc import Iterator

from bot.engine.responses import parse_payload
from bot.engine.steps import END, Act, Branch, Call, Collect, Flow, Flows, Link, SetSlots, Step

LONGEST_LABEL = 60
COMPARISON = re.compile(r"""slots\.(\w+) (?:is|=) ["']([^"']*)["']""")


def graph(flows: Flows) -> str:
    """Return a Mermaid `flowchart` of all flows (https://mermaid.js.org/syntax/flowchart.html)."""
    lines = ["flowchart TD"]
    for flow in flows.flows.values():
        title = flow.name or flow.id
        lines += [f'  subgraph {_id("flow", flow.id)}["{_label(title + " : " + flow.description)}"]']
        lines += [f"    {line}" for line in _nodes(flow, flows)]
        lines += [f"    {line}" for line in _edges(flow, flows)]
        lines += ["  end"]
    for flow in flows.flows.values():
        for step in flow:
            if isinstance(step, Link | Call):
                arrow = "-.->|appelle|" if isinstance(step, Call) else "-.->|passe à|"
                lines.append(f"  {_id(flow.id, step.id)} {arrow} {_id('flow', step.flow)}")
    return "\n".join(lines) + "\n"


def _nodes(flow: Flow, flows: Flows) -> Iterator[str]:
    ends = any(branch.target == END for step in flow for branch in step.next)
    for step in flow:
        opening, closing = ('{{"', '"}}') if isinstance(step, Collect) else ('["', '"]')
        yield f"{_id(flow.id, step.id)}{opening}{_label(_words(step, flows))}{closing}"
    if ends:
        yield f'{_id(flow.id, END)}(("fin"))'


def _edges(flow: Flow, flows: Flows) -> Iterator[str]:
    titles = dict(_titles(flows))
    for step in flow:
        for branch in step.next:
            words = _condition(branch, titles)
            if not words and len(step.next) > 1:
                words = "sinon"
            arrow = f'-->|"{_label(words)}"|' if words else "-->"
            yield f"{_id(flow.id, step.id)} {arrow} {_id(flow.id, branch.target)}"


def _words(step: Step, flows: Flows) -> str:
    """What a step says or does, in a few words."""
    if isinstance(step, Collect):
        return _text(step.utter, flows) or step.description or f"{step.slot} ?"
    if isinstance(step, Act):
        return _text(step.name, flows) or step.name
    if isinstance(step, SetSlots):
        return ", ".join(f"{name} = {'vide' if value is None else value}" for name, value in step.values.items())
    if isinstance(step, Link | Call):
        target = flows.flows[step.flow]
        return target.name or target.id
    return "selon"


def _text(name: str, flows: Flows) -> str:
    response = flows.responses.get(name)
    if response is None:
        return ""
    return next((v.text for v in response.variations if not v.channel), response.variations[0].text)


def _titles(flows: Flows) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield what each slot value is called on the buttons that give it."""
    for response in flows.responses.values():
        for button in (button for variation in response.variations for button in variation.buttons):
            for slot, value in parse_payload(button.payload).slots.items():
                yield (slot, value or ""), button.title


def _condition(branch: Branch, titles: dict[tuple[str, str], str]) -> str:
    if branch.condition is None:
        return ""
    named = COMPARISON.sub(lambda match: f"« {titles.get((match[1], match[2]), match[2])} »", branch.condition.source)
    return named.replace("slots.", "")


def _label(text: str) -> str:
    """Return a text that fits in a node: one line, cut, without what Mermaid would read."""
    words = " ".join(text.replace('"', "'").replace("#", "n°").split())
    return words if len(words) <= LONGEST_LABEL else words[: LONGEST_LABEL - 1].rstrip() + "…"


def _id(*parts: str) -> str:
    return "__".join(re.sub(r"\W", "_", part) for part in parts)
