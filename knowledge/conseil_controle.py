"""The faults of conseil.yml, as French sentences (`aiguilleur check`)."""

from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.conseil import CARE, LISTES, known, listed
from knowledge.echelle import VALUES
from knowledge.labels import Posture
from knowledge.yaml_files import read_data

KEYS = ("id", "si", "phrase", "court", "source")
COURT_MAX = 40
"""Characters of a `court`: it shares two SMS with the posture and a place."""

SENTENCES = 10
"""Of the charter."""


def check_conseil(content: Mapping[str, Any] | None = None) -> list[str]:
    """Return every fault of conseil.yml (or of `content`); [] when it is sound."""
    content = read_data("conseil.yml") if content is None else content
    faults = [fault for name in LISTES for fault in _list(name, content)]
    faults += [f"l'aide « {one} » n'a pas de nom" for one in Posture if not content.get("postures", {}).get(one)]
    faults += [f"« plus_tard » : « {key} » manque" for key in ("rien", "prive") if not content["plus_tard"].get(key)]
    faults += _charte(content.get("charte") or {})
    return [f"conseil.yml, {fault}" for fault in faults]


def _charte(charte: Mapping[str, Any]) -> Iterator[str]:
    for key in ("titre", "avis", "avis_court"):
        if not charte.get(key):
            yield f"charte : « {key} » manque"
    sentences = charte.get("phrases") or ()
    if len(sentences) != SENTENCES:
        yield f"charte : il faut {SENTENCES} phrases (il y en a {len(sentences)})"
    for number, line in enumerate(sentences, start=1):
        if not line.get("phrase") or not line.get("court"):
            yield f"charte, phrase {number} : « phrase » et « court » sont attendus"


def _list(name: str, content: Mapping[str, Any]) -> Iterator[str]:
    lines = content.get(name) or ()
    if not any(not line.get("si") for line in lines) and name == "ne_pas_faire":
        yield f"{name} : une ligne au moins doit valoir toujours (sans « si »)"
    seen: set[str] = set()
    for line in lines:
        where = f"{name}, « {line.get('id')} » : "
        if line.get("id") in seen:
            yield f"{where}ce nom est déjà pris"
        seen.add(str(line.get("id")))
        for fault in _line(name, line, content.get("sources") or {}):
            yield where + fault


def _line(name: str, line: Mapping[str, Any], sources: Mapping[str, str]) -> Iterator[str]:
    for key in line.keys() - set(KEYS):
        yield f"« {key} » n'est pas connu ; on attend {', '.join(KEYS)}"
    if not line.get("phrase"):
        yield "« phrase » manque"
    court = line.get("court") or ""
    if name != "gestes" and not 0 < len(court) <= COURT_MAX:
        yield f"« court » doit avoir de 1 à {COURT_MAX} caractères (il en a {len(court)})"
    if line.get("source") not in sources:
        yield f"la source « {line.get('source')} » n'est pas dans « sources »"
    for condition, accepted in (line.get("si") or {}).items():
        yield from _condition(condition, accepted)


def _condition(condition: str, accepted: Any) -> Iterator[str]:
    conditions = (*VALUES, "maintenant", CARE)
    if condition not in conditions:
        yield f"la condition « {condition} » n'est pas connue ; on attend {', '.join(conditions)}"
        return
    for value in listed(accepted):
        if value not in known(condition):
            yield f"« {value} » n'est pas une valeur de « {condition} » ; on attend {', '.join(known(condition))}"
