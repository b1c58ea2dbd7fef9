"""Reading a flow: its properties and its steps, flattened."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.engine.faults import Faults
from bot.engine.steps import END, Act, Branch, Call, Collect, Flow, Link, Noop, Rejection, SetSlots, Step
from bot.engine.yaml_tree import (
    Items,
    Tree,
    plain,
    read_condition,
    read_flag,
    read_items,
    read_text,
    reject_unknown_keys,
)

FLOW_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
FLOW_KEYS = ("description", "name", "if", "nlu_trigger", "persisted_slots", "steps")
KINDS = ("collect", "action", "link", "call", "set_slots", "noop")
STEP_ID = FLOW_ID
COLLECT_KEYS = ("description", "utter", "rejections", "ask_before_filling")


def read_flow(name: str, value: Any, ligne: int, faults: Faults) -> Flow:
    """Read one flow; a flow that cannot be read has no step, and its faults are in `faults`."""
    flow = Flow(id=name, fichier=faults.fichier, ligne=ligne, description="", sound=False)
    if not FLOW_ID.fullmatch(name):
        faults.add(ligne, f"nom de flux « {name} » : lettres, chiffres, _ et - seulement, sans - au début")
    if not isinstance(value, Tree):
        faults.add(ligne, f"le flux « {name} » doit avoir « description » et « steps »")
        return flow
    reject_unknown_keys(value, FLOW_KEYS, faults)
    before = len(faults.found)
    items = read_items(value, "steps", faults)
    if not items and len(faults.found) == before:
        faults.add(ligne, f"le flux « {name} » n'a pas d'étape (« steps »)")
    reader = _Steps(faults)
    reader.read(items, at_root=True)
    return replace(
        flow,
        description=read_text(value, "description", faults, required=True),
        name=read_text(value, "name", faults),
        guard=read_condition(value, "if", faults),
        intents=tuple(_intents(value, faults)),
        persisted=tuple(str(slot) for slot, _ in read_items(value, "persisted_slots", faults)),
        steps=reader.steps,
        sound=len(faults.found) == before,
    )


def _intents(value: Tree, faults: Faults) -> Iterator[str]:
    for item, ligne in read_items(value, "nlu_trigger", faults):
        intent = item.get("intent") if isinstance(item, Tree) else None
        if isinstance(intent, Tree):
            intent = intent.get("name")
        if isinstance(intent, str):
            yield intent
        else:
            faults.add(ligne, "« nlu_trigger » attend des lignes « - intent: nom »")


class _Steps:
    """The steps of one flow, put flat in reading order under ids of their own.

    A step without an `id` is called after what it does (`collect_insee`, then `collect_insee_2`): an id that
    does not change when another step is added above, so that a conversation under way survives the edit.
    """

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.steps: dict[str, Step] = {}

    def read(self, items: list[tuple[Any, int]], *, at_root: bool) -> str:
        """Read a list of steps; return the id of the first one (END when there is none)."""
        trees = [(item, ligne) for item, ligne in items if self._is_step(item, ligne)]
        identified = [(tree, ligne, self._reserve(tree, ligne)) for tree, ligne in trees]
        if not identified:
            return END
        following = [step.id for _, _, step in identified[1:]] + [END if at_root else ""]
        for (tree, ligne, blank), after in zip(identified, following, strict=True):
            step = replace(self._content(tree, blank, ligne), next=())
            self.steps[step.id] = step
            self.steps[step.id] = replace(step, next=tuple(self._next(tree, step, after)))
        return identified[0][2].id

    def _is_step(self, item: Any, ligne: int) -> bool:
        if isinstance(item, Tree):
            return True
        self.faults.add(ligne, f"une étape a l'un de : {', '.join(KINDS)}")
        return False

    def _reserve(self, tree: Tree, ligne: int) -> Noop:
        """Give the step its id, and its place in the reading order."""
        named = "id" in tree
        wanted = read_text(tree, "id", self.faults, required=True) if named else _natural_id(tree)
        if wanted == END:
            self.faults.add(tree.line("id"), "« END » est réservé : choisissez un autre « id »")
        elif named and not STEP_ID.fullmatch(wanted):
            self.faults.add(tree.line("id"), f"id d'étape « {wanted} » : lettres, chiffres, _ et - seulement")
        elif named and wanted in self.steps:
            other = self.steps[wanted].ligne
            self.faults.add(tree.line("id"), f"deux étapes portent l'id « {wanted} » (déjà à la ligne {other})")
        step_id, count = wanted, 1
        while step_id in self.steps:
            count += 1
            step_id = f"{wanted}:{count}"
        blank = Noop(id=step_id, ligne=ligne, named=named)
        self.steps[step_id] = blank
        return blank

    def _content(self, tree: Tree, blank: Noop, ligne: int) -> Step:
        """Return the step that stands under the reserved id; a faulty one stays a `noop`."""
        kinds = [kind for kind in KINDS if kind in tree]
        if len(kinds) != 1:
            found = f" (trouvé : {', '.join(kinds)})" if kinds else ""
            self.faults.add(ligne, f"une étape a exactement l'un de : {', '.join(KINDS)}{found}")
            return blank
        kind = kinds[0]
        more = COLLECT_KEYS if kind == "collect" else ("description",)
        reject_unknown_keys(tree, (kind, "id", "next", *more), self.faults)
        given: dict[str, Any] = {"id": blank.id, "ligne": ligne, "named": blank.named}
        if kind == "noop":
            return self._noop(tree, blank)
        if kind == "set_slots":
            return SetSlots(**given, values=dict(self._values(tree)))
        name = read_text(tree, kind, self.faults, required=True)
        if kind == "collect":
            return self._collect(tree, name, given)
        if kind == "action":
            return Act(**given, name=name)
        return (Link if kind == "link" else Call)(**given, flow=name)

    def _noop(self, tree: Tree, blank: Noop) -> Noop:
        if tree["noop"] is not True:
            self.faults.add(tree.line("noop"), "« noop » s'écrit « noop: true »")
        if "next" not in tree:
            self.faults.add(tree.line("noop"), "« noop » doit avoir un « next »")
        return blank

    def _collect(self, tree: Tree, slot: str, given: dict[str, Any]) -> Collect:
        return Collect(
            **given,
            slot=slot,
            utter=read_text(tree, "utter", self.faults) or f"utter_ask_{slot}",
            rejections=tuple(self._rejections(tree)),
            ask_before_filling=read_flag(tree, "ask_before_filling", self.faults),
            description=read_text(tree, "description", self.faults),
        )

    def _rejections(self, tree: Tree) -> Iterator[Rejection]:
        for item, ligne in read_items(tree, "rejections", self.faults):
            if not isinstance(item, Tree) or set(item) != {"if", "utter"}:
                self.faults.add(ligne, "« rejections » attend des lignes « - if: … » avec « utter: … »")
                continue
            condition = read_condition(item, "if", self.faults)
            utter = read_text(item, "utter", self.faults, required=True)
            if condition:
                yield Rejection(condition, utter, ligne)

    def _values(self, tree: Tree) -> Iterator[tuple[str, Any]]:
        for item, ligne in read_items(tree, "set_slots", self.faults):
            if isinstance(item, Tree):
                yield from plain(item).items()
            else:
                self.faults.add(ligne, "« set_slots » attend des lignes « - slot: valeur »")

    def _next(self, tree: Tree, step: Step, after: str) -> Iterator[Branch]:
        """Yield the ways out of a step; `after` is the step that follows it in its list, "" at a branch's end."""
        value = tree.get("next")
        if isinstance(step, Link):
            if value is not None:
                self.faults.add(tree.line("next"), "« link » n'a pas de « next » : le flux finit là")
            elif after not in ("", END):
                self.faults.add(step.ligne, "« link » doit être la dernière étape de sa liste")
        elif value is None and not after:
            self.faults.add(step.ligne, "la dernière étape d'une branche doit avoir un « next »")
        elif value is None:
            yield Branch(after, None, step.ligne)
        elif isinstance(value, Items) and any(isinstance(i, Tree) and ("if" in i or "else" in i) for i in value):
            yield from self._branches(value)
        else:
            yield Branch(self._target(value, tree.line("next")), None, tree.line("next"))

    def _branches(self, items: Items) -> Iterator[Branch]:
        last = len(items) - 1
        for index, (item, ligne) in enumerate(zip(items, items.lignes, strict=True)):
            keys = set(item) if isinstance(item, Tree) else set()
            if keys != ({"else"} if index == last else {"if", "then"}):
                self.faults.add(ligne, "« next » attend des « - if: … then: … » puis un seul « - else: … » à la fin")
                continue
            condition = read_condition(item, "if", self.faults)
            key = "then" if "then" in keys else "else"
            yield Branch(self._target(item[key], item.line(key)), condition, item.line(key))

    def _target(self, value: Any, ligne: int) -> str:
        if isinstance(value, Items) and value:
            return self.read(list(zip(value, value.lignes, strict=True)), at_root=False)
        if isinstance(value, str) and value:
            return value
        self.faults.add(ligne, "on attend ici l'id d'une étape, END, ou une liste d'étapes")
        return END


def _natural_id(tree: Tree) -> str:
    """A colon keeps these ids apart from those that people write."""
    kind = next((kind for kind in KINDS if kind in tree), "noop")
    content = tree.get(kind)
    return f"{kind}:{content}" if isinstance(content, str) else f"{kind}:"
