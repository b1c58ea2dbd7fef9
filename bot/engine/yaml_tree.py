"""A YAML text as plain values that know their lines.

YAML 1.2 (`no` and `14:00` are texts), duplicate keys refused, and what Rasa's own reader (YAML 1.1) would
understand otherwise refused too: codes, hours and yes/no without quotes.
"""

import re
from collections.abc import Collection
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.engine.conditions import Condition, ConditionError, parse_condition
from bot.engine.faults import Faults, unknown

CODE_KEYS = frozenset({"insee", "code_insee", "code_postal", "pivot", "siret", "telephone", "departement"})
"""Names whose values are codes: a numeral there is never a number."""

LEADING_ZERO = re.compile(r"[+-]?0\d+")
HOUR = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
OLD_BOOLEANS = frozenset({"yes", "no", "on", "off", "y", "n"})
TAG = "tag:yaml.org,2002:"


class Tree(dict[str, Any]):
    """A mapping. `ligne` is where it starts, `lignes` where each key stands (from 1)."""

    def __init__(self, ligne: int) -> None:
        super().__init__()
        self.ligne = ligne
        self.lignes: dict[str, int] = {}

    def line(self, key: str) -> int:
        """Return the line of a key, or of the whole mapping when the key is absent."""
        return self.lignes.get(key, self.ligne)


class Items(list[Any]):
    """A list. `lignes` says where each item starts."""

    def __init__(self) -> None:
        super().__init__()
        self.lignes: list[int] = []


def plain(value: Any) -> Any:
    """Return a read value without its places: for what outlives the reading of the file."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def read_tree(content: bytes, faults: Faults) -> Tree | None:
    """Return the mapping that a UTF-8 text holds, or None when it cannot be read at all; faults go to `faults`."""
    try:
        node = _compose(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        faults.add(1, "le fichier n'est pas en UTF-8 : enregistrez-le de nouveau avec cet encodage")
        return None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        faults.add(
            mark.line + 1 if mark else 1,
            "YAML illisible (vérifiez l'alignement, les deux-points et les guillemets)",
        )
        return None
    except YAMLError:
        faults.add(1, "YAML illisible (un caractère interdit ?)")
        return None
    if not isinstance(node, MappingNode):
        faults.add(1, "le fichier doit contenir « flows: », « slots: » ou « responses: »")
        return None
    return _mapping(node, faults)


def _compose(text: str) -> Node | None:
    """Return the nodes of a text. The C reader is ten times faster; what it refuses is for the other to judge."""
    try:
        node: Node | None = YAML(typ="safe").compose(text)
    except YAMLError:
        node = YAML(typ="safe", pure=True).compose(text)
    return node


def _value(node: Node, key: str, faults: Faults) -> Any:
    if isinstance(node, MappingNode):
        return _mapping(node, faults)
    if isinstance(node, SequenceNode):
        items = Items()
        for child in node.value:
            items.append(_value(child, key, faults))
            items.lignes.append(child.start_mark.line + 1)
        return items
    assert isinstance(node, ScalarNode)
    return _scalar(node, key, faults)


def _mapping(node: MappingNode, faults: Faults) -> Tree:
    tree = Tree(node.start_mark.line + 1)
    for key_node, value_node in node.value:
        key, ligne = str(key_node.value), key_node.start_mark.line + 1
        if key in tree:
            faults.add(ligne, f"clé en double « {key} » (déjà à la ligne {tree.lignes[key]})")
            continue
        tree[key] = _value(value_node, key, faults)
        tree.lignes[key] = ligne
    return tree


def _scalar(node: ScalarNode, key: str, faults: Faults) -> Any:
    text = str(node.value)
    if node.style:  # "" or None: written without quotes
        return text
    ligne, tag = node.start_mark.line + 1, str(node.tag).removeprefix(TAG)
    numeral = tag in ("int", "float")
    if LEADING_ZERO.fullmatch(text) or HOUR.fullmatch(text) or (key in CODE_KEYS and numeral):
        faults.add(ligne, f"« {text} » est un code ou une heure : mettez-le entre guillemets")
        return text
    if text.lower() in OLD_BOOLEANS:
        faults.add(ligne, f"« {text} » est ambigu : écrivez true ou false, ou mettez des guillemets")
        return text
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() == "true"
    return _number(text) if numeral else text


def _number(text: str) -> int | float | str:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def reject_unknown_keys(tree: Tree, known: Collection[str], faults: Faults) -> None:
    """Report the keys of a mapping that the grammar does not have."""
    for key in tree:
        if key not in known:
            faults.add(tree.line(key), unknown("clé inconnue", key, known))


def read_text(tree: Tree, key: str, faults: Faults, *, required: bool = False) -> str:
    """Return the text of a key, "" when it is absent."""
    value = tree.get(key)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or not value:
        faults.add(tree.line(key), f"« {key} » doit être un texte" if value else f"« {key} » est obligatoire")
        return ""
    return value


def read_flag(tree: Tree, key: str, faults: Faults) -> bool:
    """Return the true or false of a key, False when it is absent."""
    value = tree.get(key, False)
    if not isinstance(value, bool):
        faults.add(tree.line(key), f"« {key} » doit être true ou false")
        return False
    return value


def read_items(tree: Tree, key: str, faults: Faults) -> list[tuple[Any, int]]:
    """Return the items of a list with their lines; [] when the key is absent."""
    value = tree.get(key)
    if value is None:
        return []
    if not isinstance(value, Items):
        faults.add(tree.line(key), f"« {key} » doit être une liste (des lignes qui commencent par un tiret)")
        return []
    return list(zip(value, value.lignes, strict=True))


def read_condition(tree: Tree, key: str, faults: Faults) -> Condition | None:
    """Return the condition of a key, None when it is absent or unreadable."""
    if key not in tree:
        return None
    source = read_text(tree, key, faults, required=True)
    try:
        return parse_condition(source, tree.line(key)) if source else None
    except ConditionError as error:
        faults.add(tree.line(key), f"condition illisible « {source} » : {error}")
        return None
