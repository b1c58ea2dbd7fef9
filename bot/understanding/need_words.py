"""The words of needs: evidence of the lexicon, weighed by what the sentence does with it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.understanding.folding import fold
from bot.understanding.lexicons import fold_pattern, lines, read_data
from bot.understanding.negation import is_inside
from bot.understanding.normalisation import Message
from bot.understanding.patterns import Lexicon, Match, longest, stem
from knowledge.needs import Famille, Need

WEIGHTS: Mapping[str, float] = {"action": 5.0, "name": 4.0, "strong": 2.5, "clue": 0.8}
LABEL = 10.0
"""Weight of a message that is nothing but the short label of a need ("Santé")."""

SHARES = (1.0, 0.6, 0.4, 0.3, 0.2)
"""How much the best, the second… piece of evidence for one need adds."""

CLEAR = 2.4
"""Evidence from which a need is clearly stated."""

SMALL_WORDS = frozenset({"la", "le", "les", "l", "de", "du", "d", "pour", "passer", "a", "mon", "ma", "mes", "et"})

IDIOM = "idiom"
"""Kind of a pattern that hides the words inside it: "en train de" is no train."""

ASKER, STATUS, POSTPONED, REQUESTED, DATED = 0.4, 0.5, 0.5, 1.25, 2.0

_ASKER = re.compile(
    r"(?: \w+)?(?: (?:me|m|nous|lui|leur|on|n))* (?:veut|veulent|demande|demandent|reclame|reclament|exige|exigent"
    r"|dit|disent|di|attend|pousse|conseille|envoie vers|wants|asks|says|pide|quiere|dice|quer|diz)\b"
)
CLAUSE_REACH = 25
"""Words on either side that count as the same clause: dictated messages have no punctuation."""

STATUS_REACH = 20
"""Characters before a name in which "je suis au" makes it a status ("je suis au RSA"), not a request."""

_STATUS = re.compile(r"\b(?:je suis|j etais|suis|est) (?:au|a la|a l|en|un|une|a mi) $")
_POSTPONED = re.compile(r"\b(?:plus tard|un jour|apres ca|ensuite|on verra|une autre fois|apres il y a)\b")
_REQUEST = re.compile(
    r"\b(?:besoin|veux|veut|voudrai\w*|aimerai\w*|souhait\w*|cherch\w*|faut|faudrait|comment|ou|aide\w*|pouvez|pourr\w+"
    r"|surtout|d abord|avant|pour|need|want|how|necesito|quiero|como|preciso|quero|behar|nahi)\b"
)


_DATED = re.compile(
    r"\b(?:aujourd hui|aujourdhui|demain|ce soir|avant (?:le|lundi|mardi|mercredi|jeudi|vendredi|samedi|demain)|d ici"
    r"|dernier delai|urgent\w*|a rendre|sous \d+ jours)\b"
)
"""Words of a deadline: of several needs, the one that must be solved first is the main one (contract)."""


_BESIDE = re.compile(r"\b(?:et aussi|et puis|et en plus|et egalement|ainsi que|et apres)\b")
"""Words between two needs that are both wanted, as a comma would be."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A pattern of a need found in the message, with the weight that the sentence leaves it.

    `clause`: which of the message's parts it stands in, as commas and "et aussi" part it.
    """

    need: str
    weight: float
    text: str
    clause: tuple[int, int]
    kind: str


class NeedLexicon:
    """Finds the synonyms of `knowledge/data/needs.yml` and the patterns of `data/needs.yml`."""

    def __init__(self, needs: Mapping[str, Need]) -> None:
        self._needs = needs
        self._lexicon: Lexicon[tuple[str, str]] = Lexicon(_entries(needs))
        self._labels = {_main_words(fold(need.label_court).split()): need.id for need in needs.values()}

    @property
    def words(self) -> set[str]:
        """The words of the patterns."""
        return self._lexicon.words

    def evidence(self, message: Message, negated: list[tuple[int, int]]) -> tuple[list[Evidence], set[str]]:
        """Return what the lexicon finds, and the needs that the message says it is not about."""
        matches = [match for match in longest(self._lexicon.find(message.tokens)) if match.value[1] != IDIOM]
        spans = [(message.tokens[match.start].start, message.tokens[match.end - 1].end) for match in matches]
        placed = [(match, span, is_inside(negated, *span)) for match, span in zip(matches, spans, strict=True)]
        evidence = [self._weigh(message, match, span) for match, span, denied in placed if not denied]
        label = self._labels.get(_main_words(token.text for token in message.tokens))
        if label:
            evidence.append(Evidence(label, LABEL, message.plain, (0, 0), "name"))
        return evidence, {match.value[0] for match, _, denied in placed if denied and match.value[1] != "clue"}

    def _weigh(self, message: Message, match: Match[tuple[str, str]], span: tuple[int, int]) -> Evidence:
        need, kind = match.value
        clause = message.tokens[match.start].clause, sum(1 for _ in _BESIDE.finditer(message.plain, 0, span[0]))
        words = _clause_text(message, match.start)
        weight = WEIGHTS[kind]
        if _ASKER.match(message.plain, span[1]):
            weight *= ASKER
        if _STATUS.search(message.plain, max(0, span[0] - STATUS_REACH), span[0]):
            weight *= STATUS
        if _POSTPONED.search(words):
            weight *= POSTPONED
        if _REQUEST.search(words):
            weight *= REQUESTED
        if _DATED.search(words):
            weight *= DATED
        return Evidence(need, weight, match.text, clause, kind)

    def scores(self, evidence: Sequence[Evidence]) -> dict[str, float]:
        """Return the points of evidence of each need that has any."""
        weights: dict[str, dict[str, float]] = {}
        for found in evidence:
            of_need = weights.setdefault(found.need, {})
            of_need[found.text] = max(found.weight, of_need.get(found.text, 0.0))
        scores = {
            need: sum(
                share * weight for share, weight in zip(SHARES, sorted(found.values(), reverse=True), strict=False)
            )
            for need, found in weights.items()
        }
        return self._settle(scores, {found.need for found in evidence if found.kind in {"name", "action"}})

    def _settle(self, scores: dict[str, float], named: set[str]) -> dict[str, float]:
        """Let a need step back before another that says more: a named administration before the means."""
        demarches = {need for need in named if self._needs[need].famille is Famille.DEMARCHE}
        clear = {need for need, score in scores.items() if score >= CLEAR}
        for need in scores:
            if need == "identite-numerique" and need not in named and demarches:
                scores[need] *= 0.4
            if need == "autre-demarche" and clear - {need}:
                scores[need] *= 0.4
            if need == "acces-internet" and (demarches or (clear - {need} and need not in named)):
                scores[need] *= 0.5
        return scores


def _entries(needs: Mapping[str, Need]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Return each pattern once for a need, with its kind; the lexicon's own kind beats a synonym's."""
    yield from ((pattern, ("", IDIOM)) for pattern in lines(read_data("needs.yml")["idioms"]))
    patterns: dict[str, dict[str, str]] = read_data("needs.yml")["needs"]
    for need in needs.values():
        kinds = {fold_pattern(text): "strong" for text in need.synonymes}
        for kind in ("clue", "strong", "name", "action"):
            kinds |= dict.fromkeys(lines(patterns.get(need.id, {}).get(kind, "")), kind)
        yield from ((pattern, (need.id, kind)) for pattern, kind in kinds.items())


def _main_words(words: Iterable[str]) -> frozenset[str]:
    """Return the words of a label or a message, apart from small ones, as they sound."""
    return frozenset(stem(word.strip(",")) for word in words if word not in SMALL_WORDS)


def _clause_text(message: Message, index: int) -> str:
    """Return the words around one word, in its clause."""
    clause = message.tokens[index].clause
    around = message.tokens[max(0, index - CLAUSE_REACH) : index + CLAUSE_REACH]
    return " ".join(token.text for token in around if token.clause == clause)
