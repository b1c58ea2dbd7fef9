"""Which of the places that a message names is the one where help is wanted."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.understanding.folding import fold
from knowledge.communes import Commune, Cue, Gazetteer, Mention

CUE_WEIGHTS = {
    Cue.RESIDENCE: 4.0,
    Cue.LOCATIVE: 3.0,
    Cue.NONE: 2.0,
    Cue.ORIGIN: 1.5,
}
"""A mention with another cue (street, surname, negated) is not a place."""

HERE, CORRECTED, SOMEONE_ELSE, INEXACT, AMBIGUOUS = 1.5, 3.0, -3.0, -0.8, -2.0
MIN_WEIGHT = 1.2

_BEFORE = 60
_BIRTH = re.compile(
    r"\b(?:nee?s? (?:a|en)|naissance (?:de|a)|actes? .{0,25}(?:de|a)|originaire de|nata en|born in|nacid[oa] en)\s*$"
)
_RELATIVE = re.compile(
    r"\b(?:fils|fille|petit[s -]+(?:fils|enfants)|petite[s -]+filles?|frere|soeur|neveu|niece"
    r"|cousin|cousine|ami|amie|copain|copine|mon ex|mari est|medecin|patron)\b"
    r"(?:(?!\b(?:moi|je|j|on|nous)\b)[^.,;!?]){0,45}$"
)
_CORRECTION = re.compile(r"\b(?:non|nan|pardon|plutot|enfin|demenage|desormais|maintenant|mais)\b")


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """The commune, or the candidates when the name is ambiguous, and the words that name it."""

    commune: Commune | None = None
    candidates: tuple[Commune, ...] = ()
    words: tuple[str, ...] = ()


def find_place(gazetteer: Gazetteer, text: str, territoire: Collection[str], *, asked: bool) -> PlaceFound:
    """Return the place of a message. `asked`: the bot has just asked for it, so a bare name is one."""
    mentions = [mention for mention in gazetteer.mentions(text, territoire=territoire) if mention.cue in CUE_WEIGHTS]
    weighed = [(_weigh(text, mention, mentions, territoire), mention) for mention in mentions]
    kept = [(weight, mention) for weight, mention in weighed if asked or weight >= MIN_WEIGHT]
    if kept:
        return _place(max(kept, key=lambda item: item[0])[1])
    if not asked:
        return PlaceFound()
    answer = gazetteer.find_commune(text, territoire=territoire)
    communes = tuple(candidate.commune for candidate in answer.candidates)
    words = (text.strip(),) if communes else ()
    return PlaceFound(answer.commune, () if answer.commune else communes, words)


def _place(mention: Mention) -> PlaceFound:
    communes = tuple(candidate.commune for candidate in mention.candidates)
    return PlaceFound(mention.commune, () if mention.commune else communes, (mention.text,))


def _weigh(text: str, mention: Mention, mentions: list[Mention], territoire: Collection[str]) -> float:
    before = fold(text[max(0, mention.start - _BEFORE) : mention.start])
    if _BIRTH.search(before):
        return 0.0
    weight = CUE_WEIGHTS[mention.cue] * mention.score
    here = any(candidate.commune.departement in territoire for candidate in mention.candidates)
    weight += HERE if here else 0.0
    weight += SOMEONE_ELSE if _RELATIVE.search(before) else 0.0
    weight += 0.0 if mention.exact else INEXACT
    weight += 0.0 if mention.commune else AMBIGUOUS
    return weight + (CORRECTED if _corrects(text, mention, mentions) else 0.0)


def _corrects(text: str, mention: Mention, mentions: list[Mention]) -> bool:
    """Whether another place stands before it with a word of correction between or just behind."""
    return any(
        other.end <= mention.start and _CORRECTION.search(fold(text[other.end : mention.end + 25]))
        for other in mentions
    )
