"""The files of `deploy/`: every setting is there, the service is shut in, only the right addresses are open."""

import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from aiohttp import web

from bot.app import App
from bot.delivery import sender, worker
from bot.delivery.players import LEAVE_S
from bot.delivery.service import DRAIN_S
from bot.settings import PREFIX, Settings
from bot.web.forms import MAX_BYTES
from bot.web.server import SHUTDOWN_S
from tests.conftest import missing
from tests.web.serving import ANDROID, NOW, build_app, build_hooks, build_web

DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
UNIT, PROXY, CONTAINER, EXAMPLE = (
    DEPLOY / name for name in ("aiguilleur.service", "Caddyfile", "Containerfile", "env.exemple")
)
SETTING = re.compile(rf"^#?({PREFIX}[A-Z_]+)=(.*)$", re.MULTILINE)


def unit() -> dict[str, list[str]]:
    """Return the values of each key of the unit."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, value in re.findall(r"^(\w+)=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE):
        found[key].append(value)
    return found


def test_the_example_has_every_setting_and_nothing_else() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    names = [name for name, _ in SETTING.findall(text)]
    assert sorted(names) == sorted(PREFIX + name.upper() for name in Settings.model_fields)
    said = " ".join(line.removeprefix("# ") for line in text.splitlines())
    assert not [name for name, field in Settings.model_fields.items() if (field.description or "?") not in said]


def test_the_example_can_be_used_as_it_is(tmp_path: Path) -> None:
    whole = tmp_path / "env"
    defaults = {name: value for name, value in SETTING.findall(EXAMPLE.read_text(encoding="utf-8")) if value}
    whole.write_text("\n".join(f"{name}={value}" for name, value in defaults.items()), encoding="utf-8")
    read = Settings(_env_file=whole)  # type: ignore[call-arg]
    assert len(defaults) >= 10
    assert read.model_copy(update={"base": Settings().base}) == Settings()


def test_the_service_starts_again_and_stops_in_time() -> None:
    keys = unit()
    assert keys["Restart"] == ["always"]
    assert keys["EnvironmentFile"] == ["/etc/aiguilleur/env"]
    assert keys["ExecStart"] == ["/opt/aiguilleur/.venv/bin/aiguilleur serve"]
    assert SHUTDOWN_S + DRAIN_S + LEAVE_S <= 8, "and two seconds to be early"
    assert max(sender.DRAIN_S + sender.SETTLE_S, worker.DRAIN_S) <= DRAIN_S
    assert int(keys["TimeoutStopSec"][0]) > 10
    assert f"sqlite:////var/lib/{keys['StateDirectory'][0]}/" in EXAMPLE.read_text(encoding="utf-8")


def test_the_service_is_shut_in() -> None:
    keys = unit()
    assert keys["User"] == ["aiguilleur"]
    assert keys["ProtectSystem"] == ["strict"]
    assert keys["CapabilityBoundingSet"] == [""]
    for key in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "RestrictNamespaces"):
        assert keys[key] == ["true"], key


def test_systemd_understands_the_service(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        missing("systemd absent : systemd-analyze introuvable")
    copy = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8").replace("/opt/aiguilleur/.venv/bin/aiguilleur", sys.executable)
    copy.write_text(text, encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the addresses of the program, gateways included."""
    app: App = build_app(tmp_path_factory.mktemp("deploy"), lambda: NOW, **ANDROID)
    served: web.Application = build_web(app, build_hooks(app))
    return {resource.canonical for resource in served.router.resources()}


def test_the_proxy_opens_every_address_but_the_metrics(paths: set[str]) -> None:
    text = PROXY.read_text(encoding="utf-8")
    (opened,) = re.findall(r"@ouvert path (.*)", text)
    known = {re.sub(r"/\{.*", "/*", path) for path in paths}
    assert "/metrics" in known
    assert set(opened.split()) == known - {"/metrics"}
    (kilobytes,) = re.findall(r"max_size (\d+)KB", text)
    assert int(kilobytes) * 1000 > MAX_BYTES
    assert "reverse_proxy 127.0.0.1:8080" in text
    assert text.count("{") == text.count("}")


def test_the_container_installs_what_is_pinned_and_runs_as_nobody() -> None:
    text = CONTAINER.read_text(encoding="utf-8")
    assert "FROM docker.io/library/python:3.11-slim\n" in text
    assert "pip install --no-cache-dir --require-hashes -r requirements.lock" in text
    assert text.count("pip install") == 1, "nothing without a hash"
    assert text.index("USER aiguilleur") < text.index("CMD [")
    assert "HEALTHCHECK" in text
    copied = re.findall(r"^COPY (\S+)", text, re.MULTILINE)
    assert {"actions", "bot", "flows", "knowledge"} < set(copied)
    assert not [name for name in copied if not (DEPLOY.parent / name).exists()]
