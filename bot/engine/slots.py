"""The slots that a conversation may fill, and what each accepts."""

import json
from dataclasses import dataclass
from typing import Any

from bot.engine.faults import unknown

TYPES = ("text", "bool", "float", "categorical", "any", "list")
EXPECTED = {
    "text": "un texte (entre guillemets)",
    "categorical": "une de ses valeurs (entre guillemets)",
    "bool": "true ou false",
    "float": "un nombre",
    "list": "une liste",
}
_CLASSES: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "categorical": str,
    "bool": bool,
    "float": (int, float),
    "list": list,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A slot of the domain. `values` are those of a categorical one; `initial` is its value at the start."""

    name: str
    type: str
    values: tuple[str, ...] = ()
    initial: Any = None
    fichier: str = ""
    ligne: int = 0

    def check(self, value: Any) -> None:
        """Raise ValueError (in French) unless the slot accepts the value; None empties any slot."""
        if value is None:
            return
        expected = _CLASSES.get(self.type, object)
        if not isinstance(value, expected) or (self.type == "float" and isinstance(value, bool)):
            raise ValueError(f"le slot « {self.name} » attend {EXPECTED[self.type]}, pas « {value} »")
        if self.type == "categorical" and value not in self.values:
            raise ValueError(f"le slot « {self.name} » n'a pas de " + unknown("valeur", str(value), self.values))
        if self.type in ("any", "list"):
            _check_json(self.name, value)

    def parse(self, text: str | None) -> Any:
        """Read a value written in a payload: "true" for a bool, "12" for a float. Raises ValueError."""
        value: Any = text
        if text is not None and self.type == "bool":
            value = {"true": True, "false": False}.get(text.lower(), text)
        elif text is not None and self.type == "float":
            value = _number(text)
        self.check(value)
        return value


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _check_json(name: str, value: Any) -> None:
    """A value that cannot be stored must fail now, where the flow can apologise, not when it is saved."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ValueError(f"le slot « {name} » n'accepte que des valeurs JSON") from error
