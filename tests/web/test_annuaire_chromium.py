"""The look-up in a real browser: as one types, by keyboard alone, without JavaScript, and under the eyes of axe."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from bot.app import App
from bot.web.application import create_web
from tests.web.chromium import DESK, PHONE, Opened, assert_accessible, launching, open_page, serving

pytestmark = pytest.mark.xdist_group("chromium")

ASKED = "caf orthez"
FAVOURITES, RECENT = "aiguilleur.annuaire.favoris", "aiguilleur.annuaire.recherches"
FOCUSED = "document.activeElement.id"


@pytest.fixture(scope="module")
def home(program: App) -> Iterator[str]:
    settings = program.settings.model_copy(update={"consultations_par_minute": 100_000})
    with serving(create_web(program.reception, program.knowledge, settings, program.clock)) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launching() as browser:
        yield browser


@pytest.fixture
def opened(chromium: Browser, home: str) -> Opened:
    found = open_page(chromium, home)
    found.page.goto(f"{home}annuaire")
    return found


def names(page: Page) -> list[str]:
    return page.locator(".lieux .vers").all_inner_texts()


def type_words(page: Page, words: str) -> None:
    """Type, letter by letter, and wait for what they find."""
    page.focus("#q")
    page.keyboard.type(words)
    wait_for(page, words)


def wait_for(page: Page, words: str) -> None:
    page.wait_for_function(
        "words => new URLSearchParams(location.search).get('q') === words && !('cherche' in document.body.dataset)",
        arg=words,
    )


def stored(page: Page, key: str) -> str:
    return str(page.evaluate("key => localStorage.getItem(key) ?? ''", key))


def test_with_and_without_javascript_the_same_is_found(chromium: Browser, home: str, opened: Opened) -> None:
    plain = open_page(chromium, home, script=False)
    plain.page.goto(f"{home}annuaire")
    plain.page.fill("#q", ASKED)
    plain.page.click("#recherche button")
    type_words(opened.page, ASKED)
    assert names(opened.page) == names(plain.page)
    assert len(names(plain.page)) >= 3
    assert opened.page.url == plain.page.url
    assert opened.page.title() == plain.page.title()
    plain.page.locator('input[type="checkbox"]').first.check()
    plain.page.click("text=Appliquer les filtres")
    box = opened.page.locator('input[type="checkbox"]').first
    box.check()
    opened.page.wait_for_function("url => location.href === url", arg=plain.page.url)
    assert names(opened.page) == names(plain.page)
    assert opened.faults == plain.faults == []
    assert not plain.page.locator("#memoire, .favori, .clavier").locator("visible=true").count()


def test_typing_searches_and_says_how_many(opened: Opened) -> None:
    type_words(opened.page, ASKED)
    count = opened.page.inner_text("#titre-lieux")
    assert opened.page.inner_text("#annonce") == count
    assert "trouvé" in count
    assert opened.page.evaluate(FOCUSED) == "q", "who types goes on typing"
    assert opened.page.input_value("#q") == ASKED
    assert len([url for url in opened.requests if "/annuaire?" in url]) < len(ASKED), "not at each letter"
    assert opened.faults == []


def test_by_keyboard_alone(opened: Opened) -> None:
    page = opened.page
    type_words(page, ASKED)
    first, second = (f"lieu-{number}" for number in (1, 2))
    for key, focused in (("ArrowDown", first), ("ArrowDown", second), ("ArrowUp", first), ("ArrowUp", "q")):
        page.keyboard.press(key)
        assert page.evaluate(FOCUSED) == focused, key
    page.keyboard.press("ArrowDown")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED) == "q"
    assert page.evaluate("getSelection().toString()") == ASKED, "typing replaces it"
    page.keyboard.press("ArrowDown")
    href = page.evaluate("document.activeElement.getAttribute('href')")
    with page.expect_request(lambda sent: sent.url.endswith(href)):
        page.keyboard.press("Enter")


def test_a_chip_takes_words_away_and_gives_the_field_back(opened: Opened) -> None:
    page = opened.page
    type_words(page, ASKED)
    page.locator(".jeton", has_text="Orthez").click()
    wait_for(page, "caf")
    assert page.input_value("#q") == "caf"
    assert page.evaluate(FOCUSED) == "q"
    assert not page.locator(".jeton", has_text="Orthez").count()


def test_a_box_keeps_the_focus(opened: Opened) -> None:
    page = opened.page
    type_words(page, "orthez")
    box = page.locator('input[type="checkbox"]').first
    name = str(box.get_attribute("id"))
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_function("name => location.search.includes(name)", arg=name.split("-")[0] + "=")
    page.wait_for_selector("body:not([data-cherche])")
    assert page.evaluate(FOCUSED) == name
    assert page.is_checked(f"#{name}")


def test_pages_follow_one_another(opened: Opened) -> None:
    page = opened.page
    type_words(page, "pau")
    before = names(page)
    page.click("text=Page d'après")
    page.wait_for_function("() => location.search.includes('page=2') && !('cherche' in document.body.dataset)")
    assert not set(names(page)) & set(before)
    assert page.evaluate(FOCUSED) == "titre-lieux"


def test_favourites_and_last_look_ups_stay_in_the_browser(opened: Opened, home: str) -> None:
    page = opened.page
    assert not page.locator("#memoire").is_visible()
    type_words(page, ASKED)
    assert not stored(page, RECENT), "words under way are not kept"
    page.keyboard.press("Enter")
    page.wait_for_function("key => localStorage.getItem(key)", arg=RECENT)
    assert stored(page, RECENT) == f'["{ASKED}"]'
    star = page.locator(".favori").first
    kept = str(star.get_attribute("data-id"))
    star.click()
    assert star.get_attribute("aria-pressed") == "true"
    assert kept in stored(page, FAVOURITES)
    before = len(opened.requests)
    page.goto(f"{home}annuaire")
    assert page.locator("#favoris li").count() == page.locator("#recentes li").count() == 1
    assert page.locator("#favoris a").first.get_attribute("href") == f"/lieu/{kept}/fiche"
    assert not [sent for sent in opened.requests[before:] if kept in sent or "orthez" in sent], "never sent"
    page.click("#recentes a")
    wait_for(page, ASKED)
    assert page.locator(".favori").first.get_attribute("aria-pressed") == "true"
    page.click("#oublier")
    assert not page.locator("#memoire").is_visible()
    assert not stored(page, FAVOURITES)
    assert not stored(page, RECENT)
    assert page.locator(".favori").first.get_attribute("aria-pressed") == "false"
    assert not page.context.cookies()
    assert opened.faults == []


def test_what_is_kept_is_text_never_markup(opened: Opened, home: str) -> None:
    page = opened.page
    page.evaluate(
        "([f, r]) => { localStorage.setItem(f, JSON.stringify([{id: '../x', nom: '<img src=x>', commune: 'a',"
        " telephone: '1'}])); localStorage.setItem(r, 'not json'); }",
        [FAVOURITES, RECENT],
    )
    page.goto(f"{home}annuaire")
    assert page.inner_text("#favoris li a") == "<img src=x>, a"
    assert page.locator("#favoris a").first.get_attribute("href") == "/lieu/..%2Fx/fiche"
    assert not page.query_selector("img")
    assert opened.faults == []


def test_without_a_connection_what_was_found_stays(opened: Opened) -> None:
    page = opened.page
    type_words(page, ASKED)
    found = names(page)
    page.context.set_offline(True)
    page.keyboard.type(" jeudi")
    page.wait_for_selector("#alerte .erreur")
    assert "La connexion est coupée" in page.inner_text("#alerte")
    assert names(page) == found
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    wait_for(page, f"{ASKED} jeudi")
    assert not page.inner_text("#alerte")


def test_the_map_leads_to_the_list(opened: Opened) -> None:
    page = opened.page
    type_words(page, ASKED)
    mark = page.locator("a.repere").nth(1)
    target = str(mark.get_attribute("href"))
    mark.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("target => location.hash === target", arg=target)
    assert page.evaluate("document.querySelector(':target').getBoundingClientRect().top") >= 0
    assert opened.faults == []


def test_printed_it_is_a_list_of_lieux(opened: Opened) -> None:
    page = opened.page
    type_words(page, ASKED)
    page.emulate_media(media="print")
    for hidden in ("#recherche", ".filtres", ".favori", ".menu", ".pied", ".ailleurs"):
        assert page.locator(hidden).count()
        assert not page.locator(hidden).first.is_visible(), hidden
    for shown in (".lieu h3", ".lieu .horaires", ".lieu .appel", ".jeton", ".plan svg", ".demonstration"):
        assert page.locator(shown).first.is_visible(), shown


def screens(page: Page, home: str) -> Iterator[str]:
    """Go through each state of the page; the name of the one on the screen."""
    page.goto(f"{home}annuaire")
    yield "vide"
    type_words(page, "caf orthez xyzxyz")
    yield "trouve"
    page.keyboard.press("Enter")
    page.locator(".favori").first.click()
    yield "favori"
    page.goto(f"{home}annuaire?q=pau&page=2")
    yield "page-2"
    page.goto(f"{home}annuaire?q=zzzqqqzzz&label=nimporte-quoi")
    yield "rien"
    page.goto(f"{home}annuaire?q={'caf%20orthez%20' * 400}")
    yield "long"
    page.goto(f"{home}annuaire")
    yield "memoire"


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone-dark", "desk-light"])
def test_axe_finds_nothing(chromium: Browser, home: str, size: tuple[int, int], scheme: str) -> None:
    opened = open_page(chromium, home, size=size, scheme=scheme)
    names = (f"annuaire-{name}-{size[0]}-{scheme}" for name in screens(opened.page, home))
    assert assert_accessible(opened.page, names) == 7
    assert opened.faults == []
