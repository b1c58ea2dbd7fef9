"""`python -m tests.delivery.served`: the program serving, at a fixed hour, killed where the test says.

The clock starts at the instant of the tests and goes on through restarts, so that an answer is the same after one.
"""

import os
import sys
import time
from argparse import Namespace
from datetime import datetime, timedelta
from functools import partial

from bot.app import App
from bot.channels.sms import ovh
from bot.channels.sms.android import Android
from bot.commands.serve import serve
from bot.delivery import sender
from bot.failpoints import arm
from bot.journal import configure_logging
from bot.settings import load_settings
from knowledge.horaires import paris

NOWHERE = "http://127.0.0.1:9"
SHORT_GRACE_S = 8.0

START = datetime(2026, 11, 23, 10, tzinfo=paris())


def clock_since(begun: float) -> datetime:
    """Return the hour of a test that began at this instant; it goes to other processes by its name."""
    return START + timedelta(seconds=time.time() - begun)


def main() -> int:
    """Serve with the settings of the environment; BEGUN_AT is when the test began, KILL_AT the place to die.

    COPIES: the telephone does not know a message that it has by its key. No test asks the real server of OVHcloud.
    """
    ovh.Ovh = partial(ovh.Ovh, api=NOWHERE)  # type: ignore[misc, assignment]
    if os.environ.get("COPIES"):
        Android.idempotent, sender.GRACE_S = False, SHORT_GRACE_S
    clock = partial(clock_since, float(os.environ["BEGUN_AT"]))
    settings = load_settings()
    configure_logging(settings.journal)
    if place := os.environ.get("KILL_AT"):
        arm(place)
    app = App(settings, clock)
    return serve(app, Namespace(host=None, port=None))


if __name__ == "__main__":
    sys.exit(main())
