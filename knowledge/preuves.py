"""Evidence (knowledge/data/preuves.yml): which facts of a place say that it serves a need or a posture.

None always means "nothing said", never "no": a row of the national data that names no procedure proves nothing.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from operator import attrgetter, itemgetter
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from knowledge.labels import Posture
from knowledge.lieux import Lieu
from knowledge.needs import Famille, Need, load_needs
from knowledge.yaml_files import read_data

SECOND_SERVICE = 0.7
"""A service that needs.yml lists after the first one is a less close answer to the need."""

NO_PUBLIC = "Ce lieu n'accueille pas de public"
"""The value of `modalites_acces` (standard v1.0.2) of a place that receives nobody."""

_COLUMN_KEYS = ("labels", "typologies", "services", "modalites", "postures_dites")
_SIGN_KEYS = frozenset(
    {*_COLUMN_KEYS, "mots", "mots_presentation", "besoins", "selon_service", "dit", "postures", "confidentiel"}
)


@dataclass(frozen=True, slots=True)
class Preuve:
    """One piece of evidence: its weight in 0..1 and the French reason that says what it rests on."""

    weight: float
    phrase: str


Signes = int
"""A number for all that was recognised in a place: places in which the same was recognised share it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signe:
    """One fact that can be recognised in a place, and what it is evidence of.

    `besoins`: by need, group of needs or `Famille`; weight 0 says nothing. `selon_service`: for the needs that
    needs.yml ties to one of `services`. `{objet}` in a reason stands for the need.
    """

    besoins: Mapping[str, Preuve]
    services: frozenset[str]
    selon_service: Preuve
    postures: Mapping[Posture, Preuve]
    confidentiel: Preuve | None


@dataclass(frozen=True, slots=True)
class _Trace:
    """A sign found in a place: how sure it is (1: read in a column); where and in which words it was read."""

    signe: Signe
    confidence: float = 1.0
    origin: str = ""
    words: str = ""

    def say(self, phrase: str, objet: str) -> str:
        """Return the reason, with where it comes from when it is only words."""
        said = phrase.format(objet=objet)
        if not self.origin:
            return said
        return f"{self.origin}, {said}" if said else f"{self.origin} : {self.words}"


class Preuves:
    """The table of evidence, ready to read places.

    A caller with many places keeps `signes(lieu)` and asks `need(signes, need)`: the answers are cached by signs.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._objets: Mapping[str, str] = table["objets"]
        self._groups = {name: frozenset(needs) for name, needs in table["groupes"].items()}
        self._columns: dict[tuple[str, str], list[_Trace]] = defaultdict(list)
        self._name = _Words("d'après son nom", table["confiance"]["nom"])
        self._text = _Words("d'après sa présentation", table["confiance"]["presentation"])
        self._stops = frozenset(word for phrase in table["mots_qui_arretent"] for word in _words(phrase))
        for row in table["signes"].values():
            self._add(row, _signe(row))
        for need, phrases in table["mentions"].items():
            self._add({"mots_presentation": phrases}, _signe({"besoins": {need: 1.0}}))
        self._read: dict[tuple[tuple[str, ...], ...], tuple[_Trace, ...]] = {}
        self._numbers: dict[tuple[int, tuple[int, ...], tuple[int, ...]], Signes] = {}
        self._traces: list[tuple[_Trace, ...]] = []
        self._needs: dict[tuple[Signes, str], Preuve | None] = {}

    def _add(self, row: Mapping[str, Any], signe: Signe) -> None:
        for key in _COLUMN_KEYS:
            for value in row.get(key, ()):
                self._columns[key, _fold(value)].append(_Trace(signe))
        self._name.add(row.get("mots", ()), signe)
        self._name.add(row.get("mots_presentation", ()), signe)
        self._text.add(row.get("mots_presentation", ()), signe)

    def signes(self, lieu: Lieu) -> Signes:
        """Recognise the signs of a place: labels, kind, services, words of its name and of its presentation."""
        columns = (
            lieu.dispositif_programmes_nationaux + lieu.formations_labels + lieu.autres_formations_labels,
            lieu.typologie,
            lieu.services,
            lieu.modalites_accompagnement,
            lieu.postures,
        )
        traces = self._read.get(columns)
        if traces is None:
            traces = self._read[columns] = tuple(self._in_columns(columns))
        in_name = self._name.find(_words(lieu.nom))
        in_text = self._in_text(lieu) if lieu.presentation_resume or lieu.presentation_detail else ()
        key = (id(traces), in_name, in_text)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._traces)
            self._traces.append((*traces, *map(self._name.trace, in_name), *map(self._text.trace, in_text)))
        return number

    def _in_columns(self, columns: tuple[tuple[str, ...], ...]) -> Iterator[_Trace]:
        for key, values in zip(_COLUMN_KEYS, columns, strict=True):
            for value in values:
                if (key, value) not in self._columns:
                    self._columns[key, value] = self._columns.get((key, _fold(value)), [])
                yield from self._columns[key, value]

    def _in_text(self, lieu: Lieu) -> tuple[int, ...]:
        text = f"{lieu.presentation_resume or ''}\n{lieu.presentation_detail or ''}"
        sentences = map(_words, re.split(r"[.;!?\n]+", text))
        found = (self._text.find(words) for words in sentences if self._stops.isdisjoint(words))
        return tuple(sorted({number for numbers in found for number in numbers}))

    def need(self, signes: Signes, need: Need) -> Preuve | None:
        """Return the strongest evidence that a place with these signs serves the need."""
        key = signes, need.id
        if key not in self._needs:
            said = ((trace, self._said(trace.signe, need)) for trace in self._traces[signes])
            self._needs[key] = _strongest(said, objet=self._objets[need.id])
        return self._needs[key]

    def _said(self, signe: Signe, need: Need) -> Preuve | None:
        """The most precise wins: what is said of the need, else of its groups, of its famille, of its service."""
        if need.id in signe.besoins:
            return signe.besoins[need.id]
        groups = [said for name, said in signe.besoins.items() if need.id in self._groups.get(name, ())]
        if groups or need.famille in signe.besoins:
            return max(groups, key=attrgetter("weight")) if groups else signe.besoins[need.famille]
        near = [1.0 if rank == 0 else SECOND_SERVICE for rank, s in enumerate(need.services) if s in signe.services]
        return Preuve(signe.selon_service.weight * near[0], signe.selon_service.phrase) if near else None

    def posture(self, signes: Signes, posture: Posture) -> Preuve | None:
        """Return the strongest evidence that a place with these signs gives this kind of help."""
        return _strongest((trace, trace.signe.postures.get(posture)) for trace in self._traces[signes])

    def confidential(self, signes: Signes) -> Preuve | None:
        """Return the strongest evidence that a place with these signs keeps a secret."""
        return _strongest((trace, trace.signe.confidentiel) for trace in self._traces[signes])

    def need_evidence(self, lieu: Lieu, need: Need) -> Preuve | None:
        """Return the strongest evidence that the place serves the need."""
        return self.need(self.signes(lieu), need)

    def posture_evidence(self, lieu: Lieu, posture: Posture) -> Preuve | None:
        """Return the strongest evidence that the place gives this kind of help."""
        return self.posture(self.signes(lieu), posture)

    def confidential_evidence(self, lieu: Lieu) -> Preuve | None:
        """Return the strongest evidence that the place keeps a secret (professional secrecy, habilitation)."""
        return self.confidential(self.signes(lieu))


def load_preuves() -> Preuves:
    """Read preuves.yml."""
    return Preuves(read_data("preuves.yml"))


def check_preuves(text: str | None = None) -> list[str]:
    """Return every fault of preuves.yml (or of `text`) as a French sentence; [] when it is sound."""
    shipped = files("knowledge").joinpath("data", "preuves.yml")
    try:
        table = YAML().load(shipped.read_text(encoding="utf-8") if text is None else text)
    except MarkedYAMLError as error:
        return [f"preuves.yml : le fichier n'est pas lisible ({str(error.problem_mark).strip()})"]
    needs = load_needs()
    known = {*needs, *table["groupes"], *Famille}
    faults = [f"« {need} » n'a pas de mot dans « objets »" for need in needs.keys() - table["objets"].keys()]
    for name, row in table["signes"].items():
        line = table["signes"].lc.key(name)[0] + 1
        faults += [f"ligne {line}, signe « {name} » : {fault}" for fault in _faults(row, known)]
    for section in ("groupes", "mentions"):
        for name, words in table[section].items():
            line = table[section].lc.key(name)[0] + 1
            named = words if section == "groupes" else [name]
            faults += [f"ligne {line} : « {need} » n'est pas un besoin" for need in named if need not in needs]
    return [f"preuves.yml, {fault}" for fault in faults]


def _faults(row: Mapping[str, Any], known: set[str]) -> Iterator[str]:
    yield from (f"« {key} » n'est pas connu" for key in row.keys() - _SIGN_KEYS)
    besoins, postures = row.get("besoins", {}), row.get("postures", {})
    yield from (f"« {name} » n'est ni un besoin, ni un groupe, ni une famille" for name in besoins.keys() - known)
    yield from (f"« {name} » n'est pas une posture" for name in postures.keys() - set(Posture))
    said = [*besoins.values(), *postures.values(), row.get("selon_service", 0), row.get("confidentiel", 0)]
    for weight, phrase in ((one, row.get("dit")) if isinstance(one, int | float) else one for one in said):
        if not 0 <= weight <= 1:
            yield f"le poids {weight} doit être entre 0 et 1"
        elif weight and not phrase:
            yield "« dit » manque : écrivez la raison"


def receives_public(lieu: Lieu) -> bool:
    """Return False when the publisher says that the place receives nobody; True when it does not say so."""
    return not no_public(lieu.modalites_acces)


@lru_cache(maxsize=1024)
def no_public(modalites: tuple[str, ...]) -> bool:
    """Return True for the access modes of a place that receives nobody. They repeat: each list is read once."""
    return any(value.replace("’", "'").strip() == NO_PUBLIC for value in modalites)


class _Words:
    """Phrases looked for in a text, each the word of a sign; found phrases are numbered."""

    def __init__(self, origin: str, confidence: float) -> None:
        self._origin = origin
        self._confidence = confidence
        self._by_first: dict[str, list[tuple[list[str], int]]] = defaultdict(list)
        self._found: list[_Trace] = []

    def add(self, phrases: Iterable[str], signe: Signe) -> None:
        for phrase in phrases:
            first, *rest = _words(phrase)
            self._by_first[first].append((rest, len(self._found)))
            self._found.append(_Trace(signe, self._confidence, self._origin, phrase))

    def find(self, words: list[str]) -> tuple[int, ...]:
        """Return the numbers of the phrases that the folded words hold."""
        found = []
        for start, word in enumerate(words, 1):
            for rest, number in self._by_first.get(word, ()):
                if not rest or words[start : start + len(rest)] == rest:
                    found.append(number)
        return tuple(found)

    def trace(self, number: int) -> _Trace:
        return self._found[number]


def _signe(row: Mapping[str, Any]) -> Signe:
    dit = row.get("dit", "")
    confidentiel = row.get("confidentiel")
    return Signe(
        besoins={name: _preuve(said, dit) for name, said in row.get("besoins", {}).items()},
        services=frozenset(row.get("services", ())),
        selon_service=_preuve(row.get("selon_service", 0.0), dit),
        postures={Posture(name): _preuve(said, dit) for name, said in row.get("postures", {}).items()},
        confidentiel=_preuve(confidentiel, dit) if confidentiel else None,
    )


def _preuve(said: float | tuple[float, str], dit: str) -> Preuve:
    return Preuve(said, dit) if isinstance(said, int | float) else Preuve(*said)


def _strongest(found: Iterable[tuple[_Trace, Preuve | None]], objet: str = "") -> Preuve | None:
    """Return the heaviest, the first of equals (columns come before words), or None when nothing weighs."""
    weighed = ((said.weight * trace.confidence, trace, said.phrase) for trace, said in found if said)
    best = max(weighed, key=itemgetter(0), default=None)
    return Preuve(round(best[0], 3), best[1].say(best[2], objet)) if best and best[0] else None


_BLANKS = bytes(code if chr(code).isalnum() else ord(" ") for code in range(128)).ljust(256)


def _fold(value: str) -> str:
    return " ".join(_words(value))


def _words(text: str) -> list[str]:
    """Return the words of a text without case, accents and punctuation."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("’", "'").replace("œ", "oe").replace("Œ", "oe"))
    return text.lower().encode("ascii", "ignore").translate(_BLANKS).decode().split()
