"""The words of the look-up (knowledge/data/annuaire.yml): filters, moments, small words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from knowledge.annuaire.consultation import Sorte
from knowledge.communes.text import fold, fold_words, word_set
from knowledge.lieux import LIST_COLUMNS
from knowledge.needs import load_needs
from knowledge.raisons import JOURS
from knowledge.standard import is_closed, read_cell
from knowledge.yaml_files import read_data

FILTRES = (Sorte.LABEL, Sorte.SERVICE, Sorte.PUBLIC, Sorte.ACCES, Sorte.FRAIS)
"""The kinds whose codes are in the file."""
JOUR, PARTIE, HEURE, OUVERT, PETIT = "jour", "partie", "heure", "ouvert", "petit"
"""Meanings that are no filter by themselves: a day, a part of the day, an hour, "open", nothing at all."""

LIENS = word_set("a au aux d de des du l la le les un une")
"""Words that a phrase may have or not: "carte d'identité", "carte identité"."""
RELATIVE_DAYS = ("maintenant", "aujourd-hui", "demain", "apres-demain", "week-end")
SHORTEST_PLURAL = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtre:
    """One filter: which values of which columns say yes, which words of the name or of the presentation do.

    `ferme`: a filled column without any of the values says no. `contraire`: codes that it cannot be asked with.
    """

    sorte: Sorte
    valeur: str
    libelle: str
    colonnes: Mapping[str, frozenset[str]]
    noms: tuple[str, ...]
    textes: tuple[str, ...]
    ferme: bool
    contraire: frozenset[str]


@dataclass(frozen=True, slots=True)
class Partie:
    """A part of the day: its name, its hours ("06:00")."""

    libelle: str
    de: str
    a: str


Sens = tuple[str, str]
"""What a phrase says: a `Sorte` or one of the meanings above, and a code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulaire:
    """The file, ready to read queries with. `phrases`: stems of a phrase → its meaning."""

    filtres: Mapping[tuple[Sorte, str], Filtre]
    parties: Mapping[str, Partie]
    jours: frozenset[str]
    phrases: Mapping[tuple[str, ...], Sens]
    petits: frozenset[str]
    vagues: frozenset[str]
    devant: frozenset[str]


def stem(word: str) -> str:
    """Return a folded word without the mark of its plural."""
    return word[:-1] if len(word) >= SHORTEST_PLURAL and word[-1] in "sx" else word


def stems(phrase: str) -> tuple[str, ...]:
    """Return what a phrase is compared by: stems, without the words that link them."""
    words = fold_words(phrase)
    return tuple(stem(word) for word in words if word not in LIENS) or tuple(words)


@cache
def load_vocabulaire() -> Vocabulaire:
    """Read the file; once a process."""
    data = read_data("annuaire.yml")
    return Vocabulaire(
        filtres={(sorte, code): _filtre(sorte, code, row) for sorte in FILTRES for code, row in data[sorte].items()},
        parties={code: Partie(row["libelle"], row["de"], row["a"]) for code, row in data["moments"].items()},
        jours=frozenset(data["jours"]),
        phrases=_phrases(data),
        petits=word_set(data["petits_mots"]) | LIENS,
        vagues=word_set(data["mots_vagues"]),
        devant=frozenset(fold(words) for words in data["devant_commune"]),
    )


def _filtre(sorte: Sorte, code: str, row: Mapping[str, Any]) -> Filtre:
    return Filtre(
        sorte=sorte,
        valeur=code,
        libelle=row["libelle"],
        colonnes={column: frozenset(values) for column, values in row.get("colonnes", {}).items()},
        noms=tuple(map(fold, row.get("noms", ()))),
        textes=tuple(map(fold, row.get("textes", ()))),
        ferme=row.get("ferme", False),
        contraire=frozenset(row.get("contraire", ())),
    )


def _phrases(data: Mapping[str, Any]) -> dict[tuple[str, ...], Sens]:
    """Return all phrases; where two say the same words, the first listed here wins."""
    found: dict[tuple[str, ...], Sens] = {}
    for meaning, phrases in _said(data):
        for phrase in phrases:
            if key := stems(phrase):
                found.setdefault(key, meaning)
    return found


def _said(data: Mapping[str, Any]) -> Iterator[tuple[Sens, list[str]]]:
    """Yield meanings with their phrases, the most precise files first."""
    for sorte in FILTRES:
        yield from (((sorte, code), row["mots"]) for code, row in data[sorte].items())
    yield from (((JOUR, code), phrases) for code, phrases in data["jours"].items())
    yield from (((PARTIE, code), row["mots"]) for code, row in data["moments"].items())
    yield (OUVERT, "maintenant"), data["ouvert"]
    yield (PETIT, ""), data["petites_phrases"]
    yield from (((Sorte.BESOIN, need), phrases) for need, phrases in data["besoins"].items())
    names = {stems(words) for words in data["noms_de_lieux"]}
    for need in load_needs().values():
        words = [need.label_court, *need.synonymes]
        yield (Sorte.BESOIN, need.id), [phrase for phrase in words if stems(phrase) not in names]


def check_annuaire() -> Iterator[str]:
    """Yield the faults of annuaire.yml, as French sentences."""
    data = read_data("annuaire.yml")
    for sorte in FILTRES:
        for code, row in data[sorte].items():
            where = f"annuaire.yml, {sorte}, {code} : "
            yield from (f"{where}{fault}" for fault in _faults(row, data[sorte]))
    expected = {*JOURS, *RELATIVE_DAYS}
    if missing := sorted(expected ^ set(data["jours"])):
        yield f"annuaire.yml, jours : il manque, ou il y a en trop : {', '.join(missing)}"
    for need in data["besoins"].keys() - load_needs().keys():
        yield f"annuaire.yml, besoins : « {need} » n'est pas un besoin de needs.yml"
    yield from _said_twice(data)


def _faults(row: Mapping[str, Any], codes: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"il manque « {key} »" for key in ("libelle", "mots") if not row.get(key))
    for column, values in row.get("colonnes", {}).items():
        if column not in LIST_COLUMNS:
            yield f"« {column} » n'est pas une colonne de liste du standard"
        elif is_closed(column):
            unknown = [value for value in values if not read_cell(column, value).values.get(column)]
            yield from (f"« {value} » n'est pas une valeur de {column}" for value in unknown)
    if not any(row.get(key) for key in ("colonnes", "noms", "textes")):
        yield "rien ne dit quels lieux conviennent : donnez colonnes, noms ou textes"
    yield from (f"le contraire « {code} » n'existe pas" for code in row.get("contraire", ()) if code not in codes)


def _said_twice(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the phrases of the file that two filters claim: only one of them would ever be read."""
    owner: dict[tuple[str, ...], Sens] = {}
    for meaning, phrases in _said(data):
        if meaning[0] == Sorte.BESOIN:
            return
        for phrase in phrases:
            first = owner.setdefault(stems(phrase), meaning)
            if first != meaning:
                yield f"annuaire.yml : « {phrase} » est à la fois {first[0]} {first[1]} et {meaning[0]} {meaning[1]}"
