"""Standard input and output of the commands: text lines in, JSON objects out."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.app import App, Clock, wall_clock
from bot.journal import configure_logging
from bot.settings import load_settings


def open_app(now: datetime | None = None) -> App:
    """Build the program from the settings; `now` freezes its clock."""
    settings = load_settings()
    configure_logging(settings.journal, settings.journal_format)
    clock: Clock = (lambda: now) if now else wall_clock
    return App(settings, clock)


def lines() -> Iterator[str]:
    """Yield the lines of standard input; bytes that are not UTF-8 are replaced, never refused."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace").rstrip("\r\n")


def say(text: str) -> None:
    """Write one line of result."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say_json(value: Any) -> None:
    """Write one object a line."""
    say(json.dumps(value, ensure_ascii=False))


def tell(text: str) -> None:
    """Write a message for the person: to standard error, so that results stay clean."""
    sys.stderr.write(text + "\n")
