"""Finding the places inside a message."""

from knowledge.communes.model import Cue, Mention
from knowledge.communes.names import NameIndex
from knowledge.communes.search import rank
from knowledge.communes.text import tokens


def scan(index: NameIndex, text: str, *, territoire: frozenset[str]) -> tuple[Mention, ...]:
    """Return the places of the message (see `Gazetteer.mentions`)."""
    words = list(tokens(text))
    found, i = [], 0
    while i < len(words):
        for n in range(min(index.longest.get(words[i].word, 0), len(words) - i), 0, -1):
            named = [
                x
                for x in index.exact(" ".join(w.word for w in words[i : i + n]))
                if x.commune.departement in territoire
            ]
            if named:
                match = rank(named, territoire, 5)
                start, end = words[i].start, words[i + n - 1].end
                found.append(
                    Mention(start, end, text[start:end], match.candidates, match.ambiguous, 0.9, Cue.NONE, True)
                )
                i += n - 1
                break
        i += 1
    return tuple(found)
