"""Bases to test on: a SQLite file, and a PostgreSQL server where there is one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge.base import migrate, open_base
from tests.postgres import postgres as postgres

__all__ = ["postgres"]


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Engine]:
    """An empty base, ready, in a file."""
    engine = open_base(f"sqlite:///{tmp_path}/base.db", busy_timeout_s=0.05)
    migrate(engine)
    yield engine
    engine.dispose()
