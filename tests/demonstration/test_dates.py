"""The demonstration never expires: whatever the day, its dates stand as they should around it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.demonstration import demonstration
from knowledge.horaires import is_ferie, parse_horaires

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=PARIS)

any_instant = st.datetimes(datetime(2001, 1, 1), datetime(2097, 12, 31), timezones=st.just(PARIS))  # noqa: DTZ001


@given(any_instant)
@settings(max_examples=300, deadline=None)
@example(datetime(2028, 2, 29, 12, tzinfo=PARIS)).via("leap day")
@example(datetime(2026, 3, 28, 23, 59, tzinfo=PARIS)).via("eve of summer time")
@example(datetime(2026, 3, 29, 3, 0, tzinfo=PARIS)).via("first hour of summer time")
@example(datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=1)).via("the hour that comes twice")
@example(datetime(2026, 4, 24, 9, 0, tzinfo=PARIS)).via("1 and 8 May are both Fridays")
@example(datetime(2026, 12, 31, 23, 59, tzinfo=PARIS)).via("end of the year")
def test_slots_are_to_come_on_working_days(now: datetime) -> None:
    _, creneaux = demonstration(now)
    assert creneaux
    for creneau in creneaux:
        assert creneau.start.date() > now.date()
        assert creneau.start - now < timedelta(weeks=9)  # a holiday pushes by a week, and May has up to four
        assert 8 <= creneau.start.hour <= 19
        assert not is_ferie(creneau.start.date())
        assert creneau.end is None or timedelta(0) < creneau.end - creneau.start <= timedelta(hours=8)


@given(any_instant)
@settings(max_examples=50, deadline=None)
def test_one_lieu_is_open_today_only_and_dates_are_never_to_come(now: datetime) -> None:
    lieux, _ = demonstration(now)
    today = parse_horaires(next(lieu.horaires for lieu in lieux if lieu.id == "demo-morlaas-aujourdhui"))
    assert today
    noon = now.replace(hour=12, fold=0)
    assert today.is_open(noon)
    assert not today.is_open(noon + timedelta(days=1))
    assert not today.is_open(noon + timedelta(days=7))
    assert all(lieu.date_maj <= now.date() for lieu in lieux if lieu.date_maj)


@given(any_instant, st.times())
@settings(max_examples=20, deadline=None)
def test_all_is_the_same_for_a_whole_day(now: datetime, clock: time) -> None:
    other = now.replace(hour=clock.hour, minute=clock.minute, fold=0)
    assert demonstration(now.replace(fold=0)) == demonstration(other)


def test_what_the_data_file_says_is_what_stands_in_the_calendar() -> None:
    starts = {creneau.id: creneau.start for creneau in demonstration(MONDAY)[1]}
    assert starts["demo-creneau-ordinateur-bayonne"] == datetime(2026, 11, 24, 9, 30, tzinfo=PARIS)
    assert starts["demo-creneau-sante-saint-jean-pied-de-port"] == datetime(2026, 11, 30, 14, 0, tzinfo=PARIS)
    assert starts["demo-creneau-tablette-mourenx"] == datetime(2026, 12, 21, 18, 30, tzinfo=PARIS)


def test_a_holiday_pushes_a_slot_by_as_many_weeks_as_it_takes() -> None:
    starts = {creneau.id: creneau.start for creneau in demonstration(datetime(2026, 4, 27, 9, tzinfo=PARIS))[1]}
    assert starts["demo-creneau-smartphone-biarritz"].date().isoformat() == "2026-05-15"


def test_the_day_is_the_one_of_paris() -> None:
    sunday_night_in_london = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert demonstration(sunday_night_in_london) == demonstration(MONDAY)


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        demonstration(MONDAY.replace(tzinfo=None))
