"""The whole program in a process of its own, over the demonstration base, with gateways of the tests."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.app import App
from bot.gateways import hook_secret
from bot.settings import Settings
from bot.store.secrecy import Secrecy
from knowledge.base import write_items
from knowledge.demonstration import demonstration
from tests.delivery.served import START

KEY = "une-cle-fictive-de-quarante-caracteres--"
OPENED = "La page est ouverte"


@dataclass
class Program:
    """`aiguilleur serve` over the base `url`, killed and started as often as a test wants."""

    url: str
    port: int
    settings: Mapping[str, str]
    begun_at: float = field(default_factory=time.time)
    process: subprocess.Popen[str] | None = None

    def now(self) -> float:
        """Return the program's own time, in seconds since 1970."""
        return START.timestamp() + time.time() - self.begun_at

    def hook(self, gateway: str) -> str:
        """Return the address that a gateway calls."""
        return f"http://127.0.0.1:{self.port}/gateways/{gateway}/{hook_secret(Secrecy(KEY), gateway)}"

    def start(self, kill_at: str = "") -> None:
        """Start, and wait until the page is open."""
        environment = {
            **os.environ,
            "AIGUILLEUR_BASE": self.url,
            "AIGUILLEUR_CLE": KEY,
            "AIGUILLEUR_ADRESSE": f"http://127.0.0.1:{self.port}",
            "AIGUILLEUR_PORT": str(self.port),
            "AIGUILLEUR_SMS_PAR_SECONDE": "1000",
            "BEGUN_AT": str(self.begun_at),
            "KILL_AT": kill_at,
            **self.settings,
        }
        words = [sys.executable, "-m", "tests.delivery.served"]
        self.process = subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr
        assert any(OPENED in line for line in self.process.stderr) or kill_at, "the program did not start"

    def dead(self) -> bool:
        """Say whether SIGKILL has come."""
        return self.process is not None and self.process.poll() == -signal.SIGKILL

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int | None:
        """Stop the program and return its status."""
        if self.process is None:
            return None
        self.process.send_signal(how)
        self.process.communicate()
        status, self.process = self.process.returncode, None
        return status


def fill(url: str) -> App:
    """Put the demonstration into a base and return the program over it, in this process."""
    from pydantic import SecretStr

    app = App(Settings(base=SecretStr(url)), lambda: START)
    lieux, creneaux = demonstration(START)
    write_items(app.database, [*lieux, *creneaux], now=START)
    return app
