"""The page of the advice, without JavaScript: what is asked in the address is answered below the form."""

import pytest

from bot.web.conseil import CHOICES, FIELDS
from knowledge.conseil import load_guide
from knowledge.echelle import VALUES
from tests.web.conftest import Browser, Open


def test_the_form_offers_every_value_of_the_scale(browser: Browser) -> None:
    page = browser.get("/conseil")
    assert page.status == 200
    for name, (_, answers) in CHOICES.items():
        assert list(answers) == list(VALUES[name]), name
        assert page.raw.count(f'type="radio" name="{name}"') == len(answers) + 1
    assert 'id="reponse"' not in page.raw


def test_a_situation_is_advised(browser: Browser) -> None:
    asked = "disponibilite=30_minutes&autonomy=none&urgency=today&habilitation=oui&need=caf&commune=mauleon"
    page = browser.get(f"/conseil?{asked}")
    assert "Maintenant : <strong>faire à la place</strong>" in page.raw.replace("\N{NO-BREAK SPACE}", " ")
    assert "Avec un mandat signé, faites-le pour elle." in page.text
    assert "Ne faites rien que le mandat ne nomme pas." in page.text
    assert "France services fictif de Mauléon" in page.text
    assert "son numéro d'allocataire" in page.text
    assert "https://aidantsconnect.beta.gouv.fr" in page.text
    assert page.raw.count(" checked>") == len(CHOICES)
    assert not list(browser.cookies), "nothing is kept"


def test_without_any_answer_there_is_one_all_the_same(browser: Browser) -> None:
    page = browser.get("/conseil?voir=1&commune=&need=")
    assert 'id="reponse"' in page.raw
    assert "Ne gardez aucun mot de passe" in page.text


@pytest.mark.parametrize("field", [name for name in FIELDS if name != "commune"])
def test_a_value_that_is_not_offered_is_refused_in_french(browser: Browser, field: str) -> None:
    page = browser.get(f"/conseil?{field}=n%27importe%20quoi")
    assert page.status == 400
    assert "nous ne connaissons pas" in page.text


@pytest.mark.parametrize(
    ("commune", "said"),
    [
        ("nulle-part-sur-mer", "nous ne trouvons pas cette commune"),
        ("saint-jean", "plusieurs communes sont possibles"),
        ("%F0%9F%98%80", "nous ne trouvons pas cette commune"),
        ("x" * 5000, "nous ne trouvons pas cette commune"),
        ("%3Cscript%3E", "nous ne trouvons pas cette commune"),
    ],
)
def test_a_commune_that_is_not_found_is_said_and_the_advice_given(browser: Browser, commune: str, said: str) -> None:
    page = browser.get(f"/conseil?disponibilite=aucune&commune={commune}")
    assert page.status == 200
    assert said in page.text
    assert "<script>" not in page.raw
    assert "Maintenant" in page.text


def test_who_insists_is_slowed_down(open_browser: Open) -> None:
    browser = open_browser(messages_par_minute=1)
    answered = [browser.get("/conseil?voir=1").status for _ in range(12)]
    assert 429 in answered
    assert browser.get("/conseil").status == 200, "the form itself costs nothing"


def test_the_charter_is_one_press_away(browser: Browser) -> None:
    assert 'href="/charte"' in browser.get("/conseil").raw
    page, charte = browser.get("/charte"), load_guide().charte
    assert all(phrase in page.text for phrase, _ in charte.phrases)
    assert charte.avis in page.text


def test_a_helper_reads_of_the_person(browser: Browser) -> None:
    page = browser.say("usager 72 ans, dossier réversion CARSAT, ne lit pas bien, Mauléon, avant mercredi")
    assert "L'aide qui convient à la personne : quelqu'un le fait avec elle" in page.text.replace("<strong>", "")
    assert "son relevé de carrière" in page.text
    assert "L'aide qui vous convient" not in page.text
    browser.say("menu")
    assert "L'aide qui vous convient" in browser.say("caf à Mauléon, urgent").text
