"""Serving the page until interrupted."""

from collections.abc import Callable

from aiohttp import web

LONGEST_ADDRESS = 256 * 1024
"""Bytes of an address: a query of 10 000 letters of another alphabet is an answer, not a broken connection."""
SHUTDOWN_S = 3.0
"""How long a stop waits for requests under way."""


def run_server(app: web.Application, *, host: str, port: int, opened: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; `opened` is called once the address answers. No request is ever logged.

    Raises OSError when the address cannot be listened on (port taken, not ours).
    """
    web.run_app(
        app,
        host=host,
        port=port,
        access_log=None,
        max_line_size=LONGEST_ADDRESS,
        print=lambda *_: opened(),
        shutdown_timeout=SHUTDOWN_S,
    )
