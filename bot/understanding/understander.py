"""`Understander`: from a message to an `Understanding`, one finder a key."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.understanding.answers import AnswerReader
from bot.understanding.calendar_words import load_calendar
from bot.understanding.communes import PlaceFound, find_place
from bot.understanding.confidential import ConfidentialFinder
from bot.understanding.danger import DangerFinder, DangerFound
from bot.understanding.deadline import Deadline, find_deadline
from bot.understanding.folding import fold
from bot.understanding.lexicons import read_data, read_words
from bot.understanding.needs import THRESHOLD, NeedFinder, NeedsFound
from bot.understanding.negation import negated_spans
from bot.understanding.normalisation import MAX_CHARACTERS, Message, Reader
from bot.understanding.posture import PostureFinder
from bot.understanding.profile import ProfileFinder
from bot.understanding.spelling import Speller
from bot.understanding.understanding import Understanding
from bot.understanding.urgency import UrgencyFinder
from knowledge.communes import Gazetteer
from knowledge.labels import Autonomy, Danger, Posture, Urgency
from knowledge.needs import Need

MIN_TARGET = 5
"""Letters of the shortest word that a typing mistake is corrected towards."""

ASKED_THRESHOLD = 0.6
"""When the bot has just asked for the need, one clue is enough."""


CONVERSING = frozenset({"insee", "urgency", "posture", "autonomy", "suite"})
"""Slots asked for once the need is known: a day said then is about that need."""


class Understander:
    """Understands messages. Reads its data files once; `understand` neither fails nor remembers."""

    def __init__(
        self, needs: Mapping[str, Need], gazetteer: Gazetteer, *, territoire: Collection[str] = ("64",)
    ) -> None:
        """`territoire`: the département codes where places are looked for first."""
        self._gazetteer = gazetteer
        self._territoire = tuple(territoire)
        self._needs = NeedFinder(needs)
        self._urgency = UrgencyFinder()
        self._posture = PostureFinder()
        self._confidential = ConfidentialFinder()
        self._danger = DangerFinder()
        self._profile = ProfileFinder()
        self._answers = AnswerReader()
        self.reader = self._build_reader()

    def _build_reader(self) -> Reader:
        spellings: dict[str, str] = read_data("spelling.yml")["spellings"]
        calendar = load_calendar()
        dates = " ".join((*calendar.weekdays, *calendar.months, *calendar.relative, *calendar.numbers)).split()
        finders = (self._urgency, self._posture, self._confidential, self._danger, self._profile, self._answers)
        searched = self._needs.lexicon.words.union(dates, *(finder.words for finder in finders))
        words = {word.rstrip("*") for word in searched}
        common = read_words("known_words.txt")
        respelt = {word for value in spellings.values() for word in value.split()}
        targets = {word for word in searched if word.isalpha() and len(word) >= MIN_TARGET}
        return Reader(spellings, Speller(words | common | respelt | self._place_words(), targets))

    def _place_words(self) -> set[str]:
        """Return the words of the communes of the territory: a place is no typing mistake."""
        names = (
            name
            for commune in self._gazetteer.of_departements(self._territoire)
            for name in (commune.nom, *commune.noms)
        )
        return {word for name in names for word in fold(name).replace("-", " ").replace("'", " ").split()}

    def understand(self, text: str, now: datetime, *, expected: str | None = None) -> Understanding:
        """Return what a message says.

        Args:
            text: anything that a person can type; only the first `MAX_CHARACTERS` are read.
            now: aware, Europe/Paris; dates are counted from its day.
            expected: the slot just asked for (need, insee, urgency, posture, autonomy): a bare answer fills it.
        """
        message = self.reader.read(text)
        today = now.date()
        negated = negated_spans(message)
        danger = self._danger.find(message)
        threshold = ASKED_THRESHOLD if expected == "need" else THRESHOLD
        needs = self._needs.find(message, negated, is_fraud=danger.value is Danger.FRAUD, threshold=threshold)
        deadline = self._deadline(message, today, needs, danger, expected)
        place = find_place(self._gazetteer, text[:MAX_CHARACTERS], self._territoire, asked=expected == "insee")
        return self._assemble(message, _Found(needs, danger, deadline, place, today, negated, expected))

    def _deadline(
        self, message: Message, today: date, needs: NeedsFound, danger: DangerFound, expected: str | None
    ) -> Deadline | None:
        """Return the deadline; a day in passing ("il pleut ce soir") is none where nothing is asked for."""
        found = find_deadline(message, today)
        asked_for = needs.ranked or danger.value or expected in CONVERSING
        return found if found and (asked_for or found.is_limit) else None

    def _assemble(self, message: Message, found: "_Found") -> Understanding:
        urgency = self._urgency.find(message, found.deadline, found.today)
        posture = self._posture.find(message, found.negated)
        confidential = self._confidential.find(message)
        private = found.danger.value in {Danger.VIOLENCE, Danger.CHILD}
        profile = self._profile.find(message)
        bare = self._answers.of_slot(found.expected, message) if found.expected else None
        need = found.needs.best
        if need is None and found.danger.value is Danger.HOMELESS:
            need = "logement"
        evidence = {
            "need": found.needs.words,
            "urgency": urgency.words,
            "deadline": (found.deadline.text,) if found.deadline else (),
            "posture": posture.words,
            "insee": found.place.words,
            "confidential": confidential.words,
            "danger": found.danger.words,
        }
        return Understanding(
            need=need,
            urgency=urgency.value or (Urgency(bare) if bare and found.expected == "urgency" else None),
            deadline=found.deadline.day if found.deadline else None,
            posture=posture.value or (Posture(bare) if bare and found.expected == "posture" else None),
            insee=found.place.commune.insee if found.place.commune else None,
            confidential=True if private else confidential.value,
            danger=found.danger.value,
            needs=found.needs.ranked,
            close_call=found.needs.close_call,
            autres_besoins=found.needs.others,
            negated=found.needs.negated,
            communes=found.place.candidates,
            autonomy=profile.autonomy or (Autonomy(bare) if bare and found.expected == "autonomy" else None),
            publics=profile.publics,
            prise_en_charge=profile.prise_en_charge,
            answer=self._answers.yes_or_no(message),
            evidence={key: words for key, words in evidence.items() if words},
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found so far of one message."""

    needs: NeedsFound
    danger: DangerFound
    deadline: Deadline | None
    place: PlaceFound
    today: date
    negated: list[tuple[int, int]]
    expected: str | None
