"""What a person types to take one of the numbered choices: "1", "le premier", the label or nearly."""

import re

from rapidfuzz import fuzz, process

from bot.engine.tracker import Tracker
from bot.letters import without_marks

ALIKE = 84
"""Similarity (0 to 100) from which a whole text is taken for a label, typing mistakes included."""

AHEAD = 8
"""By how much the best label must be ahead of the second one."""

SHORTEST_ALIKE = 4
"""Letters under which a text must be equal to its label."""

WORD = re.compile(r"[a-z0-9]+")
CARDINALS = ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
ORDINALS = (
    "premier",
    "deuxieme",
    "troisieme",
    "quatrieme",
    "cinquieme",
    "sixieme",
    "septieme",
    "huitieme",
    "neuvieme",
    "dixieme",
)
NUMBERS = {
    **{word: number for words in (CARDINALS, ORDINALS) for number, word in enumerate(words, 1)},
    "une": 1,
    "premiere": 1,
    "second": 2,
    "seconde": 2,
}
NUMBER = re.compile(
    r"(?:(?:je )?(?:prends|prend|choisis|choisi|veux|tape|met|mets) )?(?:le |la |l )?"
    r"(?:numero |num |no |n |choix |reponse |option )?(?:(\d{1,2})(?:e|er|ere|eme|re|nd|nde)?|([a-z]+))"
    r"(?: choix| reponse| option)?(?: svp| stp| s il (?:vous|te) plait| merci)?"
)
LAST = frozenset({"dernier", "derniere", "le dernier", "la derniere"})
YES = frozenset(
    {"oui", "o", "ui", "wi", "ouais", "oui oui", "ouai", "yes", "ok", "d accord", "dac", "bien sur", "oui merci"}
)
NO = frozenset({"non", "n", "nn", "nan", "non non", "no", "pas du tout", "non merci"})


def match_choice(tracker: Tracker, text: str) -> str | None:
    """Return the payload of the choice that the text takes among those last offered, None if it takes none.

    The text must be the choice and nothing else: a sentence that only contains a label is for understanding.
    """
    choices = tracker.choices
    said = plain(text) if choices else ""
    if not said:
        return None
    number = len(choices) if said in LAST else _number(said)
    if number is not None:
        return choices[number - 1].payload if 1 <= number <= len(choices) else None
    labels = [plain(choice.title) for choice in choices]
    index = _labelled(said, labels)
    return None if index is None else choices[index].payload


def plain(text: str) -> str:
    """Return the letters and digits of a text, without accents or capitals, one space between words."""
    return " ".join(WORD.findall(without_marks(text.replace("œ", "oe").replace("Œ", "oe")).casefold()))


def _holds(label: str, said: str) -> bool:
    """Tell whether the text is some of the label's words: « pied de port » for « Saint-Jean-Pied-de-Port »."""
    return f" {said} " in f" {label} "


def _number(said: str) -> int | None:
    match = NUMBER.fullmatch(said)
    if match is None:
        return None
    return int(match[1]) if match[1] else NUMBERS.get(match[2])


def _labelled(said: str, labels: list[str]) -> int | None:
    for words, answer in ((YES, "oui"), (NO, "non")):
        answering = [index for index, label in enumerate(labels) if label.split()[:1] == [answer]]
        if said in words and len(answering) == 1:
            return answering[0]
    if said in labels:
        return labels.index(said)
    if len(said) < SHORTEST_ALIKE:
        return None
    holding = [index for index, label in enumerate(labels) if _holds(label, said)]
    if len(holding) == 1:
        return holding[0]
    ranked = process.extract(said, labels, scorer=fuzz.ratio, limit=2, score_cutoff=0)
    best, second = ranked[0], ranked[1][1] if len(ranked) > 1 else 0
    return best[2] if best[1] >= ALIKE and best[1] - second >= AHEAD else None
