"""The whole program in front of the stand-in of Telegram, asked and called: what people say and what they are told."""

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import Future
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError

from bot.channels.telegram.rendering import render
from bot.channels.telegram.updates import read_update
from bot.engine.tracker import Tracker
from bot.messages import TELEGRAM, Delivery, MessageIn
from tests.delivery.program import Program
from tests.delivery.served import START
from tests.postgres import new_database
from tests.sms.kannel_server import wait_until
from tests.telegram.bot_api import BOT, TOKEN, BotApi, Fault, shown
from tests.telegram.conftest import inline, pressed, said
from tests.test_conversations import CONTACT, conversation_at

pytestmark = pytest.mark.xdist_group("telegram")

POLLED, CALLED = "scrutation", "appel"
QUIET_S = 1.5
"""How long nothing must come, to be believed."""

RETRY_S = 0.05
STEPS = {
    POLLED: ("poll.fetched", "poll.committed", "turn.written", "outbox.settled"),
    CALLED: ("request.read", "inbox.committed", "turn.committed", "outbox.settled"),
}
"""Where the program dies, one life after the other, while one message passes."""

Update = dict[str, Any]

numbers = count(100)


class Telegram:
    """The stand-in, in a thread of its own."""

    def __init__(self, mode: str) -> None:
        self.mode = mode
        self.api = BotApi()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.run(self.api.__aenter__())

    def close(self) -> None:
        self.run(self.api.__aexit__())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._begin(work).result()

    def tell(self, *updates: Update) -> "Future[None]":
        """Let updates come, each until the program has confirmed it."""
        return self._begin(self._tell(updates))

    def sent(self, chat: int) -> list[str]:
        """Return the texts that a chat was sent, as HTML."""
        return [call.values["text"] for call in self.api.named("sendMessage") if int(call.values["chat_id"]) == chat]

    def buttons(self, chat: int) -> list[str]:
        """Return what the buttons under the last message of a chat hold."""
        last = [call for call in self.api.named("sendMessage") if int(call.values["chat_id"]) == chat][-1]
        return [button["callback_data"] for row in last.values["reply_markup"]["inline_keyboard"] for button in row]

    def _begin(self, work: Coroutine[Any, Any, Any]) -> "Future[Any]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _tell(self, updates: tuple[Update, ...]) -> None:
        if self.mode == POLLED:
            self.api.push(*updates)
            return
        for update in updates:
            while not await self._delivered(update):  # noqa: ASYNC110
                await asyncio.sleep(RETRY_S)

    async def _delivered(self, update: Update) -> bool:
        try:
            return bool(self.api.webhook) and await self.api.deliver(update) == 200
        except (ClientError, OSError):
            return False


class Person:
    """Somebody in a chat of their own, beside whom the conversation is played without a network."""

    def __init__(self, telegram: Telegram) -> None:
        self.chat = next(numbers)
        self.telegram = telegram
        self._tracker: Tracker | None = None
        self._expected: list[str] = []
        self._ahead: int | None = None
        """How many turns the program's conversation is ahead of ours: it began at another instant."""

    def update(self, text: str = "", **values: Any) -> Update:
        """Return a message of this person."""
        return said(next(numbers), text, chat={"id": self.chat, "type": "private"}, **values)

    def press(self, data: str) -> Update:
        """Return the press of a button."""
        update = pressed(next(numbers), data)
        update["callback_query"]["message"]["chat"]["id"] = self.chat
        return update

    def expect(self, update: Update) -> None:
        """Play an update in this process."""
        inbound = read_update(update, str(BOT["username"])).message
        assert inbound
        message = MessageIn(
            channel=TELEGRAM,
            conversation="",
            text=inbound.text,
            received_at=START,
            pressed=inbound.pressed and self._as_here(inbound.pressed),
            media=inbound.media,
            latitude=inbound.latitude,
            longitude=inbound.longitude,
        )
        outcome = asyncio.run(conversation_at(START).turn(self._tracker, message))
        self._tracker = outcome.tracker
        self._expected += [render(message).text for message in outcome.messages]

    def _as_here(self, pressed: str) -> str:
        """Return a button of the program as it is called in our conversation; the first one pressed is fresh."""
        turn, _, key = pressed.partition(":")
        if self._ahead is None:
            assert self._tracker
            self._ahead = int(turn) - self._tracker.turn
        return f"{int(turn) - self._ahead}:{key}"

    def say(self, update: Update) -> None:
        """Send an update, and wait for the answers that it must have."""
        self.expect(update)
        self.telegram.tell(update)
        self.check()

    def check(self) -> None:
        """See that the chat gets what it must, word for word."""
        wait_until(lambda: len(self.telegram.sent(self.chat)) >= len(self._expected), "an answer did not come")
        assert self.telegram.sent(self.chat) == self._expected


@pytest.fixture(scope="module", params=[POLLED, CALLED])
def telegram(request: pytest.FixtureRequest) -> Iterator[Telegram]:
    started = Telegram(request.param)
    yield started
    started.close()


@pytest.fixture(scope="module")
def program(telegram: Telegram, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    account = {"telegram_jeton": TOKEN, "telegram_serveur": telegram.api.base_url, "telegram_mode": telegram.mode}
    with Program(tmp_path_factory.mktemp("telegram"), contact=CONTACT, **account).serving() as served:
        yield served


@pytest.fixture
def person(telegram: Telegram, program: Program) -> Person:
    return Person(telegram)


def test_a_conversation(telegram: Telegram, person: Person) -> None:
    """Texts, a position, a button, the same one once it is old, a photo, a farewell, a return."""
    person.say(person.update("/start"))
    person.say(person.update("j'ai plus mes droits caf <&>"))
    person.say(person.update(location={"latitude": 43.2245, "longitude": -0.8868}, text=""))
    old = telegram.buttons(person.chat)[0]
    person.say(person.press(old))
    person.say(person.press(old))
    person.say(person.update(photo=[{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}], text=""))
    person.say(person.update("stop"))
    person.say(person.update("/start"))
    presses = [call.values["callback_query_id"] for call in telegram.api.named("answerCallbackQuery")]
    assert len(set(presses)) == 2


def test_who_blocks_the_bot_is_sent_nothing_until_they_come_back(
    telegram: Telegram, program: Program, person: Person
) -> None:
    person.say(person.update("/start"))
    before = program.states()  # of the persons who came earlier
    telegram.api.fail("sendMessage", Fault(403, "Forbidden: bot was blocked by the user"))
    program.push(TELEGRAM, "telegram", [(str(person.chat), text) for text in ("Rappel", "Rappel du rappel")])
    ended = {Delivery.PERMANENT_FAILURE: 1, Delivery.CANCELLED: 1}
    wait_until(
        lambda: all(program.states()[state] - before[state] == count for state, count in ended.items()),
        "the second one waits",
    )
    person.say(person.update("/start"))


def test_telegram_asks_to_wait(telegram: Telegram, person: Person) -> None:
    telegram.api.fail("sendMessage", Fault(429, "Too Many Requests: retry after 2", {"retry_after": 2}))
    begun = time.monotonic()
    person.say(person.update("bonjour"))
    assert time.monotonic() - begun >= 2


def test_updates_come_twice_and_not_in_their_order(telegram: Telegram, person: Person) -> None:
    early, late = person.update("caf"), person.update("à pau")
    for update in (late, early):
        person.expect(update)
    telegram.tell(late, early, late, early)
    person.check()
    time.sleep(QUIET_S)
    person.check()


def test_a_group_is_told_once_that_the_bot_does_not_talk_there(telegram: Telegram, program: Program) -> None:
    number = -next(numbers)
    chat = {"id": number, "type": "group", "title": "G"}
    statuses = [{"status": status, "user": BOT} for status in ("left", "member")]
    change = {"chat": chat, "date": 1795424400, "from": {"id": 8, "is_bot": False, "first_name": "Léo"}}
    added = {"my_chat_member": change | dict(zip(("old_chat_member", "new_chat_member"), statuses, strict=True))}
    telegram.tell({"update_id": next(numbers), **added}, said(next(numbers), "salut à tous", chat=chat))
    time.sleep(QUIET_S)
    assert len(telegram.sent(number)) == 1


def test_a_query_in_another_chat_is_answered_and_kept_nowhere(telegram: Telegram, program: Program) -> None:
    """Cards that read well alone, the next ones, help for who asks nothing, and whatever else is typed."""
    queries = {
        "cards": inline(next(numbers), "caf mauleon"),
        "next": inline(next(numbers), "caf mauleon", offset="2"),
        "help": inline(next(numbers), ""),
        "nothing": inline(next(numbers), "zgluborf krapouet"),
        "long": inline(next(numbers), "\U0001f600 caf" * 2000),
    }
    before = program.received()
    answers = {name: asked_of(telegram, update) for name, update in queries.items()}
    first, *_ = cards = answers["cards"]["results"]
    text = shown(first["input_message_content"]["message_text"])
    assert 2 <= len(cards) <= 10
    assert len({one["id"] for one in cards}) == len(cards)
    assert text.startswith("France services fictif de Mauléon\n1 rue de l'Exemple")
    assert "Téléphone : 05 36 49 00 01" in text
    assert "Le lundi 23 novembre : ouvert maintenant, jusqu'à 12 h 30" in text
    assert text.endswith("Lieu inventé, pour la démonstration")
    assert answers["cards"]["is_personal"] is False
    assert [one["id"] for one in answers["next"]["results"]] == [one["id"] for one in cards[2:]]
    assert [one["title"] for one in answers["help"]["results"]] == ["Trouver un contact"]
    assert answers["nothing"]["results"] == []
    assert answers["nothing"]["button"]["text"].startswith("Aucun lieu trouvé")
    assert answers["long"]["results"]
    assert program.received() == before
    assert "zgluborf" not in program.said()


def asked_of(telegram: Telegram, update: Update) -> dict[str, Any]:
    """Send an inline query and return its answer."""
    number = update["inline_query"]["id"]
    telegram.tell(update)

    def found() -> list[dict[str, Any]]:
        calls = telegram.api.named("answerInlineQuery")
        return [call.values for call in calls if call.values["inline_query_id"] == number]

    wait_until(lambda: bool(found()), f"{number} was not answered")
    return found()[0]


def test_a_long_update_is_heard(telegram: Telegram, person: Person) -> None:
    """An answer to a message full of links is more than 64 KiB as JSON."""
    links = [{"type": "text_link", "offset": 0, "length": 1, "url": f"https://exemple.fr/{'x' * 900}"}] * 100
    answered = {"message_id": 3, "date": 1795424300, "chat": {"id": 5, "type": "private"}, "text": "Voici"}
    person.say(person.update("bonjour", reply_to_message=answered | {"entities": links}))


def test_a_contact_is_looked_up_in_a_conversation(telegram: Telegram, person: Person) -> None:
    """Three lieux, the map and the card of the first; those of another one once it is touched."""
    person.say(person.update("caf"))
    person.say(person.update("/contact caf pau"))
    person.say(person.press(telegram.buttons(person.chat)[0]))
    wait_until(lambda: len(extras(telegram, person.chat, "sendContact")) >= 2, "the cards did not come")
    venues, cards = (extras(telegram, person.chat, name) for name in ("sendVenue", "sendContact"))
    assert [one["first_name"] for one in cards] == ["Téléphone numérique fictif du Béarn", "CCAS fictif de Pau"]
    assert [one["title"] for one in venues] == ["CCAS fictif de Pau"]
    person.say(person.update("à orthez"))


def extras(telegram: Telegram, chat: int, method: str) -> list[dict[str, Any]]:
    """Return what a chat was sent beside texts."""
    return [call.values for call in telegram.api.named(method) if int(call.values["chat_id"]) == chat]


def test_one_message_through_many_deaths(telegram: Telegram, program: Program, person: Person) -> None:
    """Nothing is lost and nothing is said twice: what is confirmed to Telegram is committed."""
    die_and_go_on(program, person, STEPS[telegram.mode])


def test_a_poll_interrupted_on_postgresql(postgres: str, tmp_path: Path) -> None:
    """The places where a poll dies, as above, with the other database."""
    telegram = Telegram(POLLED)
    account = {"telegram_jeton": TOKEN, "telegram_serveur": telegram.api.base_url, "telegram_mode": POLLED}
    with Program(tmp_path, contact=CONTACT, base=new_database(postgres), **account).serving() as program:
        die_and_go_on(program, Person(telegram), ("poll.fetched", "poll.committed"))
    telegram.close()


def die_and_go_on(program: Program, person: Person, steps: Sequence[str]) -> None:
    """Have one message pass while the program dies at each of these places, one life after the other."""
    update = person.update("/start")
    person.expect(update)
    program.kill()
    first, *others = steps
    program.start(kill_at=first)
    telling = person.telegram.tell(update)
    program.wait_for_death()
    for step in others:
        program.start(kill_at=step)
        program.wait_for_death()
    program.start()
    telling.result()
    person.check()
    time.sleep(QUIET_S)
    person.check()
