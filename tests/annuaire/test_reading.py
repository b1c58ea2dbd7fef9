"""Every query of lectures.yml is read as it says; what is said of a query does not depend on its order or its case."""

from itertools import permutations
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from knowledge.annuaire import Annuaire, Consultation, Sorte
from knowledge.communes.text import strip_accents

CASES: dict[str, list[str]] = YAML(typ="safe").load(Path(__file__).with_name("lectures.yml"))
WORDS = ("caf", "orthez", "aidants connect", "jeudi matin", "gratuit", "pmr", "seniors")


def codes(consultation: Consultation) -> set[str]:
    return {f"{critere.sorte}:{critere.valeur}" for critere in consultation.criteres}


def test_there_are_enough_cases() -> None:
    assert len(CASES) == 89
    sortes = {said.split(":")[0] for case in CASES.values() for said in case if ":" in said and said[0] not in "?!"}
    assert sortes == set(Sorte)


@pytest.mark.parametrize("text", CASES)
def test_a_query_is_read(annuaire: Annuaire, text: str) -> None:
    read = annuaire.lire(text)
    expected = CASES[text]
    assert codes(read) == {said for said in expected if said[0] not in "?!"}
    assert [f"? {word}" for word in read.incompris] == [said for said in expected if said[0] == "?"]
    dropped = [said.removeprefix("! ") for said in expected if said[0] == "!"]
    assert len(read.ecartes) == len(dropped)
    assert all(part in said for part, said in zip(dropped, read.ecartes, strict=True))


@pytest.mark.parametrize("text", CASES)
def test_case_and_accents_do_not_matter(annuaire: Annuaire, text: str) -> None:
    for other in (text.upper(), text.lower(), strip_accents(text)):
        assert codes(annuaire.lire(other)) == codes(annuaire.lire(text))


def test_the_order_of_the_words_does_not_matter(annuaire: Annuaire) -> None:
    expected = codes(annuaire.lire(" ".join(WORDS)))
    assert len(expected) == len(WORDS)
    for words in list(permutations(WORDS))[::97]:
        assert codes(annuaire.lire(" ".join(words))) == expected


@pytest.mark.parametrize("text", CASES)
def test_a_criterion_goes_with_its_words(annuaire: Annuaire, text: str) -> None:
    read = annuaire.lire(text)
    if read.ecartes:
        return
    for critere in read.criteres:
        assert critere.mots
        without = annuaire.lire(read.sans(critere))
        assert codes(without) == codes(read) - {f"{critere.sorte}:{critere.valeur}"}, read.sans(critere)


def test_a_word_said_twice_goes_at_once(annuaire: Annuaire) -> None:
    read = annuaire.lire("caf orthez caf")
    assert read.sans(read.criteres[0]) == "orthez"


def test_filters_are_read_beside_the_words(annuaire: Annuaire) -> None:
    read = annuaire.lire("caf", [("commune", "64430"), ("label", "aidants-connect"), ("moment", "jeudi-matin")])
    assert codes(read) == {"besoin:caf", "commune:64430", "label:aidants-connect", "moment:jeudi-matin"}
    assert read.sans(read.criteres[-1]) == "caf"


def test_a_chosen_filter_is_stronger_than_words(annuaire: Annuaire) -> None:
    read = annuaire.lire("caf pau payant", [("commune", "64430"), ("frais", "gratuit")])
    assert codes(read) == {"besoin:caf", "commune:64430", "frais:gratuit"}
    assert len(read.ecartes) == 2


@pytest.mark.parametrize(
    "filtre",
    [("label", "inconnu"), ("sorte", "caf"), ("commune", "99999"), ("moment", "jeudi-nuit"), ("telephone", "abc")],
)
def test_an_unknown_filter_is_said_dropped(annuaire: Annuaire, filtre: tuple[str, str]) -> None:
    assert annuaire.critere(*filtre) is None
    read = annuaire.lire("caf", [filtre])
    assert codes(read) == {"besoin:caf"}
    assert filtre[1] in read.ecartes[0]


def test_a_long_query_is_cut_and_says_so(annuaire: Annuaire) -> None:
    read = annuaire.lire("caf orthez " * 1000)
    assert codes(read) == {"besoin:caf", "commune:64430"}
    assert len(read.texte) <= 400
    assert "trop longue" in read.ecartes[0]
