"""An empty base, and short ways to write a file and import it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from knowledge.communes import load_gazetteer
from knowledge.importing import Report, import_files
from knowledge.importing.context import Context
from tests.base.conftest import base as base
from tests.postgres import postgres as postgres

NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Europe/Paris"))
ImportText = Callable[..., Report]


@pytest.fixture(scope="session")
def context() -> Context:
    """What formats ask for; the gazetteer is loaded once."""
    return Context(NOW, load_gazetteer)


@pytest.fixture
def import_text(base: Engine, tmp_path: Path) -> ImportText:
    """Return a function that writes a text (or bytes) to a file and imports it."""

    def run(
        text: str | bytes, *, name: str = "lieux.csv", kind: str = "lieux", now: datetime = NOW, dry_run: bool = False
    ) -> Report:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return import_files(base, kind, [path], now=now, dry_run=dry_run)

    return run
