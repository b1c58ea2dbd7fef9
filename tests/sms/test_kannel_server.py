"""Our Kannel gateway with a real Kannel, configured by our own `block()`: a phone writes, is answered, reports come."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import quote_plus

import pytest
from aiohttp import web

from bot.channels.gateway import Inbound, Outbound, Received, Request
from bot.channels.http import Http, OverHttp
from bot.channels.sms.kannel import Kannel
from bot.messages import Delivery, MessageOut
from tests.sms.kannel_server import KannelServer, Network, Sms, fakesmsc, free_ports, person, wait_until

pytestmark = pytest.mark.xdist_group("kannel")

SERVICE = "36000"
HOOK = "/gateways/kannel/SECR%c3%a8T?d=%d"
"""An address in which Kannel would replace "%c" and "%d", were they not written twice."""

FAST = "http-request-retry = 2\nhttp-queue-delay = 1\n"
TEXTS = {
    "plain": "Bonjour, où apprendre à  Pau ? 100 % & + #1",
    "outside the phone alphabet": "Forêt, garçon, cœur 😀 مرحبا",
    "two parts": "La médiathèque est ouverte mardi de 9 h à 12 h et de 14 h à 18 h. " * 3,
    "two parts outside it": "مرحبا بكم في المكتبة " * 5,
    "quotes": "l'été \"au\" {bord} \\ de ~ l'eau_[1]",
}


class Hook:
    """A server that reads what Kannel tells it; `status` is what it answers."""

    def __init__(self) -> None:
        self.told: list[Received] = []
        self.status = 200
        self.port = 0

    @property
    def messages(self) -> list[Inbound]:
        return [message for received in self.told for message in received.messages]

    def states(self, key: str) -> set[Delivery]:
        """Return the states reported for one of our messages; they come in any order."""
        return {receipt.state for received in self.told for receipt in received.receipts if receipt.key == key}

    @asynccontextmanager
    async def serve(self, gateway: Kannel) -> AsyncIterator[Http]:
        """Listen on `port`, and give the transport to send with."""

        async def told(request: web.Request) -> web.Response:
            assert request.path_qs.startswith(HOOK)
            received = gateway.read(
                Request(
                    method=request.method,
                    url=str(request.url),
                    received_at=datetime.now(UTC),
                    headers={name.lower(): value for name, value in request.headers.items()},
                    query=tuple(request.query.items()),
                    body=await request.read(),
                )
            )
            self.told.append(received)
            return web.Response(status=self.status, text=received.answer.text)

        application = web.Application()
        application.router.add_route("*", "/{anything:.*}", told)
        runner, http = web.AppRunner(application), Http()
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        try:
            yield http
        finally:
            await http.close()
            await runner.cleanup()


@pytest.fixture(scope="module")
def port() -> int:
    return free_ports(1)[0]


@pytest.fixture(scope="module")
def server(port: int) -> Iterator[KannelServer]:
    def build(url: str) -> Kannel:
        callback = f"http://127.0.0.1:{port}{HOOK}"
        return Kannel(url=url, username="aig uilleur", password=r'mot "de" \\ passe', sender=SERVICE, callback=callback)

    with KannelServer(build, settings=FAST) as started:
        yield started


@pytest.fixture
def hook(port: int) -> Hook:
    made = Hook()
    made.port = port
    return made


def play(server: KannelServer, hook: Hook, scene: Callable[[Http], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with hook.serve(server.gateway) as http:
            await scene(http)

    asyncio.run(whole())


async def until(condition: Callable[[], object], reproach: str) -> None:
    await asyncio.to_thread(wait_until, condition, reproach)


@pytest.mark.parametrize(("number", "text"), list(enumerate(TEXTS.values())), ids=TEXTS)
def test_a_text_goes_and_comes_back(server: KannelServer, hook: Hook, number: int, text: str) -> None:
    phone, key = person(number), f"reponse-{number}"
    answer = Outbound(key=key, address=phone, message=MessageOut(text=text.strip()))

    async def scene(http: Http) -> None:
        server.network.inject([Sms(phone, SERVICE, text)])
        await until(lambda: hook.messages, "the hook was told nothing")
        (message,) = hook.messages
        assert (message.address, message.text) == (phone, text)
        assert message.external_id
        assert message.sent_at
        assert abs(message.sent_at - datetime.now(UTC)) < timedelta(minutes=1)
        assert (await http.send(server.gateway, answer)).state is Delivery.SENT
        await until(lambda: server.network.received(phone), "the phone got nothing")
        await until(lambda: hook.states(key) == {Delivery.SENT, Delivery.DELIVERED}, "the reports did not come")

    play(server, hook, scene)
    assert server.network.received(phone) == [Sms(SERVICE, phone, text.strip())]


def test_a_refused_message_comes_again_and_nobody_is_told(server: KannelServer, hook: Hook) -> None:
    """The same id comes at each attempt; the phone is sent no English apology, neither then nor after the last one."""
    phone = person(100)
    hook.status = 500

    async def scene(http: Http) -> None:
        server.network.inject([Sms(phone, SERVICE, "bonjour")])
        await until(lambda: len(hook.messages) == 3, "two more attempts were expected")
        await asyncio.sleep(1.5)

    play(server, hook, scene)
    assert len({message.external_id for message in hook.messages}) == 1
    assert server.network.received(phone) == []


def test_what_comes_while_smsbox_is_stopped_is_kept(server: KannelServer, hook: Hook) -> None:
    phones = [person(number) for number in range(200, 250)]

    async def scene(http: Http) -> None:
        server.stop_smsbox()
        server.network.inject(Sms(phone, SERVICE, f"je suis {phone}") for phone in phones)
        unsent = Outbound(key="a", address=phones[0], message=MessageOut(text="oui"))
        assert (await http.send(server.gateway, unsent)).state is Delivery.TEMPORARY_FAILURE
        assert not hook.messages
        await asyncio.to_thread(server.start_smsbox)
        await until(lambda: len(hook.messages) >= len(phones), "messages are missing")

    play(server, hook, scene)
    assert {(message.address, message.text) for message in hook.messages} == {
        (phone, f"je suis {phone}") for phone in phones
    }


def test_a_sender_that_is_nobody_is_not_answered(server: KannelServer, hook: Hook) -> None:
    async def scene(http: Http) -> None:
        server.network.inject(
            [Sms("CAF", SERVICE, "pub"), Sms("38500", SERVICE, "pub"), Sms(person(1), SERVICE, "oui")]
        )
        await until(lambda: len(hook.told) == 3, "three requests were expected")

    play(server, hook, scene)
    assert [message.text for message in hook.messages] == ["oui"]


def test_a_wrong_password_is_a_fault_of_ours(server: KannelServer, hook: Hook) -> None:
    wrong = Kannel(
        url=server.gateway.url, username="aig uilleur", password="autre", sender=SERVICE, callback="http://h/"
    )

    async def scene(http: Http) -> None:
        sending = await http.send(wrong, Outbound(key="a", address=person(1), message=MessageOut(text="oui")))
        assert (sending.state, sending.reason) == (Delivery.TECHNICAL_FAILURE, "http-403")

    play(server, hook, scene)


def test_the_network_is_that_of_kannel(server: KannelServer, hook: Hook) -> None:
    """Kannel's own `fakesmsc` takes the place of ours: it writes and is answered by the same lines."""
    phone, message = person(300), Outbound(key="f", address=person(300), message=MessageOut(text="Où ? Forêt."))

    async def scene(http: Http) -> None:
        server.network.close()
        process = fakesmsc(server.smsc_port, f"{phone} {SERVICE} text bonjour")
        try:
            await until(lambda: hook.messages, "fakesmsc was not heard")
            await http.send(server.gateway, message)
            await until(lambda: Delivery.DELIVERED in hook.states("f"), "fakesmsc did not get the answer")
        finally:
            process.kill()
            written = process.communicate()[0].decode(errors="replace")
            server.network = await asyncio.to_thread(partial(Network, server.smsc_port))
        assert f"<{SERVICE} {phone} ucs-2 {quote_plus('Où ? Forêt.'.encode('utf-16-be'))}>" in written

    play(server, hook, scene)
    assert [(told.address, told.text) for told in hook.messages] == [(phone, "bonjour")]


def test_a_check_sends_nothing(server: KannelServer, hook: Hook) -> None:
    stranger = replace(server.gateway, password="un autre")

    async def scene(http: Http) -> None:
        before = len(server.network.received())
        assert await OverHttp(server.gateway, http).check() == ""
        assert "refuse vos identifiants" in await OverHttp(stranger, http).check()
        assert len(server.network.received()) == before

    play(server, hook, scene)
