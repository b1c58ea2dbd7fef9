"""A gateway that accepts whatever it is given and does no more: what it costs is not the program's."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ACCEPTED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
_HEAD = re.compile(rb"(?is).*?\r\nContent-Length: (\d+).*?\r\n\r\n")


class Sink:
    """Takes requests over connections that stay open. `taken`: how many; `url`: where."""

    def __init__(self) -> None:
        self.taken = 0
        self.url = ""

    @contextmanager
    def open(self) -> Iterator["Sink"]:
        """Listen, in a thread, as long as the context lasts."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        server = asyncio.run_coroutine_threadsafe(loop.create_server(lambda: _Caller(self), "127.0.0.1"), loop).result()
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(server.close)
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()


class _Caller(asyncio.Protocol):
    """One connection; what has come of a request that is not whole waits in `_read`."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (head := _HEAD.match(self._read)) and len(self._read) >= (end := head.end() + int(head[1])):
            self._read = self._read[end:]
            self._sink.taken += 1
            self._transport.write(ACCEPTED)
