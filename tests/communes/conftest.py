"""The gazetteer of the package, loaded once."""

import pytest

from knowledge.communes import Gazetteer, load_gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return load_gazetteer()
