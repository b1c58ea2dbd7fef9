"""`aiguilleur find`: what was understood, the places, why, what to make sure of; JSON with the columns and more."""

import json

import pytest

from knowledge.lieux import LIEU_COLUMNS
from tests.commands.conftest import Command

NOW = "2026-11-23T10:00"


@pytest.fixture
def demo(command: Command) -> Command:
    command("demo", "--sans-page")
    return command


def test_a_place_is_read_in_a_glance(demo: Command) -> None:
    found = demo("find", "rdv", "caf", "orthez", "aidants", "connect", "jeudi", "xyzzy", "--now", NOW)
    assert found.status == 0
    assert found.err.splitlines() == ["Compris : CAF, Aidants Connect, jeudi, Orthez (64).", "Pas compris : xyzzy."]
    who, why, *_ = found.out.splitlines()
    assert who.startswith("France services fictif d'Orthez · ")
    assert who.endswith(", 64300 Orthez · 05 36 49 00 27")
    assert why.startswith("  à Orthez même · Aidants Connect · ouvert jeudi : 9 h à 12 h 30 · ")
    assert "  À vérifier : à confirmer : Aidants Connect" in found.out


def test_json_has_the_columns_and_what_was_found_out(demo: Command) -> None:
    found = demo("find", "caf", "mauleon", "--json", "--now", NOW)
    rows = [json.loads(line) for line in found.out.splitlines()]
    assert len(rows) == 5
    assert list(rows[0]) == [*LIEU_COLUMNS, "distance_km", "reasons", "doubts", "open_now"]
    assert (rows[0]["id"], rows[0]["open_now"], rows[0]["distance_km"]) == ("demo-mauleon-france-services", True, 0.0)
    assert "à Mauléon-Licharre même" in rows[0]["reasons"]


def test_nothing_found_is_said(demo: Command) -> None:
    found = demo("find", "***", "🙂")
    assert (found.status, found.out) == (1, "")
    assert found.err == "Aucun mot n'est reconnu. Écrivez un service, une commune, un nom de lieu ou un numéro.\n"
