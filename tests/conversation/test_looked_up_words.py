"""Words that look a contact up, as helpers in a hurry write them, and those that only look like them."""

import pytest

from bot.conversation.keywords import Keywords, load_keywords
from bot.settings import PACKAGE_FLOWS

LOOKED_UP: dict[str, str] = {
    "CONTACT CAF MAULEON": "CAF MAULEON",
    "contact caf pau": "caf pau",
    "Contact : CAF, Pau.": "CAF, Pau",
    "contacts msa": "msa",
    "contct caf pau": "caf pau",
    "contat caf pau": "caf pau",
    "kontact caf": "caf",
    "cóntact café": "café",
    "annuaire médiathèque orthez": "médiathèque orthez",
    "anuaire médiathèque": "médiathèque",
    "donnez-moi le contact de la CAF": "de la CAF",
    "contact 05 59 12 34 56": "05 59 12 34 56",
    "contact +33559123456": "+33559123456",
    "contact conseiller numérique pau": "conseiller numérique pau",
    "contact aide aux impôts pau": "aide aux impôts pau",
    "c'est qui le 0559123456": "0559123456",
    "C’est qui le 05.59.12.34.56 ?": "05.59.12.34.56",
    "c qui le 0559123456": "0559123456",
    "à qui est ce numéro : 0559123456": "0559123456",
    "qui est au 0559 12 34 56": "0559 12 34 56",
}

NOT_LOOKED_UP = (
    "contact", "CONTACT ?", "contact svp", "contact merci beaucoup", "contact contact", "c o n t a c t", "contacte",
    "contact stop", "contact menu", "contact : aide", "contact avec la CAF", "contact perdu avec ma conseillère",
    "contacter la caf", "contactez moi", "contacte moi vite", "contrat de travail", "constat amiable", "compact",
    "c'est qui", "c'est qui le maire", "c'est qui le 15", "qui êtes-vous", "qui est au guichet", "annuaire",
    "je veux un contact caf", "caf pau", "0559123456", "contact 😀", "", "   ", "😀",
)  # fmt: skip


@pytest.fixture(scope="module")
def keywords() -> Keywords:
    return load_keywords(PACKAGE_FLOWS)


def test_there_are_enough_cases() -> None:
    assert len(LOOKED_UP) >= 18
    assert len(NOT_LOOKED_UP) >= 28


@pytest.mark.parametrize(("text", "query"), LOOKED_UP.items())
def test_what_is_looked_up(keywords: Keywords, text: str, query: str) -> None:
    assert keywords.looked_up(text) == query
    assert keywords.intent(text) is None


@pytest.mark.parametrize("text", NOT_LOOKED_UP)
def test_what_is_not(keywords: Keywords, text: str) -> None:
    assert keywords.looked_up(text) is None


def test_any_length_is_read(keywords: Keywords) -> None:
    assert keywords.looked_up("contact " + "caf " * 3000) == ("caf " * 3000).strip()
    assert keywords.looked_up("a " * 5000) is None
