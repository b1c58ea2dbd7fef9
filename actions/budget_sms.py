"""What an orientation by SMS may cost, question by question: a whole one takes four segments.

The answer takes two of them; in another language three, for a line in that language follows it.
"""

from collections.abc import Mapping

COUNT = "questions_sms"
"""The slot that counts the segments of the questions asked."""

WHOLE = 4
"""Segments of a whole orientation, from the message that says a need and a place."""

MOST, MOST_ABROAD = WHOLE - 2, WHOLE - 3
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
