"""Scores of the understanding against labelled phrases: the keys and the measures of the contract."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.understanding.understander import Understander
from knowledge.fautes import Faute
from knowledge.horaires import paris
from knowledge.labels import Danger, Posture, Urgency

REFERENCE = datetime(2026, 11, 23, 10, tzinfo=paris())
"""The instant of the sample phrases (contract: "What the bot must understand")."""

KEYS = ("need", "urgency", "deadline", "posture", "insee", "confidential", "danger")
MAX_MISSES = 12
"""Misses shown of each key."""

_ALLOWED: dict[str, tuple[Any, ...]] = {
    "urgency": (None, *Urgency),
    "posture": (None, *Posture),
    "danger": (None, *Danger),
    "confidential": (None, True, False),
}


class FaultyRow(Faute):
    """A row of a labelled file that cannot be used: file, line and why."""


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled phrase: the text, what is expected for each key, and where it stands."""

    text: str
    expected: dict[str, Any]
    where: str


@dataclass(frozen=True, slots=True)
class Miss:
    """A phrase whose key was not found as expected."""

    key: str
    expected: Any
    found: Any
    text: str


@dataclass(slots=True)
class Count:
    """Exactness of a key that has a value or none: hits among those that have one, false ones among the others."""

    stated: int = 0
    right: int = 0
    absent: int = 0
    false: int = 0

    def add(self, expected: Any, found: Any) -> None:
        """Count one phrase."""
        self.stated += expected is not None
        self.right += expected is not None and found == expected
        self.absent += expected is None
        self.false += expected is None and found is not None

    def merge(self, other: "Count") -> None:
        """Add the counts of another set of phrases."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def exact(self) -> float:
        """Share found exactly of the phrases that state a value."""
        return ratio(self.right, self.stated)

    @property
    def false_share(self) -> float:
        """Share of the phrases without a value for which one was found."""
        return ratio(self.false, self.absent, empty=0.0)


@dataclass(slots=True)
class Scores:
    """All scores; shares from 0 to 1. `pairs` counts (expected, found) of each key."""

    phrases: int = 0
    first: int = 0
    among_three: int = 0
    one_question: int = 0
    deadline: Count = field(default_factory=Count)
    insee: Count = field(default_factory=Count)
    danger_kind: Count = field(default_factory=Count)
    pairs: dict[str, Counter[tuple[Any, Any]]] = field(default_factory=lambda: {key: Counter() for key in KEYS})
    misses: list[Miss] = field(default_factory=list)

    def add(self, other: "Scores") -> None:
        """Add the scores of another set of phrases."""
        for name in ("phrases", "first", "among_three", "one_question"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for count, more in zip(self._counts(), other._counts(), strict=True):
            count.merge(more)
        for key, pairs in other.pairs.items():
            self.pairs[key] += pairs
        self.misses += other.misses

    def _counts(self) -> tuple[Count, Count, Count]:
        return self.deadline, self.insee, self.danger_kind

    @property
    def stating(self) -> int:
        """How many phrases state a need."""
        return sum(count for (expected, _), count in self.pairs["need"].items() if expected is not None)

    def summary(self) -> dict[str, float]:
        """Return every score of the contract by name."""
        return {
            "need_first": ratio(self.first, self.stating),
            "need_three": ratio(self.among_three, self.stating),
            "need_one_question": ratio(self.one_question, self.stating),
            "no_need_f1": f1(self.pairs["need"], None),
            "urgency_f1": macro_f1(self.pairs["urgency"], (None, *Urgency), skip_empty=True),
            "posture_f1": macro_f1(self.pairs["posture"], (None, *Posture), skip_empty=True),
            "deadline_exact": self.deadline.exact,
            "deadline_false": self.deadline.false_share,
            "insee_exact": self.insee.exact,
            "insee_false": self.insee.false_share,
            "danger_recall": ratio(self.danger_kind.right, self.danger_kind.stated),
            "danger_false": self.danger_kind.false_share,
            "confidential_f1": f1(self.pairs["confidential"], True),
        }


def ratio(part: int, whole: int, *, empty: float = 1.0) -> float:
    """Return part / whole; `empty` where there is nothing to count."""
    return part / whole if whole else empty


def f1(pairs: Counter[tuple[Any, Any]], label: Any) -> float:
    """Return the F1 of one label over (expected, found) counts; 1.0 when it is neither expected nor found."""
    hits = pairs[label, label]
    expected = sum(count for (truth, _), count in pairs.items() if truth == label)
    found = sum(count for (_, guess), count in pairs.items() if guess == label)
    return ratio(2 * hits, expected + found)


def macro_f1(pairs: Counter[tuple[Any, Any]], labels: Iterable[Any], *, skip_empty: bool = False) -> float:
    """Return the mean F1 over labels; `skip_empty` leaves out labels that are neither expected nor found."""
    seen = {value for pair in pairs for value in pair}
    kept = [label for label in labels if label in seen or not skip_empty]
    return sum(f1(pairs, label) for label in kept) / len(kept) if kept else 1.0


def read_rows(path: Path) -> Iterator[Row]:
    """Read a file of labelled phrases, one JSON object a line, with `text` and the keys of the contract.

    Raises:
        FaultyRow: a line that is not such an object; the message names file and line.
        OSError: the file cannot be read.
    """
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield _row(line, f"{path.name}, ligne {number}")


def _row(line: str, where: str) -> Row:
    try:
        content = json.loads(line)
    except ValueError as error:
        raise FaultyRow(f"{where} : ce n'est pas du JSON ({error})") from None
    if not isinstance(content, dict) or not isinstance(content.get("text"), str):
        raise FaultyRow(f"{where} : il faut un objet avec une clé « text »")
    return Row(content["text"], {key: _label(content, key, where) for key in KEYS}, where)


def _label(content: dict[str, Any], key: str, where: str) -> Any:
    value = content.get(key)
    if key == "deadline" and value is not None:
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise FaultyRow(f"{where} : « deadline » n'est pas une date : {value!r}") from None
    if key in _ALLOWED and value not in _ALLOWED[key]:
        raise FaultyRow(f"{where} : « {key} » n'admet pas la valeur {value!r}")
    if key in {"need", "insee"} and not isinstance(value, str | None):
        raise FaultyRow(f"{where} : « {key} » doit être un texte ou null")
    return value


def evaluate(understander: Understander, rows: Iterable[Row], now: datetime) -> Scores:
    """Understand every phrase as if it came at `now` (aware) and count; no urgency where there is a danger."""
    scores = Scores()
    for row in rows:
        found = understander.understand(row.text, now)
        ranked = [need for need, _ in found.needs]
        expected = row.expected
        scores.phrases += 1
        if expected["need"] is not None:
            scores.first += found.need == expected["need"]
            scores.among_three += found.need is not None and expected["need"] in ranked[:3]
            scores.one_question += expected["need"] in {found.need, *found.close_call}
        scores.deadline.add(expected["deadline"], found.deadline)
        scores.insee.add(expected["insee"], found.insee)
        scores.danger_kind.add(expected["danger"], found.danger)
        for key in KEYS:
            if key != "urgency" or expected["danger"] is None:
                _compare(scores, key, row, getattr(found, key))
    return scores


def _compare(scores: Scores, key: str, row: Row, found: Any) -> None:
    expected = row.expected[key]
    if key == "confidential":  # the contract scores true against everything else
        expected, found = expected or None, found or None
    scores.pairs[key][expected, found] += 1
    if expected != found:
        scores.misses.append(Miss(key, expected, found, row.text))


_TITLES: Sequence[tuple[str, str]] = (
    ("need_first", "besoin, juste du premier coup"),
    ("need_three", "besoin, parmi les trois premiers"),
    ("need_one_question", "besoin, juste avec une question de plus"),
    ("no_need_f1", "aucun besoin, F1"),
    ("urgency_f1", "urgence, macro F1"),
    ("deadline_exact", "échéance, exacte quand il y en a une"),
    ("deadline_false", "échéance, inventée quand il n'y en a pas"),
    ("posture_f1", "posture, macro F1"),
    ("insee_exact", "commune, exacte quand il y en a une"),
    ("insee_false", "commune, inventée quand il n'y en a pas"),
    ("danger_recall", "danger, trouvé"),
    ("danger_false", "danger, fausses alertes"),
    ("confidential_f1", "confidentiel, F1"),
)


def comparison(scores: Mapping[str, Scores]) -> str:
    """Return the measures of several sets of phrases, a column each."""
    width = max(len(title) for _, title in _TITLES)
    columns = {name: (one.summary(), max(len(name), 6)) for name, one in scores.items()}
    head = "  ".join([" " * width, *(f"{name:>{size}}" for name, (_, size) in columns.items())])
    lines = [
        "  ".join([f"{title:<{width}}", *(f"{100 * summary[key]:>{size}.1f}" for summary, size in columns.values())])
        for key, title in _TITLES
    ]
    return "\n".join([head, *lines])


def table(scores: Scores) -> str:
    """Return the scores as people read them: one line a measure, then the confusions and the misses by key."""
    summary = scores.summary()
    width = max(len(title) for _, title in _TITLES)
    measures = [f"{title:<{width}}  {summary[name]:7.1%}" for name, title in _TITLES]
    sections = [section for key in KEYS if (section := _section(scores, key))]
    return "\n".join([f"{scores.phrases} phrases", "", *measures, *sections])


def _section(scores: Scores, key: str) -> str:
    misses = [miss for miss in scores.misses if miss.key == key]
    if not misses:
        return ""
    confusions = Counter((_shown(miss.expected), _shown(miss.found)) for miss in misses)
    lines = [f"\n{key} : {len(misses)} erreurs", "  attendu → trouvé"]
    lines += [f"  {count:3} × {expected} → {found}" for (expected, found), count in confusions.most_common(MAX_MISSES)]
    lines += [f"  - {_shown(m.expected)} → {_shown(m.found)} : {m.text[:140]}" for m in misses[:MAX_MISSES]]
    return "\n".join(lines)


def _shown(value: Any) -> str:
    return "rien" if value is None else str(value)
