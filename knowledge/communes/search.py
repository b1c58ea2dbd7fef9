"""Reading a text that is only a place: an answer to "Dans quelle commune ?"."""

from collections.abc import Iterable, Iterator

from rapidfuzz.fuzz import token_set_ratio

from knowledge.communes.model import Candidate, Commune, CommuneMatch
from knowledge.communes.names import SHORT, LocalNames, Named, NameIndex, whole_names
from knowledge.communes.query import FILLERS, Query, parse, without_fillers

LONGEST = 200
"""Characters read: a place is shorter."""
MARGIN = 0.06
"""Two candidates closer than this cannot be told apart."""
KNOWN_TOWN = 5000
"""Inhabitants from which a town outside the territory is believed at its name, without looking for a typo."""
PRIOR_OUTSIDE = ((100_000, 0.97), (20_000, 0.93), (5_000, 0.88), (1_000, 0.8), (0, 0.72))
"""Least inhabitants → weight of a commune outside the territory."""
SHORTEST_PART = 3
"""Letters of the shortest name looked for among other words; one more outside the territory."""
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
    if not name or name in FILLERS or name in index.ordinary:
        return []
    found = [*index.exact(name), *index.beginning_with(name)]
    found += local.misspelt(name, local.spellings) or parts(index, local, name.split(" "))
    found = found or local.sounding_like(name)
    return found or index.misspelt_town(name)


def parts(index: NameIndex, local: LocalNames, words: list[str]) -> list[Named]:
    """Return what some of the words mean ("pau ou billère"); the more letters are left over, the lower the quality."""
    found: list[Named] = []
    first = read = 0
    while first < len(words):
        last, meanings = longest_part(index, local, words, first)
        if meanings:
            found += meanings
            read += sum(map(len, words[first:last]))
        first = last
    share = read / sum(map(len, words)) if len(words) > 1 else 0.0
    return [Named(n.commune, n.quality * (0.4 + 0.6 * share)) for n in found]


def longest_part(index: NameIndex, local: LocalNames, words: list[str], first: int) -> tuple[int, tuple[Named, ...]]:
    """Return where the longest name from a word ends, and what it means; the next word and () when there is none."""
    for last in range(min(len(words), first + LONGEST_NAME), first, -1):
        key = " ".join(words[first:last])
        if last - first == 1 and (key in index.ordinary or key in FILLERS):
            continue
        found = local.named.get(key, ()) if len(key) >= SHORTEST_PART else ()
        found = found or (index.exact(key) if len(key) > SHORTEST_PART else ())
        if found:
            return last, found
    return first + 1, ()


def with_postal_code(index: NameIndex, query: Query, found: list[Named], limit: int) -> CommuneMatch:
    """Return the communes of the postal code that fit the name.

    When name and code disagree, a name of the same département is believed (people know where they live better than
    its code); else it is a doubt, and both are offered.
    """
    pool = index.by_postal_code(query.code_postal or "")
    pool = tuple(c for c in pool if c.nom.endswith("Arrondissement")) or pool
    found = [n for n in found if n.commune in pool or query.code_postal not in n.commune.codes_postaux]
    inside = [n for n in found if n.commune in pool]
    departements = {commune.departement for commune in pool}
    beside = [n for n in found if n.commune.departement in departements and n.quality >= SHORT]
    if not inside and not beside:
        *_, name = without_fillers(query.words) if query.words else ("",)
        inside = [n for commune in pool for n in loosely(commune, name)]
    if inside or not found:
        return rank(inside or [Named(c, 0.9) for c in pool], None, limit)
    disputed = [*(Named(n.commune, n.quality * 0.9) for n in beside or found), *(Named(c, 0.7) for c in pool)]
    match = rank(disputed, None, limit)
    return match if beside else CommuneMatch(match.candidates, ambiguous=True)


def loosely(commune: Commune, name: str) -> Iterator[Named]:
    """Yield the commune for each of its names that has most of the words of `name`."""
    for key, quality in whole_names(commune):
        ratio = token_set_ratio(key, name)
        if name and key.startswith(f"{name} "):
            yield Named(commune, quality * SHORT)
        elif ratio >= LOOSE_RATIO:
            yield Named(commune, quality * (SHORT - MARGIN) * ratio / 100)


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
