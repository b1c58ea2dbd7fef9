"""The program behind a real Kannel."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.channels.sms.kannel import Kannel
from tests.delivery.program import Program
from tests.sms.kannel_server import KannelServer
from tests.test_conversations import CONTACT

SERVICE = "36000"
"""The number that people write to."""


@contextmanager
def behind_kannel(folder: Path) -> Iterator[tuple[KannelServer, Program]]:
    """Serve behind a Kannel that is configured by the lines that the program gives its operator."""
    account = {"kannel_utilisateur": "aiguilleur", "kannel_mot_de_passe": "mot de passe", "kannel_numero": SERVICE}
    program = Program(folder, contact=CONTACT, **account)

    def build(url: str) -> Kannel:
        program.settings["kannel_url"] = url
        gateway = program.link("kannel").webhook
        assert isinstance(gateway, Kannel)
        return gateway

    with KannelServer(build) as server, program.serving():
        yield server, program
