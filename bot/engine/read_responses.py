"""Reading a response: its variations and their buttons."""

from collections.abc import Iterator
from typing import Any

from bot.engine.faults import Faults, unknown
from bot.engine.responses import FRAGMENT, Button, Response, Variation
from bot.engine.yaml_tree import Items, Tree, plain, read_condition, read_items, read_text, reject_unknown_keys
from bot.messages import CHANNELS

PREFIXES = ("utter_", FRAGMENT)
VARIATION_KEYS = ("text", "channel", "condition", "buttons", "custom")
BUTTON_KEYS = ("title", "payload")


def read_response(name: str, value: Any, ligne: int, faults: Faults) -> Response:
    """Read `utter_x:` and its list of variations."""
    if not name.startswith(PREFIXES):
        faults.add(ligne, f"le nom de la réponse « {name} » doit commencer par {' ou '.join(PREFIXES)}")
    variations = tuple(_variations(name, value, ligne, faults))
    return Response(name=name, variations=variations, fichier=faults.fichier, ligne=ligne)


def _variations(name: str, value: Any, ligne: int, faults: Faults) -> Iterator[Variation]:
    if not isinstance(value, Items) or not value:
        faults.add(ligne, f"la réponse « {name} » doit avoir au moins une variante (« - text: … »)")
        return
    for item, at in zip(value, value.lignes, strict=True):
        if isinstance(item, Tree):
            yield _variation(item, at, faults)
        else:
            faults.add(at, f"la réponse « {name} » : chaque variante commence par « - text: »")


def _variation(tree: Tree, ligne: int, faults: Faults) -> Variation:
    reject_unknown_keys(tree, VARIATION_KEYS, faults)
    channel = read_text(tree, "channel", faults)
    if channel and channel not in CHANNELS:
        faults.add(tree.line("channel"), unknown("canal inconnu", channel, CHANNELS))
    custom = tree.get("custom")
    if custom is not None and not isinstance(custom, Tree):
        faults.add(tree.line("custom"), "« custom » doit contenir des noms suivis de deux-points")
        custom = None
    buttons = list(_buttons(tree, faults))
    return Variation(
        text=read_text(tree, "text", faults, required=True),
        ligne=ligne,
        channel=channel or None,
        condition=read_condition(tree, "condition", faults),
        buttons=tuple(button for button, _ in buttons),
        button_lignes=tuple(at for _, at in buttons),
        custom=plain(custom),
    )


def _buttons(tree: Tree, faults: Faults) -> Iterator[tuple[Button, int]]:
    for item, ligne in read_items(tree, "buttons", faults):
        if not isinstance(item, Tree):
            faults.add(ligne, "chaque bouton a un « title » et un « payload »")
            continue
        reject_unknown_keys(item, BUTTON_KEYS, faults)
        title, payload = (read_text(item, key, faults, required=True) for key in BUTTON_KEYS)
        yield Button(title, payload), ligne
