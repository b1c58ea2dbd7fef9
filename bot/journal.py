"""What goes into the log of a fault: its kind and its place, never its text, which may quote a person."""

import logging
from pathlib import PurePath
from traceback import extract_tb


def log_fault(logger: logging.Logger, where: str, error: BaseException) -> None:
    """Log a fault met in `where`."""
    last = extract_tb(error.__traceback__)[-1]
    logger.error("%s : %s (%s:%s)", where, type(error).__name__, PurePath(last.filename).name, last.lineno)
