"""Fixtures of the whole suite."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def missing(reason: str) -> None:
    """Skip with the reason; in CI (AIGUILLEUR_REQUIRE_ALL=1) fail with it: there, everything must be present."""
    if os.environ.get("AIGUILLEUR_REQUIRE_ALL") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Return the path of a real (old) file of `../shared/data`, or skip where it is absent."""

    def path(name: str) -> Path:
        found = SHARED_DATA / name
        if not found.exists():
            missing(f"fichier réel absent : ../shared/data/{name}")
        return found

    return path
