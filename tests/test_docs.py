"""What the documents say is true: commands are run, names and files exist, nothing is left out.

Each document has a clone of its own (the sources, an empty base, `../shared/data` beside), where its ```console
blocks are run from top to bottom. `python -m tests.test_docs FILE…` writes what is printed now into the files, after
an intended change: read it before you commit it.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from actions.registry import build_actions
from bot.__main__ import COMMANDS
from bot.app import read_flows
from bot.commands.settings import shown
from bot.engine.read_responses import BUTTON_KEYS, VARIATION_KEYS
from bot.engine.read_steps import COLLECT_KEYS, FLOW_KEYS, KINDS
from bot.messages import CHANNELS
from bot.settings import PREFIX, Settings
from bot.understanding import Understander
from knowledge.demande import Demande
from knowledge.demonstration import demonstration
from knowledge.exchange import KEYS, orientation_to_json
from knowledge.exporting import EXPORTS
from knowledge.labels import Urgency
from knowledge.orientation import orienter
from knowledge.snapshot import build_knowledge
from tests.conftest import SHARED_DATA, missing

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("actions", "bot", "flows", "knowledge")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("knowledge/data/*.md")])
GUIDE, OPERATION, ARCHITECTURE = (
    ROOT / "docs" / f"{name}.md" for name in ("guide-flux", "exploitation", "architecture")
)
CUT = "…"
"""A line that stands for any lines."""

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPT = "$ "
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
QUOTED_PATH = re.compile(r"`((?:actions|benchmarks|bot|docs|flows|knowledge|scripts|tests)/[\w./-]*)(?:::(\w+))?`")
SHELL = 'aiguilleur() { "$PYTHON" -m bot "$@"; }\n'


class Command(NamedTuple):
    """A command of a ```console block and the lines that it is said to print."""

    source: str
    printed: list[str]


class Clone:
    """A fresh copy of the project in a folder of its own, with an empty base."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "aiguilleur"
        for room in ROOMS:
            shutil.copytree(ROOT / room, self.project / room)
        (folder / "shared").mkdir()
        (folder / "shared" / "data").symlink_to(SHARED_DATA)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHON": sys.executable,
            "PYTHONUTF8": "1",
            "COLUMNS": "100",
            f"{PREFIX}BASE": f"sqlite:///{folder / 'aiguilleur.db'}",
        }

    def play(self, sources: list[str]) -> list[list[str]]:
        """Run commands in one shell; return, for each, the lines that a terminal would show."""
        done = subprocess.run(
            ["bash", "-c", SHELL + "".join(f"{source}\nprintf '\\0'\n" for source in sources)],
            cwd=self.project,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        printed = done.stdout.split("\0")[:-1]
        assert len(printed) == len(sources), done.stdout
        return [text.splitlines() for text in printed]


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def commands(text: str) -> list[Command]:
    """Return the commands of the blocks of a text, each with the lines that follow it."""
    found: list[Command] = []
    for line in (line for block in BLOCK.findall(text) for line in block.splitlines()):
        if line.startswith(PROMPT):
            found.append(Command(line.removeprefix(PROMPT), []))
        else:
            found[-1].printed.append(line)
    return found


def agrees(expected: list[str], printed: list[str]) -> bool:
    """Compare word for word; a line `…` of the document stands for any lines."""
    pattern = "".join("(?:.*\n)*?" if line == CUT else re.escape(line) + "\n" for line in expected)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def section(text: str, folder: str) -> str:
    """Return what stands under the heading that names a folder, up to the next heading."""
    found = re.search(rf"^#+ `{re.escape(folder)}/`.*?$(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


WITH_BLOCKS = [path for path in DOCUMENTS if BLOCK.search(read(path))]


def test_documents_are_found() -> None:
    assert len(DOCUMENTS) >= 9
    assert len(WITH_BLOCKS) >= 4
    assert sum(len(commands(read(path))) for path in WITH_BLOCKS) >= 16


@pytest.mark.parametrize("path", WITH_BLOCKS, ids=lambda path: path.stem)
def test_what_is_shown_was_really_printed(path: Path, tmp_path: Path) -> None:
    expected = commands(read(path))
    if any("../shared/data" in command.source for command in expected) and not SHARED_DATA.exists():
        missing("fichiers réels absents : ../shared/data")
    printed = Clone(tmp_path).play([command.source for command in expected])
    for command, lines in zip(expected, printed, strict=True):
        assert agrees(command.printed, lines), f"$ {command.source}\n" + "\n".join(lines)


def test_a_cut_stands_for_any_lines_and_for_nothing_else() -> None:
    assert agrees(["a", CUT, "d"], ["a", "b", "c", "d"])
    assert agrees([CUT], [])
    assert not agrees(["a", CUT, "d"], ["a", "b", "c"])
    assert not agrees(["a…"], ["abc"])


def test_every_command_is_explained() -> None:
    text = "\n".join(map(read, DOCUMENTS))
    assert len(COMMANDS) >= 12
    assert not [name for name in COMMANDS if f"`aiguilleur {name}" not in text]


def test_every_setting_is_explained_with_its_default() -> None:
    defaults = {
        PREFIX + name.upper(): field.get_default(call_default_factory=True)
        for name, field in Settings.model_fields.items()
    }
    assert len(defaults) >= 9
    rows = dict(re.findall(rf"^\| `({PREFIX}[A-Z_]+)` \| (.*?) \|", read(OPERATION), re.MULTILINE))
    of_this_machine = {name for name, value in defaults.items() if isinstance(value, SecretStr | Path)}
    assert rows.keys() == defaults.keys()
    assert {name: row for name, row in rows.items() if name not in of_this_machine} == {
        name: f"`{shown(value)}`" if shown(value) else "vide"
        for name, value in defaults.items()
        if name not in of_this_machine
    }
    named = {name for path in DOCUMENTS for name in re.findall(rf"{PREFIX}[A-Z_]+", read(path))}
    assert named <= {*defaults, f"{PREFIX}REQUIRE_ALL"}


def test_every_flow_slot_and_action_is_explained() -> None:
    flows, text = read_flows(), read(GUIDE)
    names = [*flows.flows, *flows.slots, *(action.name() for action in build_actions(lambda: build_knowledge([])))]
    assert len(names) >= 7 + 20 + 10
    assert not [name for name in names if f"`{name}`" not in text]


def test_the_grammar_of_the_flows_is_whole() -> None:
    keys = {*FLOW_KEYS, *KINDS, *COLLECT_KEYS, *VARIATION_KEYS, *BUTTON_KEYS, "id", "next", "then", "else"}
    assert len(keys) >= 20
    grammar = read(GUIDE).partition("### La grammaire")[2].partition("\n## ")[0]
    assert not sorted(key for key in keys if not re.search(rf"[`{{ ]{key}:", grammar))
    assert not [channel for channel in CHANNELS if f"`{channel}`" not in read(GUIDE)]


def test_every_key_and_column_is_explained() -> None:
    now = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Europe/Paris"))
    knowledge = build_knowledge(*demonstration(now))
    near = orientation_to_json(orienter(Demande(need="caf", urgency=Urgency.TODAY, insee="64371"), now, knowledge))
    far = orientation_to_json(orienter(Demande(need="caf", insee="59350"), now, knowledge))
    understood = Understander(knowledge.needs, knowledge.communes).understand("caf", now).to_json()
    objects = [near, near["lieux"][0], near["creneaux"][0], near["learn_next"], far["fallback"], understood]
    keys = {*KEYS, *(key for found in objects for key in found)}
    assert len(keys) >= 45
    assert not sorted(key for key in keys if f"`{key}`" not in read(ROOT / "docs" / "json.md"))
    columns = [*EXPORTS["creneaux"].columns, *EXPORTS["communes"].columns]
    assert len(columns) >= 30
    assert not [column for column in columns if f"`{column}`" not in read(ROOT / "docs" / "formats.md")]


def test_every_module_has_its_line_in_the_architecture() -> None:
    text = read(ARCHITECTURE)
    modules = [
        path.relative_to(ROOT)
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if path.name != "__init__.py" and "migrations" not in path.parts
    ]
    assert len(modules) >= 100
    assert not [str(path) for path in modules if f"`{path.name}`" not in section(text, path.parent.as_posix())]
    folders = {path.parent for path in modules}
    named = {
        folder / name for folder in folders for name in re.findall(r"`(\w+\.py)`", section(text, folder.as_posix()))
    }
    assert not sorted(map(str, named - set(modules)))


def test_links_and_quoted_files_exist() -> None:
    links = [(path, link) for path in DOCUMENTS for link in LINK.findall(read(path)) if not link.startswith("http")]
    assert len(links) >= 10
    assert not [(path.name, link) for path, link in links if not (path.parent / link).exists()]
    quoted = [(path, *found) for path in DOCUMENTS for found in QUOTED_PATH.findall(read(path))]
    assert len(quoted) >= 20
    assert not [(path.name, file) for path, file, _ in quoted if not (ROOT / file).exists()]
    assert not [(file, test) for _, file, test in quoted if test and f"def {test}(" not in read(ROOT / file)]


def test_the_changelog_has_this_version() -> None:
    version = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]["version"]
    assert re.search(rf"^## {re.escape(version)}\b", read(ROOT / "CHANGELOG.md"), re.MULTILINE)


def record(path: Path, folder: Path) -> None:
    """Write what the commands of a document print now into it; what is cut stays cut where the rest still agrees."""
    expected = commands(read(path))
    printed = Clone(folder).play([command.source for command in expected])
    shown_now = iter(
        [PROMPT + command.source, *(command.printed if agrees(command.printed, lines) else lines)]
        for command, lines in zip(expected, printed, strict=True)
    )

    def block(match: re.Match[str]) -> str:
        lines = [line for _ in commands(match[0]) for line in next(shown_now)]
        return "\n".join(["```console", *lines, "```"])

    path.write_text(BLOCK.sub(block, read(path)), encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as temporary:
            record(Path(name), Path(temporary))
