"""Receiving messages durably: one effect a message, in order, one conversation never over another."""

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.app import App
from bot.conversation.reception import Reception, Reply
from bot.messages import SMS, MessageIn
from bot.store.conversations import Store
from knowledge.base import BaseIndisponible
from knowledge.snapshot import Knowledge
from tests.conversation.conftest import NOW, Talk
from tests.databases import count_rows

PERSONS = 60
SCRIPTS: tuple[tuple[str, ...], ...] = (
    ("bonjour", "caf", "Orthez", "1", "autre lieu", "merci"),
    ("plus de droits caf je suis à mauléon c'est urgent", "autre lieu", "RETOUR", "AIDE", "MENU", "impôts"),
    ("impôts", "jsp", "RETOUR", "Pau", "2", "STOP"),
    ("carte grise", "saint jean", "1", "STOP", "STOP", "caf à Pau"),
    ("imprimer un papier à Pau", "EFFACER", "caf", "RETOUR", "Bayonne", "3"),
    ("😀", "?!…", "a", "b", "une personne", "CONTACT"),
)


@pytest.fixture
def reception(program: App, database: Engine) -> Reception:
    return Reception(program.conversation, Store(database))


def message(text: str, *, external_id: str | None = None, conversation: str = "anna") -> MessageIn:
    return MessageIn(channel=SMS, conversation=conversation, text=text, received_at=NOW, external_id=external_id)


def receive(reception: Reception, *messages: MessageIn) -> list[Reply]:
    """Receive messages one after the other."""

    async def one_by_one() -> list[Reply]:
        return [await reception.receive(each) for each in messages]

    return asyncio.run(one_by_one())


def test_a_conversation_that_cannot_be_read_begins_again(database: Engine, reception: Reception) -> None:
    (first,) = receive(reception, message("bonjour", external_id="m1"))
    with database.begin() as connection:
        connection.exec_driver_sql("UPDATE conversation SET tracker = '{}'")
    assert reception.current(SMS, "anna") == Reply(first.messages, {})
    assert receive(reception, message("bonjour", external_id="m1")) == [Reply(first.messages, {})]
    assert [reply.messages for reply in receive(reception, message("bonjour"))] == [first.messages]


def receive_at_once(*deliveries: tuple[Reception, MessageIn]) -> list[Reply]:
    async def together() -> list[Reply]:
        return await asyncio.gather(*(reception.receive(each) for reception, each in deliveries))

    return asyncio.run(together())


def play(program: App, script: Sequence[str]) -> list[str]:
    """Return the answers of a conversation played alone, in memory."""
    talk = Talk(program.conversation)
    return [talk.say(text) for text in script]


def said(reply: Reply) -> str:
    return "\n".join(answer.text for answer in reply.messages)


def test_a_message_delivered_twice_has_one_effect_and_the_same_answer(reception: Reception, database: Engine) -> None:
    receive(reception, message("caf", external_id="1"))
    first, again = receive(reception, *[message("Pau", external_id="2")] * 2)
    assert first == again
    assert said(first).startswith("Quelle aide voulez-vous ?")
    assert count_rows(database)["inbox"] == 2
    assert said(receive(reception, message("RETOUR"))[0]).startswith("D'accord, on revient à la question d'avant.")


def test_fifty_deliveries_at_once_have_one_effect(program: App, database: Engine) -> None:
    workers = [Reception(program.conversation, Store(database)) for _ in range(2)]
    pressed = message("caf à Pau", external_id="1")
    replies = receive_at_once(*[(workers[number % 2], pressed) for number in range(50)])
    assert len(replies) == 50
    assert all(reply == replies[0] for reply in replies)
    assert replies[0].messages
    assert count_rows(database) == {"conversation": 1, "inbox": 1, "outbox": len(replies[0].messages)}


def test_the_same_words_without_an_id_are_two_messages(reception: Reception, database: Engine) -> None:
    receive(reception, message("1"), message("1"))
    assert count_rows(database)["inbox"] == 2


def test_messages_of_one_person_are_answered_in_their_order(program: App, reception: Reception) -> None:
    script = SCRIPTS[0] * 2
    replies = receive_at_once(*[(reception, message(text, external_id=str(n))) for n, text in enumerate(script)])
    assert [said(reply) for reply in replies] == play(program, script)


def test_two_turns_played_at_once_follow_one_another(program: App, database: Engine) -> None:
    """Two processes have the same conversation in hand: the second plays its turn again over the first."""
    workers = [Reception(program.conversation, Store(database)) for _ in range(2)]
    orders = [play(program, ("caf", *order)) for order in (("Pau", "pas pressé"), ("pas pressé", "Pau"))]
    seen = set()
    for number in range(10):
        person = f"anna{number}"
        receive(workers[0], message("caf", conversation=person))
        replies = receive_at_once(
            (workers[0], message("Pau", conversation=person)), (workers[1], message("pas pressé", conversation=person))
        )
        slots = receive(workers[0], message("AIDE", conversation=person))[0].slots
        assert (slots["insee"], slots["urgency"]) == ("64445", "later")
        answers = [said(reply) for reply in replies]
        seen.add(tuple(answers))
        assert answers in (orders[0][1:], orders[1][:0:-1])
    assert seen


def test_sixty_conversations_at_once_equal_the_serial_run(program: App, reception: Reception) -> None:
    expected = {script: play(program, script) for script in SCRIPTS}
    shuffle = random.Random(7)

    async def converse(person: int) -> list[str]:
        answers = []
        for number, text in enumerate(SCRIPTS[person % len(SCRIPTS)]):
            for _ in range(shuffle.randrange(6)):
                await asyncio.sleep(0)
            one = message(text, external_id=f"{person}-{number}", conversation=f"person {person}")
            answers.append(said(await reception.receive(one)))
        return answers

    async def everybody() -> list[list[str]]:
        return await asyncio.gather(*map(converse, range(PERSONS)))

    played = asyncio.run(everybody())
    assert len(played) == PERSONS
    assert played == [expected[SCRIPTS[person % len(SCRIPTS)]] for person in range(PERSONS)]


def test_a_page_opened_again_shows_the_last_answers(reception: Reception) -> None:
    assert reception.current(SMS, "anna") == Reply((), {})
    (reply,) = receive(reception, message("bonjour"))
    assert reception.current(SMS, "anna") == reply


@pytest.mark.parametrize("by_word", [True, False])
def test_erasing_leaves_no_row_of_the_person(reception: Reception, database: Engine, by_word: bool) -> None:
    receive(reception, message("caf à Pau"), message("1"), message("caf", conversation="berthe"))
    others = {"conversation": 1, "inbox": 1, "outbox": 1}
    assert count_rows(database) == {"conversation": 2, "inbox": 3, "outbox": 2}
    if by_word:
        erased = receive(reception, *[message("EFFACER", external_id="e")] * 2)
        assert [said(reply) for reply in erased] == ["C'est effacé. Il ne reste rien de cette conversation."] * 2
    else:
        reception.forget(SMS, "anna", NOW)
    assert count_rows(database) == others
    assert reception.current(SMS, "anna") == Reply((), {})
    assert said(reception.current(SMS, "berthe"))


def test_a_base_that_breaks_in_a_turn_loses_nothing(program: App, database: Engine) -> None:
    reception = Reception(program.conversation, Store(database))
    receive(reception, message("caf", external_id="1"))
    before = reception.current(SMS, "anna")

    def break_down(*_: object) -> None:
        raise BaseIndisponible("La base ne répond plus.")

    event.listen(database, "commit", break_down)
    with pytest.raises(BaseIndisponible):
        receive(reception, message("Pau", external_id="2"))
    event.remove(database, "commit", break_down)
    assert reception.current(SMS, "anna") == before
    assert said(receive(reception, message("Pau", external_id="2"))[0]).startswith("Quelle aide voulez-vous ?")


class Fragile:
    """Knowledge that breaks when it is told to, as a fault in an action would."""

    def __init__(self, program: App) -> None:
        self._program = program
        self.broken = False

    def __call__(self) -> Knowledge:
        if self.broken:
            raise RuntimeError("caf à Pau")
        return self._program.knowledge()


def test_a_fault_in_an_action_is_an_apology_and_the_next_message_works(program: App, database: Engine) -> None:
    fragile = Fragile(program)
    broken: Any = App(program.settings, program.clock)
    broken.__dict__["knowledge"] = fragile
    reception = Reception(broken.conversation, Store(database))
    receive(reception, message("bonjour"))
    fragile.broken = True
    (apology,) = receive(reception, message("caf à Pau"))
    assert "Pardon, j'ai un problème." in said(apology)
    fragile.broken = False
    assert said(receive(reception, message("caf à Pau"))[0]).startswith("Quelle aide voulez-vous ?")
