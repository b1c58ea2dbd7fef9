"""A delivery over one database without its loops: each step is asked for, and the clock moves when a test says so."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Engine, event, select

from bot.app import App
from bot.channels.gateway import Gateway, Inbound, Link, Outbound, Receipt, Received, Sending
from bot.channels.http import Http
from bot.conversation.turn import Conversation
from bot.delivery.clockwork import Clockwork
from bot.delivery.envelope import Envelope, Source
from bot.delivery.intake import Intake
from bot.delivery.sender import Sender
from bot.delivery.service import Options, Service
from bot.delivery.worker import Worker
from bot.messages import SMS, Delivery
from bot.store.conversations import Store
from bot.store.inbox import Inbox
from bot.store.outbox import Outbox
from bot.store.presence import Presence
from bot.store.secrecy import Secrecy
from bot.store.tables import inbox, outbox
from bot.web.application import create_web
from bot.web.hooks import Hooks
from tests.conversation.conftest import NOW

ANNA, BORIS = "+33639980001", "+33639980002"
SECRECY = Secrecy("une clé de trente-deux caractères au moins")
SECRET = "ce-que-seule-la-passerelle-connait"
PATIENCE_S = 20.0


class Clock:
    """The hour, which moves when told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class StandIn:
    """A gateway that answers what a test wants: the next of `answers`, SENT after the last."""

    name: str = "android"
    channel: str = SMS
    idempotent: bool = True
    answers: deque[Sending] = field(default_factory=deque)
    sent: list[Outbound] = field(default_factory=list)

    async def send(self, message: Outbound) -> Sending:
        self.sent.append(message)
        return self.answers.popleft() if self.answers else Sending(state=Delivery.SENT)

    def texts(self, address: str = ANNA) -> list[str]:
        """Return what was asked to be sent to an address."""
        return [one.message.text for one in self.sent if one.address == address]


class Station:
    """One process; another one over the same database is a restart, or a second process."""

    def __init__(
        self, engine: Engine, conversation: Conversation, *gateways: Gateway, clock: Clock, pace: float | None = None
    ) -> None:
        self.engine = engine
        self.clock = clock
        self.source = Source(gateways[0].name, gateways[0].channel)
        self.presence = Presence(engine)
        self.envelope, self.inbox = Envelope(SECRECY), Inbox(engine)
        self.outbox = Outbox(engine, self.presence)
        self.intake = Intake(engine, self.envelope, self.inbox, self.outbox)
        self.store = Store(engine)
        self.worker = Worker(lambda: conversation, self.store, self.inbox, self.envelope, clock)
        paces = {} if pace is None else {gateway.name: pace for gateway in gateways}
        self.sender = Sender(
            self.outbox,
            gateways,
            self.envelope,
            clock,
            per_second=paces,
        )
        channels = {gateway.name: gateway.channel for gateway in gateways}
        self.clockwork = Clockwork(engine, self.envelope, self.inbox, self.intake, clock, channels=channels)
        self._numbers = count(1)

    def person(self, address: str = ANNA) -> str:
        """Return what stands for an address in the database."""
        return self.envelope.person(self.source, address)

    def take(self, received: Received) -> None:
        """Commit what a gateway tells."""
        self.intake.take([(self.source, received)], self.clock().timestamp())

    def hear(self, *texts: str, address: str = ANNA) -> None:
        """Receive messages, each with an id of its own."""
        said = [Inbound(address=address, text=text, external_id=f"{id(self)}-{next(self._numbers)}") for text in texts]
        self.take(Received(messages=tuple(said)))

    def receipt(self, state: Delivery, *, key: str | None = None, gateway_id: str | None = None) -> None:
        """Receive a receipt."""
        self.take(Received(receipts=(Receipt(state=state, key=key, gateway_id=gateway_id),)))

    def play(self) -> int:
        """Play what waits; return how many turns were tried."""
        tried = 0
        while taken := self.worker.play_next():
            tried += taken
        return tried

    def send(self) -> int:
        """Send what may go now; return how many messages were tried."""
        return asyncio.run(self.sender.send_all())

    def talk(self, *texts: str, address: str = ANNA) -> None:
        """Receive messages, play them and send the answers."""
        self.hear(*texts, address=address)
        self.play()
        self.send()

    def told(self, address: str = ANNA) -> list[str]:
        """Return the answers to a person that wait, in order."""
        mine = outbox.c.conversation == self.person(address)
        with self.engine.connect() as connection:
            return [m for m in connection.scalars(select(outbox.c.message).where(mine).order_by(outbox.c.id)) if m]

    def states(self) -> list[str]:
        """Return the states of the answers, in order."""
        with self.engine.connect() as connection:
            return list(connection.scalars(select(outbox.c.state).order_by(outbox.c.id)))

    def received(self) -> list[Any]:
        """Return the rows of the messages received, in order."""
        with self.engine.connect() as connection:
            return list(connection.execute(select(inbox).order_by(inbox.c.id)))


@contextmanager
def tables_gone(engine: Engine) -> Iterator[None]:
    """A database that cannot be used for a while."""
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE inbox RENAME TO inbox_ailleurs")
        connection.exec_driver_sql("ALTER TABLE outbox RENAME TO outbox_ailleurs")
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE inbox_ailleurs RENAME TO inbox")
            connection.exec_driver_sql("ALTER TABLE outbox_ailleurs RENAME TO outbox")


class Fault(Exception):
    """What breaks a transaction in a test."""


@contextmanager
def broken_at(engine: Engine, step: int) -> Iterator[list[str]]:
    """Break the statement or commit number `step`, once; gives the list of those done."""
    done: list[str] = []

    def pass_by(name: str) -> None:
        done.append(name)
        if len(done) == step + 1:
            raise Fault

    def statement(*_: object) -> None:
        pass_by("statement")

    def commit(*_: object) -> None:
        pass_by("commit")

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    try:
        yield done
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", commit)


@asynccontextmanager
async def serving(
    engine: Engine, program: App, make_link: Callable[[Http], Link], clock: Clock
) -> AsyncIterator[TestClient[Any, Any]]:
    """The whole service and its web application, reached over real HTTP."""
    http = Http()
    links = [make_link(http)]
    service = Service(engine, lambda: program.conversation, links, SECRECY, clock, Options(per_second={}))
    secrets = {link.gateway.name: SECRET for link in links}
    hooks = Hooks(service=service, links=links, secrets=secrets, public="https://aide.exemple.fr", clock=clock)
    app = create_web(program.reception, program.knowledge, program.settings, clock, hooks=hooks)
    async with TestClient(TestServer(app)) as client:
        yield client
    await http.close()


async def until(condition: Callable[[], bool]) -> None:
    """Return once something is so."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - told by a database or another thread
            await asyncio.sleep(0.01)
