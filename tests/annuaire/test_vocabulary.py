"""annuaire.yml: every code is read by each of its words, and a fault in the file is said."""

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.lookups import NOW
from knowledge.annuaire import Annuaire, Sorte, vocabulaire
from knowledge.annuaire.vocabulaire import FILTRES, check_annuaire, load_vocabulaire
from knowledge.lieux import Lieu
from knowledge.snapshot import build_knowledge
from knowledge.yaml_files import read_data

FILE: dict[str, Any] = read_data("annuaire.yml")
WORDS = [(sorte, code, word) for sorte in FILTRES for code, row in FILE[sorte].items() for word in row["mots"]]


def test_the_file_is_sound_and_large_enough() -> None:
    assert list(check_annuaire()) == []
    assert len(WORDS) == 238
    assert len(load_vocabulaire().filtres) == 55


@pytest.mark.parametrize(("sorte", "code", "word"), WORDS)
def test_each_word_says_its_code(annuaire: Annuaire, sorte: Sorte, code: str, word: str) -> None:
    assert (sorte, code) in {(critere.sorte, critere.valeur) for critere in annuaire.lire(word).criteres}


@pytest.mark.parametrize("code", FILE["jours"])
def test_each_day_is_read_by_its_words(annuaire: Annuaire, code: str) -> None:
    for word in FILE["jours"][code]:
        assert annuaire.lire(f"{word} pau").valeurs(Sorte.MOMENT) == (code,)


@pytest.mark.parametrize(
    ("section", "key", "value", "fault"),
    [
        ("label", "x", {"libelle": "X", "mots": ["x"]}, "rien ne dit quels lieux"),
        ("label", "x", {"mots": ["x"], "noms": ["x"]}, "il manque « libelle »"),
        ("frais", "x", {"libelle": "X", "mots": ["x"], "colonnes": {"frais_a_charge": ["Bradé"]}}, "« Bradé »"),
        ("frais", "x", {"libelle": "X", "mots": ["x"], "colonnes": {"prix": ["x"]}}, "« prix »"),
        ("acces", "x", {"libelle": "X", "mots": ["x"], "noms": ["x"], "contraire": ["y"]}, "« y » n'existe pas"),
        ("acces", "x", {"libelle": "X", "mots": ["gratuit"], "noms": ["x"]}, "« gratuit » est à la fois"),
        ("jours", "lundredi", ["lundredi"], "lundredi"),
        ("besoins", "x", ["x"], "« x » n'est pas un besoin"),
    ],
)
def test_a_fault_is_said(monkeypatch: pytest.MonkeyPatch, section: str, key: str, value: object, fault: str) -> None:
    broken = {**FILE, section: {**FILE[section], key: value}}
    monkeypatch.setattr(vocabulaire, "read_data", lambda _name: broken)
    assert any(fault in said for said in check_annuaire())


COLUMNS = [
    (sorte, code, column, value)
    for sorte in FILTRES
    for code, row in FILE[sorte].items()
    for column, values in row.get("colonnes", {}).items()
    for value in values
]


@pytest.mark.parametrize(("sorte", "code", "column", "value"), COLUMNS)
def test_a_filter_keeps_what_says_it_and_no_other(sorte: Sorte, code: str, column: str, value: str) -> None:
    assert len(COLUMNS) >= 50
    silent = Lieu(id="rien", nom="Lieu", commune="Pau", code_postal="64000")
    said = replace(silent, id="oui", nom="Autre", **{column: (value,)})  # type: ignore[arg-type]
    small = Annuaire(build_knowledge([said, silent]))
    found = small.chercher(small.lire("", [(sorte, code)]), NOW)
    assert [one.lieu.id for one in found.lieux] == ["oui"]
