"""Generate `knowledge/data/mots_ordinaires.txt`: the French words that could be taken for a commune.

Usage: `python scripts/build_ordinary_words.py [PACKAGE.tgz]` (without an argument, `npm pack` fetches the package).
A word is kept when it is the name of a commune, or a few typing errors away from, or sounds like, a name of one word in
the départements 40, 64, 65 or of a commune above 2 000 inhabitants. Source: the npm package
an-array-of-french-words (MIT), and `OTHER_WORDS`, which it lacks.
"""

import json
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from knowledge.communes import Commune, load_gazetteer
from knowledge.communes.names import POPULOUS, SHORTEST_TYPO, beginnings, whole_names
from knowledge.communes.text import fold, word_set
from knowledge.communes.typos import allowed_errors, sound_of

PACKAGE = "an-array-of-french-words@2.0.0"
OUTPUT = Path(__file__).resolve().parents[1] / "knowledge" / "data" / "mots_ordinaires.txt"
DEPARTEMENTS = frozenset({"40", "64", "65"})
OTHER_WORDS = word_set(
    """
    france francia espagne espana europe maroc algerie tunisie turquie italie portugal syrie russie ukraine
    roumanie amazon android apple booking bouygues carrefour facebook firefox garmin google instagram leclerc
    linky linkedin messenger microsoft netflix outlook samsung signal skype telegram tiktok twitter vinted
    whatsapp windows youtube ameli aidants agirc arrco doctolib edf engie franceconnect parcoursup pronote
    urssaf visale alain alexandre andre anne antoine bernard brigitte catherine christian christine claude
    daniel denis dominique eric florence francois francoise georges gerard helene henri isabelle jacques jean
    joseph julien laurent louis luc marc marcel marie marion martin mathieu maurice michel monique nathalie
    nicolas patrick paul philippe pierre rene robert roger roland sebastien simon sophie stephane sylvie
    therese thomas valerie vincent yves laguntza cambio anos marianne gabon
    restos assmat ulis troie burgos lurdes pendrive accounts gustaria gostaria hours goes bakarrik mano luz tramites
    conseguir hastera menditik
    """
)
"""Countries, brands, services, first names; words of other languages written here."""


def main(arguments: list[str]) -> int:
    """Write the file and print what it holds."""
    with tempfile.TemporaryDirectory() as folder:
        words = read_words(Path(arguments[0]) if arguments else download(Path(folder)))
    kept = sorted(dangerous(words, load_gazetteer().communes) | OTHER_WORDS)
    OUTPUT.write_text("\n".join(kept) + "\n", encoding="ascii", newline="")
    print(f"{OUTPUT.name}: {len(kept)} words of {len(words)}")
    return 0


def download(folder: Path) -> Path:
    """Fetch the npm package and return its archive."""
    subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob("*.tgz"))


def read_words(archive: Path) -> set[str]:
    """Return the folded words of one part."""
    with tarfile.open(archive) as tar:
        member = tar.extractfile("package/index.json")
        if member is None:
            raise FileNotFoundError(archive)
        return {word for word in map(fold, json.load(member)) if word and " " not in word}


def dangerous(words: set[str], communes: Iterable[Commune]) -> set[str]:
    """Return the words that are a name, or that a typing error takes to one, or that sound like one."""
    names, guessed = set(), set()
    for commune in communes:
        keys = {key for key, _ in whole_names(commune)}
        names |= keys
        if commune.departement in DEPARTEMENTS:
            guessed |= keys | {short for key in keys for short in beginnings(key)}
        elif (commune.population or 0) >= POPULOUS:
            guessed |= keys
    single = {name for name in guessed if " " not in name}
    sounds = {sound_of(name) for name in single}
    by_ear = {word for word in words if len(word) >= SHORTEST_TYPO and sound_of(word) in sounds}
    return (words & (names | single)) | set(misspelt(words, single)) | by_ear


def misspelt(words: Iterable[str], names: Iterable[str]) -> Iterator[str]:
    """Yield the words that are a few letters away from a name."""
    by_length: dict[int, list[str]] = defaultdict(list)
    for name in sorted(names):
        by_length[len(name)].append(name)
    groups: dict[int, list[str]] = defaultdict(list)
    for word in sorted(words):
        groups[len(word)].append(word)
    for length, group in groups.items():
        errors = allowed_errors(length)
        near = [name for d in range(-errors, errors + 1) for name in by_length[length + d]]
        if near and length >= SHORTEST_TYPO - 1:
            distances = cdist(group, near, scorer=OSA.distance, score_cutoff=errors, dtype=np.uint8)
            yield from (group[i] for i in np.flatnonzero(distances.min(axis=1) <= errors))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
