"""One understander for all tests of this folder, and the tables beside them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML

from bot.understanding import Understander
from knowledge.communes import load_gazetteer
from knowledge.needs import load_needs

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 23, 10, tzinfo=PARIS)


@pytest.fixture(scope="session")
def understander() -> Understander:
    """The understander with the project's own needs and communes."""
    return Understander(load_needs(), load_gazetteer())


@pytest.fixture(scope="session")
def now() -> datetime:
    """Monday 23 November 2026, 10:00, Paris: the reference instant of the contract."""
    return MONDAY


def table(name: str) -> Any:
    """Return the content of `tests/understanding/<name>.yml`."""
    # The C reader refuses an unquoted "?" inside brackets, which reads better here without quotes.
    return YAML(typ="safe", pure=True).load(Path(__file__).with_name(f"{name}.yml").read_text(encoding="utf-8"))


Cases = Callable[[str], Any]
