"""The data files are read as YAML 1.2: what PyYAML misreads stays what it looks like."""

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError

TRAPS = {"no": "no", "yes": "yes", "14:00": "14:00", "2A004": "2A004", "on": "on"}


@pytest.mark.parametrize(("written", "read"), TRAPS.items())
def test_words_stay_words(written: str, read: str) -> None:
    assert YAML(typ="safe").load(f"clef: {written}") == {"clef": read}


def test_a_key_twice_is_refused() -> None:
    with pytest.raises(DuplicateKeyError):
        YAML(typ="safe").load("clef: 1\nclef: 2\n")
