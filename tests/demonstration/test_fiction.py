"""Nothing in the demonstration can be taken for a real place, and only its communes are real."""

import re
from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from knowledge.communes import load_gazetteer
from knowledge.creneaux import Creneau
from knowledge.demonstration import demonstration
from knowledge.lieux import DEMONSTRATION, Lieu
from knowledge.positions import distance_km

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
LIEUX, CRENEAUX = demonstration(NOW)
ALL: list[Lieu | Creneau] = [*LIEUX, *CRENEAUX]
COMMUNES = load_gazetteer()

FICTION = re.compile(r"\b(fictif|fictive)\b")
INVENTED_STREET = re.compile(r"Exemple|Démonstration|[Ii]maginaire")
FICTION_PHONES = re.compile(r"\+33(53649|63998)\d{4}")
"""Numbers that the ARCEP keeps for works of fiction: 05 36 49 xx xx and 06 39 98 xx xx."""


def test_there_are_enough_of_them() -> None:
    assert len(LIEUX) >= 40
    assert len(CRENEAUX) >= 25
    assert len({lieu.code_insee for lieu in LIEUX}) >= 25


def test_ids_are_unique_and_readable() -> None:
    ids = [item.id for item in ALL]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"demo-[a-z]+(-[a-z]+)*", item_id) for item_id in ids)


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.id)
def test_it_says_that_it_is_fictional(item: Lieu | Creneau) -> None:
    assert item.source == DEMONSTRATION
    assert FICTION.search(item.nom if isinstance(item, Lieu) else item.titre)
    if isinstance(item, Creneau) and item.lieu:
        assert FICTION.search(item.lieu)
    if item.adresse:
        assert INVENTED_STREET.search(item.adresse)


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.id)
def test_nobody_real_can_be_reached(item: Lieu | Creneau) -> None:
    for text in _texts(item):
        assert not re.search(r"https?://(?!example\.org/)|@(?!example\.org$)", text)
        assert not re.search(r"(?:\d[\s.]?){8,}", FICTION_PHONES.sub("", text))


def test_each_number_is_kept_for_fiction_and_belongs_to_one_lieu() -> None:
    numbers = [lieu.telephone for lieu in LIEUX if lieu.telephone]
    assert len(set(numbers)) == len(numbers) >= 40
    for item in ALL:
        assert item.telephone is None or FICTION_PHONES.fullmatch(item.telephone)


@pytest.mark.parametrize("item", [item for item in ALL if item.commune], ids=lambda item: item.id)
def test_the_commune_is_real_and_so_are_its_codes(item: Lieu | Creneau) -> None:
    assert item.code_postal
    communes = [c for c in COMMUNES.by_postal_code(item.code_postal) if c.nom == item.commune]
    assert len(communes) == 1
    commune = communes[0]
    assert item.code_insee in (None, commune.insee)
    assert commune.departement == "64"
    if item.latitude is not None and item.longitude is not None:
        assert commune.latitude is not None
        assert commune.longitude is not None
        assert distance_km((item.latitude, item.longitude), (commune.latitude, commune.longitude)) < 15


def test_a_slot_is_held_at_a_lieu_of_the_base_or_says_where() -> None:
    lieux = {lieu.id for lieu in LIEUX}
    for creneau in CRENEAUX:
        assert creneau.lieu_id in lieux if creneau.lieu_id else creneau.lieu and creneau.commune


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.id)
def test_each_value_is_of_the_type_that_it_should_be(item: Lieu | Creneau) -> None:
    for field in fields(item):
        value = getattr(item, field.name)
        if "tuple" in str(field.type):
            assert isinstance(value, tuple)
            assert all(isinstance(part, str) and part.strip() == part != "" for part in value)
        elif field.name not in {"latitude", "longitude", "places_total", "places_restantes"}:
            assert not isinstance(value, int | float), f"{field.name} : mettre {value!r} entre guillemets"
    if isinstance(item, Lieu) and item.presentation_resume:
        assert len(item.presentation_resume) <= 280


def _texts(item: Lieu | Creneau) -> Iterable[str]:
    for field in fields(item):
        value = getattr(item, field.name)
        if field.name == "provenance":
            continue
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from value
