"""A real Kannel (bearerbox and smsbox) for tests, the phone network played here.

`with KannelServer(build) as server:` starts bearerbox, smsbox and the network, where `build(url)` returns the gateway
whose own `block()` configures smsbox. The network speaks the line protocol of Kannel's `fakesmsc` (see `Network`).
"""

import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote_from_bytes, unquote_to_bytes

from bot.channels.sms.kannel import Kannel
from bot.channels.sms.text import Coding, coding
from tests.conftest import missing

FAKESMSC = Path("/usr/lib/kannel/test/fakesmsc")
"""Kannel's own phone network. Ours stands in for it, for it takes one client and sends in a random order."""

PATIENCE_SECONDS = 60

BEGINNING = re.compile(rb"\S+ \S+ (?:text|data|ucs-2|udh) ")
"""How the line of an SMS begins; another line goes on with the text of the one before."""

CORE = """\
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = adm
smsbox-port = {smsbox}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = FAKE
port = {smsc}
connect-allow-ip = 127.0.0.1

"""


@dataclass(frozen=True, slots=True)
class Sms:
    """An SMS as the network carries it; a phone that gets several parts shows them as one."""

    sender: str
    receiver: str
    text: str


class KannelServer:
    """`network` is the phones' side, `gateway` the client to send with; smsbox may be stopped and started again."""

    def __init__(self, build: Callable[[str], Kannel], *, settings: str = "") -> None:
        """Prepare a server; `settings` are lines that end smsbox's group. Skips where Kannel is not installed."""
        if shutil.which("bearerbox") is None or shutil.which("smsbox") is None:
            missing("Kannel absent : bearerbox et smsbox introuvables")
        self._ports = dict(zip(("admin", "smsbox", "smsc", "sendsms"), free_ports(4), strict=True))
        self.gateway = build(f"http://127.0.0.1:{self._ports['sendsms']}/cgi-bin/sendsms")
        self._settings = settings
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="aiguilleur-kannel-", ignore_cleanup_errors=True)
        head, cut, tail = self.gateway.block().partition("\n\ngroup = sendsms-user")
        text = f"{CORE.format(**self._ports)}{head}\n{self._settings}{cut}{tail}"
        Path(self._folder.name, "kannel.conf").write_text(text, encoding="utf-8")
        try:
            self._start("bearerbox", self._ports["smsc"], self._ports["smsbox"])
            self.network = Network(self._ports["smsc"])
            self.start_smsbox()
        except BaseException:
            self._stop_all()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.network.close()
        self._stop_all()

    @property
    def smsc_port(self) -> int:
        """The port of the phone network; it takes one client, so close `network` before another comes."""
        return self._ports["smsc"]

    def start_smsbox(self) -> None:
        """Start smsbox, ready to send when this returns."""
        self._start("smsbox", self._ports["sendsms"])

    def stop_smsbox(self) -> None:
        """Stop smsbox at once: bearerbox keeps what comes meanwhile."""
        self._stop("smsbox")

    def log(self, program: str) -> str:
        """Return what `bearerbox` or `smsbox` wrote."""
        return Path(self._folder.name, f"{program}.log").read_text(encoding="utf-8", errors="replace")

    def _start(self, program: str, *ports: int) -> None:
        with Path(self._folder.name, f"{program}.log").open("ab") as log:
            self._running[program] = subprocess.Popen(
                [program, "-v", "1", "kannel.conf"], cwd=self._folder.name, stdout=log, stderr=log
            )
        for port in ports:
            wait_until(partial(_answers, port), f"{program} n'écoute pas")

    def _stop(self, program: str) -> None:
        process = self._running.pop(program)
        process.kill()
        process.wait()

    def _stop_all(self) -> None:
        for program in list(self._running):
            self._stop(program)
        self._folder.cleanup()


class Network:
    """The phones of everybody, on the other side of bearerbox.

    The protocol of `fakesmsc`, a line an SMS both ways: sender, receiver, kind, data, parted by blanks. Kinds: "text"
    (as it is, line breaks too), "ucs2" in and "ucs-2" out (UTF-16BE in %XX), "udh" (header of the part, then a kind and
    the data).
    """

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
        self._socket.settimeout(None)
        self._lock = threading.Lock()
        self._received: list[Sms] = []
        self._parts: dict[tuple[bytes, int], dict[int, bytes]] = {}
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def inject(self, messages: Iterable[Sms]) -> None:
        """Send SMS from phones to the service."""
        lines = [f"{sms.sender} {sms.receiver} {_spelled(sms.text)}\n" for sms in messages]
        self._socket.sendall("".join(lines).encode())

    def received(self, receiver: str | None = None) -> list[Sms]:
        """Return what all the phones have received, in order, or one of them."""
        with self._lock:
            return [sms for sms in self._received if receiver in {None, sms.receiver}]

    def close(self) -> None:
        """Cut the network: bearerbox keeps what it has for the phones."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join()
        self._socket.close()

    def _read(self) -> None:
        with self._socket.makefile("rb") as lines:
            for line in lines:
                with self._lock:
                    self._take(line.rstrip(b"\n"))

    def _take(self, line: bytes) -> None:
        if not BEGINNING.match(line):
            last = self._received.pop()
            self._received.append(replace(last, text=f"{last.text}\n{line.decode()}"))
            return
        sender, receiver, kind, data = line.split(b" ", 3)
        if kind == b"text":
            content = data
        elif kind == b"udh":
            header, _, data = data.split(b" ", 2)
            content = self._joined(receiver, _unquoted(header), _unquoted(data))
        else:
            content = _unquoted(data)
        if content:
            self._received.append(Sms(sender.decode(), receiver.decode(), _read_text(content, kind)))

    def _joined(self, receiver: bytes, header: bytes, data: bytes) -> bytes:
        """Return the whole message once its last part came, nothing before."""
        reference, total, number = header[3:6]
        parts = self._parts.setdefault((receiver, reference), {})
        parts[number] = data
        if len(parts) < total:
            return b""
        del self._parts[receiver, reference]  # the reference comes again after 255 others
        return b"".join(parts[number] for number in sorted(parts))


def fakesmsc(port: int, line: str) -> subprocess.Popen[bytes]:
    """Start Kannel's own phone network: it sends one line once, then writes on its output the lines that it gets."""
    if not FAKESMSC.exists():
        missing("Kannel incomplet : fakesmsc introuvable")
    command = [str(FAKESMSC), "-v", "1", "-H", "127.0.0.1", "-r", str(port), "-i", "0.1", "-m", "1", line]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def person(number: int) -> str:
    """Return a number that is nobody's: the range 06 39 98 XX XX is kept by Arcep for fiction, 10 000 in all."""
    assert 0 <= number < 10_000, "no more numbers"
    return f"+3363998{number:04d}"


def wait_until(
    condition: Callable[[], object], reproach: str | Callable[[], str], seconds: float = PATIENCE_SECONDS
) -> None:
    """Wait for what takes its time. Raises AssertionError when it takes longer; a reproach may look at how it ended."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, reproach() if callable(reproach) else reproach
        time.sleep(0.02)


def _spelled(text: str) -> str:
    """Return a text as a phone sends it: in its alphabet when that is possible."""
    if coding(text) is Coding.GSM7 and "\n" not in text:
        return f"text {text}"
    return f"ucs2 {quote_from_bytes(text.encode('utf-16-be'))}"


def _unquoted(data: bytes) -> bytes:
    return unquote_to_bytes(data.replace(b"+", b" "))


def _read_text(content: bytes, kind: bytes) -> str:
    """Decode a text. A "udh" line does not say how: no French text in UTF-8 has the low bytes that UTF-16 has."""
    wide = kind == b"ucs-2" or (kind == b"udh" and any(byte < 0x20 and byte != 0x0A for byte in content))
    return content.decode("utf-16-be" if wide else "utf-8")


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_ports(count: int) -> list[int]:
    """Return ports of 127.0.0.1 that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
