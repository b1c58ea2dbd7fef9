"""The gazetteer, the demonstration base, and the real places read once."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from benchmarks.plain import Plain
from benchmarks.real_places import FRANCE_SERVICES, LIBRARIES, V0, read_places
from knowledge.communes import Gazetteer, load_gazetteer
from knowledge.demonstration import demonstration
from knowledge.lieux import Lieu
from knowledge.preuves import load_preuves
from knowledge.snapshot import Knowledge, build_knowledge
from tests.orientation.cases import NOW


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


@pytest.fixture(scope="session")
def demo(gazetteer: Gazetteer) -> Knowledge:
    return build_knowledge(*demonstration(NOW), gazetteer)


@pytest.fixture(scope="session")
def real_lieux(shared_data: Callable[[str], Path]) -> list[Lieu]:
    folders = {shared_data(name).parent for name in (V0, FRANCE_SERVICES, LIBRARIES)}
    return read_places(folders.pop())


@pytest.fixture(scope="session")
def real(real_lieux: list[Lieu], gazetteer: Gazetteer) -> Knowledge:
    return build_knowledge(real_lieux, (), gazetteer)


@pytest.fixture(scope="session")
def plain(real_lieux: list[Lieu], gazetteer: Gazetteer) -> Plain:
    return Plain(real_lieux, gazetteer, load_preuves())
