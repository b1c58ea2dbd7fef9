"""The log of the program: one line a fact, as text or as JSON, and nothing of a person in it.

What we log ourselves is written without a word of anybody. What libraries log may quote a request, an address, a
message: only its place in their source is told, never its text.
"""

import json
import logging
import math
from collections import OrderedDict
from datetime import UTC, datetime
from pathlib import PurePath
from traceback import extract_tb, format_tb
from types import TracebackType

TEXT, JSON = "texte", "json"
FORMATS = (TEXT, JSON)

OURS = frozenset({"actions", "bot", "knowledge", "__main__"})
"""The packages whose words are known."""

QUIET = (
    "aiohttp", "alembic", "httpcore", "httpx", "rasa_sdk", "sanic", "sanic.root", "sqlalchemy", "telegram",
)  # fmt: skip
"""Libraries whose log tells an operator nothing below an error."""

REPEAT_S = 60.0
"""A warning that comes again and again is told once in this time."""

REMEMBERED = 1000
"""Warnings of which it is known when they were told."""

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Lines(logging.Formatter):
    """One fact a line: level, logger, what is said. A fault is told by its kind and its places, never by its text."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record, and below it where a fault comes from."""
        lines = [f"{record.levelname} {record.name} {said(record)}"]
        if record.exc_info:
            lines.append(self.formatException(record.exc_info))
        return "\n".join(lines)

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802  # the name that logging calls
        """Return the places of a fault and its kind; the lines are those of the source, so they quote nobody."""
        return "".join(format_tb(ei[2])) + (ei[0].__name__ if ei[0] else "")


class JsonLines(Lines):
    """One JSON object a line: time, level, logger, message, and where a fault comes from."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object of a record."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": said(record),
        }
        if record.exc_info:
            told["fault"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def said(record: logging.LogRecord) -> str:
    """Return what a record says; of a library, only the place in its source and the kind of the fault."""
    again = f" (encore {count} fois depuis)" if (count := getattr(record, "again", 0)) else ""
    if record.name.partition(".")[0] in OURS:
        return record.getMessage() + again
    fault = record.exc_info[0] if record.exc_info else None
    return f"{record.filename}:{record.lineno}" + (f" {fault.__name__}" if fault else "") + again


class OnceAMinute(logging.Filter):
    """Lets a warning pass once a minute however often it comes, as in an outage: the next one tells how often it did.

    Two threads that warn at one instant may both be told.
    """

    def __init__(self) -> None:
        super().__init__()
        self._told: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the record is told now."""
        if record.levelno < logging.WARNING:
            return True
        line = f"{record.name} {said(record)}"
        at, count = self._told.get(line, (-math.inf, 0))
        if 0 <= record.created - at < REPEAT_S:  # a clock that is set back silences nothing
            self._told[line] = (at, count + 1)
            return False
        self._told[line] = (record.created, 0)
        self._told.move_to_end(line)
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        record.again = count
        return True


def configure_logging(level: str, form: str = TEXT) -> None:
    """Log to standard error, unless a log is already configured."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == JSON else Lines())
    handler.addFilter(OnceAMinute())
    logging.basicConfig(level=level, handlers=[handler])
    for library in QUIET:
        logging.getLogger(library).setLevel(logging.ERROR)


def log_fault(logger: logging.Logger, where: str, error: BaseException) -> None:
    """Log a fault met in `where`: its kind and its place, never its text, which may quote a person."""
    last = extract_tb(error.__traceback__)[-1]
    logger.error("%s : %s (%s:%s)", where, type(error).__name__, PurePath(last.filename).name, last.lineno)
