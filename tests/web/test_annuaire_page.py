"""The page `/annuaire` without JavaScript: what is asked is in the address, what is found is in the page."""

import re
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from multidict import MultiDict

from bot.web.annuaire.asked import MAX_DIGITS, Asked, address, read_asked, whole
from bot.web.annuaire.page import EXEMPLES
from knowledge.annuaire.consultation import Sorte
from tests.web.conftest import Answered, Browser, Open

NAME = re.compile(r'<a class="vers" id="lieu-(\d+)"[^>]* href="([^"]+)"><span class="numero">\d+</span>([^<]+)</a>')
CHIP = re.compile(r'<a data-recherche class="jeton" href="([^"]+)">.*?</span>(.*?)\n', re.DOTALL)
BOX = re.compile(r'<input type="checkbox" form="recherche" id="[^"]+" name="(\w+)" value="([^"]+)"( checked)?>')
COUNT = re.compile(r'<span class="nombre">(\d+)<')
FOUND = re.compile(r'<h2 id="titre-lieux" tabindex="-1">(?:(\d+) lieux? trouvé|Aucun lieu)')
ODD = {
    "long": "a" * 10_000,
    "long-words": "caf orthez " * 900,
    "wildcards": "%*_?" * 2500,
    "emoji": "😀" * 10_000,
    "arabic": "أحتاج مساعدة في بايون",
    "chinese": "我需要帮助" * 100,
    "nowhere": "caf trifouillis-les-oies",
    "three towns": "caf orthez pau mauléon",
    "contradiction": "ouvert lundi fermé lundi gratuit payant",
    "markup": "<script>alert(1)</script>\"'><img src=x>",
    "controls": "\x00\x07\x1b[31m\u202e",
    "regex": "(((((.*)+)+)+)+$" * 50,
    "digits": "0" * 9999,
    "surrogate": "\udcff",
}


def ask(browser: Browser, words: str, **filters: str) -> Answered:
    return browser.get(address(words, tuple(filters.items())))


def names(page: Answered) -> list[str]:
    return [found[2] for found in NAME.findall(page.text)]


def total(page: Answered) -> int:
    found = FOUND.search(page.text)
    assert found, page.text
    return int(found[1] or 0)


def test_the_first_page_asks_for_words_and_gives_examples(browser: Browser) -> None:
    page = browser.get("/annuaire")
    assert page.status == 200
    assert 'role="search"' in page.raw
    links = re.findall(r'<a data-recherche href="([^"]+)">', page.raw)
    assert len(links) == len(EXEMPLES) >= 3
    for link in links:
        assert total(browser.get(link)) > 0, link


def test_words_find_lieux_near_the_commune(browser: Browser) -> None:
    page = ask(browser, "france services orthez")
    assert names(page)[0] == "France services fictif d'Orthez"
    assert 'href="tel:+33536490027"' in page.raw
    assert "Appeler le 05 36 49 00 27" in page.text
    assert "/lieu/demo-orthez-france-services/fiche" in page.raw
    assert "Pourquoi :" in page.text
    assert "Lieu inventé pour la démonstration" in page.text
    assert "www.openstreetmap.org/?mlat=" in page.raw


def test_no_cookie_is_given_and_none_is_needed(browser: Browser) -> None:
    assert "Set-Cookie" not in ask(browser, "caf orthez").headers
    assert "Set-Cookie" not in browser.get("/annuaire").headers


def test_what_was_understood_can_be_taken_back(browser: Browser) -> None:
    page = ask(browser, "caf orthez")
    chips = {title.replace("\N{NO-BREAK SPACE}", " ").strip(): link for link, title in CHIP.findall(page.raw)}
    assert "Orthez (64)" in chips, chips
    link = chips["Orthez (64)"].replace("&amp;", "&")
    query = dict(parse_qsl(urlsplit(link).query))
    assert "orthez" not in query.get("q", "")
    assert "caf" in query["q"]
    without = browser.get(link)
    assert "Orthez (64)" not in [title.strip() for _, title in CHIP.findall(without.raw)]


def test_a_filter_keeps_as_many_lieux_as_it_says(browser: Browser) -> None:
    page = ask(browser, "orthez")
    boxes = [(kind, value) for kind, value, _ in BOX.findall(page.raw)]
    counts = [int(count) for count in COUNT.findall(page.raw)]
    assert len(boxes) == len(counts) >= 3
    for (kind, value), count in zip(boxes[:6], counts[:6], strict=True):
        filtered = ask(browser, "orthez", **{kind: value})
        assert total(filtered) == count, (kind, value)
        assert (kind, value, " checked") in BOX.findall(filtered.raw)


def test_what_the_words_ask_has_a_chip_and_no_box(browser: Browser) -> None:
    page = ask(browser, "france services orthez")
    assert [title.strip() for _, title in CHIP.findall(page.raw)] == ["France Services", "Orthez (64)"]
    boxes = [value for _, value, _ in BOX.findall(page.raw)]
    assert boxes
    assert "france-services" not in boxes


def test_the_chip_of_a_filter_takes_the_filter_away(browser: Browser) -> None:
    page = ask(browser, "orthez", label="aidants-connect")
    links = [link.replace("&amp;", "&") for link, _ in CHIP.findall(page.raw)]
    assert address("orthez") in links


def test_pages_of_ten(browser: Browser) -> None:
    first = ask(browser, "pau")
    count = total(first)
    assert count > 10
    seen = names(first)
    assert len(seen) == 10
    second = ask(browser, "pau", page="2")
    assert NAME.findall(second.text)[0][0] == "11"
    assert not set(names(second)) & set(seen)
    assert 'rel="prev"' in second.raw
    last = ask(browser, "pau", page="999999999999999999999")
    pages = -(-count // 10)
    assert f"Page {pages} sur {pages}" in last.text
    assert len(names(last)) == count - 10 * (pages - 1)
    assert 'rel="next"' not in last.raw


def test_the_map_leads_to_the_list(browser: Browser) -> None:
    page = ask(browser, "orthez")
    assert "<svg" in page.raw
    marks = re.findall(r'<a class="repere[^"]*" href="#(lieu-\d+)" aria-label="([^"]+)"', page.raw)
    assert len(marks) >= 5
    ids = re.findall(r' id="(lieu-\d+)"', page.raw)
    assert {mark for mark, _ in marks} <= set(ids)
    assert "Carte dessinée ici, sans autre site" in page.text


def test_ids_of_elements_are_unique(browser: Browser) -> None:
    page = ask(browser, "caf orthez")
    ids = re.findall(r' id="([^"]+)"', page.raw)
    assert len(ids) > 20
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("said", ODD.values(), ids=list(ODD))
def test_odd_words_get_an_answer(browser: Browser, said: str) -> None:
    page = browser.get(f"/annuaire?q={quote(said, errors='surrogatepass')}")
    assert page.status == 200
    assert FOUND.search(page.text) or "Pour essayer" in page.text
    assert "<script>alert" not in page.raw
    assert "<img" not in page.raw
    assert len(page.raw) < 200_000, "what is asked is not copied again and again"


@pytest.mark.parametrize(
    "query",
    [
        "label=nimporte-quoi",
        "commune=99999&commune=64430&commune=abc",
        "moment=hier&q=caf",
        "inconnu=1&q=caf",
        "page=-1&q=caf",
        "page=%F0%9F%98%80&q=caf",
        "page=١٢&q=caf",
        "q=&label=",
        "&".join(f"label=x{n}" for n in range(1000)),
        "q=%ff%fe%00",
    ],
)
def test_odd_parameters_get_an_answer(browser: Browser, query: str) -> None:
    assert browser.get(f"/annuaire?{query}").status == 200


def test_a_filter_that_does_not_exist_is_said(browser: Browser) -> None:
    page = browser.get("/annuaire?q=orthez&label=nimporte-quoi")
    assert 'class="note non-compris"' in page.raw
    assert 'value="nimporte-quoi"' not in page.raw, "it is not kept"
    assert names(page)


def test_words_that_mean_nothing_are_said(browser: Browser) -> None:
    page = ask(browser, "caf orthez zzzqqqzzz")
    assert "« zzzqqqzzz »" in page.text


@pytest.mark.parametrize("said", ["a" * 10_000, "%*_?" * 2500, "😀" * 10_000, "zzzqqqzzz", "我需要帮助"])
def test_words_that_mean_nothing_find_nothing(browser: Browser, said: str) -> None:
    page = ask(browser, said)
    assert total(page) == 0
    assert 'class="note non-compris"' in page.raw


def test_too_many_look_ups_are_slowed_down(open_browser: Open) -> None:
    browser = open_browser(consultations_par_minute=3)
    statuses = [ask(browser, "caf").status for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    refused = ask(browser, "caf")
    assert refused.headers["Retry-After"] == "20"
    assert "Attendez 20 s" in refused.text
    assert 'href="/annuaire"' in refused.raw
    assert browser.get("/").status == 200, "the conversation goes on"


def test_without_the_base_a_page_says_so(open_browser: Open) -> None:
    from knowledge.base import BaseIndisponible

    def gone() -> object:
        raise BaseIndisponible("La base ne répond pas.")

    page = open_browser({"knowledge": gone}).get("/annuaire?q=caf")
    assert page.status == 503
    assert "Revenir à l'annuaire" in page.text


def test_outside_images_only_by_setting(open_browser: Open) -> None:
    model = "https://carte.exemple/{z}/{x}/{y}.png"
    browser = open_browser(tuiles=model, tuiles_credit="© Exemple")
    page = ask(browser, "orthez")
    assert "img-src 'self' https://carte.exemple;" in page.headers["Content-Security-Policy"]
    assert len(re.findall(r'<image href="https://carte\.exemple/\d+/\d+/\d+\.png"', page.raw)) >= 1
    assert "vient de carte.exemple" in page.text
    assert "© Exemple" in page.text
    assert "carte.exemple" in browser.get("/a-propos").text
    assert "img-src 'self';" in browser.get("/").headers["Content-Security-Policy"]
    plain = ask(open_browser(), "orthez")
    assert "img-src 'self';" in plain.headers["Content-Security-Policy"]
    assert "<image" not in plain.raw


def test_the_home_page_leads_to_the_look_up(browser: Browser) -> None:
    assert browser.get("/").raw.count('href="/annuaire"') == 2
    assert 'href="/annuaire"' in browser.get("/a-propos").raw


@pytest.mark.parametrize(
    ("text", "number"),
    [("", None), ("12", 12), ("007", 7), ("-1", None), ("1.5", None), ("١٢", None), ("²", None), ("9" * 5000, 10**6)],
)
def test_numbers_of_an_address(text: str, number: int | None) -> None:
    assert MAX_DIGITS == 6
    assert whole(text) == number


def test_an_address_is_read_as_it_was_written() -> None:
    asked = Asked("caf & co à Pau + 100 %", (("label", "aidants-connect"), ("commune", "64445")), 3)
    query = MultiDict(parse_qsl(urlsplit(address(asked.texte, asked.filtres, asked.page)).query))
    assert read_asked(query) == asked
    assert address(" ") == "/annuaire"
    assert read_asked(MultiDict()).empty
    assert {sorte.value for sorte in Sorte} & {"q", "page"} == set()


def test_the_limit_counts_by_address(open_browser: Open) -> None:
    browser = open_browser(consultations_par_minute=1)
    here, there = {"X-Forwarded-For": "198.51.100.1"}, {"X-Forwarded-For": "198.51.100.2"}
    statuses = [browser.get("/annuaire?q=caf", **one).status for one in (here, here, there)]
    assert statuses == [200, 429, 200]
