"""Which processes work on a database: told by the database itself, which knows at once when one is gone."""

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import randbelow
from typing import IO

from sqlalchemy import Connection, Engine, func, select, text

from knowledge.base import BaseIndisponible
from knowledge.fautes import Faute

LOCKS = 0x41_49_47_55
"""First half of the keys of our advisory locks on PostgreSQL."""

OWNERS = 2**31 - 1

LIVING = text(
    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
    " WHERE locktype = 'advisory' AND objsubid = 2 AND granted"  # 2: a key in two halves
    " AND classid = CAST(:locks AS bigint) AND datname = current_database()"
)
"""The locks of the server are those of all its databases."""


class DejaServie(Faute):
    """Another process serves this SQLite base."""


class Presence:
    """This process, as long as it serves a database.

    PostgreSQL: a session holds an advisory lock, which the server lets go when the process dies. SQLite: one process,
    kept by a lock on a file beside the base.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._session: Connection | None = None
        self._held = False
        self._file: IO[str] | None = None
        self.owner = 1 + randbelow(OWNERS)

    def enter(self) -> None:
        """Hold the lock. Raises `DejaServie`."""
        if self._engine.dialect.name == "postgresql":
            self._held = True
            self.renew()
            return
        base = self._engine.url.database
        if not base or base == ":memory:":
            return
        self._file = Path(f"{base}.service").open("w")  # noqa: SIM115 - held until this process leaves
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise DejaServie(
                "Un autre « aiguilleur serve » utilise déjà cette base. Arrêtez-le, ou prenez une base PostgreSQL : "
                "plusieurs programmes peuvent s'en servir à la fois."
            ) from error

    def renew(self) -> None:
        """Hold the lock again if the session that held it was cut: nobody must take this process for gone.

        Raises `BaseIndisponible`.
        """
        if not self._held:
            return
        if self._session:
            with suppress(BaseIndisponible):
                self._session.execute(select(1))
                return
            self._session.close()
            self._session = None
        session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        session.detach()  # closed for good in the end: a session that is given to others keeps its locks
        try:
            session.execute(select(func.pg_advisory_lock(LOCKS, self.owner)))
        except BaseIndisponible:
            session.close()
            raise
        self._session = session

    def leave(self) -> None:
        """Let the lock go."""
        self._held = False
        if self._session:
            with suppress(BaseIndisponible):
                self._session.execute(select(func.pg_advisory_unlock(LOCKS, self.owner)))
            self._session.close()
            self._session = None
        if self._file:
            self._file.close()
            self._file = None

    def living(self) -> int:
        """Return how many processes serve this database, this one counted. Raises `BaseIndisponible`."""
        if self._engine.dialect.name == "sqlite":
            return 1
        with self._engine.connect() as connection:
            return max(1, connection.scalar(LIVING, {"locks": LOCKS}) or 0)

    def gone(self, connection: Connection, owners: Sequence[int]) -> list[int]:
        """Return which of these processes are gone."""
        others = [owner for owner in owners if owner != self.owner]
        if self._engine.dialect.name == "sqlite":
            return others
        free = func.pg_try_advisory_xact_lock
        return [owner for owner in others if connection.scalar(select(free(LOCKS, owner)))]


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Hold a database that no process serves. Raises `DejaServie`."""
    presence = Presence(engine)
    presence.enter()
    try:
        if presence.living() > 1:
            raise DejaServie("Un « aiguilleur serve » utilise cette base. Arrêtez-le d'abord.")
        yield
    finally:
        presence.leave()
