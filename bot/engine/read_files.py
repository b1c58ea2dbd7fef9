"""Reading the flow files: one `Flows` out of all of them, or all their faults."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import sha256
from importlib.resources.abc import Traversable
from pathlib import Path, PurePath
from typing import Protocol, TypeVar

from bot.engine.check_names import check_names
from bot.engine.check_routes import check_routes
from bot.engine.faults import Faults, FlowErrors, unknown
from bot.engine.languages import read_language
from bot.engine.read_responses import read_response
from bot.engine.read_steps import read_flow
from bot.engine.slots import TYPES, Slot
from bot.engine.steps import Flows
from bot.engine.yaml_tree import Tree, plain, read_items, read_text, read_tree, reject_unknown_keys

SECTIONS = ("flows", "slots", "responses", "langues", "version")
SLOT_KEYS = ("type", "values", "initial_value")


class _Located(Protocol):
    @property
    def fichier(self) -> str: ...
    @property
    def ligne(self) -> int: ...


T = TypeVar("T", bound=_Located)
Reader = Callable[[str, Tree, int, Faults], T]


def load_flows(files: Iterable[Traversable | Path]) -> Flows:
    """Read flow files (`flows:`, `slots:`, `responses:` and `langues:` may stand in any of them).

    Raises FlowErrors with every fault of every file. What depends on the actions is checked by `check_flows`.
    """
    faults, digest, flows = Faults(), sha256(), Flows()
    readable = True
    for file in sorted(files, key=str):
        content = file.read_bytes()
        digest.update(content)
        faults.fichier = "/".join(PurePath(str(file)).parts[-2:])
        tree = read_tree(content, faults)
        if tree is None:
            readable = False
            continue
        reject_unknown_keys(tree, SECTIONS, faults)
        _read_section(tree, "flows", read_flow, flows.flows, faults)
        _read_section(tree, "slots", _read_slot, flows.slots, faults)
        _read_section(tree, "responses", read_response, flows.responses, faults)
        _read_section(tree, "langues", read_language, flows.languages, faults)
    if readable:  # else every name of the unreadable file would be said to be unknown
        check_names(flows, faults)
        check_routes(flows, faults)
    if faults.found:
        raise FlowErrors(faults.found)
    return replace(flows, digest=digest.hexdigest()[:16])


def _read_section(tree: Tree, section: str, read: Reader[T], known: dict[str, T], faults: Faults) -> None:
    entries = tree.get(section)
    if entries is None:
        return
    if not isinstance(entries, Tree):
        faults.add(tree.line(section), f"« {section} » doit contenir des noms suivis de deux-points")
        return
    for name, value in entries.items():
        ligne = entries.line(name)
        if name in known:
            other = known[name]
            faults.add(ligne, f"« {name} » existe déjà dans {other.fichier}:{other.ligne}")
        else:
            known[name] = read(name, value, ligne, faults)


def _read_slot(name: str, value: object, ligne: int, faults: Faults) -> Slot:
    broken = Slot(name=name, type="any", fichier=faults.fichier, ligne=ligne)
    if not isinstance(value, Tree):
        faults.add(ligne, f"le slot « {name} » doit avoir un « type »")
        return broken
    reject_unknown_keys(value, SLOT_KEYS, faults)
    kind = read_text(value, "type", faults, required=True)
    if kind and kind not in TYPES:
        faults.add(value.line("type"), unknown("type inconnu", kind, TYPES))
    values = tuple(item for item, _ in read_items(value, "values", faults))
    if bool(values) != (kind == "categorical"):
        faults.add(ligne, f"le slot « {name} » : « values » va avec le type categorical, et seulement lui")
    if not all(isinstance(item, str) for item in values):
        faults.add(value.line("values"), f"le slot « {name} » : mettez chaque valeur entre guillemets")
    if kind not in TYPES:
        return broken
    slot = replace(broken, type=kind, values=tuple(map(str, values)), initial=plain(value.get("initial_value")))
    try:
        slot.check(slot.initial)
    except ValueError as error:
        faults.add(value.line("initial_value"), str(error))
    return slot
