"""Numbers, dates and texts as the page writes them."""

import pytest

from bot.printing.typography import french
from bot.web.rendering import Templates, appel, capital, jour, km, moment, tel
from knowledge.lignes import load_lignes
from knowledge.telephones import telephone

NBSP = "\N{NO-BREAK SPACE}"
LIGNES = load_lignes().lignes
TEMPLATES = Templates(LIGNES.values())


def lines(text: str) -> str:
    """Return a text as the filter of the templates writes it."""
    return str(TEMPLATES._environment.filters["lines"](text)).replace(NBSP, "~")


@pytest.mark.parametrize(
    ("number", "shown", "href"),
    [
        ("+33559287887", "05 59 28 78 87", "tel:+33559287887"),
        ("+33639980001", "06 39 98 00 01", "tel:+33639980001"),
        ("+33805805817", "0 805 805 817", "tel:+33805805817"),
        ("+34943000000", "+34 943 00 00 00", "tel:+34943000000"),
        ("39 39", "39 39", "tel:3939"),
        ("115", "115", "tel:115"),
        ("+", "+", "tel:+"),
    ],
)
def test_phone_numbers(number: str, shown: str, href: str) -> None:
    assert telephone(number) == shown
    assert tel(number) == href


def test_the_114_is_written_to() -> None:
    assert appel(LIGNES["urgence-sms"]) == "sms:114"
    assert appel(LIGNES["samu"]) == "tel:15"


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-11-24T14:00:00+01:00", "2026-11-24T16:30:00+01:00", "mardi 24 novembre, de 14 h à 16 h 30"),
        ("2026-12-01T09:05:00+01:00", None, "mardi 1er décembre, à 9 h 05"),
        ("2026-12-01T22:00:00+01:00", "2026-12-02T01:00:00+01:00", "mardi 1er décembre, à 22 h"),
    ],
)
def test_moments(start: str, end: str | None, said: str) -> None:
    assert moment(start, end) == said


def test_days_distances_and_capitals() -> None:
    assert (jour("2024-04-02"), jour("2026-11-01")) == ("2 avril 2024", "1er novembre 2026")
    assert (km(0.4), km(3.4)) == ("à moins de 1 km", "à 3 km")
    assert (capital("été"), capital("")) == ("Été", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Appelez le 05 59 28 78 87.", 'Appelez le <a href="tel:0559287887">05~59~28~78~87</a>.'),
        ("Allô Service Public : 39 39.", 'Allô Service Public~: <a href="tel:3939">39~39</a>.'),
        ("le 3919 ou le 15 décembre", 'le <a href="tel:3919">3919</a> ou le 15 décembre'),
        ("Info : 0 805 805 817", 'Info~: <a href="tel:0805805817">0~805~805~817</a>'),
        ("Ligne 139390, dossier 3939391", "Ligne 139390, dossier 3939391"),
        (
            "Voir https://www.caf.fr/a?b=1&c=2.",
            'Voir <a href="https://www.caf.fr/a?b=1&amp;c=2" rel="noopener noreferrer">https://www.caf.fr/a?b=1&amp;c=2</a>.',
        ),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("<b>\nla suite", "&lt;b&gt;<br>la suite"),
    ],
)
def test_what_can_be_pressed(text: str, expected: str) -> None:
    assert lines(text) == expected


def test_no_line_begins_with_a_mark() -> None:
    assert french("de 14 h à 16 h 30, à 3 km").replace(NBSP, "~") == "de 14~h à 16~h~30, à 3~km"
    assert french("« Oui » ? Non : si !").replace(NBSP, "~") == "«~Oui~»~? Non~: si~!"


def test_a_missing_value_is_a_fault() -> None:
    with pytest.raises(Exception, match="undefined"):
        TEMPLATES.render("a-propos.html", {"demonstration": False})


def test_texts_are_escaped_by_default() -> None:
    given = {"demonstration": False, "contact": "<b>", "visitor_hours": 1, "words_minutes": 1, "serveur": ""}
    page = TEMPLATES.render("a-propos.html", given)
    assert "<b>" not in page
