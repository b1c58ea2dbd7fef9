"""JSON over HTTP: what is answered is what is described, for any site, and never a page."""

import json
import re
from typing import Any
from urllib.parse import quote

import pytest

from bot.web.annuaire.api import AVERTISSEMENT, FARTHEST, MOST, PARAMETERS, USUAL, read_description
from knowledge.annuaire.consultation import Sorte
from knowledge.labels import Posture
from knowledge.lieux import LIST_COLUMNS, STANDARD_COLUMNS
from tests.web.conftest import Answered, Browser, Open
from tests.web.json_schema import faults
from tests.web.test_annuaire_page import ODD

DESCRIPTION = read_description()
ORTHEZ = "demo-orthez-france-services"
QUERIES = [
    "",
    "q=caf+orthez+aidants+connect+jeudi",
    "q=orthez&limite=50",
    "q=0536490027",
    "q=domicile+soule",
    "q=zzzqqqzzz",
    "commune=64371",
    "label=aidants-connect&label=france-services",
    "label=nimporte-quoi&inconnu=1",
    "q=caf+orthez+pau+maul%C3%A9on",
    f"q=caf&debut={FARTHEST}",
    "q=caf&debut=10&limite=1",
]


def read(answered: Answered, path: str) -> Any:
    """Return the object of an answer, once it is as the description says for its status."""
    described = DESCRIPTION["paths"][path]["get"]["responses"]
    assert str(answered.status) in described, answered.raw
    schema = resolved(described[str(answered.status)])["content"]["application/json"]["schema"]
    assert answered.headers["Content-Type"] == "application/json; charset=utf-8"
    found = json.loads(answered.raw)
    assert faults(found, schema, DESCRIPTION) == []
    return found


def resolved(part: Any) -> Any:
    """Return a part of the description, or what it points to."""
    if "$ref" in part:
        found: Any = DESCRIPTION
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        return found
    return part


@pytest.mark.parametrize("query", QUERIES)
def test_answers_are_as_described(browser: Browser, query: str) -> None:
    found = read(browser.get(f"/api/lieux?{query}"), "/api/lieux")
    assert found["avertissement"] == AVERTISSEMENT
    assert len(found["lieux"]) <= found["total"]
    assert {one["source"] for one in found["lieux"]} <= {"demonstration"}


def test_words_and_filters_find_the_same(browser: Browser) -> None:
    path = "/api/lieux"
    by_words = read(browser.get("/api/lieux?q=france+services+orthez"), path)
    assert by_words["lieux"][0]["id"] == ORTHEZ
    criteria = by_words["consultation"]["criteres"]
    assert {one["sorte"] for one in criteria} >= {"commune", "label"}
    assert all(one["mots"] for one in criteria)
    by_filters = read(browser.get("/api/lieux?commune=64430&label=france-services"), path)
    assert by_filters["lieux"][0]["id"] == ORTHEZ
    assert not any(one["mots"] for one in by_filters["consultation"]["criteres"])


def test_parts_follow_one_another(browser: Browser) -> None:
    whole = read(browser.get("/api/lieux?q=pau&limite=12"), "/api/lieux")
    assert len(whole["lieux"]) == 12
    parts = [read(browser.get(f"/api/lieux?q=pau&limite=4&debut={debut}"), "/api/lieux") for debut in (0, 4, 8)]
    assert [one["id"] for part in parts for one in part["lieux"]] == [one["id"] for one in whole["lieux"]]
    assert len(read(browser.get("/api/lieux?q=pau"), "/api/lieux")["lieux"]) == USUAL


def test_a_lieu_in_the_columns_of_the_standard(browser: Browser) -> None:
    found = read(browser.get(f"/api/lieux/{ORTHEZ}"), "/api/lieux/{id}")
    assert found["avertissement"] == AVERTISSEMENT
    assert tuple(found["lieu"]) == STANDARD_COLUMNS
    assert found["lieu"]["nom"] == "France services fictif d'Orthez"
    assert found["lieu"]["telephone"] == "+33536490027"


def test_every_lieu_found_can_be_read(browser: Browser) -> None:
    ids = [one["id"] for one in read(browser.get("/api/lieux?q=pau&limite=50"), "/api/lieux")["lieux"]]
    assert len(ids) > 10
    for each in ids:
        assert read(browser.get(f"/api/lieux/{quote(each, safe='')}"), "/api/lieux/{id}")["lieu"]["id"] == each


@pytest.mark.parametrize("name", ["nulle-part", "%00", "%2e%2e%2f", "a" * 5000, "é", "%ff"])
def test_a_lieu_that_does_not_exist(browser: Browser, name: str) -> None:
    answered = browser.get(f"/api/lieux/{name}")
    assert answered.status == 404
    assert "cherchez le lieu" in read(answered, "/api/lieux/{id}")["erreur"]


@pytest.mark.parametrize(
    "query",
    ["limite=0", f"limite={MOST + 1}", "limite=beaucoup", "debut=-1", "debut=1e3", f"debut={'9' * 5000}", "debut=²"],
)
def test_numbers_that_cannot_be_are_told(browser: Browser, query: str) -> None:
    answered = browser.get(f"/api/lieux?q=caf&{query}")
    assert answered.status == 400
    name = query.partition("=")[0]
    assert read(answered, "/api/lieux")["erreur"].startswith(f"« {name} » doit être un nombre entier de ")


def test_what_was_dropped_is_said(browser: Browser) -> None:
    dropped = read(browser.get("/api/lieux?q=caf&label=nimporte-quoi&labl=x"), "/api/lieux")["consultation"]["ecartes"]
    assert len(dropped) == 2
    assert "« labl »" in dropped[1]


@pytest.mark.parametrize("said", ODD.values(), ids=list(ODD))
def test_odd_words_get_an_answer(browser: Browser, said: str) -> None:
    answered = browser.get(f"/api/lieux?q={quote(said, errors='surrogatepass')}")
    assert answered.status == 200
    read(answered, "/api/lieux")
    assert len(answered.raw) < 200_000


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/", 404),
        ("GET", "/api/x", 404),
        ("POST", "/api/lieux", 405),
        ("DELETE", "/api/lieux/x", 405),
    ],
)
def test_errors_are_json_too(browser: Browser, method: str, path: str, status: int) -> None:
    answered = browser.ask(method, path)
    assert answered.status == status
    assert faults(json.loads(answered.raw), {"$ref": "#/components/schemas/Erreur"}, DESCRIPTION) == []
    assert answered.headers["Access-Control-Allow-Origin"] == "*"


def test_without_the_base_json_says_so(open_browser: Open) -> None:
    from knowledge.base import BaseIndisponible

    def gone() -> object:
        raise BaseIndisponible("La base ne répond pas.")

    browser = open_browser({"knowledge": gone})
    for path, described in ((f"/api/lieux/{ORTHEZ}", "/api/lieux/{id}"), ("/api/lieux?q=caf", "/api/lieux")):
        answered = browser.get(path)
        assert answered.status == 503
        assert answered.headers["Retry-After"] == "30"
        assert read(answered, described)["erreur"]


def test_other_sites_may_read_it_and_no_cookie_goes_with_it(browser: Browser) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        headers = browser.ask(method, "/api/lieux?q=caf", headers={"Origin": "https://mairie.exemple"}).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert "GET" in headers["Access-Control-Allow-Methods"]
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in headers
    assert "Access-Control-Allow-Origin" not in browser.get("/annuaire").headers


def test_who_asks_too_much_is_told_when_to_come_back(open_browser: Open) -> None:
    browser = open_browser(consultations_par_minute=2)
    statuses = [browser.get(path).status for path in ("/api/lieux?q=caf", f"/api/lieux/{ORTHEZ}", "/annuaire?q=caf")]
    assert statuses == [200, 200, 429]
    answered = browser.get("/api/lieux?q=caf")
    assert answered.headers["Retry-After"] == "30"
    assert "Attendez 30 s" in read(answered, "/api/lieux")["erreur"]


def test_the_description_is_served_and_says_what_is_true(browser: Browser) -> None:
    answered = browser.get("/api/openapi.json")
    assert json.loads(answered.raw) == DESCRIPTION
    assert DESCRIPTION["openapi"] == "3.1.0"
    parameters = [resolved(one) for one in DESCRIPTION["paths"]["/api/lieux"]["get"]["parameters"]]
    assert tuple(one["name"] for one in parameters) == PARAMETERS
    bounds = {one["name"]: one["schema"] for one in parameters}
    assert (bounds["limite"]["minimum"], bounds["limite"]["maximum"], bounds["limite"]["default"]) == (1, MOST, USUAL)
    assert (bounds["debut"]["minimum"], bounds["debut"]["maximum"], bounds["debut"]["default"]) == (0, FARTHEST, 0)
    schemas = DESCRIPTION["components"]["schemas"]
    assert schemas["Sorte"]["enum"] == [sorte.value for sorte in Sorte]
    assert schemas["Lieu"]["properties"]["postures"]["items"]["enum"] == list(Posture)
    standard = schemas["LieuStandard"]["properties"]
    assert tuple(standard) == STANDARD_COLUMNS
    assert {name for name, one in standard.items() if one.get("$ref")} == LIST_COLUMNS


def test_every_reference_of_the_description_leads_somewhere() -> None:
    references = re.findall(r'"\$ref": "([^"]+)"', json.dumps(DESCRIPTION))
    assert len(references) > 40
    assert all(resolved({"$ref": one}) for one in references)


def test_an_answer_that_is_not_as_described_is_noticed() -> None:
    schema = {"$ref": "#/components/schemas/Erreur"}
    assert faults({"erreur": "Non."}, schema, DESCRIPTION) == []
    for wrong in ({}, {"erreur": 1}, {"erreur": "", "autre": 1}, "Non.", None):
        assert faults(wrong, schema, DESCRIPTION), wrong
