"""What the rules find in a message, before the model has its say: the words of the data files, dates and exceptions."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.understanding.answers import AnswerReader
from bot.understanding.calendar_words import load_calendar
from bot.understanding.confidential import ConfidentialFinder, ConfidentialFound
from bot.understanding.danger import DangerFinder, DangerFound
from bot.understanding.deadline import Deadline, find_deadline
from bot.understanding.folding import fold
from bot.understanding.lexicons import read_data, read_words
from bot.understanding.need_words import NeedLexicon
from bot.understanding.negation import is_inside, negated_spans
from bot.understanding.normalisation import Message, Reader
from bot.understanding.posture import PostureFinder, PostureFound
from bot.understanding.profile import ProfileFinder
from bot.understanding.spelling import Speller
from bot.understanding.urgency import UrgencyFinder, UrgencyFound, of_delay
from knowledge.communes import Gazetteer
from knowledge.needs import Need

MIN_TARGET = 5
"""Letters of the shortest word that a typing mistake is corrected towards."""

LAST_LATIN, LONGEST_CHOICE = "\u024f", 2

_TELEPHONE = re.compile(r"\b(?:0|(?:00)?33 ?0?)[1-9](?:[ .,]*\d\d){4}\b")
"""A French number as a message read has it (`Message.plain`: no sign but its pauses); its digits say nothing."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the rules found. `negated`: spans of `plain`; `deadline`: a day that the message names."""

    negated: list[tuple[int, int]]
    deadline: Deadline | None
    urgency: UrgencyFound
    posture: PostureFound
    confidential: ConfidentialFound
    danger: DangerFound
    today: date

    def signs(self) -> Iterator[str]:
        """Yield what the model is told of it."""
        yield f"urgency={self.urgency.value}"
        yield f"posture={self.posture.value}"
        yield f"confidential={self.confidential.value}"
        yield f"danger={self.danger.value}"
        if self.danger.softened:
            yield f"danger={self.danger.value} softened"
        if self.danger.minor:
            yield f"danger={self.danger.value} minor"
        yield f"delay={of_delay(self.deadline.day - self.today) if self.deadline else None}"


class Rules:
    """Reads messages by the data files of the understanding, which it reads once."""

    def __init__(self, needs: Mapping[str, Need], gazetteer: Gazetteer, territoire: Collection[str]) -> None:
        self.needs = NeedLexicon(needs)
        self.profile = ProfileFinder()
        self.answers = AnswerReader()
        self._urgency = UrgencyFinder()
        self._posture = PostureFinder()
        self._confidential = ConfidentialFinder()
        self._danger = DangerFinder()
        self._common = read_words("known_words.txt")
        places = _place_words(gazetteer, territoire)
        self._reader = self._build_reader(places)
        self._places = places - self._common - self.needs.words

    def read(self, text: str) -> Message:
        """Return the words of a message."""
        return self._reader.read(text)

    def gist(self, message: Message, hidden: list[tuple[int, int]] | None = None) -> Message:
        """Return the message as the models see it: no words that are only places, no telephone numbers.

        None of the `hidden` spans either; no lone number, which is a choice, and no Arabic, which they have not learnt.
        """
        spans = [*(hidden or ()), *(found.span() for found in _TELEPHONE.finditer(message.plain))]
        chosen = len(message.plain) <= LONGEST_CHOICE and message.plain.isdecimal()
        return message.without(
            lambda token: (
                chosen
                or token.text[0] > LAST_LATIN
                or token.text in self._places
                or is_inside(spans, token.start, token.end)
            )
        )

    def find(self, message: Message, today: date) -> Found:
        """Return what the rules find."""
        negated = negated_spans(message)
        deadline = find_deadline(message, today)
        return Found(
            negated=negated,
            deadline=deadline,
            urgency=self._urgency.find(message, deadline, today),
            posture=self._posture.find(message, negated),
            confidential=self._confidential.find(message),
            danger=self._danger.find(message),
            today=today,
        )

    def _build_reader(self, places: set[str]) -> Reader:
        spellings: dict[str, str] = read_data("spelling.yml")["spellings"]
        calendar = load_calendar()
        dates = " ".join((*calendar.weekdays, *calendar.months, *calendar.relative, *calendar.numbers)).split()
        finders = (self._urgency, self._posture, self._confidential, self._danger, self.profile, self.answers)
        searched = self.needs.words.union(dates, *(finder.words for finder in finders))
        words = {word.rstrip("*") for word in searched}
        respelt = {word for value in spellings.values() for word in value.split()}
        targets = {word for word in searched if word.isalpha() and len(word) >= MIN_TARGET}
        return Reader(spellings, Speller(words | self._common | respelt | places, targets))


def _place_words(gazetteer: Gazetteer, territoire: Collection[str]) -> set[str]:
    """Return the words of the communes of the territory: a place is no typing mistake."""
    names = (name for commune in gazetteer.of_departements(territoire) for name in (commune.nom, *commune.noms))
    return {word for name in names for word in fold(name).replace("-", " ").replace("'", " ").split()}
