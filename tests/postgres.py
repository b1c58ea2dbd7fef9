"""A real PostgreSQL server for the session: `from tests.postgres import postgres` in a conftest gives the fixture."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.conftest import missing

USER = "postgres"
"""Who runs the server when the tests run as root, which it refuses."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Return the URL of an empty database in a server of its own, stopped at the end; skip where there is none."""
    with server("-c fsync=off") as url:
        yield url


@contextmanager
def server(options: str = "") -> Iterator[str]:
    """Run a server, with more options of its own."""
    if shutil.which("initdb") is None or shutil.which("pg_ctl") is None:
        missing("PostgreSQL absent : initdb et pg_ctl introuvables")
    with tempfile.TemporaryDirectory(prefix="aiguilleur-pg-", ignore_cleanup_errors=True) as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        data, port = Path(folder, "data"), _free_port()
        _run("initdb", "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N", "-D", str(data))
        listening = f"-p {port} -h 127.0.0.1 -k {folder} {options}"
        _run("pg_ctl", "-D", str(data), "-l", f"{folder}/log", "-w", "-o", listening, "start")
        try:
            yield f"postgresql://test@127.0.0.1:{port}/postgres"
        finally:
            _run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")


def _run(*command: str) -> None:
    user = USER if os.geteuid() == 0 else None
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, user=user, group=user)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def new_database(server: str) -> str:
    """Return the URL of a new database of a server, for one test alone."""
    name = f"essai_{uuid4().hex}"
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as own:
        own.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)
