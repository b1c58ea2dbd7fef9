"""The closed lists of the national standard (knowledge/data/standard.yml), and what other files say instead."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from knowledge.lieux import LIST_COLUMNS
from knowledge.yaml_files import read_data

RUN_ON_COLUMN = "services"
"""Some files glue its sentences together without any separator. Elsewhere a value must stand between separators:
"projet de Maison France Services" is not a France Services."""

Meaning = Mapping[str, tuple[str, ...]]
"""Values of the current standard, by column."""

_SEPARATORS = re.compile(r"[|;\n]")
_PUNCTUATION = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "œ": "oe", "Œ": "oe", "\u00a0": " "})
_FREE_LISTS = LIST_COLUMNS & {"courriels", "site_web", "autres_formations_labels"}
_LABELS = ("dispositif_programmes_nationaux", "formations_labels")


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell read: its current values by column, what was not recognised, what has no current equivalent.

    `sheltered`: what was not recognised is in `values` all the same, for the standard leaves a place for it.
    """

    values: Meaning
    unknown: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    sheltered: bool = False


@lru_cache(maxsize=8192)
def read_cell(column: str, text: str) -> Reading:
    """Read a cell of a closed list, of either version of the standard, whatever its separators and spelling.

    Unknown types of place stay in `typologie`, unknown programmes and labels go to `autres_formations_labels`.
    """
    vocabulary = _vocabulary(column)
    meanings: list[Meaning] = []
    unknown: list[str] = []
    dropped: list[str] = []
    sheltered: list[str] = []
    for piece in filter(None, map(str.strip, _SEPARATORS.split(text))):
        found, rest = vocabulary.read(piece)
        meanings += [meaning for _, meaning in found]
        dropped += [spelling for spelling, meaning in found if not meaning]
        if rest:
            unknown.append(rest)
            sheltered.append(piece)
    shelter = _shelter(column)
    if shelter and sheltered:
        meanings.append({shelter: tuple(sheltered)})
    return Reading(_union(meanings), tuple(unknown), tuple(dropped), sheltered=shelter is not None)


def current_columns(column: str) -> tuple[str, ...]:
    """Return the current columns of one of v0.1.1; () when it was removed, itself when it is no old name."""
    return tuple(_data()["colonnes_anciennes"].get(column, (column,)))


def allowed(column: str) -> tuple[str, ...]:
    """Return the values that a closed list of the standard holds, in its order."""
    return tuple(_data()["valeurs"][column])


def is_legacy(column: str) -> bool:
    """Tell whether the column exists in v0.1.1 only."""
    return column in _data()["colonnes_anciennes"]


def is_closed(column: str) -> bool:
    """Tell whether the values of a column (old or current) are those of a closed list."""
    targets = current_columns(column)
    return column == "postures" or (bool(targets) and targets[0] in LIST_COLUMNS - _FREE_LISTS)


def fold(text: str) -> str:
    """Return the key by which values are compared: no case, no accents, one kind of apostrophe, single blanks."""
    plain = unicodedata.normalize("NFKD", text.translate(_PUNCTUATION))
    kept = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    return " ".join(kept.split()).rstrip(" .")


class _Vocabulary:
    """The spellings that a column may hold, each with its meaning."""

    def __init__(self, meanings: Mapping[str, Meaning], *, run_on: bool) -> None:
        self._meanings = meanings
        any_of = "|".join(map(re.escape, sorted(meanings, key=len, reverse=True)))
        bounds = r"(?<!\w)(?:{})(?!\w)" if run_on else r"(?:^|(?<=[/,]))\s*(?:{})[\s.]*(?=[/,]|$)"
        self._inside = re.compile(bounds.format(any_of))

    def read(self, piece: str) -> tuple[list[tuple[str, Meaning]], str]:
        """Return the spellings found with their meaning, and the text that is none of them ("" when all was read)."""
        key = fold(piece)
        if key in self._meanings:
            return [(key, self._meanings[key])], ""
        found = [match.strip(" .") for match in self._inside.findall(key)]
        rest = " ".join(self._inside.sub(" ", key).strip(" /,.").split()) if found else piece
        return [(spelling, self._meanings[spelling]) for spelling in found], rest.strip("/, ")


@cache
def _vocabulary(column: str) -> _Vocabulary:
    data = _data()
    meanings: dict[str, Meaning] = {}
    for name in (*_siblings(column), column):
        meanings |= {fold(value): {name: (value,)} for value in data["valeurs"].get(name, ())}
        meanings |= {fold(text): _meaning(value) for text, value in data["variantes"].get(name, {}).items()}
    if column == "typologie":
        meanings |= {fold(label): {column: (code,)} for code, label in data["typologies"].items()}
        meanings |= {fold(code): {column: (code,)} for code in data["typologies"]}
    return _Vocabulary(meanings, run_on=column == RUN_ON_COLUMN)


def _siblings(column: str) -> list[str]:
    """The columns among which v0.1.1 did not choose: a value in the wrong one is put in the right one."""
    families = [(old, *new) for old, new in _data()["colonnes_anciennes"].items() if new]
    return [name for family in families if column in family for name in family]


def _meaning(value: Mapping[str, Iterable[str]]) -> Meaning:
    return {column: tuple(values) for column, values in value.items()}


def _union(meanings: Iterable[Meaning]) -> Meaning:
    union: dict[str, tuple[str, ...]] = {}
    for meaning in meanings:
        for column, values in meaning.items():
            union[column] = tuple(dict.fromkeys((*union.get(column, ()), *values)))
    return union


def _shelter(column: str) -> str | None:
    target = current_columns(column)[0]
    if target == "typologie":
        return target
    return "autres_formations_labels" if target in _LABELS else None


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = read_data("standard.yml")
    return data
