"""When a person who asked to be reminded of a lieu, or of a slot to learn, is written to."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.engine.responses import Utterance
from knowledge.horaires import in_paris, is_ferie
from knowledge.labels import Posture

AHEAD = timedelta(hours=1)
"""How long before the lieu opens, or the slot begins."""

SOONEST = timedelta(minutes=30)
"""A reminder sooner than this says nothing that was not just said."""

HOURS = range(8, 20)
"""Hours at which nobody is woken, Sundays and public holidays apart (rules for messages that the person did not call
for: CPCE L34-5)."""

STEP = timedelta(minutes=30)


def remind_at(said: Sequence[Utterance], now: datetime) -> datetime | None:
    """Return when to remind of what an answer names first: a slot to learn, or a lieu that opens later.

    None for a lieu that is open, or whose hours are unknown. The latest moment, an hour before at the latest, that is
    in ordinary hours.
    """
    begins = next(filter(None, (_begins(utterance.custom or {}) for utterance in said)), None)
    if begins is None:
        return None
    moment = in_paris(datetime.fromisoformat(begins)) - AHEAD
    while moment >= now + SOONEST:
        if moment.hour in HOURS and moment.isoweekday() != 7 and not is_ferie(moment.date()):
            return moment
        moment -= STEP
    return None


def _begins(orientation: Mapping[str, Any]) -> str | None:
    """Return when what the answer names first begins, as in its JSON."""
    if orientation.get("posture") == Posture.APPRENDRE_A_FAIRE and orientation["creneaux"]:
        return str(orientation["creneaux"][0]["start"])
    lieux = orientation.get("lieux") or ()
    opening = lieux[0]["next_opening"] if lieux else None
    return str(opening["start"]) if opening else None
