"""Two processes give a gateway no more together than one alone, and a person neither (R11)."""

from collections import deque

import pytest
from sqlalchemy import Engine, text

from bot.app import App
from bot.store.presence import Presence
from tests.delivery.station import Clock, StandIn, Station
from tests.delivery.test_promises_sending import answers

both = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def stations(database: Engine, program: App, gateway: StandIn, clock: Clock, pace: float) -> list[Station]:
    """Return two processes that know of one another."""
    two = [Station(database, program.conversation, gateway, clock=clock, pace=pace) for _ in range(2)]
    for each in two:
        each.presence.enter()
    for each in two:
        each.sender.tend()
    return two


@both
def test_r11_two_processes_keep_the_pace_of_a_gateway_together(
    database: Engine, program: App, gateway: StandIn, clock: Clock
) -> None:
    one, other = stations(database, program, gateway, clock, pace=4)
    for number in range(16):
        one.hear("caf", address=f"+3363998100{number:02}")
    one.play()
    sent: deque[int] = deque()
    for _ in range(2):
        sent.append(one.send() + other.send())
        clock.advance(1)
    assert list(sent) == [4, 4]
    other.presence.leave()
    one.sender.tend()
    clock.advance(1)
    assert one.send() == 4, "alone again"
    one.presence.leave()


@both
def test_r11_two_processes_keep_the_pace_of_a_person_together(
    database: Engine, program: App, gateway: StandIn, clock: Clock
) -> None:
    one, other = stations(database, program, gateway, clock, pace=1000)
    answers(one, *(str(number) for number in range(30)))
    for second in range(12):
        for each in (one, other) if second % 2 else (other, one):
            each.send()
        clock.advance(1)
    one.presence.leave()
    other.presence.leave()
    assert len(gateway.sent) <= 12 + 2 * 3, "a message a second, after what each may say at once"


@both
def test_who_lives_on_a_base_is_counted_by_its_own_locks(postgres: str, database: Engine) -> None:
    one, other = Presence(database), Presence(database)
    with database.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(1, 2)"))
        assert one.living() == 1, "a program that only looks counts itself"
        one.enter()
        other.enter()
        assert (one.living(), other.living()) == (2, 2)
        other.leave()
        assert one.living() == 1
        connection.execute(text("SELECT pg_advisory_unlock_all()"))
    one.leave()


def test_sqlite_has_one_process(sqlite: Engine) -> None:
    assert Presence(sqlite).living() == 1
