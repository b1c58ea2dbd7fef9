"""How urgent the message is: rights cut off now, then the deadline, then words of hurry or of leisure."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.understanding.dates import future_months
from bot.understanding.deadline import Deadline
from bot.understanding.normalisation import Message
from bot.understanding.signals import Signals
from knowledge.labels import Urgency

SOON, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class UrgencyFound:
    """The urgency and the words that say it."""

    value: Urgency | None
    words: tuple[str, ...] = ()


class UrgencyFinder:
    """Reads the urgency with the patterns of `data/urgency.yml`."""

    def __init__(self) -> None:
        self._cut = Signals("urgency.yml", "cut")
        self._now = Signals("urgency.yml", "now")
        self.words = self._cut.words | self._now.words

    def find(self, message: Message, deadline: Deadline | None, today: date) -> UrgencyFound:
        """Return the urgency; a right cut off now is `today` whatever the date."""
        cut = self._cut.find(message.tokens)
        if cut:
            return UrgencyFound(Urgency.TODAY, tuple(found.text for found in cut))
        if deadline:
            return UrgencyFound(of_delay(deadline.day - today), (deadline.text,))
        said = self._now.find(message.tokens)
        for urgency in (Urgency.LATER, Urgency.TODAY, Urgency.WEEK):
            words = tuple(found.text for found in said if found.value == urgency)
            if words:
                return UrgencyFound(urgency, words)
        months = tuple(message.plain[start:end] for start, end in future_months(message.plain, today))
        return UrgencyFound(Urgency.LATER, months) if months else UrgencyFound(None)


def of_delay(delay: timedelta) -> Urgency:
    """Return the urgency of a deadline so far away: today or tomorrow, within 7 days, later."""
    if delay <= SOON:
        return Urgency.TODAY
    return Urgency.WEEK if delay <= WEEK else Urgency.LATER
