"""The shape of the log, and what a flood leaves in it."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from bot.journal import REMEMBERED, JsonLines, Lines, OnceAMinute, configure_logging, said

SECRET = "Zélie, 06 39 98 77 55"
Log = Callable[[logging.Formatter], io.StringIO]


@pytest.fixture
def log_to() -> Iterator[Log]:
    """Return a function that writes the log of our own loggers and of libraries in a form."""
    added: list[logging.Handler] = []

    def begin(formatter: logging.Formatter) -> io.StringIO:
        stream = io.StringIO()
        handler = logging.StreamHandler(stream)
        handler.setFormatter(formatter)
        logging.getLogger().addHandler(handler)
        added.append(handler)
        return stream

    yield begin
    for handler in added:
        logging.getLogger().removeHandler(handler)


def breaking() -> None:
    raise ValueError(SECRET)


def fail(logger: str, message: str, *values: object) -> None:
    """Log a fault whose text quotes a person."""
    try:
        breaking()
    except ValueError:
        logging.getLogger(logger).exception(message, *values)


def test_a_line_says_level_logger_and_words(log_to: Log) -> None:
    stream = log_to(Lines())
    logging.getLogger("bot.web.hooks").warning("%s : requête refusée (%d)", "kannel", 403)
    assert stream.getvalue() == "WARNING bot.web.hooks kannel : requête refusée (403)\n"


def test_json_is_one_object_a_line(log_to: Log) -> None:
    stream = log_to(JsonLines())
    logging.getLogger("bot.web.hooks").warning("une\nligne « é »")
    logging.getLogger("knowledge").error("deux")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert list(first) == ["time", "level", "logger", "message"]
    assert (first["level"], first["logger"], first["message"]) == ("WARNING", "bot.web.hooks", "une\nligne « é »")
    assert first["time"].endswith("+00:00")
    assert second["message"] == "deux"


@pytest.mark.parametrize("formatter", [Lines(), JsonLines()])
def test_a_library_is_told_by_its_place_and_a_fault_by_its_kind(log_to: Log, formatter: logging.Formatter) -> None:
    stream = log_to(formatter)
    fail("aiohttp.server", "Error handling request from %s", SECRET)
    logging.getLogger("telegram.ext").error(SECRET)
    fail("botany", SECRET)
    logged = stream.getvalue()
    assert SECRET not in logged
    assert "test_journal.py" in logged
    assert "ValueError" in logged


@pytest.mark.parametrize("formatter", [Lines(), JsonLines()])
def test_our_own_faults_are_told_by_their_lines(log_to: Log, formatter: logging.Formatter) -> None:
    stream = log_to(formatter)
    fail("bot", "Erreur")
    logged = stream.getvalue()
    assert SECRET not in logged
    assert "raise ValueError(SECRET)" in logged


def test_a_log_that_is_configured_stays_as_it_is(log_to: Log) -> None:
    log_to(Lines())
    before = logging.getLogger().handlers[:]
    configure_logging("DEBUG", "json")
    assert logging.getLogger().handlers == before


class Minute:
    """A handler behind the filter; each line is said at an instant of the test."""

    def __init__(self) -> None:
        self._filter = OnceAMinute()
        self.told: list[str] = []

    def say(self, line: str, seconds: float, level: int = logging.WARNING) -> None:
        record = logging.LogRecord("bot.test", level, "", 1, "%s", (line,), None)
        record.created = seconds
        if self._filter.filter(record):
            self.told.append(said(record))


def test_a_flood_is_told_once_a_minute_with_how_often_it_came() -> None:
    log = Minute()
    for hundredth in range(7_000):
        log.say("kannel : requête refusée (403)", hundredth / 100)
    log.say("twilio : requête refusée (403)", 70)
    assert log.told == [
        "kannel : requête refusée (403)",
        "kannel : requête refusée (403) (encore 5999 fois depuis)",
        "twilio : requête refusée (403)",
    ]


def test_what_comes_after_a_quiet_minute_is_told_as_the_first_time() -> None:
    log = Minute()
    for seconds in (0.0, 60.0, 30.0):
        log.say("une", seconds)
    assert log.told == ["une"] * 3, "a clock that is set back silences nothing"


def test_only_warnings_are_counted_and_few_are_remembered() -> None:
    log = Minute()
    for number in range(2 * REMEMBERED):
        log.say("dit", 0.0, logging.INFO)
        log.say(f"{number}", 0.0)
    assert len(log.told) == 4 * REMEMBERED
    log.say("0", 1.0)
    log.say(f"{2 * REMEMBERED - 1}", 1.0)
    assert log.told[4 * REMEMBERED :] == ["0"], "forgotten, so told again"


@pytest.mark.parametrize("form", ["texte", "json"])
def test_the_log_of_the_program_is_filtered(form: str) -> None:
    code = (
        "import logging; from bot.journal import configure_logging; "
        f"configure_logging('WARNING', {form!r}); [logging.getLogger('bot.x').warning('trois') for _ in range(3)]"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.count("trois") == 1
