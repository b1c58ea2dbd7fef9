"""How many messages may come, and from whom."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.limits import RateLimit
from bot.web.limits import address
from tests.web.conftest import CAF, NOW, Open


def test_a_bucket_empties_and_fills_again() -> None:
    limit = RateLimit(6)
    assert [limit.take("a", 100.0) for _ in range(6)] == [0.0] * 6
    assert limit.take("a", 100.0) == pytest.approx(10)
    assert limit.take("a", 104.0) == pytest.approx(6), "asking does not delay"
    assert limit.take("a", 110.0) == 0
    assert limit.take("b", 110.0) == 0, "others are not concerned"


def test_a_clock_that_goes_back_takes_nothing_away() -> None:
    limit = RateLimit(2)
    limit.take("a", 100.0)
    assert limit.take("a", 50.0) == 0


def test_a_long_silence_gives_no_more_than_a_burst() -> None:
    limit = RateLimit(2)
    limit.take("a", 0.0)
    assert [limit.take("a", 1e6) > 0 for _ in range(3)] == [False, False, True]


def test_memory_is_bounded() -> None:
    limit = RateLimit(1, max_keys=100)
    for number in range(1000):
        limit.take(str(number), 0.0)
    assert len(limit) == 100
    assert limit.take("999", 0.0) > 0
    assert limit.take("0", 0.0) == 0, "forgotten: it may speak again"


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "10.9.9.9, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "n'importe quoi", "127.0.0.1"),
        ("::1", "198.51.100.1", "198.51.100.1"),
        (None, None, "None"),
    ],
)
def test_the_address_is_that_of_the_visitor(remote: str | None, forwarded: str | None, expected: str) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request: Any = SimpleNamespace(remote=remote, headers=headers)
    assert address(request) == expected


def test_neighbours_of_one_ipv6_subscriber_count_together() -> None:
    requests: list[Any] = [SimpleNamespace(remote=f"2001:db8:1:2::{n}", headers={}) for n in (1, 2)]
    other: Any = SimpleNamespace(remote="2001:db8:1:3::1", headers={})
    assert address(requests[0]) == address(requests[1]) != address(other)


def test_a_visitor_who_insists_waits_and_loses_nothing(open_browser: Open) -> None:
    now = [NOW]
    browser = open_browser({"clock": lambda: now[0]}, messages_par_minute=3)
    assert [browser.say("caf pau").status for _ in range(3)] == [200] * 3
    refused = browser.say(CAF)
    assert refused.status == 429
    assert refused.headers["Retry-After"] == "20"
    assert "Attendez 20 s" in refused.text
    assert CAF in refused.text
    now[0] += timedelta(seconds=20)
    assert browser.say(CAF).status == 200


def test_an_address_that_changes_its_cookie_waits_too(open_browser: Open) -> None:
    fixed: datetime = NOW
    browser = open_browser({"clock": lambda: fixed}, messages_par_minute=1)
    statuses = []
    for _ in range(12):
        browser.cookies.clear()
        statuses.append(browser.say("bonjour").status)
    assert statuses == [200] * 10 + [429] * 2
