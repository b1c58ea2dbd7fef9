"""The language of a message: told by several words, never by one, and French stays French."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.language import LanguageFinder

FINDER = LanguageFinder()

FOREIGN = [
    ("en", "Hello, I need help with my CAF account, I live in Pau"),
    ("en", "lost my passport and wallet on the beach at Anglet"),
    ("en", "I don't understand"),
    ("es", "necesito ayuda para pedir el titulo de residencia en Pau"),
    ("es", "mi marido me pega y no sé a quién llamar"),
    ("es", "¿hay algún sitio con ordenadores gratis en Bayona?"),
    ("pt", "preciso de ajuda para a declaração de impostos, moro em Pau"),
    ("pt", "nao consigo entrar na minha conta da CAF"),
    ("eu", "laguntza behar dut nire osasun txartelarekin, Hazparnen bizi naiz"),
    ("eu", "ordenagailuarekin hasteko ikastaro bat badea inguruan"),
    ("ar", "أبحث عن سكن اجتماعي في بايون"),
    ("ar", "محتاج مساعدة CAF Pau"),
    ("ar", "bghit nkhdem la carte vitale dyali, makaynch les droits daba"),
]
FRENCH = [
    "je voudrais refaire ma carte Vitale, j'habite à Pau",
    "moi pas comprendre papier prefecture, vous aider moi svp",
    "g perdu mon mdp caf c urgent",
    "mon voisin anglais veut refaire son permis à Orthez",
    "que'm cau, disait ma mère, mais moi je parle français et je cherche un cours",
]
UNSURE = [
    "", "   ", "64000", "1", "?", "ok", "stop", "help", "no", "non", "CAF", "Pau", "Saint-Jean-de-Luz", "Irún",
    "Donibane Garazi", "Ustaritz", "kaixo", "hello", "mañana", "Txik Txak", "👍", "asdkjh", "Camara", "WhatsApp",
    "Family Link", "France Connect", "Google Play Store", "adishatz, que'm cau un acte de la mia mair",
]  # fmt: skip


@pytest.mark.parametrize(("language", "text"), FOREIGN)
def test_a_sentence_in_another_language(language: str, text: str) -> None:
    assert FINDER.find(text) == language
    assert FINDER.find(text.upper()) == language


@pytest.mark.parametrize("text", FRENCH)
def test_a_french_sentence(text: str) -> None:
    assert FINDER.find(text) == "fr"


@pytest.mark.parametrize("text", UNSURE)
def test_a_name_a_number_or_one_word_says_nothing(text: str) -> None:
    assert FINDER.find(text) is None


@given(st.text(max_size=200))
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert FINDER.find(text) in {None, "fr", *FINDER.codes}
