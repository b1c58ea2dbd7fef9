"""The table itself: codes, positions, other names."""

import pytest

from knowledge.communes import Commune, Gazetteer
from knowledge.communes.gazetteer import _read_keys
from knowledge.communes.names import written_keys
from knowledge.yaml_files import read_data


def test_all_france_is_there(gazetteer: Gazetteer) -> None:
    assert len(gazetteer) == 35_014
    assert sum("Arrondissement" in commune.nom for commune in gazetteer.communes) == 45
    assert sum(commune.departement == "64" for commune in gazetteer.communes) == 545


def test_the_names_beside_the_table_are_its_names(gazetteer: Gazetteer) -> None:
    keys = written_keys(gazetteer.communes)
    assert len(keys) == 37_574
    assert _read_keys() == keys
    assert list(_read_keys()) == list(keys)


def test_codes(gazetteer: Gazetteer) -> None:
    ambert = gazetteer.by_insee("01004")
    assert ambert is not None
    assert ambert.codes_postaux == ("01500",)
    assert gazetteer.by_insee("00000") is None
    assert [commune.nom for commune in gazetteer.by_postal_code("64500")] == ["Saint-Jean-de-Luz", "Ciboure"]
    assert gazetteer.by_postal_code("99999") == ()


@pytest.mark.parametrize(
    ("latitude", "longitude", "nom"),
    [(43.305, -0.36, "Pau"), (43.39, -1.66, "Saint-Jean-de-Luz"), (43.22, -0.89, "Mauléon-Licharre")],
)
def test_nearest(gazetteer: Gazetteer, latitude: float, longitude: float, nom: str) -> None:
    assert gazetteer.nearest(latitude, longitude).nom == nom


def test_nearest_without_coordinates() -> None:
    empty = Gazetteer([Commune("64445", "Pau", ("64000",), "64", None, None, None, None, approximate=True)])
    with pytest.raises(ValueError, match="coordonnées"):
        empty.nearest(43.3, -0.37)


def test_every_written_name_is_found(gazetteer: Gazetteer) -> None:
    written = [
        (departement, nom, other)
        for departement, of_commune in read_data("noms_communes.yml")["noms"].items()
        for nom, others in of_commune.items()
        for other in others
    ]
    assert len(written) >= 220
    missed = []
    for departement, nom, other in written:
        match = gazetteer.find_commune(other, territoire=(departement,))
        if nom not in {candidate.commune.nom for candidate in match.candidates}:
            missed.append((nom, other))
    assert missed == []


def test_every_ambiguous_name_is_said_to_be(gazetteer: Gazetteer) -> None:
    ambiguous = read_data("noms_communes.yml")["ambigus"]
    assert len(ambiguous) >= 30
    for name, noms in ambiguous.items():
        match = gazetteer.find_commune(name)
        assert match.ambiguous, name
        assert set(noms) <= {candidate.commune.nom for candidate in match.candidates}, name


def test_departements_beside_a_territory(gazetteer: Gazetteer) -> None:
    assert gazetteer.beside(("64",)) == {"32", "40", "65"}
    assert gazetteer.beside(()) == frozenset()
