"""Which of the places that a message names is the one where help is wanted."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from bot.understanding.folding import fold
from knowledge.communes import Commune, Cue, Gazetteer, Mention

CUE_WEIGHTS = {
    Cue.RESIDENCE: 4.0,
    Cue.LOCATIVE: 3.0,
    Cue.NONE: 2.0,
    Cue.ORIGIN: 1.5,
}
"""A mention with another cue (street, surname, negated) is not a place."""

FAR_CUES = frozenset({Cue.RESIDENCE, Cue.NONE})
"""What makes a far town the place: people name many that they travel to, or where they did something."""

HERE, NEXT_TO_HERE, CORRECTED, SOMEONE_ELSE, INEXACT, AMBIGUOUS = 1.5, 0.5, 3.0, -3.0, -0.8, -2.0
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
_NAMED = re.compile(r"\b(?:m'appelle|me nomme|nom de famille|mon nom est|mon nom c'est)(?: \w+){0,2}\s*$")
_LINE = re.compile(r"\s?(?:-|/|–|>|->|→)?\s?")
"""Between two towns that are the ends of a journey: "un billet Pau-Dax", "le bus Mauléon Pau"."""
_EITHER = re.compile(r"\s(?:ou|et|or|o|edo)\s(?:bien )?(?:a |vers |sur )?")
"""Between two towns that are as good: "Orthez ou Artix", "entre Nay et Pau"."""
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
    if not asked:
        mentions = _without_journeys(text, mentions)
    near = gazetteer.beside(territoire)
    weighed = [(_weigh(text, mention, mentions, territoire, near), mention) for mention in mentions]
    kept = [(weight, mention) for weight, mention in weighed if asked or weight >= MIN_WEIGHT]
    if kept:
        best = max(kept, key=lambda item: item[0])[1]
        return PlaceFound() if not asked and _is_undecided(text, best, mentions) else _place(best)
    if not asked:
        return PlaceFound()
    answer = gazetteer.find_commune(text, territoire=territoire)
    communes = tuple(candidate.commune for candidate in answer.candidates)
    words = (text.strip(),) if communes else ()
    return PlaceFound(answer.commune, () if answer.commune else communes, words)


def _place(mention: Mention) -> PlaceFound:
    communes = tuple(candidate.commune for candidate in mention.candidates)
    return PlaceFound(mention.commune, () if mention.commune else communes, (mention.text,))


def _without_journeys(text: str, mentions: list[Mention]) -> list[Mention]:
    """Return the mentions without the two ends of a journey."""
    ends = {
        id(end)
        for a, b in pairwise(mentions)
        if _LINE.fullmatch(text, a.end, b.start) and a.candidates[0].commune != b.candidates[0].commune
        for end in (a, b)
    }
    return [mention for mention in mentions if id(mention) not in ends]


def _is_undecided(text: str, best: Mention, mentions: list[Mention]) -> bool:
    """Whether another place stands beside it as good as it: "Orthez ou Artix"."""
    return any(
        best in pair
        and _EITHER.fullmatch(fold(text[pair[0].end : pair[1].start]))
        and not _corrects(text, best, mentions)
        for pair in pairwise(mentions)
    )


def _weigh(
    text: str, mention: Mention, mentions: list[Mention], territoire: Collection[str], near: Collection[str]
) -> float:
    before = fold(text[max(0, mention.start - _BEFORE) : mention.start])
    departements = {candidate.commune.departement for candidate in mention.candidates}
    here, beside = not departements.isdisjoint(territoire), not departements.isdisjoint(near)
    if _BIRTH.search(before) or _NAMED.search(before):
        return 0.0
    if not here and not beside and mention.cue not in FAR_CUES:
        return 0.0
    weight = CUE_WEIGHTS[mention.cue] * mention.score
    weight += HERE if here else NEXT_TO_HERE if beside else 0.0
    weight += SOMEONE_ELSE if mention.cue is not Cue.ORIGIN and _RELATIVE.search(before) else 0.0
    weight += 0.0 if mention.exact else INEXACT
    weight += 0.0 if mention.commune else AMBIGUOUS
    return weight + (CORRECTED if _corrects(text, mention, mentions) else 0.0)


def _corrects(text: str, mention: Mention, mentions: list[Mention]) -> bool:
    """Whether another place stands before it with a word of correction between or just behind."""
    first = mentions[0]  # what follows it holds what follows the others
    return first.end <= mention.start and bool(_CORRECTION.search(fold(text[first.end : mention.end + 25])))
