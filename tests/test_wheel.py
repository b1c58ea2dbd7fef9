"""The program installed from its wheel, far from the checkout: everything that it reads must have come along."""

import os
import re
import socket
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import requires
from pathlib import Path
from subprocess import PIPE
from urllib.request import urlopen
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("actions", "bot", "flows", "knowledge")

pytestmark = pytest.mark.xdist_group("wheel")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with what is installed: nothing is downloaded."""
    folder = tmp_path_factory.mktemp("wheel")
    _pip("wheel", "--no-build-isolation", "-w", str(folder), str(ROOT))
    (built,) = folder.glob("*.whl")
    return built


@dataclass(frozen=True)
class Installed:
    """The wheel in a folder of its own, and Python without the checkout."""

    site: Path
    cwd: Path

    def run(self, *words: str, stdin: str = "") -> tuple[str, str]:
        """Run Python to its end, which must be good; return its output and what it says to the person."""
        with self.start(*words) as process:
            out, err = process.communicate(stdin)
        assert process.returncode == 0, err
        return out, err

    def start(self, *words: str) -> subprocess.Popen[str]:
        """`-S` leaves out the `.pth` files, and with them the checkout of an editable installation."""
        path = os.pathsep.join([str(self.site), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.cwd), "PYTHONPATH": path, "PYTHONUTF8": "1"}
        command = [sys.executable, "-S", *words]
        return subprocess.Popen(command, cwd=self.cwd, env=environment, text=True, stdin=PIPE, stdout=PIPE, stderr=PIPE)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    site, cwd = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("elsewhere")
    _pip("install", "--target", str(site), str(wheel))
    return Installed(site, cwd)


def _pip(*words: str) -> None:
    command = [sys.executable, "-m", "pip", words[0], "-q", "--no-deps", "--no-index", *words[1:]]
    subprocess.run(command, check=True, capture_output=True)


def test_the_wheel_has_every_file_of_the_rooms_and_no_other(wheel: Path) -> None:
    here = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and not {"__pycache__", "phrases"} & set(path.parts)  # phrases are for training only
    }
    assert len(here) > 200
    with ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert packed == here


def test_the_checkout_cannot_be_imported(installed: Installed) -> None:
    shown, _ = installed.run("-c", "import sys, actions, bot, knowledge; print(*sys.path, bot.__file__, sep='\\n')")
    assert str(ROOT) not in shown.splitlines()
    assert str(installed.site / "bot" / "__init__.py") in shown.splitlines()


def test_every_command_finds_its_data(installed: Installed, tmp_path: Path) -> None:
    aiguilleur = ("-m", "bot")
    assert "46 lieux" in installed.run(*aiguilleur, "demo", "--sans-page")[1]
    said, _ = installed.run(*aiguilleur, "chat", "--now", "2026-11-23T10:00", stdin="caf orthez urgent\n")
    assert "fictif" in said
    assert "Tout est en ordre." in installed.run(*aiguilleur, "check")[0]
    assert installed.run(*aiguilleur, "graph")[0].startswith("flowchart")
    exported = tmp_path / "lieux.csv"
    installed.run(*aiguilleur, "export", "lieux", str(exported))
    assert "46 inchangées" in installed.run(*aiguilleur, "import", "lieux", str(exported))[0]


def test_the_page_finds_its_templates_and_static_files(installed: Installed) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with installed.start("-m", "bot", "serve", "--port", str(port)) as server:
        assert server.stderr
        assert any("La page est ouverte" in line for line in server.stderr)
        pages = ("/", "/a-propos", "/annuaire?q=caf", "/api/openapi.json", "/health")
        for path in (*pages, "/static/style.css", "/static/page.js", "/static/annuaire.js"):
            with urlopen(f"http://127.0.0.1:{port}{path}") as answer:
                assert answer.status == 200
        server.terminate()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_all_that_is_needed_by_hash_and_names_no_server(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9-]+)==\S+(?: ;.*)? \\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(pins) == len(re.findall(r"^\w", text, re.MULTILINE)) > 50
    assert "://" not in text
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"] * ("dev" in name)
    assert needed(wanted) - set(pins) == set()


def needed(wanted: Iterable[str]) -> set[str]:
    """Return the names of these requirements and of all that they require here."""
    names: set[str] = set()
    waiting, seen = [(Requirement(text), "") for text in wanted], set[tuple[str, str]]()
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        names.add(canonicalize_name(requirement.name))
        for asked in {"", *requirement.extras}:
            if (requirement.name, asked) not in seen:
                seen.add((requirement.name, asked))
                waiting += [(Requirement(text), asked) for text in requires(requirement.name) or ()]
    return names
