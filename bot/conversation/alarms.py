"""After a danger was told: its number is said again until a need is, and nothing stands beside it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.engine.engine import Engine
from bot.engine.responses import Utterance
from bot.engine.tracker import Tracker
from bot.messages import SMS
from knowledge.labels import Danger
from knowledge.snapshot import Knowledge

ALERT = "alerte"
"""Slot: the danger that was told, until a need is."""

ALONE = frozenset({Danger.MEDICAL, Danger.SUICIDE, Danger.CHILD})
"""Dangers after which nothing is asked: the person may come back to their need when everybody is safe."""

SAID_IN_DISTRESS = frozenset({"aide", "passer", "merci", "au_revoir", "bonjour", "humain", "colere", "pourquoi"})
"""Keywords to which a number to call is the answer, after a danger."""

NUMBER, STILL_THERE = "utter_danger", "utter_danger_ensuite"


class Alarms:
    """Says numbers to call."""

    def __init__(self, engine: Engine, knowledge: Callable[[], Knowledge]) -> None:
        self._engine = engine
        self._knowledge = knowledge

    def raised(
        self, tracker: Tracker, said: Sequence[Utterance], danger: Danger, *, with_need: bool
    ) -> tuple[Tracker, list[Utterance]]:
        """Return the turn that tells of a danger, without questions where there must be none."""
        if danger not in ALONE and (with_need or danger is not Danger.VIOLENCE):
            return tracker, list(said)
        after = replace(tracker, choices=(), slots={**tracker.slots, ALERT: danger.value})
        return after, [*said[:1], *self._engine.say(after, STILL_THERE)]

    def again(self, tracker: Tracker) -> list[Utterance]:
        """Say the number of the danger again, and ask nothing."""
        alert = self._knowledge().lignes.for_danger(Danger(tracker.slots[ALERT]))
        number = self._engine.say(tracker, NUMBER, alerte=alert.said(by_sms=tracker.channel == SMS))
        return [*number, *self._engine.say(tracker, STILL_THERE)]


def is_alarmed(tracker: Tracker) -> bool:
    """Say whether a danger was told, and no need since."""
    return ALERT in tracker.slots


def calmed(tracker: Tracker) -> Tracker:
    """Return the conversation once a need is told."""
    return replace(tracker, slots={name: value for name, value in tracker.slots.items() if name != ALERT})


def is_alarm(said: Sequence[Utterance]) -> bool:
    """Say whether a number to call comes first."""
    return bool(said) and said[0].response == NUMBER


def warned(said: Sequence[Utterance], warning: Sequence[Utterance]) -> list[Utterance]:
    """Return what is said after a warning; but a number to call comes before anything else."""
    first = 1 if is_alarm(said) else 0
    return [*said[:first], *warning, *said[first:]]


def introduced(said: Sequence[Utterance], notice: Sequence[Utterance]) -> list[Utterance]:
    """Return what is said after a notice; but nothing stands beside a number to call."""
    return [*said, *notice] if is_alarm(said) else [*notice, *said]
