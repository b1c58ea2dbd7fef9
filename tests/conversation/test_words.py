"""Words that may be written alone at any time, as people write them."""

from importlib.resources import files

import pytest
from ruamel.yaml import YAML

from bot.conversation.keywords import Keywords

WORDS: dict[str, str | None] = {
    "STOP": "stop", "stop": "stop", "Stop.": "stop", "STOP !!": "stop", "stopp": "stop", "sotp": "stop",
    "ARRÊT": "stop", "arret": "stop", "Arrêter": "stop", "arreter": "stop", "desabonner": "stop",
    "AIDE": "aide", "aide ?": "aide", "Aidde": "aide", "?": "aide", "HELP": "aide", "comment ca marche ?": "aide",
    "MENU": "menu", "menue": "menu", "0": "menu", "Recommencer": "menu", "recomencer": "menu",
    "RETOUR": "retour", "retou": "retour", "retuor": "retour", "annuler": "retour", "precedent": "retour",
    "CONTACT": "contact", "contacte": "contact", "Qui êtes-vous ?": "contact", "qui etes vous": "contact",
    "EFFACER": "effacer", "effacer.": "effacer", "efacer": "effacer", "EFFACÉ": "effacer", "efface": "effacer",
    "autre lieu": "suite", "Un autre": "suite", "suivant": "suite",
    "jsp": "passer", "Je ne sais pas.": "passer", "ça m'est égal": "passer",
    "Bonjour": "bonjour", "bonjour !": "bonjour", "bonjou": "bonjour", "slt": "bonjour", "Egun on": "bonjour",
    "merci": "merci", "Mercii": "merci", "au revoir": "au_revoir", "Merci beaucoup madame": "merci", "stop svp": "stop",
    "une personne": "humain", "Parler à quelqu'un": "humain",
    "sto": None, "stoppez tout": None, "arrêtez la télé": None, "aide caf": None, "aide moi pour la caf": None,
    "effacer un virus": None, "le retour à la maison": None, "menuiserie": None, "contact avec la CAF": None,
    "1": None, "Pau": None, "": None, "   ": None, "😀": None, "caf": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def keywords() -> Keywords:
    return Keywords(YAML(typ="safe").load(files("flows").joinpath("mots.yml").read_text(encoding="utf-8"))["mots"])


def test_there_are_enough_words() -> None:
    assert len(WORDS) > 60


@pytest.mark.parametrize("text", WORDS)
def test_a_word_is_read(keywords: Keywords, text: str) -> None:
    assert keywords.intent(text) == WORDS[text]


@pytest.mark.parametrize("ending", [" ", "\t", "\n", ".", " !", "…", "\N{NO-BREAK SPACE}!", "\N{ZERO WIDTH SPACE}"])
@pytest.mark.parametrize("word", ["STOP", "effacer", "Arrêt"])
def test_what_surrounds_a_word_does_not_matter(keywords: Keywords, word: str, ending: str) -> None:
    assert keywords.intent(f" {word}{ending}") == keywords.intent(word)
