"""What a message says that it is not about: "c'est pas pour la caf c'est pour les impôts"."""

import re

from bot.understanding.normalisation import Message

_ARTICLE = (
    r"(?:la |le |l |les |du |des |de |d |un |une |mon |ma |mes |ton |votre |cette |ce |au |aux |a |en |sur "
    r"|pour |avec )"
)
_NEGATORS = re.compile(
    r"(?:"
    rf"\b(?:c|ce|ca|cela|ce n|ca n|il ne s|il s|cela ne|ce ne)(?: ne?)? ?(?:est|etait|agit|concerne|sont|serait) ?"
    rf"(?:pas|plus|point)(?: du tout| vraiment| non plus)?(?: question| au sujet| a propos)? {_ARTICLE}*"
    rf"|\bpas (?:pour|a propos de|au sujet de|besoin de|concernant) {_ARTICLE}*"
    rf"|(?:^|[,.] |\b(?:mais|et|donc|enfin|non|nan|pardon|bref|oui) )(?:non )?(?:surtout )?pas (?!de |d ){_ARTICLE}*"
    rf"|\bni {_ARTICLE}*"
    rf"|\b(?:rien a voir avec|sauf|au lieu de|plutot que|hormis|laissez? tomber) {_ARTICLE}*"
    r"|(?<!\bai )(?<!\bjai )(?<!\bas )(?<!\ba )(?<!\bavoir )"
    rf"\boubliez? (?!{_ARTICLE}?(?:mot|mdp|code|identifiant)){_ARTICLE}*"
    r"|\bnot (?:for|about|the|a|my) (?:the |my )?"
    r"|\bno (?:es|era) (?:para |por |sobre |de )?(?:el |la |los |las |mi )?"
    r"|\bnao (?:e|era) (?:para |por |sobre |de )?(?:o |a |os |as |meu |minha )?"
    r")"
)
_SCOPE_END = re.compile(
    r" [,.]( |$)| (?:mais|c est|plutot|sinon|que|qui|je|j|il|elle|pour|it s|but|es|pero|quiero|sino|e para|mas)\b|$"
)
MAX_WORDS = 4
"""Words behind a negation that it takes away: "c'est pas possible d'avoir la CAF" is about the CAF."""

_NEAR = re.compile(rf"(?:\S+ ?){{0,{MAX_WORDS}}}")
_SETTLED = re.compile(
    r"(?P<thing>(?:\b\w+ ){1,4})(?:c est |est |ca c est )(?:bon|ok|regle|reglee|fait|deja fait|fini)\b"
    r"|(?P<well>(?:\b\w+ ){1,4})va tres bien\b"
)


def negated_spans(message: Message) -> list[tuple[int, int]]:
    """Return the spans of `plain` that hold what the message is not about."""
    plain = message.plain
    spans = [_span(plain, match.end()) for match in _NEGATORS.finditer(plain)]
    spans += [match.span() for match in _SETTLED.finditer(plain)]
    return spans


def _span(plain: str, start: int) -> tuple[int, int]:
    end = _SCOPE_END.search(plain, start)
    near = _NEAR.match(plain, start)
    return start, min(end.start() if end else len(plain), near.end() if near else start)


def is_inside(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether the words from `start` to `end` lie inside one of the spans."""
    return any(low <= start and end <= high for low, high in spans)
