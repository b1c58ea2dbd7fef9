"""The support scale (knowledge/data/echelle.yml): which help fits now, and what to learn later (parcours).

A decision table read from top to bottom: the first row whose conditions all hold decides. The file is edited by people
who do not write Python, so every fault is a French sentence with its line.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from knowledge.fautes import Faute
from knowledge.labels import Autonomy, Disponibilite, Posture, Urgency
from knowledge.needs import Famille

COURT_MAX = 40
"""Characters of a `court`: it shares one SMS segment with a place and its telephone number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the scale decides on. None is "not said"; `famille` and `recurrent` are None when the need is unknown.

    `disponibilite` is the time of a helper who asks for somebody else; None when a citizen asks. `habilitation`: that
    helper may act with a mandate (Aidants Connect).
    """

    posture: Posture | None = None
    urgency: Urgency | None = None
    autonomy: Autonomy | None = None
    famille: Famille | None = None
    recurrent: bool | None = None
    confidential: bool | None = None
    disponibilite: Disponibilite | None = None
    habilitation: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The posture now and why (`reason`, and `reason_court` for SMS), what to learn later and why, if anything.

    The sentences in `_aidant` say the same to a helper who asks for somebody else. `row` is the id of the row of
    echelle.yml that decided the posture, `learn_row` the one that decided the rest.
    """

    posture: Posture
    reason: str
    reason_court: str
    learn_next: Posture | None
    learn_reason: str | None
    row: str
    learn_row: str
    reason_aidant: str
    reason_aidant_court: str
    learn_reason_aidant: str | None


class EchelleError(Faute):
    """echelle.yml is faulty: where and why."""


VALUES: Mapping[str, Mapping[str, Any]] = {
    "posture": {p.value: p for p in Posture},
    "urgency": {u.value: u for u in Urgency},
    "autonomy": {a.value: a for a in Autonomy},
    "famille": {f.value: f for f in Famille},
    "recurrent": {"oui": True, "non": False},
    "confidential": {"oui": True, "non": False},
    "disponibilite": {d.value: d for d in Disponibilite},
    "habilitation": {"oui": True, "non": False},
}
"""The fields of `Situation` and the words of echelle.yml for their values; `NON_DIT` stands for None."""

NON_DIT = "non_dit"
RIEN = "rien"
TABLES = ("maintenant", "ensuite")
KEYS = ("id", "si", "alors", "raison", "court", "aidant", "aidant_court")
"""What a row may hold; the last four are sentences."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: for each field of its conditions, the values that it accepts."""

    id: str
    line: int
    conditions: tuple[tuple[str, frozenset[Any]], ...]
    posture: Posture | None
    raison: str
    court: str
    aidant: str
    aidant_court: str

    def accepts(self, facts: Mapping[str, Any]) -> bool:
        return all(facts[name] in accepted for name, accepted in self.conditions)


class Echelle:
    """The two tables, ready to decide."""

    def __init__(self, maintenant: tuple[Row, ...], ensuite: tuple[Row, ...]) -> None:
        self.maintenant = maintenant
        self.ensuite = ensuite
        self.decide = cache(self._decide)
        """Situations are few, and people share them."""

    def _decide(self, situation: Situation) -> Decision:
        """Return the posture now and the second step; the last row of each table accepts everything."""
        facts = {name: getattr(situation, name) for name in VALUES}
        now = _first(self.maintenant, facts)
        assert now.posture is not None
        facts["maintenant"] = now.posture
        later = _first(self.ensuite, facts)
        return Decision(
            posture=now.posture,
            reason=now.raison,
            reason_court=now.court,
            learn_next=later.posture,
            learn_reason=later.raison if later.posture else None,
            row=now.id,
            learn_row=later.id,
            reason_aidant=now.aidant,
            reason_aidant_court=now.aidant_court,
            learn_reason_aidant=later.aidant if later.posture else None,
        )


def load_echelle(text: str | None = None) -> Echelle:
    """Read echelle.yml (or `text`); raise `EchelleError` with every faulty line."""
    content = _content() if text is None else text
    reader = _Reader(content, located=False)  # lines cost a tenth of a second, and only a fault needs them
    if reader.faults:
        reader = _Reader(content)
        raise EchelleError("\n".join(reader.faults))
    return Echelle(*reader.tables)


def check_echelle(text: str | None = None) -> list[str]:
    """Return every fault of echelle.yml (or of `text`) as a French sentence with its line; [] when it is sound."""
    reader = _Reader(_content() if text is None else text)
    return reader.faults or _unreachable(Echelle(*reader.tables))


def situations() -> Iterator[Situation]:
    """Yield every combination of inputs, "not said" included."""
    choices = [[None, *values.values()] for values in VALUES.values()]
    for combination in product(*choices):
        yield Situation(**dict(zip(VALUES, combination, strict=True)))


def _first(rows: tuple[Row, ...], facts: Mapping[str, Any]) -> Row:
    return next(row for row in rows if row.accepts(facts))


def _unreachable(echelle: Echelle) -> list[str]:
    reached = set()
    for situation in situations():
        decision = echelle.decide(situation)
        reached |= {("maintenant", decision.row), ("ensuite", decision.learn_row)}
    return [
        f"echelle.yml, ligne {row.line} : la ligne « {row.id} » ne sert jamais, celles d'avant décident toujours"
        for table, rows in (("maintenant", echelle.maintenant), ("ensuite", echelle.ensuite))
        for row in rows
        if (table, row.id) not in reached
    ]


def _content() -> str:
    return files("knowledge").joinpath("data", "echelle.yml").read_text(encoding="utf-8")


class _Reader:
    """Reads the tables and gathers every fault on the way; `tables` is usable when `faults` is empty."""

    def __init__(self, text: str, *, located: bool = True) -> None:
        self.faults: list[str] = []
        self.tables: list[tuple[Row, ...]] = []
        try:
            content = YAML(typ="rt" if located else "safe").load(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark
            self._fault(mark.line + 1 if mark else 1, f"le fichier n'est pas lisible ({error.problem})")
            return
        for table in TABLES:
            self.tables.append(self._table(content, table))

    def _fault(self, line: int, sentence: str) -> None:
        self.faults.append(f"echelle.yml, ligne {line} : {sentence}")

    def _table(self, content: Any, table: str) -> tuple[Row, ...]:
        rows = content.get(table) if isinstance(content, Mapping) else None
        if not isinstance(rows, list) or not rows:
            self._fault(1, f"la table « {table} » manque")
            return ()
        read = [self._row(_line(rows, number), row, table) for number, row in enumerate(rows)]
        self._check_order(read, table)
        return tuple(read)

    def _check_order(self, rows: list[Row], table: str) -> None:
        seen: set[str] = set()
        for row in rows:
            if row.id in seen:
                self._fault(row.line, f"« {row.id} » est déjà le nom d'une autre ligne de « {table} »")
            seen.add(row.id)
        if rows[-1].conditions:
            self._fault(rows[-1].line, f"la dernière ligne de « {table} » doit décider toujours : retirez son « si »")

    def _row(self, line: int, row: Any, table: str) -> Row:
        row = row if isinstance(row, Mapping) else {}
        for key in row.keys() - set(KEYS):
            self._fault(line, f"« {key} » n'est pas connu ; on attend {', '.join(KEYS)}")
        if not row.get("id"):
            self._fault(line, "« id » manque : donnez un nom à la ligne")
        conditions = tuple(self._conditions(line, row.get("si") or {}, table))
        posture = self._effect(line, row, table)
        raison, court, aidant, aidant_court = (str(row.get(key) or "").strip() for key in KEYS[3:])
        if posture and not raison:
            self._fault(line, "« raison » manque : écrivez la phrase qui explique le choix")
        if posture and table == "maintenant" and not 0 < len(court) <= COURT_MAX:
            self._fault(line, f"« court » doit avoir de 1 à {COURT_MAX} caractères (il en a {len(court)})")
        if len(aidant_court) > COURT_MAX:
            self._fault(line, f"« aidant_court » a {len(aidant_court)} caractères, {COURT_MAX} au plus")
        return Row(
            str(row.get("id")), line, conditions, posture, raison, court, aidant or raison, aidant_court or court
        )

    def _conditions(self, line: int, si: Any, table: str) -> Iterator[tuple[str, frozenset[Any]]]:
        if not isinstance(si, Mapping):
            self._fault(line, "« si » s'écrit {champ: valeur}")
            return
        words = {**VALUES, "maintenant": VALUES["posture"]} if table == "ensuite" else VALUES
        for name, accepted in si.items():
            if name not in words:
                self._fault(line, f"la condition « {name} » n'est pas connue ; on attend {_enumerate(words)}")
                continue
            known = {**words[name], NON_DIT: None}
            asked = [str(value) for value in (accepted if isinstance(accepted, list) else [accepted])]
            for value in (value for value in asked if value not in known):
                self._fault(line, f"« {value} » n'est pas une valeur de « {name} » ; on attend {_enumerate(known)}")
            yield name, frozenset(known[value] for value in asked if value in known)

    def _effect(self, line: int, row: Mapping[str, Any], table: str) -> Posture | None:
        known = {**VALUES["posture"], RIEN: None} if table == "ensuite" else VALUES["posture"]
        alors = str(row.get("alors", ""))
        if alors not in known:
            self._fault(line, f"« alors » doit être {_enumerate(known)}, pas « {alors} »")
        return known.get(alors)


def _line(rows: list[Any], number: int) -> int:
    return rows.lc.item(number)[0] + 1 if isinstance(rows, CommentedSeq) else 0


def _enumerate(words: Mapping[str, Any]) -> str:
    return ", ".join(words)
