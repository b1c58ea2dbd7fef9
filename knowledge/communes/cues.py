"""What the words before a place name say of it."""

from collections.abc import Sequence

from knowledge.communes.model import Cue
from knowledge.communes.text import Token, word_set

ARTICLES = word_set("le la les l")
AT = word_set("a au aux vers sur en dans autour alentours depuis secteur ville commune canton near in at em aan")
OF = word_set("de d du des from")
NEAR = word_set("cote pres proche environs alentours autour loin dehors centre gare mairie secteur ville")
"""Before "de": a place where the person is or goes."""
STREETS = word_set(
    "rue avenue av ave boulevard bd bld bvd route rte place chemin ch impasse allee allees quai faubourg pont"
)
PEOPLE = word_set("monsieur madame mademoiselle m mr mme mlle mmes docteur dr maitre")
LIVES = word_set(
    """
    habite habitons habitant habitante habitent vis vit vivons vivre loge logee loges logeons demeure reside
    residons domicilie domiciliee installe installee suis sommes est heberge hebergee emmenage demenage
    jhabite jabite habit jsuis jsui chui vivo vive habito live living based moro bizi naiz
    """
)
NOT = word_set("pas ni plus quitte quittee sauf")
DENIES = LIVES | word_set("a ai mais et est c non nan pardon enfin as avons ont")
"""Before "pas" and a name: "mais pas Pau", "j'ai quitté Pau"; elsewhere "pas" denies the verb: "ça marche pas Pau"."""
FULLY = word_set("vraiment exactement tout plus")
"""Between "pas" and "à": "pas vraiment à Pau"; any other word is what the negation is about ("pas cher à Pau")."""
FARTHEST = 6
"""Words read before a name."""
FOREIGN = word_set(
    """
    the and my is are was with for have what you it to of el los las mi una con para por del um uma com nao meu
    minha em ao eta dut dute naiz ez nahi behar nire ere zait daut lagun ikasi
    """
)
"""Short words of English, Spanish, Portuguese and Basque that French does not have."""
FOREIGN_SHARE, FEWEST_FOREIGN = 0.12, 2
"""Share of such words, and how many, that make a message foreign: its other words are no villages then."""
SENTENCE_END = frozenset(".!?;:\n")
CLAUSE_END = SENTENCE_END | {",", "(", ")"}


def is_foreign(words: Sequence[Token]) -> bool:
    """Return whether a message is in another language than French."""
    found = sum(token.word in FOREIGN for token in words)
    return found >= FEWEST_FOREIGN and found >= FOREIGN_SHARE * len(words)


def cue_before(words: Sequence[Token], text: str, first: int) -> Cue:
    """Return what precedes the name that begins at `words[first]`, back to the punctuation before."""
    before = clause_before(words, text, first)
    while before and before[-1] in ARTICLES:
        before.pop()
    if not before:
        return Cue.NONE
    last, rest = before[-1], before[:-1]
    if last in PEOPLE:
        return Cue.PERSON
    if last in STREETS or (last in OF and any(word in STREETS for word in rest[-2:])):
        return Cue.STREET
    if (last in NOT and (not rest or rest[-1] in DENIES)) or (last in AT | OF and _is_negated(rest)):
        return Cue.NEGATED
    near = last in AT or (last in OF and bool(rest) and rest[-1] in NEAR)
    if last in LIVES or (near and any(word in LIVES for word in rest)):
        return Cue.RESIDENCE
    if near:
        return Cue.LOCATIVE
    return Cue.ORIGIN if last in OF else Cue.NONE


def _is_negated(before: Sequence[str]) -> bool:
    """Return whether the words before "à" deny the place."""
    return bool(before) and (before[-1] in NOT or (before[-1] in FULLY and any(w in NOT for w in before[-3:-1])))


def clause_before(words: Sequence[Token], text: str, first: int) -> list[str]:
    """Return the folded words before a name, back to a comma or the end of the sentence before."""
    found: list[str] = []
    end = words[first].start
    for token in reversed(words[max(0, first - FARTHEST) : first]):
        between = text[token.end : end]
        if CLAUSE_END & set(between) and not (token.word in PEOPLE and between.strip() == "."):
            break
        found.append(token.word)
        end = token.start
    return found[::-1]
