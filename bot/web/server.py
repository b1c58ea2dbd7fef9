"""Serving the page until interrupted."""

import logging
import os
from collections.abc import Callable
from threading import Timer

from aiohttp import web

logger = logging.getLogger(__name__)

LONGEST_ADDRESS = 256 * 1024
"""Bytes of an address: a query of 10 000 letters of another alphabet is an answer, not a broken connection."""
SHUTDOWN_S = 2.0
"""How long a stop waits for requests under way."""
END_S = 9.5
"""How long a stop may take in all, whatever hangs: a thread that waits for a database cannot be told to end."""


def run_server(app: web.Application, *, host: str, port: int, opened: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; `opened` is called once the address answers. No request is ever logged.

    From then on the program has `END_S` to end. Raises OSError when the address cannot be listened on (port taken, not
    ours).
    """
    ending = Timer(END_S, _end)
    ending.daemon = True

    async def begin_to_end(_app: web.Application) -> None:
        ending.start()

    app.on_shutdown.append(begin_to_end)
    try:
        web.run_app(
            app,
            host=host,
            port=port,
            access_log=None,
            max_line_size=LONGEST_ADDRESS,
            print=lambda *_: opened(),
            shutdown_timeout=SHUTDOWN_S,
        )
    except BaseException:
        ending.cancel()
        raise
    if not ending.ident:  # interrupted while it began
        ending.start()


def _end() -> None:
    """End the program at once: what is not done is done after the next start."""
    logger.warning("Le programme s'arrête sans attendre davantage : la base, sans doute, ne répond pas.")
    os._exit(1)
