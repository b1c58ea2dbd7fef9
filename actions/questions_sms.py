"""What the questions cost by SMS: a whole orientation takes four segments, of which the answer takes two.

The questions are counted once the commune is said. In another language a question is said in that language only, and
the answer takes three segments, for a line in that language follows it.
"""

from collections.abc import Mapping

from rasa_sdk.interfaces import Tracker

from actions.bridge import SMS, Events, channel_of, set_slots

SLOT = "questions_sms"
"""The slot that counts the segments of the questions asked."""

LANGUAGE = "langue"

MOST, MOST_ABROAD = 2, 1
"""Segments that the questions before an answer may take, in French and in another language."""

COSTS: Mapping[str, int] = {
    "utter_ask_need": 2,
    "utter_ask_need_choix": 1,
    "utter_ask_insee_choix": 2,
    "utter_ask_urgency": 1,
    "utter_ask_posture": 1,
    "utter_danger": 1,
}
"""Segments of what may be said before the answer to a need and a place; `aiguilleur check` refuses a longer text."""

COSTS_ABROAD: Mapping[str, int] = {**COSTS, "utter_ask_posture": 2}
"""The five kinds of help take two segments in Arabic: nobody is asked about them in another language."""


def count_segments(tracker: Tracker, response: str) -> Events:
    """Return the events that add a response to the count, none on another channel or as long as no place is said."""
    if channel_of(tracker) != SMS or not _placed(tracker):
        return []
    return set_slots(**{SLOT: _spent(tracker) + _costs(tracker)[response]})


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
    return int(tracker.slots.get(SLOT) or 0)


def _costs(tracker: Tracker) -> Mapping[str, int]:
    return COSTS_ABROAD if tracker.slots.get(LANGUAGE) else COSTS
