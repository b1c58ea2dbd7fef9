"""What people type for a numbered choice, as a table."""

import pytest

from bot.engine import Button, Tracker, match_choice

BESOINS = ("La CAF", "Les impôts", "Carte d'identité, passeport", "Un atelier", "Œuvres d'art")
COMMUNES = ("Saint-Jean-de-Luz (64)", "Saint-Jean-le-Vieux (64)", "Saint-Jean-Pied-de-Port (64)")
OUI_NON = ("Oui", "Non, merci")

CASES: list[tuple[tuple[str, ...], str, int | None]] = [
    (BESOINS, "1", 1),
    (BESOINS, " 2. ", 2),
    (BESOINS, "3)", 3),
    (BESOINS, "1️⃣", 1),
    (BESOINS, "n°4", 4),
    (BESOINS, "le 2", 2),
    (BESOINS, "choix 2", 2),
    (BESOINS, "réponse 2 svp", 2),
    (BESOINS, "je veux le 3", 3),
    (BESOINS, "un", 1),
    (BESOINS, "Deux", 2),
    (BESOINS, "le premier", 1),
    (BESOINS, "la première", 1),
    (BESOINS, "la 2ème", 2),
    (BESOINS, "le 1er", 1),
    (BESOINS, "seconde", 2),
    (BESOINS, "le dernier", 5),
    (BESOINS, "6", None),
    (BESOINS, "0", None),
    (BESOINS, "64400", None),
    (BESOINS, "1 2", None),
    (BESOINS, "deux enfants", None),
    (BESOINS, "la caf", 1),
    (BESOINS, "caf", None),
    (BESOINS, "les impots", 2),
    (BESOINS, "les inpots", 2),
    (BESOINS, "LES IMPÔTS !", 2),
    (BESOINS, "carte d’identité passeport", 3),
    (BESOINS, "carte identite paseport", 3),
    (BESOINS, "un atelier", 4),
    (BESOINS, "oeuvres d'art", 5),
    (BESOINS, "je veux un atelier pour ma mère", None),
    (BESOINS, "", None),
    (BESOINS, "🙂", None),
    (BESOINS, "n", None),
    (COMMUNES, "saint jean de luz (64)", 1),
    (COMMUNES, "saint jean", None),
    (COMMUNES, "2", 2),
    (COMMUNES, "saint jean le vieux (6", 2),
    (("Saint-Jean (64)", "Saint-Jean (40)"), "saint jean 60", None),
    (("Cafe", "Gare"), "caf", None),
    (("Cafe", "Gare"), "le cafe", None),
    (("Cafe", "Gare"), "cafee", 1),
    (OUI_NON, "oui", 1),
    (OUI_NON, "ouais", 1),
    (OUI_NON, "ok", 1),
    (OUI_NON, "d'accord", 1),
    (OUI_NON, "non", 2),
    (OUI_NON, "nan", 2),
    (OUI_NON, "non merci", 2),
    (OUI_NON, "bof", None),
    ((), "1", None),
]


@pytest.mark.parametrize(("titles", "text", "expected"), CASES)
def test_match_choice(titles: tuple[str, ...], text: str, expected: int | None) -> None:
    choices = tuple(Button(title, f"/choix_{index}") for index, title in enumerate(titles, start=1))
    tracker = Tracker(conversation="anna", channel="sms", choices=choices)
    assert match_choice(tracker, text) == (f"/choix_{expected}" if expected else None)
