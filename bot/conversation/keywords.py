"""Words that a person may write alone at any time (flows/mots.yml): STOP, AIDE, RETOUR…"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path

from rapidfuzz.distance import OSA

from bot.engine.faults import Faults, FlowErrors
from bot.engine.yaml_tree import Tree, read_items, read_tree, reject_unknown_keys
from bot.letters import without_marks

WORDS_FILE = "mots.yml"
INTENTS = (
    "aide", "menu", "retour", "contact", "stop", "effacer", "suite", "passer", "bonjour", "merci", "au_revoir",
    "humain", "service", "pourquoi", "repeter", "colere", "politesse", "automatique", "rappel",
    "code", "conseil", "charte", "annuaire", "numero", "ordinaires", "autour_de_stop",
)  # fmt: skip
"""What the words of mots.yml may mean."""

FILLERS = "politesse"
"""Words that may stand beside the others and change nothing: "stop svp", "merci beaucoup madame"."""

AUTOMATIC = "automatique"
"""Words with which the answer of a telephone or a mailbox begins."""

FINAL = ("effacer", "stop")
"""What is heard whatever stands beside it and says nothing: the first goes further than the second."""

BESIDE_STOP = "autour_de_stop"
"""Words that leave STOP what it is: "bonjour stop au 36173". Not so "arrêter": who wants to stop everything may be in
danger."""

ORDINARY = "ordinaires"
"""Words one letter away from the others, that are no typing error: "vide" is not "aide"."""

LOOK_UP, NUMBER = "annuaire", "numero"
"""Words that ask for a contact when something follows them ("contact caf pau"), or a number ("c'est qui le 05…")."""

SHORTEST_NUMBER = 4
"""Digits from which a number is looked up."""

MAX_WORDS = 6
MAX_WORDS_OF_STOP = 12
MIN_LENGTH_FOR_A_TYPO, MIN_LENGTH_OF_PHRASES = 4, 10
"""Letters from which one of them may be wrong: in a lone word, in several."""

WORD, PLAIN_WORD, DIGIT = re.compile(r"\w+"), re.compile(r"[^\W_]+"), re.compile(r"\d")
AROUND = " \t\r\n:;,.!?-«»\"'’()"
"""Signs around what is looked up. A "+" stays: it begins a number."""

SPELLED = re.compile(r"\w(?: \w){3,}")
DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
SAID_AGAIN = re.compile(r"(.+?)(?: \1)+")


class Keywords:
    """Whole messages that are commands or courtesies."""

    def __init__(self, words: Mapping[str, list[str]]) -> None:
        phrases = {intent: [plain(word) for word in said] for intent, said in words.items()}
        fillers = sorted(phrases.pop(FILLERS, ()), key=len, reverse=True)
        self._fillers = re.compile(rf"\b(?:{'|'.join(map(re.escape, fillers))})\b") if fillers else None
        self._ordinary = frozenset(phrases.pop(ORDINARY, ()))
        self._openings = tuple(f"{words} " for words in self._ordinary)
        self._automatic = tuple(f"{phrase} " for phrase in phrases.pop(AUTOMATIC, ()))
        self._greeting = re.compile(rf"(?:{'|'.join(map(re.escape, phrases.get('bonjour', ())))}) ")
        self._stopping = {said: name for name in FINAL for said in phrases.get(name, ()) if "arret" not in said}
        beside = (phrases.get(name, ()) for name in ("stop", "bonjour", "merci", "au_revoir"))
        self._beside_stop = frozenset((*phrases.pop(BESIDE_STOP, ()), *fillers, *chain.from_iterable(beside)))
        self._look_up, self._number = (frozenset(phrases.pop(name, ())) for name in (LOOK_UP, NUMBER))
        self._intents = {phrase: intent for intent, said in phrases.items() for phrase in said}
        self._by_length, self._look_up_by_length = _by_length(self._intents), _by_length(self._look_up)

    def is_automatic(self, text: str) -> bool:
        """Say whether no person wrote this: answering it would make two machines talk to one another."""
        said = f"{plain(text)} "
        greeting = self._greeting.match(said)
        return said.startswith(self._automatic) or (
            greeting is not None and said[greeting.end() :].startswith(self._automatic)
        )

    def intent(self, text: str, known: Callable[[str], bool] = lambda _: False) -> str | None:
        """Return the intent of a message that is nothing but such a word, give or take a typo and politeness.

        `known` tells what words without accents mean by themselves: Arget is a commune, not STOP with a typing error.
        """
        said = plain(text)
        if said in self._intents:
            return self._intents[said]
        said = soberly(said)
        if said not in self._intents:
            said = self._politely(said)
        return self._intents.get(said) or self._stop_among_others(text) or self._nearly(said, known)

    def looked_up(self, text: str) -> str | None:
        """Return what the message looks up in the directory of contacts, as it was written; None when it does not.

        "contact svp" and "contact stop" look nothing up: what follows is another of these words, or politeness.
        """
        text = unicodedata.normalize("NFC", text)
        if f"{plain(text)} ".startswith(self._openings):
            return None
        said = ""
        for word in islice(WORD.finditer(text), MAX_WORDS):
            said = f"{said} {plain(word[0])}".lstrip()
            if self._opens(said) or said in self._number:
                rest = text[word.end() :].strip(AROUND)
                follows = said not in self._number or len(DIGIT.findall(rest)) >= SHORTEST_NUMBER
                if follows and rest and not self._is_word(text, rest):
                    return rest
        return None

    def _opens(self, said: str) -> bool:
        """Say whether these are words that open a look-up, give or take a typing error."""
        return said in self._look_up or next(_one_typo_away(said, self._look_up_by_length), None) is not None

    def _is_word(self, text: str, rest: str) -> bool:
        """Say whether the message is one of the words alone, all in all or after the one that opens a look-up."""
        return self.intent(text) is not None or self.intent(rest) is not None or not self._politely(plain(rest))

    def _politely(self, said: str) -> str:
        """Return plain words without politeness."""
        return " ".join(self._fillers.sub(" ", said).split()) if self._fillers else said

    def _stop_among_others(self, text: str) -> str | None:
        """Return "stop" or "effacer" where nothing else is said than such words, courtesies and numbers."""
        words = [word for word in PLAIN_WORD.findall(without_marks(text.lower())) if not word.isdigit()]
        found, start = set(), 0
        while start < len(words) <= MAX_WORDS_OF_STOP:
            pieces = (" ".join(words[start:end]) for end in range(len(words), start, -1))
            piece = next((said for said in pieces if said in self._stopping or said in self._beside_stop), None)
            if piece is None:
                return None
            found.add(self._stopping.get(piece))
            start += piece.count(" ") + 1
        return next((intent for intent in FINAL if intent in found), None)

    def _nearly(self, said: str, known: Callable[[str], bool]) -> str | None:
        """Return the intent of the only words that are one letter away, if these are no ordinary word."""
        if said in self._ordinary:
            return None
        near = {self._intents[words] for words in _one_typo_away(said, self._by_length)}
        return near.pop() if len(near) == 1 and not known(said) else None


def load_keywords(folder: Path) -> Keywords:
    """Read the `mots.yml` of a folder of flows. Raises FlowErrors with every fault."""
    faults = Faults()
    faults.fichier = f"{folder.name}/{WORDS_FILE}"
    path = folder / WORDS_FILE
    words: dict[str, list[str]] = {}
    if not path.is_file():
        faults.add(0, "ce fichier manque : il dit les mots STOP, EFFACER, AIDE… Copiez celui du programme")
    elif tree := read_tree(path.read_bytes(), faults):
        words = _read_words(tree, faults)
    if faults.found:
        raise FlowErrors(faults.found)
    return Keywords(words)


def _read_words(tree: Tree, faults: Faults) -> dict[str, list[str]]:
    reject_unknown_keys(tree, ("mots",), faults)
    mots = tree.get("mots")
    if not isinstance(mots, Tree):
        faults.add(tree.line("mots"), "on attend « mots: », puis des noms suivis de deux-points et de leurs mots")
        return {}
    reject_unknown_keys(mots, INTENTS, faults)
    for intent in (name for name in INTENTS if not mots.get(name)):
        faults.add(mots.ligne, f"« {intent} » n'a aucun mot")
    words: dict[str, list[str]] = {}
    meanings: dict[str, str] = {}
    for intent in mots:
        for word, ligne in read_items(mots, intent, faults):
            if not isinstance(word, str) or not plain(word):
                faults.add(ligne, f"« {word} » doit être un texte : mettez-le entre guillemets")
            elif intent != LOOK_UP and meanings.setdefault(plain(word), intent) != intent:
                faults.add(ligne, f"« {word} » est à la fois dans « {meanings[plain(word)]} » et dans « {intent} »")
            else:
                words.setdefault(intent, []).append(word)
    return words


def plain(text: str) -> str:
    """Return the text in lower case without accents, punctuation or repeated blanks; signs alone ("?") stay."""
    return " ".join(PLAIN_WORD.findall(without_marks(text[: MAX_WORDS * 20].lower()))) or text.strip()


def soberly(said: str) -> str:
    """Return plain words as if written calmly: "s t o p", "stooop" and "stop stop" are "stop", "???" is "?"."""
    if SPELLED.fullmatch(said):
        said = said.replace(" ", "")
    if not said.replace(" ", "").strip("?"):
        said = said[:1]
    said = DRAWN_OUT.sub(r"\1", said)
    again = SAID_AGAIN.fullmatch(said)
    return again[1] if again else said


def _by_length(phrases: Iterable[str]) -> dict[tuple[int, bool], list[str]]:
    """Return phrases by their length and whether they have several words."""
    found: dict[tuple[int, bool], list[str]] = {}
    for phrase in phrases:
        found.setdefault((len(phrase), " " in phrase), []).append(phrase)
    return found


def _one_typo_away(said: str, phrases: Mapping[tuple[int, bool], Sequence[str]]) -> Iterator[str]:
    """Yield the phrases that one wrong letter parts from what is said; short words are too close to one another."""
    several = " " in said
    least = MIN_LENGTH_OF_PHRASES if several else MIN_LENGTH_FOR_A_TYPO
    for length in range(max(least, len(said) - 1), len(said) + 2 if len(said) >= least else 0):
        for words in phrases.get((length, several), ()):
            if OSA.distance(said, words, score_cutoff=1) <= 1:
                yield words
