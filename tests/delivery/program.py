"""The program as it is really served, in a process of its own: begun, killed, begun again, its base read."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, insert, select

from bot.channels.gateway import Link
from bot.channels.http import Http
from bot.conversation.reception import to_json
from bot.gateways import build_gateways, hook_url
from bot.messages import Delivery, MessageOut
from bot.settings import PREFIX, Settings
from bot.store.migrations import migrate_conversations
from bot.store.secrecy import Secrecy
from bot.store.tables import DONE, inbox, outbox
from bot.store.writing import writing
from knowledge.base import migrate, open_base, write_items
from knowledge.demonstration import demonstration
from tests.delivery.served import START
from tests.sms.kannel_server import free_ports, wait_until

KEY = "une clé fictive, faite pour les essais seuls"
OPENED = "La page est ouverte"
START_S = 60
SECRECY = Secrecy(KEY)


class Program:
    """`aiguilleur serve` over the demonstration base; `settings` are named as in `Settings`."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        (port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{port}"
        base = {"base": f"sqlite:///{folder}/base.db", "cle": KEY, "adresse": self.url, "port": port}
        self.settings: dict[str, Any] = {**base, "sms_par_seconde": 1000, "tours_a_part": "non", **settings}
        self.environment: dict[str, str] = {}
        self.journal = folder / "journal"
        self._begun_at = time.time()
        self._process: subprocess.Popen[bytes] | None = None
        self.engine = prepared(self.settings["base"])

    @contextmanager
    def serving(self, kill_at: str = "") -> Iterator["Program"]:
        """Serve as long as the context lasts, through any restart."""
        try:
            self.start(kill_at)
            yield self
        finally:
            self.kill()
            self.engine.dispose()
        assert "Traceback" not in self.said(), self.said()

    def start(self, kill_at: str = "") -> None:
        """Begin to serve; die by SIGKILL at a place of `bot.failpoints`, if one is named."""
        given = {f"{PREFIX}{name.upper()}": str(value) for name, value in self.settings.items()}
        own = {**os.environ, **self.environment}
        environment = {**own, **given, "BEGUN_AT": str(self._begun_at), "KILL_AT": kill_at}
        begun = self.said().count(OPENED)
        with self.journal.open("ab") as journal:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.delivery.served"], env=environment, stderr=journal
            )
        wait_until(lambda: self.said().count(OPENED) > begun or not self.alive(), "the program did not begin", START_S)
        assert self.alive() or kill_at, self.said()

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL: nothing is flushed, nothing is said goodbye to."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def stop(self, timeout: float | None = None) -> int:
        """SIGTERM: what is under way is finished; return the status of the program."""
        assert self._process
        self._process.terminate()
        return self._process.wait(timeout)

    def now(self) -> float:
        """Return the program's own time, in seconds since 1970."""
        return START.timestamp() + time.time() - self._begun_at

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def wait_for_death(self) -> None:
        """Wait until the program has died at the place that `start` named."""
        wait_until(lambda: not self.alive(), "the program never came to the place where it dies")

    def said(self) -> str:
        """Return the journal of all its lives."""
        return self.journal.read_text(encoding="utf-8") if self.journal.exists() else ""

    def hook(self, gateway: str) -> str:
        """Return the address that a gateway calls."""
        return hook_url(self._read_settings(), SECRECY, gateway)

    def link(self, gateway: str) -> Link:
        """Return a gateway as the program builds it of its settings."""
        built = build_gateways(self._read_settings(), SECRECY, Http(), lambda: START)
        return next(link for link in built if link.gateway.name == gateway)

    def states(self) -> Counter[str]:
        """Return how many messages to people are in each state."""
        with self.engine.connect() as connection:
            return Counter(connection.scalars(select(outbox.c.state)))

    def received(self) -> Counter[str]:
        """Return how many messages of people are in each state."""
        with self.engine.connect() as connection:
            return Counter(connection.scalars(select(inbox.c.state)))

    def push(self, channel: str, gateway: str, messages: Iterable[tuple[str, str]]) -> None:
        """Write messages (address, text) that nobody asked for, all at once, as another process would."""
        now = START.timestamp()
        with writing(self.engine) as connection:
            for address, text in messages:
                whose = {"channel": channel, "conversation": SECRECY.pseudonym(channel, address)}
                received = insert(inbox).values(**whose, received_at=now, state=DONE, attempts=1)
                (number,) = connection.execute(received).inserted_primary_key or (0,)
                row = {"inbox_id": number, "rang": 0, "state": Delivery.CREATED, "attempts": 0, "created_at": now}
                sealed = {"message": to_json(MessageOut(text=text)), "address": SECRECY.seal(address)}
                sending = {"gateway": gateway, "key": uuid4().hex, "not_before": now}
                connection.execute(insert(outbox).values(**whose, **row, **sealed, **sending))

    def _read_settings(self) -> Settings:
        return Settings(**self.settings)


def prepared(url: str) -> Engine:
    """Return a base that holds the demonstration, as `aiguilleur demo` makes it."""
    engine = open_base(url)
    migrate(engine)
    migrate_conversations(engine)
    lieux, creneaux = demonstration(START)
    write_items(engine, [*lieux, *creneaux], now=START)
    return engine
