"""The demonstration base at a fixed instant."""

import pytest

from knowledge.snapshot import Knowledge
from tests.aidant.cases import AT
from tests.test_conversations import knowledge_at


@pytest.fixture(scope="session")
def demo() -> Knowledge:
    return knowledge_at(AT)
