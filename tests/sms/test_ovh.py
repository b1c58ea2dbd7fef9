"""OVHcloud's replies, over HTTP: a small server plays its API and checks each signature by itself."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.gateway import GatewayUnreachable, Outbound, Sending
from bot.channels.http import Http
from bot.channels.sms.ovh import Ovh, ServerClock
from bot.channels.sms.ovh_replies import MAX_REPLIES, OvhReplies
from bot.messages import Delivery, MessageOut

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AHEAD_S = 900
"""The clock of OVH in these tests: a quarter of an hour before ours, more than a signature may be."""

PERSON = "+33639980001"


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def reply(number: int, text: str, sender: str = PERSON) -> dict[str, object]:
    date = "2026-11-22T12:24:10+02:00"
    return {"id": number, "sender": sender, "message": text, "creationDatetime": date, "credits": 0, "tag": ""}


@dataclass
class FakeOvh:
    """What one account holds, and the calls that were made."""

    replies: dict[int, dict[str, object]] = field(default_factory=dict)
    blacklist: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    undeletable: bool = False
    troubled: dict[str, int | None] = field(default_factory=dict)
    """The paths that are answered an error, or None for no answer at all."""

    def application(self) -> web.Application:
        app = web.Application(middlewares=[self.check])
        app.router.add_get("/1.0/auth/time", self.time)
        app.router.add_get("/1.0/sms/sms-xx1-1/incoming", self.incoming)
        app.router.add_get("/1.0/sms/sms-xx1-1/incoming/{id}", self.one)
        app.router.add_delete("/1.0/sms/sms-xx1-1/incoming/{id}", self.forget)
        app.router.add_get("/1.0/sms/sms-xx1-1/blacklists", self.stopped)
        app.router.add_post("/1.0/sms/sms-xx1-1/jobs", self.job)
        return app

    @web.middleware
    async def check(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        self.calls.append(f"{request.method} {request.path.rpartition('sms-xx1-1')[2]}")
        if request.path != "/1.0/auth/time":
            stamp = request.headers["X-Ovh-Timestamp"]
            url = f"{request.scheme}://{request.host}{request.raw_path}"
            signed = "+".join(["AS", "CK", request.method, url, await request.text(), stamp])
            right = "$1$" + hashlib.sha1(signed.encode()).hexdigest()
            if request.headers["X-Ovh-Signature"] != right or abs(int(stamp) - self.clock()) > 60:
                return web.json_response({"message": "Invalid signature"}, status=400)
        if (path := request.path.rpartition("sms-xx1-1")[2]) in self.troubled:
            if (status := self.troubled[path]) is None and request.transport:
                request.transport.close()
            return web.json_response({"message": f"secret of {PERSON}"}, status=status or 500)
        return await handler(request)

    def clock(self) -> int:
        return int(NOW.timestamp()) + AHEAD_S

    async def time(self, request: web.Request) -> web.Response:
        return web.json_response(self.clock())

    async def incoming(self, request: web.Request) -> web.Response:
        assert request.query["creationDatetime.from"] == "2026-11-20T12:15:00Z"
        return web.json_response(sorted(self.replies, reverse=True))

    async def one(self, request: web.Request) -> web.Response:
        found = self.replies.get(int(request.match_info["id"]))
        return web.json_response(found) if found else web.json_response({"message": "gone"}, status=404)

    async def forget(self, request: web.Request) -> web.Response:
        if self.undeletable:
            return web.json_response({}, status=500)
        self.replies.pop(int(request.match_info["id"]), None)
        return web.json_response(None)

    async def stopped(self, request: web.Request) -> web.Response:
        return web.json_response(self.blacklist)

    async def job(self, request: web.Request) -> web.Response:
        assert json.loads(await request.text())["message"] == "Voilà : forêt"
        return web.json_response({"ids": [456], "invalidReceivers": [], "validReceivers": [PERSON]})


Scenario = Callable[[Ovh, Http, FakeOvh], Awaitable[None]]


def play(scenario: Scenario, fake: FakeOvh) -> None:
    """Run a scenario against the server."""

    async def run() -> None:
        server = TestServer(fake.application())
        await server.start_server()
        http = Http()
        try:
            await scenario(gateway(str(server.make_url("/1.0"))), http, fake)
        finally:
            await http.close()
            await server.close()

    asyncio.run(run())


def gateway(api: str, secret: str = "AS") -> Ovh:
    return Ovh(
        service="sms-xx1-1",
        application_key="AK",
        application_secret=secret,
        consumer_key="CK",
        callback="https://hote/gateways/ovh/SECRET",
        clock=ServerClock(lambda: NOW),
        api=api,
    )


def test_the_vector_of_the_facts() -> None:
    ovh = Ovh(
        service="sms-xx1-1",
        application_key="AK",
        application_secret="AS",
        consumer_key="CK",
        callback="https://hote/",
        clock=ServerClock(lambda: datetime.fromtimestamp(1366560945, UTC)),
    )
    request = ovh.signed("POST", "/jobs", b'{"message":"Bonjour"}')
    assert request.url == "https://eu.api.ovh.com/1.0/sms/sms-xx1-1/jobs"
    assert request.headers["X-Ovh-Signature"] == "$1$d1366a616f52ceb3c974e2f32c01a8482547a1f0"


@pytest.mark.parametrize("delete", [True, False])
def test_replies_come_until_they_are_confirmed(delete: bool) -> None:
    async def scenario(ovh: Ovh, http: Http, fake: FakeOvh) -> None:
        polled = OvhReplies(ovh, http, delete=delete)
        first = await polled.fetch()
        assert [(message.external_id, message.text) for message in first.messages] == [("7", "un"), ("9", "deux")]
        assert first.messages[0].sent_at == datetime(2026, 11, 22, 10, 24, 10, tzinfo=UTC)
        assert first.stopped == (PERSON,)
        assert await polled.fetch() == first
        await polled.confirm(first)
        assert sorted(fake.replies) == ([] if delete else [7, 8, 9])
        fake.replies[11] = reply(11, "trois")
        fake.calls.clear()
        second = await polled.fetch()
        assert [message.text for message in second.messages] == ["trois"]
        assert second.stopped == ()
        assert fake.calls == ["GET /incoming", "GET /incoming/11", "GET /blacklists"]

    replies = {9: reply(9, "deux"), 7: reply(7, "un"), 8: reply(8, "pub", "36111")}
    play(scenario, FakeOvh(replies=replies, blacklist=[PERSON, "STOP"]))


def test_what_could_not_be_deleted_is_deleted_later() -> None:
    async def scenario(ovh: Ovh, http: Http, fake: FakeOvh) -> None:
        polled = OvhReplies(ovh, http, delete=True)
        fake.undeletable = True
        await polled.confirm(await polled.fetch())
        assert fake.replies
        fake.undeletable = False
        again = await polled.fetch()
        assert again.messages == ()
        await polled.confirm(again)
        assert not fake.replies

    play(scenario, FakeOvh(replies={7: reply(7, "un")}))


def test_a_reply_that_went_away_meanwhile() -> None:
    async def scenario(ovh: Ovh, http: Http, fake: FakeOvh) -> None:
        assert (await OvhReplies(ovh, http, delete=False).fetch()).messages == ()

    play(scenario, FakeOvh(replies={7: {}}))


def test_a_reply_that_cannot_be_read_keeps_no_other_from_being_read(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(ovh: Ovh, http: Http, fake: FakeOvh) -> None:
        polled = OvhReplies(ovh, http, delete=False)
        first = await polled.fetch()
        assert [message.text for message in first.messages] == ["un", "trois"]
        assert first.stopped == (PERSON,)
        await polled.confirm(first)
        fake.troubled.clear()
        second = await polled.fetch()
        assert [message.text for message in second.messages] == ["deux"]
        assert [record.message for record in caplog.records] == ["ovh : la réponse 8 ne se lit pas (ovh: http-500)"]
        assert PERSON not in caplog.text

    replies = {7: reply(7, "un"), 8: reply(8, "deux"), 9: reply(9, "trois")}
    play(scenario, FakeOvh(replies=replies, blacklist=[PERSON], troubled={"/incoming/8": 500}))


def test_replies_that_cannot_be_read_are_asked_for_after_the_others() -> None:
    async def scenario(ovh: Ovh, http: Http, fake: FakeOvh) -> None:
        polled = OvhReplies(ovh, http, delete=False)
        assert (await polled.fetch()).messages == ()
        assert [message.text for message in (await polled.fetch()).messages] == ["enfin"]

    numbers = range(1, MAX_REPLIES + 2)
    replies = {number: reply(number, "enfin") for number in numbers}
    play(scenario, FakeOvh(replies=replies, troubled={f"/incoming/{number}": 500 for number in numbers[:-1]}))


def test_no_answer_at_all_ends_the_round_and_keeps_what_was_read() -> None:
    async def scenario(ovh: Ovh, http: Http, fake: FakeOvh) -> None:
        polled = OvhReplies(ovh, http, delete=False)
        first = await polled.fetch()
        assert [message.text for message in first.messages] == ["un"]
        await polled.confirm(first)
        assert "GET /incoming/9" not in fake.calls
        assert [message.text for message in (await polled.fetch()).messages] == ["trois"]

    replies = {7: reply(7, "un"), 8: reply(8, "deux"), 9: reply(9, "trois")}
    play(scenario, FakeOvh(replies=replies, troubled={"/incoming/8": None}))


@pytest.mark.parametrize("status", [403, 500, None])
def test_a_list_of_stop_that_cannot_be_read_keeps_no_reply_back(
    status: int | None, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(ovh: Ovh, http: Http, fake: FakeOvh) -> None:
        polled = OvhReplies(ovh, http, delete=False)
        first = await polled.fetch()
        assert [message.text for message in first.messages] == ["un"]
        assert first.stopped == ()
        (record,) = caplog.records
        assert record.message.startswith("ovh : la liste de ceux qui ont dit STOP ne se lit pas (")
        fake.troubled.clear()
        assert (await polled.fetch()).stopped == (PERSON,)

    play(scenario, FakeOvh(replies={7: reply(7, "un")}, blacklist=[PERSON], troubled={"/blacklists": status}))


def test_a_wrong_secret_is_said_and_the_clock_read_again() -> None:
    async def scenario(ovh: Ovh, http: Http, fake: FakeOvh) -> None:
        polled = OvhReplies(gateway(ovh.api, secret="autre"), http, delete=False)
        for _ in range(2):
            with pytest.raises(GatewayUnreachable, match=r"^ovh: http-400$"):
                await polled.fetch()
        assert [call for call in fake.calls if "time" in call] == ["GET /1.0/auth/time"] * 2

    play(scenario, FakeOvh())


def test_sending_is_signed_as_it_travels() -> None:
    async def scenario(ovh: Ovh, http: Http, fake: FakeOvh) -> None:
        await OvhReplies(ovh, http, delete=False).fetch()
        message = Outbound(key="k-1", address=PERSON, message=MessageOut(text="Voilà : forêt"))
        assert await http.send(ovh, message) == Sending(state=Delivery.SENT, gateway_id="456")

    play(scenario, FakeOvh())


def test_a_link_never_leaves_by_a_short_code() -> None:
    async def scenario(ovh: Ovh, http: Http, fake: FakeOvh) -> None:
        message = Outbound(key="k-1", address=PERSON, message=MessageOut(text="Voir caf.fr"))
        refused = Sending(state=Delivery.PERMANENT_FAILURE, reason="link-on-short-code")
        assert await http.send(ovh, message) == refused
        assert not fake.calls

    play(scenario, FakeOvh())
