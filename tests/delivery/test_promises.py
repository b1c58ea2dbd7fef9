"""Each promise of the delivery has a test that says its number; those of the engine are named here."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROMISES = range(1, 19)
ELSEWHERE = {
    14: (
        "tests/engine/test_migration.py",
        (
            "test_go_on_where_the_step_still_exists",
            "test_start_over_where_it_does_not_and_keep_what_is_known",
        ),
    ),
    15: ("tests/engine/test_dialogue.py", ("test_the_loop_guard",)),
}
"""A flow edited during a conversation (14) and the guard against loops (15) are the engine's own."""


def test_each_promise_has_a_test() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    here = {int(number) for number in re.findall(r"^def test_r(\d\d)_", written, re.MULTILINE)}
    assert here | set(ELSEWHERE) == set(PROMISES)
    for file, names in ELSEWHERE.values():
        text = (ROOT / file).read_text(encoding="utf-8")
        assert not [name for name in names if f"def {name}(" not in text]
