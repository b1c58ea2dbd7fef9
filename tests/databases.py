"""An empty database with the conversation tables, on each system that the program promises.

`from tests.databases import database, postgres` in a conftest gives the fixture.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, func, select

from bot.store.migrations import migrate_conversations
from bot.store.tables import conversation, inbox, metadata, outbox
from knowledge.base import open_base
from tests.postgres import postgres as postgres

__all__ = ["count_rows", "database", "postgres", "sqlite"]


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    """A SQLite file, alone in its folder."""
    folder = tmp_path / "base"
    engine = open_base(f"sqlite:///{folder}/base.db")
    migrate_conversations(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each kind of database in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    engine = open_base(request.getfixturevalue("postgres"))
    migrate_conversations(engine)
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
    yield engine
    engine.dispose()


def count_rows(engine: Engine) -> dict[str, int]:
    """Return the number of rows of each table that a turn writes."""
    with engine.connect() as connection:
        tables = (conversation, inbox, outbox)
        return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
