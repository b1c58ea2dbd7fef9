"""The look-up over the demonstration base, and over the real places."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.lookups import NOW
from benchmarks.real_places import FRANCE_SERVICES, LIBRARIES, V0, read_places
from knowledge.annuaire import Annuaire, annuaire_of
from knowledge.demonstration import demonstration
from knowledge.lieux import Lieu
from knowledge.snapshot import Knowledge, build_knowledge


@pytest.fixture(scope="session")
def demo() -> Knowledge:
    return build_knowledge(*demonstration(NOW))


@pytest.fixture(scope="session")
def annuaire(demo: Knowledge) -> Annuaire:
    return annuaire_of(demo)


@pytest.fixture(scope="session")
def real_lieux(shared_data: Callable[[str], Path]) -> list[Lieu]:
    folders = {shared_data(name).parent for name in (V0, FRANCE_SERVICES, LIBRARIES)}
    return read_places(folders.pop())


@pytest.fixture(scope="session")
def real(real_lieux: list[Lieu]) -> Annuaire:
    return annuaire_of(build_knowledge(real_lieux))
