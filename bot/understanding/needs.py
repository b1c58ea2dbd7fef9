"""Which need a message states: what the model thinks of it and the evidence of the lexicon, put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

from bot.understanding.features import Features
from bot.understanding.model import NOTHING, Model
from bot.understanding.need_words import CLEAR, WEIGHTS, Evidence, NeedLexicon
from bot.understanding.normalisation import Message

LEXICON = 0.08
"""What a point of evidence adds to the score of the model; more in a message shorter than `SHORT` words."""

SHORT = 10
SEVERAL = 2.5
"""How much more the lexicon counts when clauses state different needs: it knows which one carries the deadline."""

RIVAL = 0.9
"""A need with this share of the best one's evidence, in a short message, is offered beside it: "caf ou impôts"."""


MOST_EVIDENCE = 10.0
"""Points beyond which more evidence proves nothing more."""

NO_EVIDENCE = 0.2
"""What speaks for "no need" when the lexicon finds nothing."""

NAMED, STRONG = 0.6, 0.4
"""What speaks against "no need" when the lexicon finds a name or an action, or else more than clues."""

HELP = 0.05
"""What always speaks against "no need": who writes here mostly has one, and a question repairs little."""

FOREIGN = 0.1
"""The same in another language than French, in which fewer phrases were learnt."""

DISTRESS = 0.3
"""What speaks for "no need" in a message that tells of a danger to life or limb: the danger is what it is about."""

ASKED = 0.3
"""What speaks against "no need" when the bot has just asked for the need."""

SHARPNESS = 5.0
"""From scores to shares that are as often right as they say (measured by cross-validation)."""

SURE = 0.75
"""Share from which the bot does not ask which need is meant."""

CLOSE = 0.08
"""A need whose share is this part of the best one's is offered beside it."""

MOST_CLOSE = 3
"""Needs offered at most."""

MAX_NEEDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsFound:
    """The needs of a message. `ranked`: (id, share of the evidence from 0 to 1), best first."""

    best: str | None
    ranked: tuple[tuple[str, float], ...]
    close_call: tuple[str, ...]
    others: tuple[str, ...]
    negated: tuple[str, ...]
    words: tuple[str, ...]


class NeedFinder:
    """Finds the need with the lexicon and with a model that has a head "need"."""

    def __init__(self, lexicon: NeedLexicon, model: Model) -> None:
        self._lexicon = lexicon
        self._model = model

    def find(
        self,
        message: Message,
        negated: list[tuple[int, int]],
        seen: Features,
        *,
        is_fraud: bool = False,
        distress: bool = False,
        asked: bool = False,
        foreign: bool = False,
    ) -> NeedsFound:
        """Return the needs that the message states, apart from those that it says it is not about.

        `negated`: spans of `plain`. `seen`: what the model sees of it. `is_fraud`: the message tells of a
        fraud, which is a matter of security. `distress`: it tells of a danger to life or limb.
        `asked`: the bot has just asked for the need. `foreign`: the message is not in French.
        """
        evidence, dropped = self._lexicon.evidence(message, negated)
        if is_fraud:
            evidence.append(Evidence("securite", WEIGHTS["strong"], "", (-1, 0), "strong"))
        points = self._lexicon.scores(evidence)
        against = _certainty(evidence) + HELP + FOREIGN * foreign + ASKED * asked - DISTRESS * distress
        said = self._model.read(seen)["need"]
        worth = (
            LEXICON * max(1.0, SHORT / max(1, len(message.tokens))) * (SEVERAL if _is_several(points, evidence) else 1)
        )
        shares = _shares(said, {need: worth * min(point, MOST_EVIDENCE) for need, point in points.items()}, against)
        rivals = _rivals(points) if len(message.tokens) < SHORT else ()
        return _found(shares, points, evidence, dropped, rivals)


def _shares(said: Mapping[str, float], evidence: Mapping[str, float], against: float) -> dict[str, float]:
    """Return how likely each need is, and `NOTHING`; the shares add up to one. `against`: what speaks against it."""
    totals = {need: score + evidence.get(need, 0.0) for need, score in said.items()}
    totals[NOTHING] += (0 if evidence else NO_EVIDENCE) - against
    best = max(totals.values())
    odds = {need: exp(SHARPNESS * (total - best)) for need, total in totals.items()}
    whole = sum(odds.values())
    return {need: odd / whole for need, odd in odds.items()}


def _certainty(evidence: Sequence[Evidence]) -> float:
    """Return what the best piece of evidence says against "no need"."""
    kinds = {found.kind for found in evidence}
    return NAMED if kinds & {"name", "action"} else STRONG if "strong" in kinds else 0.0


def _is_several(points: Mapping[str, float], evidence: Sequence[Evidence]) -> bool:
    """Tell whether different clauses state different needs."""
    stated = {(found.need, found.clause) for found in evidence if points[found.need] >= CLEAR}
    return len({need for need, _ in stated}) > 1 and len({clause for _, clause in stated}) > 1


def _rivals(points: Mapping[str, float]) -> tuple[str, ...]:
    """Return the needs that the words name as clearly as one another, () when one stands out."""
    most = max(points.values(), default=0.0)
    equal = tuple(need for need, score in points.items() if score >= max(CLEAR, RIVAL * most))
    return equal if 1 < len(equal) <= MOST_CLOSE else ()


def _found(
    shares: Mapping[str, float],
    scores: Mapping[str, float],
    evidence: Sequence[Evidence],
    dropped: set[str],
    rivals: tuple[str, ...],
) -> NeedsFound:
    ranked = sorted(((need, share) for need, share in shares.items() if need != NOTHING), key=lambda item: -item[1])
    ranked = ranked[:MAX_NEEDS]
    first, share = ranked[0] if ranked else ("", 0.0)
    best = first if share > shares[NOTHING] else None
    near = [need for need, other in ranked[:MOST_CLOSE] if other >= CLOSE * share]
    clauses = {found.clause for found in evidence if found.need == best}
    others = tuple(
        need
        for need, score in sorted(scores.items(), key=lambda item: -item[1])
        if best
        and need != best
        and score >= CLEAR
        and any(f.need == need and f.clause not in clauses for f in evidence)
    )
    return NeedsFound(
        best=best,
        ranked=tuple((need, round(other, 3)) for need, other in ranked) if best else (),
        close_call=rivals if best in rivals else tuple(near) if best and share < SURE and len(near) > 1 else (),
        others=others,
        negated=tuple(sorted(dropped - {best})),
        words=tuple(dict.fromkeys(found.text for found in evidence if found.need == best and found.text)),
    )
