"""Reading a text that is only a place: an answer to "Dans quelle commune ?"."""

from collections.abc import Callable, Iterable, Iterator

from rapidfuzz.fuzz import token_set_ratio

from knowledge.communes.model import Candidate, Commune, CommuneMatch
from knowledge.communes.names import SHORT, LocalNames, Named, NameIndex, Spellings, whole_names
from knowledge.communes.query import FILLERS, Query, parse, without_fillers
from knowledge.communes.typos import read_through

LONGEST = 200
"""Characters read: a place is shorter."""
MARGIN = 0.06
"""Two candidates closer than this cannot be told apart."""
KNOWN_TOWN = 5000
"""Inhabitants from which a town outside the territory is believed at its name, without looking for a typo."""
PRIOR_OUTSIDE = ((100_000, 0.97), (20_000, 0.93), (5_000, 0.88), (1_000, 0.8), (0, 0.72))
SHORTEST_PART = 4
LONGEST_NAME = 8
"""Words of the longest names."""
LOOSE_RATIO = 80


def find(index: NameIndex, text: str, *, territoire: frozenset[str], limit: int) -> CommuneMatch:
    """Return the communes that the text may name (see `Gazetteer.find_commune`)."""
    query = parse(index, text[:LONGEST])
    if query.departement:
        territoire = frozenset({query.departement})
    found = by_name(index, query.words, territoire)
    if query.code_postal:
        return with_postal_code(index, query, found, limit)
    if query.departement:
        found = [n for n in found if n.commune.departement == query.departement] or found
    return rank(found, territoire, limit)


def by_name(index: NameIndex, words: list[str], territoire: frozenset[str]) -> list[Named]:
    """Return what the words may mean: a whole name; else its parts, its first words, a misspelt name."""
    local, name = index.local(territoire), ""
    for name in without_fillers(words):
        whole = [*local.named.get(name, ()), *index.exact(name)]
        if any(n.commune.departement in territoire or (n.commune.population or 0) >= KNOWN_TOWN for n in whole):
            return whole
    if not name or name in FILLERS:
        return []
    if name in index.ordinary:
        return []
    found = [*index.exact(name), *parts(index, local, name.split(" ")), *index.beginning_with(name)]
    found += misspelt(name, local.spellings, local.named.__getitem__)
    return found or misspelt(name, index.populous, index.populous_named)


def parts(index: NameIndex, local: LocalNames, words: list[str]) -> Iterator[Named]:
    """Yield what some of the words mean; the more letters are left over, the lower the quality."""
    length = sum(map(len, words))
    first = 0
    while first < len(words):
        for last in range(min(len(words), first + LONGEST_NAME), first, -1):
            part = words[first:last]
            key = " ".join(part)
            if len(part) == 1 and (key in index.ordinary or len(key) < SHORTEST_PART or key in FILLERS):
                continue
            meanings = local.named.get(key) or index.exact(key)
            if meanings and len(part) < len(words):
                share = sum(map(len, part)) / length
                yield from (Named(n.commune, n.quality * (0.4 + 0.6 * share)) for n in meanings)
                first = last - 1
                break
        first += 1


def misspelt(name: str, spellings: Spellings, meanings: Callable[[str], Iterable[Named]]) -> list[Named]:
    """Return what a misspelt name may mean."""
    return [
        Named(n.commune, n.quality * quality) for key, quality in read_through(name, spellings) for n in meanings(key)
    ]


def with_postal_code(index: NameIndex, query: Query, found: list[Named], limit: int) -> CommuneMatch:
    """Return the communes of the postal code that fit the name; both when name and code disagree: that is a doubt."""
    pool = index.by_postal_code[query.code_postal or ""]
    pool = tuple(c for c in pool if c.nom.endswith("Arrondissement")) or pool
    inside = [n for n in found if n.commune in pool]
    if not inside:
        *_, name = without_fillers(query.words) if query.words else ("",)
        inside = [n for commune in pool for n in loosely(commune, name)]
    if inside or not found:
        return rank(inside or [Named(c, 0.9) for c in pool], None, limit)
    doubtful = [*(Named(n.commune, n.quality * 0.8) for n in found), *(Named(c, 0.7) for c in pool)]
    return CommuneMatch(rank(doubtful, None, limit).candidates, ambiguous=True)


def loosely(commune: Commune, name: str) -> Iterator[Named]:
    """Yield the commune for each of its names that has most of the words of `name`."""
    for key, quality in whole_names(commune):
        ratio = token_set_ratio(key, name)
        if ratio >= LOOSE_RATIO:
            yield Named(commune, quality * ratio / 100)


def rank(found: Iterable[Named], territoire: frozenset[str] | None, limit: int) -> CommuneMatch:
    """Return the candidates, best first (then most populous); `territoire` None: no département is preferred.

    Ambiguous: the next one is as good, or both are outside the territory and equally well named, whatever their size.
    """
    best: dict[str, Named] = {}
    for named in found:
        if named.quality > best.get(named.commune.insee, named._replace(quality=0.0)).quality:
            best[named.commune.insee] = named
    scored = sorted(
        ((min(1.0, n.quality * prior(n.commune, territoire)), n) for n in best.values()),
        key=lambda pair: (-pair[0], -(pair[1].commune.population or 0), pair[1].commune.insee),
    )
    candidates = tuple(Candidate(n.commune, round(score, 3)) for score, n in scored[:limit])
    if len(scored) < 2:
        return CommuneMatch(candidates, ambiguous=False)
    (score, first), (next_score, _) = scored[:2]
    homonyms = (
        territoire is not None
        and first.commune.departement not in territoire
        and any(n.quality >= max(SHORT, first.quality - MARGIN) for _, n in scored[1:])
    )
    return CommuneMatch(candidates, ambiguous=homonyms or next_score >= score - MARGIN)


def prior(commune: Commune, territoire: frozenset[str] | None) -> float:
    """Return how likely a commune is before its name is read: those of the territory, then the larger ones."""
    if territoire is None or commune.departement in territoire:
        return 1.0
    population = commune.population or 0
    return next(weight for least, weight in PRIOR_OUTSIDE if population >= least)
