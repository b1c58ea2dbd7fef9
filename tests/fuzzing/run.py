"""`python -m tests.fuzzing.run [SECONDS]`: fuzz each target for that long (60 by default), with other dice each time.

Only the first failure is shown, with its traceback and the text in base 64.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
SEEDS: dict[str, list[str]] = YAML(typ="safe").load(Path(__file__).with_name("seeds.yml").read_text(encoding="utf-8"))
"""Target → the texts that its fuzzing starts from."""

MAX_BYTES = 300
"""Of one text; the targets make long ones themselves."""


def command(target: str, folder: Path, *options: str) -> list[str]:
    """Return the command that fuzzes a target from its seeds; what it finds goes to `folder`, which must be empty."""
    corpus, words = folder / "corpus", folder / "words.dict"
    corpus.mkdir()
    texts = SEEDS.get(target, [])
    for number, text in enumerate(texts):
        (corpus / str(number)).write_bytes(text.encode())
    if texts:
        words.write_text("\n".join(map(_quoted, sorted({word for text in texts for word in text.split()}))))
        options = (*options, f"-dict={words}")
    harness = (sys.executable, "-m", "tests.fuzzing.harness", target)
    return [*harness, f"-max_len={MAX_BYTES}", f"-artifact_prefix={folder}/", *options, str(corpus)]


def _quoted(word: str) -> str:
    """Return a word as a line of libFuzzer's dictionaries."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"'


def main() -> int:
    """Return the exit status of the first target that fails, 0 when none does."""
    seconds = sys.argv[1] if len(sys.argv) > 1 else "60"
    for target in SEEDS:
        with tempfile.TemporaryDirectory(prefix="aiguilleur-") as folder:
            words = command(target, Path(folder), f"-max_total_time={seconds}")
            status = subprocess.run(words, cwd=ROOT, check=False).returncode
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
