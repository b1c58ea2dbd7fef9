"""What the questions cost by SMS (`actions/budget_sms.py`): counted once the commune is said, left out when too dear.

In another language a question is said in that language only.
"""

from collections.abc import Mapping

from rasa_sdk.interfaces import Tracker

from actions.bridge import SMS, Events, channel_of, set_slots
from actions.budget_sms import COSTS, COSTS_ABROAD, COUNT, MOST, MOST_ABROAD

LANGUAGE = "langue"


def count_segments(tracker: Tracker, response: str) -> Events:
    """Return the events that add a response to the count, none on another channel or as long as no place is said."""
    if channel_of(tracker) != SMS or not _placed(tracker):
        return []
    return set_slots(**{COUNT: _spent(tracker) + _costs(tracker)[response]})


def too_dear(tracker: Tracker) -> set[str]:
    """Return the slots that may not be asked about any more, so that the answer still fits in the four segments."""
    if channel_of(tracker) != SMS:
        return set()
    left = (MOST_ABROAD if tracker.slots.get(LANGUAGE) else MOST) - _spent(tracker)
    costs = _costs(tracker)
    return {slot for slot in ("urgency", "posture") if costs[f"utter_ask_{slot}"] > left}


def _placed(tracker: Tracker) -> bool:
    return any(tracker.slots.get(name) for name in ("insee", "communes_possibles", "latitude"))


def _spent(tracker: Tracker) -> int:
    return int(tracker.slots.get(COUNT) or 0)


def _costs(tracker: Tracker) -> Mapping[str, int]:
    return COSTS_ABROAD if tracker.slots.get(LANGUAGE) else COSTS
