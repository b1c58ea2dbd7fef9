"""When a person who asked to be reminded of a lieu is written to."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.engine.responses import Utterance
from knowledge.horaires import in_paris, is_ferie

AHEAD = timedelta(hours=1)
"""How long before the lieu opens."""

SOONEST = timedelta(minutes=30)
"""A reminder sooner than this says nothing that was not just said."""

HOURS = range(8, 20)
"""Hours at which nobody is woken, Sundays and public holidays apart (rules for messages that the person did not call
for: CPCE L34-5)."""

STEP = timedelta(minutes=30)


def remind_at(said: Sequence[Utterance], now: datetime) -> datetime | None:
    """Return when to remind of the first lieu of an answer: before its next opening, None when it is open or unknown.

    The latest moment, an hour before it opens at the latest, that is in ordinary hours.
    """
    lieux = [lieu for utterance in said for lieu in (utterance.custom or {}).get("lieux", ())]
    opening = lieux[0]["next_opening"] if lieux else None
    if opening is None:
        return None
    moment = in_paris(datetime.fromisoformat(opening["start"])) - AHEAD
    while moment >= now + SOONEST:
        if moment.hour in HOURS and moment.isoweekday() != 7 and not is_ferie(moment.date()):
            return moment
        moment -= STEP
    return None
