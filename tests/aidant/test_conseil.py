"""The advice: every situation has one, with what not to do, and each line of the file serves."""

import re
from collections import Counter
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from knowledge.autrui import said_of_another
from knowledge.conseil import LISTES, conseiller, facts_of, known, load_guide
from knowledge.conseil_controle import check_conseil
from knowledge.demande import Demande
from knowledge.labels import Autonomy, Disponibilite, Posture, Urgency
from knowledge.needs import load_needs
from knowledge.snapshot import Knowledge
from knowledge.yaml_files import read_data
from tests.aidant.cases import AT, NEEDS, demandes

MAULEON = "64371"
COMBINATIONS = 6 * 4 * 4 * 3 * 4 * 3
ADDRESSED = re.compile(r"\b(vous|votre|vos|vôtre)\b", re.IGNORECASE)


def test_every_situation_is_advised(demo: Knowledge) -> None:
    guide, reached, count = load_guide(), Counter[str](), 0
    for demande in demandes():
        count += 1
        decision, facts = facts_of(demande, AT, demo)
        chosen = {name: guide.choose(name, facts) for name in LISTES}
        assert all(chosen.values()), (demande, chosen)
        assert "mot_de_passe" in {one.id for one in chosen["ne_pas_faire"]}
        if demande.confidential:
            assert "prive" in {one.id for one in chosen["ne_pas_faire"]}
        if decision.posture is Posture.FAIRE_A_LA_PLACE:
            ids = {one.id for one in chosen["ne_pas_faire"]}
            assert ids & {"sans_mandat", "hors_mandat"}, demande
        reached.update(one.id for lines in chosen.values() for one in lines)
    assert count == len(NEEDS) * COMBINATIONS
    for_care = {one.id for one in guide.listes["gestes"] if "prise_en_charge" in dict(one.conditions)}
    assert {one.id for lines in guide.listes.values() for one in lines} - set(reached) == for_care
    assert len(for_care) == 4


@pytest.mark.parametrize("care", sorted(known("prise_en_charge")))
def test_care_is_thought_of_where_there_is_something_to_do(demo: Knowledge, care: str) -> None:
    _, facts = facts_of(Demande(prise_en_charge=(care,)), AT, demo)
    first = load_guide().choose("gestes", facts)[0]
    assert ("prise_en_charge" in dict(first.conditions)) == (not care.startswith("Handicaps"))


def test_a_habilitation_decides_between_a_mandate_and_handing_over(demo: Knowledge) -> None:
    asked = Demande(
        need="caf", urgency=Urgency.TODAY, autonomy=Autonomy.NONE, disponibilite=Disponibilite.TRENTE_MINUTES
    )
    may = conseiller(replace(asked, habilitation=True), AT, demo)
    may_not = conseiller(replace(asked, habilitation=False), AT, demo)
    assert (may.posture, may_not.posture) == (Posture.FAIRE_A_LA_PLACE, Posture.FAIRE_FAIRE)
    assert "mandat signé" in may.raison
    assert may.ne_pas_faire[0].id == "hors_mandat"
    assert "n'agissez pas à sa place" in may_not.raison
    assert may_not.ne_pas_faire[0].id == "sans_mandat"


def test_lieux_are_named_where_the_commune_is_known(demo: Knowledge) -> None:
    asked = Demande(need="caf", disponibilite=Disponibilite.AUCUNE)
    nowhere, somewhere = conseiller(asked, AT, demo), conseiller(Demande(need="caf", insee=MAULEON), AT, demo)
    assert not nowhere.lieux
    assert nowhere.acteurs
    assert 1 <= len(somewhere.lieux) <= 3
    assert somewhere.lieux[0].commune == "Mauléon-Licharre"


def test_private_means_no_workshop(demo: Knowledge) -> None:
    private = conseiller(Demande(need="ordinateur", insee=MAULEON, confidential=True), AT, demo)
    open_one = conseiller(Demande(need="ordinateur", insee=MAULEON, confidential=False), AT, demo)
    assert not private.creneaux
    assert private.plus_tard == load_guide().plus_tard["prive"]
    assert open_one.creneaux


def test_every_line_has_its_source_and_short_sentences() -> None:
    guide = load_guide()
    lines = [one for regles in guide.listes.values() for one in regles]
    assert len(lines) == 25
    assert all(one.source for one in lines)
    said = [*(one.phrase for one in lines), *(phrase for phrase, _ in guide.charte.phrases), *guide.plus_tard.values()]
    parts = [part for sentence in said for part in sentence.removesuffix(".").split(". ")]
    assert [part for part in parts if len(part.split()) > 20] == []


def test_the_charter_says_whose_words_these_are() -> None:
    charte = load_guide().charte
    assert len(charte.phrases) == 10
    assert "par ce service" in charte.avis
    assert "n'est pas ici" in charte.avis


def ours(content: Any) -> list[str]:
    if isinstance(content, str):
        return [content]
    values = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    return [text for value in values for text in ours(value)]


def test_no_sentence_of_ours_tells_a_helper_that_they_are_the_person() -> None:
    reasons = {key: value for key, value in read_data("raisons.yml").items() if key != "autrui"}
    needs = [text for need in load_needs().values() for text in (need.apporter, need.apporter_court) if text]
    sentences = [text for text in [*ours(reasons), *ours(read_data("preuves.yml")), *needs] if ADDRESSED.search(text)]
    assert len(sentences) > 40
    left = [said for text in sentences if ADDRESSED.search(said := said_of_another(text))]
    by_telephone = [text for text in left if "rendez-vous" in text]  # the word, not the person
    for_trainers = [text for text in left if "personnes à former" in text]  # who asks trains their own volunteers
    assert len(left) == len(by_telephone) + len(for_trainers)


def test_words_of_others_are_left_alone() -> None:
    verbatim = "horaires écrits par le lieu : « demandez votre carte, à votre place »"
    assert said_of_another(verbatim) == verbatim
    assert said_of_another("fait la démarche à votre place") == "fait la démarche à la place de la personne"


def test_the_shipped_file_is_sound() -> None:
    assert check_conseil() == []


FAULTS = [
    (("gestes", 0, "si"), {"heure": "8"}, "gestes, « mandat » : la condition « heure » n'est pas connue"),
    (("gestes", 0, "si"), {"habilitation": "peut-être"}, "« peut-être » n'est pas une valeur de « habilitation »"),
    (("gestes", 2, "si"), {"prise_en_charge": "Fatigue"}, "« Fatigue » n'est pas une valeur de « prise_en_charge »"),
    (("gestes", 0, "source"), "oral", "la source « oral » n'est pas dans « sources »"),
    (("gestes", 0, "phrase"), "", "« phrase » manque"),
    (("gestes", 0, "phrases"), "x", "« phrases » n'est pas connu"),
    (("gestes", 1, "id"), "mandat", "gestes, « mandat » : ce nom est déjà pris"),
    (("ne_pas_faire", 0, "court"), "a" * 41, "« court » doit avoir de 1 à 40 caractères (il en a 41)"),
    (("ne_pas_faire",), [], "une ligne au moins doit valoir toujours"),
    (("postures", "laisser_faire"), None, "l'aide « laisser_faire » n'a pas de nom"),
    (("plus_tard", "prive"), "", "« plus_tard » : « prive » manque"),
    (("charte", "phrases"), [], "il faut 10 phrases (il y en a 0)"),
    (("charte", "phrases", 3, "court"), "", "charte, phrase 4 : « phrase » et « court » sont attendus"),
    (("charte", "avis"), "", "charte : « avis » manque"),
]


@pytest.mark.parametrize(("path", "value", "expected"), FAULTS, ids=[fault[2][:40] for fault in FAULTS])
def test_a_fault_is_told(path: tuple[Any, ...], value: Any, expected: str) -> None:
    content = deepcopy(read_data("conseil.yml"))
    target = content
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    faults = check_conseil(content)
    assert any(expected in fault for fault in faults), faults
    assert all(fault.startswith("conseil.yml, ") for fault in faults)
