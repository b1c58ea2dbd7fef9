"""A contact looked up by SMS, end to end: a telephone, its gateway over real HTTP, the program as it is served."""

from collections.abc import Iterator
from itertools import count

import pytest

from bot.channels.sms.text import segments
from tests.delivery.phones import KEY, PASSWORD, USER, Phones
from tests.delivery.program import Program
from tests.sms.kannel_server import wait_until

pytestmark = pytest.mark.xdist_group("telegram")

ANNA = "+33639980001"
FOUND = "France services fictif de Mauléon, 1 rue de l'Exemple, Mauléon-Licharre, 05 36 49 00 01. Le 23/11 : ouvert"


@pytest.fixture(scope="module")
def phones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phones]:
    with Phones().open() as phones:
        account = {"utilisateur": USER, "mot_de_passe": PASSWORD, "signature": KEY, "url": phones.url}
        settings = {f"android_{name}": value for name, value in account.items()}
        with Program(tmp_path_factory.mktemp("sms"), **settings).serving() as program:
            phones.hook, phones.clock = program.hook("android"), program.now
            yield phones


numbers = count(1)


def say(phones: Phones, text: str) -> str:
    """Send an SMS; return the answer, which is a single one."""
    before = len(phones.received[ANNA])
    phones.send([(f"sms-{next(numbers)}", ANNA, text)])
    wait_until(lambda: len(phones.received[ANNA]) > before, f"{text} was not answered")
    (answer,) = phones.received[ANNA][before:]
    assert segments(answer) <= 2
    return answer


def test_a_contact_is_looked_up_in_the_middle_of_a_conversation(phones: Phones) -> None:
    assert "Quelle est votre commune ?" in say(phones, "caf")
    found = say(phones, "CONTACT CAF MAULEON")
    assert found.startswith(FOUND)
    assert found.endswith("Démo, lieu inventé.\n1 Lieu suivant\n2 Ma demande")
    following = say(phones, "1")
    assert following.startswith("Aide numérique à domicile fictive de Soule")
    assert say(phones, "Suite") != following
    assert say(phones, "2") == "Quelle est votre commune ? Répondez par son nom ou son code postal."
    assert say(phones, "Orthez").startswith("Quelle aide voulez-vous ?")


def test_a_number_is_looked_up_backwards(phones: Phones) -> None:
    assert say(phones, "c'est qui le 05 36 49 00 01 ?").startswith(FOUND)


def test_a_query_that_is_far_too_long_is_answered_and_says_so(phones: Phones) -> None:
    answer = say(phones, "contact " + "caf mauleon " * 900)
    assert answer.startswith(FOUND)
    assert "Recherche trop longue" in answer
