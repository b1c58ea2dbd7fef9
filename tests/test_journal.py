"""The shape of the log, and what a flood leaves in it."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest

from bot.journal import REPEAT_S, JsonLines, Lines, Repeated, configure_logging

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


class Minutes:
    """The timers that were asked for, each run when a minute is over."""

    def __init__(self) -> None:
        self._waiting: list[Callable[[], None]] = []

    def later(self, seconds: float, function: Callable[[], None]) -> None:
        assert seconds == REPEAT_S == 60
        self._waiting.append(function)

    def over(self) -> None:
        due, self._waiting = self._waiting, []
        for function in due:
            function()


def test_a_flood_is_told_once_then_counted_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    minutes = Minutes()
    repeated = Repeated(logging.getLogger("bot.test"), minutes.later)
    for _ in range(10_000):
        repeated.warn("kannel : requête refusée (403)")
    repeated.warn("twilio : requête refusée (403)")
    assert caplog.messages == ["kannel : requête refusée (403)", "twilio : requête refusée (403)"]
    minutes.over()
    assert caplog.messages[2:] == ["kannel : requête refusée (403) : encore 9999 fois en une minute"]
    repeated.warn("kannel : requête refusée (403)")
    assert len(caplog.messages) == 3, "still the same flood"
    minutes.over()
    assert caplog.messages[3:] == ["kannel : requête refusée (403) : encore 1 fois en une minute"]


def test_what_comes_after_a_quiet_minute_is_told_at_once(caplog: pytest.LogCaptureFixture) -> None:
    minutes = Minutes()
    repeated = Repeated(logging.getLogger("bot.test"), minutes.later)
    repeated.warn("une")
    minutes.over()
    repeated.warn("une")
    assert caplog.messages == ["une", "une"]
