"""What is found over the demonstration base: the right lieu first, why, what was given up, what could be added."""

from datetime import datetime, timedelta

import pytest

from benchmarks.lookups import NOW
from knowledge.annuaire import Annuaire, Facette, Resultat, Sorte, annuaire_of
from knowledge.snapshot import Knowledge

FIRST = {
    "rdv caf orthez aidants connect jeudi": "demo-orthez-france-services",
    "caf mauleon": "demo-mauleon-france-services",
    "mediateque moleon": "demo-mauleon-mediatheque",
    "médiathèque fictive de mauléon": "demo-mauleon-mediatheque",
    "mediatheqe fictve mauleon": "demo-mauleon-mediatheque",
    "c'est qui le 0536490001": "demo-mauleon-france-services",
    "05 36 49 00 02": "demo-mauleon-mediatheque",
}


def look(annuaire: Annuaire, text: str, now: datetime = NOW, **options: int | bool) -> Resultat:
    return annuaire.chercher(annuaire.lire(text), now, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", FIRST)
def test_the_right_lieu_is_first(annuaire: Annuaire, text: str) -> None:
    assert look(annuaire, text).lieux[0].lieu.id == FIRST[text]


def test_it_says_why(annuaire: Annuaire) -> None:
    first, second, *_ = look(annuaire, "caf orthez aidants connect jeudi matin").lieux
    assert {"à Orthez même", "Aidants Connect", "ouvert jeudi matin : 9 h à 12 h"} <= set(first.reasons)
    assert first.doubts == ()
    assert "à confirmer : Aidants Connect" in second.doubts


def test_a_lieu_that_says_no_is_left_out(annuaire: Annuaire) -> None:
    found = look(annuaire, "pau samedi", at_most=50)
    assert found.lieux
    assert not [one for one in found.lieux for doubt in one.doubts if doubt == "fermé samedi"]
    assert any("horaires non confirmés" in one.doubts for one in found.lieux)


def test_a_filled_column_without_the_value_says_no(annuaire: Annuaire) -> None:
    found = look(annuaire, "gratuit orthez", at_most=50).lieux
    fees = {one.lieu.frais_a_charge for one in found}
    assert () in fees
    assert ("Gratuit",) in fees
    assert ("Payant",) not in fees
    assert ("Payant",) in {one.lieu.frais_a_charge for one in look(annuaire, "orthez", at_most=50).lieux}


def test_yes_comes_before_not_said(annuaire: Annuaire) -> None:
    found = look(annuaire, "aidants connect pau", at_most=50).lieux
    said = ["Aidants Connect" in one.reasons for one in found]
    assert True in said
    assert False in said
    assert said == sorted(said, reverse=True)


def test_of_equals_the_nearer_is_first(annuaire: Annuaire) -> None:
    found = look(annuaire, "mauléon", at_most=50).lieux
    here = [one.commune == "Mauléon-Licharre" for one in found]
    assert len(set(here)) == 2
    assert here == sorted(here, reverse=True)


def test_pages_follow_one_another(annuaire: Annuaire) -> None:
    whole = [one.lieu.id for one in look(annuaire, "gratuit", at_most=20).lieux]
    assert len(whole) == 20
    pages = [one.lieu.id for skip in range(0, 20, 5) for one in look(annuaire, "gratuit", at_most=5, skip=skip).lieux]
    assert pages == whole


def test_it_looks_farther_and_says_so(annuaire: Annuaire) -> None:
    found = look(annuaire, "lsf pmr orthez")
    assert found.elargi == ("Rien qui réponde à tout à moins de 20 km. La recherche va jusqu'à 60 km.",)
    assert "accueille : surdité, handicaps moteurs" in found.lieux[0].reasons


def test_what_no_lieu_says_is_said(annuaire: Annuaire) -> None:
    found = look(annuaire, "pass numérique lsf mauléon")
    assert found.lieux
    assert "Pass numérique accepté" in found.elargi[0]


def test_a_town_without_any_lieu_near_finds_the_nearest(annuaire: Annuaire) -> None:
    found = look(annuaire, "caf lille")
    assert found.lieux[0].distance_km
    assert found.lieux[0].distance_km > 500
    assert found.elargi == ("Rien à moins de 60 km. La recherche va plus loin.",)


def test_an_unknown_number_finds_those_that_begin_like_it(annuaire: Annuaire) -> None:
    found = look(annuaire, "05 36 49 00 99")
    assert found.lieux
    assert found.elargi == ("Aucun lieu connu n'a ce numéro. Voici ceux dont le numéro commence par 05364900.",)
    assert look(annuaire, "01 02 03 04 05").elargi == ("Aucun lieu connu n'a ce numéro.",)


def test_a_national_number_is_named(annuaire: Annuaire) -> None:
    assert "numéro national" in look(annuaire, "c'est qui le 3230").elargi[0]


def test_a_name_that_no_lieu_has_is_said(annuaire: Annuaire) -> None:
    found = look(annuaire, "caf orthez tiers haute bus soule")
    assert found.lieux
    assert "ne s'appelle" in found.elargi[0]


def test_nothing_understood_says_what_to_write(annuaire: Annuaire) -> None:
    for text in ("***", "привет", "🙂"):
        found = look(annuaire, text)
        assert (len(found.lieux), found.total) == (0, 0)
        assert "Écrivez un service" in found.elargi[0]


def test_an_empty_query_shows_all(annuaire: Annuaire) -> None:
    found = look(annuaire, "", facettes=True)
    assert found.total > 40
    assert {facette.sorte for facette in found.facettes} >= {Sorte.LABEL, Sorte.SERVICE, Sorte.FRAIS, Sorte.MOMENT}


def facettes() -> list[str]:
    return ["", "pau", "caf", "mauléon jeudi", "gratuit", "médiathèque pau", "05 36"]


@pytest.mark.parametrize("text", facettes())
def test_a_facette_keeps_as_many_as_it_says(annuaire: Annuaire, text: str) -> None:
    found = look(annuaire, text, facettes=True)
    offered = [facette for facette in found.facettes if not _is_contrary(annuaire, text, facette)]
    assert len(offered) >= 5
    for facette in offered:
        read = annuaire.lire(text, [(facette.sorte, facette.valeur)])
        chosen = annuaire.chercher(read, NOW, facettes=True)
        assert chosen.total == facette.nombre, facette
        again = [one for one in chosen.facettes if (one.sorte, one.valeur) == (facette.sorte, facette.valeur)]
        assert [(one.nombre, one.choisie) for one in again] == [(facette.nombre, True)]


def _is_contrary(annuaire: Annuaire, text: str, facette: Facette) -> bool:
    """A second moment, or a fee that contradicts the first, replaces what was asked."""
    return bool(annuaire.lire(text, [(facette.sorte, facette.valeur)]).ecartes)


def test_hours_count_at_the_moment(annuaire: Annuaire) -> None:
    night = NOW + timedelta(hours=13)
    day, dark = (
        {one.lieu.id for one in look(annuaire, "ouvert maintenant pau", now, at_most=50).lieux if one.open_now}
        for now in (NOW, night)
    )
    assert len(day) > 3
    assert dark == {"demo-pau-borne"}


def test_distances_are_counted_from_where_one_is(annuaire: Annuaire) -> None:
    read = annuaire.lire("caf orthez")
    here = annuaire.chercher(read, NOW, origin=(43.2223, -0.8872))
    assert here.lieux[0].lieu.id == "demo-orthez-france-services"
    assert here.lieux[0].distance_km == pytest.approx(31, abs=2)


def test_a_name_alone(annuaire: Annuaire) -> None:
    assert [lieu.id for lieu in annuaire.nommes("mediateque fictive moleon", at_most=1)] == ["demo-mauleon-mediatheque"]
    assert annuaire.nommes("qzx wvk") == []


def test_the_same_look_up_is_kept_with_its_snapshot(demo: Knowledge) -> None:
    assert annuaire_of(demo) is annuaire_of(demo)
    assert annuaire_of(demo, ("40",)) is not annuaire_of(demo)


def test_a_warm_look_up_answers_the_same(demo: Knowledge, annuaire: Annuaire) -> None:
    warm = Annuaire(demo)
    warm.warm(NOW)
    for text in FIRST:
        assert look(warm, text) == look(annuaire, text)
