"""`Understander`: from a message to an `Understanding`."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache

from bot.understanding.communes import PlaceFound, find_place
from bot.understanding.deadline import Deadline
from bot.understanding.features import Features, features
from bot.understanding.folding import fold
from bot.understanding.language import FRENCH, LanguageFinder
from bot.understanding.model import Model
from bot.understanding.needs import NeedFinder, NeedsFound
from bot.understanding.normalisation import MAX_CHARACTERS, Message
from bot.understanding.rules import Found, Rules
from bot.understanding.understanding import Understanding
from bot.understanding.weighing import Weighed, Weigher
from knowledge.communes import Gazetteer
from knowledge.labels import Autonomy, Danger, Posture, Urgency
from knowledge.needs import Need

CONVERSING = frozenset({"insee", "urgency", "posture", "autonomy", "suite"})
"""Slots asked for once the need is known: a day said then is about that need."""


class Understander:
    """Understands messages. Reads its data files once; `understand` neither fails nor remembers."""

    def __init__(
        self,
        needs: Mapping[str, Need],
        gazetteer: Gazetteer,
        *,
        territoire: Collection[str] = ("64",),
        models: Mapping[str, Model] | None = None,
    ) -> None:
        """`territoire`: the département codes where places are looked for first.

        `models`: "need" and "signals", those of the package by default.
        """
        models = models or {name: load_model(name) for name in ("need", "signals")}
        self._gazetteer = gazetteer
        self._territoire = tuple(territoire)
        self.rules = Rules(needs, gazetteer, territoire)
        self._needs = NeedFinder(self.rules.needs, models["need"])
        self._names = frozenset(fold(name) for need in needs.values() for name in need.synonymes)
        self._weigher = Weigher(models["signals"])
        self._languages = LanguageFinder()

    def understand(self, text: str, now: datetime, *, expected: str | None = None) -> Understanding:
        """Return what a message says.

        Args:
            text: anything that a person can type; only the first `MAX_CHARACTERS` are read.
            now: aware, Europe/Paris; dates are counted from its day.
            expected: the slot just asked for (need, insee, urgency, posture, autonomy): a bare answer fills it.
        """
        message, found, seen, weighed = self._weigh(text, now)
        is_fraud, distress = weighed.danger is Danger.FRAUD, weighed.danger in DISTRESSING
        if found.negated:
            seen = features(self.rules.gist(message, found.negated))
        langue = self._languages.find(text)
        foreign = langue not in (None, FRENCH)
        needs = self._needs.find(
            message,
            found.negated,
            seen,
            is_fraud=is_fraud,
            distress=distress,
            asked=expected == "need",
            foreign=foreign,
        )
        place = find_place(self._gazetteer, text[:MAX_CHARACTERS], self._territoire, asked=expected == "insee")
        understood = self._assemble(message, found, weighed, needs, place, expected)
        return replace(understood, langue=langue)

    def knows(self, said: str) -> bool:
        """Say whether folded words are the whole name of a commune, or a word for a need."""
        return said in self._names or bool(self._gazetteer.called(said, territoire=self._territoire))

    def danger(self, text: str, now: datetime) -> Danger | None:
        """Return the danger that a message tells of, the same as that of `understand`, for half the work."""
        return self._weigh(text, now)[-1].danger

    def _weigh(self, text: str, now: datetime) -> tuple[Message, Found, Features, Weighed]:
        message = self.rules.read(text)
        found = self.rules.find(message, now.date())
        seen = features(self.rules.gist(message))
        return message, found, seen, self._weigher.weigh(seen, found, len(message.tokens))

    def _assemble(
        self,
        message: Message,
        found: Found,
        weighed: Weighed,
        needs: NeedsFound,
        place: PlaceFound,
        expected: str | None,
    ) -> Understanding:
        bare = self.rules.answers.of_slot(expected, message) if expected else None
        deadline = _deadline(found.deadline, weighed.danger, has_need=needs.best is not None, expected=expected)
        urgency = weighed.urgency if deadline or not found.deadline else None
        profile = self.rules.profile.find(message)
        evidence = {
            "need": needs.words,
            "urgency": found.urgency.words if urgency == found.urgency.value else (),
            "deadline": (deadline.text,) if deadline else (),
            "posture": found.posture.words if weighed.posture == found.posture.value else (),
            "insee": place.words,
            "confidential": found.confidential.words,
            "danger": found.danger.words,
        }
        return Understanding(
            need=needs.best or ("logement" if weighed.danger is Danger.HOMELESS else None),
            urgency=Urgency(bare) if bare and expected == "urgency" else urgency,
            deadline=deadline.day if deadline else None,
            posture=Posture(bare) if bare and expected == "posture" else weighed.posture,
            insee=place.commune.insee if place.commune else None,
            confidential=True if profile.aidant.prive else weighed.confidential,
            danger=weighed.danger,
            needs=needs.ranked,
            close_call=needs.close_call,
            autres_besoins=needs.others,
            negated=needs.negated,
            communes=place.candidates,
            autonomy=profile.autonomy or (Autonomy(bare) if bare and expected == "autonomy" else None),
            publics=profile.publics,
            prise_en_charge=profile.prise_en_charge,
            pour_autrui=profile.aidant.pour_autrui,
            disponibilite=profile.aidant.disponibilite,
            habilitation=profile.aidant.habilitation,
            answer=self.rules.answers.yes_or_no(message),
            evidence={key: words for key, words in evidence.items() if words},
        )


def _deadline(
    named: Deadline | None, danger: Danger | None, *, has_need: bool, expected: str | None
) -> Deadline | None:
    """Return the day, unless it dates no request but chit-chat or the danger itself ("il revient ce soir")."""
    if named is None or expected in CONVERSING:
        return named
    if danger in DISTRESSING:
        return named if has_need and (named.is_limit or danger is not Danger.VIOLENCE) else None
    return named if has_need or danger or named.is_limit else None


DISTRESSING = frozenset({Danger.SUICIDE, Danger.CHILD, Danger.MEDICAL, Danger.VIOLENCE})
"""Dangers that are mostly all that a message is about."""


@cache
def load_model(name: str) -> Model:
    """Return a model of the package, read once a process."""
    return Model.load(name)
