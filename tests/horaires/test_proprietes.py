"""Laws of the openings, whatever the text and the instant, and whatever was asked before."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st
from opening_hours import OpeningHours

from knowledge.demande import Opening
from knowledge.horaires import LOOK_AHEAD_DAYS, Horaires, midnight, paris, parse_horaires
from knowledge.horaires_phrases import phrase, phrase_sms, semaine

TEXTS = [
    "Mo-Fr 09:00-12:30,13:30-17:00; PH off",
    "Mo-Fr 08:00-13:00,13:00-18:00; We off; PH off",
    "Fr-Su 20:00-02:00; PH off",
    "Mo-Su 22:00-24:00; Tu-Su 00:00-03:00; PH off",
    "24/7; PH off",
    "24/7",
    "off; PH off",
    "Jul-Aug Mo-Sa 10:00-19:00; PH 10:00-12:00",
    "week 1-53/2 Tu 09:00-12:30,13:30-15:30; PH off",
    "Mo[1],Th[-1] 14:00-16:00; PH off",
    'Mo 09:00-12:00 "a", Mo 12:00-14:00 "b"; PH off',
    "Oct 20-Apr 05 Sa,Su 00:00-02:30,05:00-07:00; PH off",
]
texts = st.sampled_from(TEXTS)
instants = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)).astimezone(paris())
)
CHANGES = [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)]
"""The clocks change at 1:00 UTC on these days."""
near_changes = st.builds(
    lambda day, minutes: (day + timedelta(minutes=minutes)).astimezone(paris()),
    st.sampled_from(CHANGES),
    st.integers(-240, 360),
)
instants |= near_changes


def read(text: str) -> Horaires:
    horaires = parse_horaires(text)
    assert horaires is not None
    return horaires


@given(texts, instants)
def test_open_when_the_library_says_so(text: str, now: datetime) -> None:
    rules = OpeningHours(text, timezone=paris(), country="FR")
    repeated_hour = now.replace(fold=0).utcoffset() != now.replace(fold=1).utcoffset()
    assert repeated_hour or read(text).is_open(now) == rules.is_open(now)


@given(texts, instants)
def test_next_opening_is_the_first_of_the_openings(text: str, now: datetime) -> None:
    """Calls come in any order on shared hours, so this also checks what is kept from one to the next."""
    horaires = read(text)
    horizon = midnight(now.date() + timedelta(days=LOOK_AHEAD_DAYS))
    coming = [
        opening
        for opening in horaires.openings(midnight(now.date() - timedelta(days=1)), horizon)
        if opening.end is None or opening.end.timestamp() > now.timestamp()
    ]
    expected = coming[0] if coming else None
    if expected and expected.end == horizon:
        expected = Opening(expected.start, None)
    assert horaires.next_opening(now) == expected


@given(texts, instants)
def test_closed_until_the_next_opening_open_until_its_end(text: str, now: datetime) -> None:
    horaires = read(text)
    opening = horaires.next_opening(now)
    if opening is None:
        assert not horaires.is_open(now)
        return
    wait = opening.start.timestamp() - now.timestamp()
    assert horaires.is_open(now) == (wait <= 0)
    assert horaires.is_open(opening.start)
    for part in (0.0, 0.5, 0.999) if wait > 0 else ():
        assert not horaires.is_open(datetime.fromtimestamp(now.timestamp() + wait * part, paris()))
    assert opening.end is None or not horaires.is_open(opening.end)


@example("Fr-Su 20:00-02:00; PH off", datetime(2026, 10, 25, 2, 0, fold=1, tzinfo=paris()), timedelta(0))
@given(texts, instants, st.timedeltas(timedelta(0), timedelta(days=20)))
def test_later_is_never_sooner(text: str, now: datetime, later: timedelta) -> None:
    horaires = read(text)
    afterwards = datetime.fromtimestamp(now.timestamp() + later.total_seconds(), paris())  # `now + later` has no fold
    first, second = horaires.next_opening(now), horaires.next_opening(afterwards)
    if first and second and first.end:
        assert first.start.timestamp() <= second.start.timestamp()


@example("Fr-Su 20:00-02:00; PH off", datetime(2026, 10, 25, 1, 59, tzinfo=paris()), timedelta(minutes=1))
@given(texts, instants, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_openings_are_apart_in_order_and_inside(text: str, start: datetime, length: timedelta) -> None:
    end = datetime.fromtimestamp(start.timestamp() + length.total_seconds(), paris())
    bounds = [start.timestamp()]
    for opening in read(text).openings(start, end):
        assert opening.end is not None
        bounds += [opening.start.timestamp(), opening.end.timestamp()]
    bounds.append(end.timestamp())
    assert bounds == sorted(bounds)
    inner = bounds[1:-1]
    assert len(inner) == len(set(inner))


@given(texts, instants)
def test_sentences_agree_with_the_state(text: str, now: datetime) -> None:
    horaires = read(text)
    said = phrase(horaires, now)
    assert said.startswith("ouvert") == horaires.is_open(now)
    assert phrase_sms(horaires, now).startswith("Ouvert") == horaires.is_open(now)
    assert len(semaine(horaires, now)) == 7
