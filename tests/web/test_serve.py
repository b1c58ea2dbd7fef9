"""`aiguilleur demo` and `aiguilleur serve`, as they are really started."""

import os
import signal
import socket
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from urllib.request import urlopen

import pytest

from bot.app import App
from bot.commands.faults import CommandeRefusee
from bot.commands.serve import serve


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_the_demonstration_serves_its_page_until_interrupted(tmp_path: Path) -> None:
    port = free_port()
    environment = {**os.environ, "AIGUILLEUR_BASE": f"sqlite:///{tmp_path}/base.db", "AIGUILLEUR_JOURNAL": "DEBUG"}
    command = [sys.executable, "-m", "bot", "demo", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        said = []
        for line in process.stderr:
            said.append(line)
            if "La page est ouverte" in line:
                break
        with urlopen(f"http://127.0.0.1:{port}/?secret=1") as page:
            assert "Démonstration." in page.read().decode()
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert "46 lieux" in "".join(said)
    assert f"http://127.0.0.1:{port}\n" in said[-1]
    assert "secret" not in rest, "no request is logged"
    assert "Traceback" not in rest
    assert process.returncode in (0, 130)


def test_a_port_that_is_taken_is_told(program: App) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandeRefusee, match=f"Le port {port} est déjà pris"):
            serve(program, Namespace(host=None, port=port))


@pytest.mark.parametrize(
    ("host", "said"), [("192.0.2.1", "celle de cet ordinateur"), ("pas une adresse", "adresse connue")]
)
def test_an_address_that_is_not_ours_is_told(program: App, host: str, said: str) -> None:
    with pytest.raises(CommandeRefusee, match=said):
        serve(program, Namespace(host=host, port=free_port()))


@pytest.mark.parametrize("port", [-1, 0, 65_536])
def test_what_is_not_a_port_is_told(program: App, port: int) -> None:
    with pytest.raises(CommandeRefusee, match="n'est pas un port"):
        serve(program, Namespace(host="127.0.0.1", port=port))
