"""What a person can say at the desk of a lieu (knowledge/data/guichet.yml): it depends on the need and the help."""

from collections.abc import Iterator
from functools import cache
from string import Formatter
from typing import Any

from knowledge.labels import Posture
from knowledge.needs import Famille, Need, load_needs
from knowledge.yaml_files import read_data

SANS_POSTURE = "sans_posture"
"""Key of the sentence for who did not say which help they want."""

MAX_LENGTH = 120
"""Characters: a person reads the sentence aloud in one breath."""

BLANKS = {"phrase": {"guichet", "demande"}, "sans_besoin": {"demande"}}


@cache
def _texts() -> dict[str, Any]:
    texts: dict[str, Any] = read_data("guichet.yml")
    return texts


def say_at_desk(need: Need | None, posture: Posture | None) -> str:
    """Return what to say on arriving; without a need, that of a démarche."""
    texts = _texts()
    famille = need.famille if need else Famille.DEMARCHE
    demande = texts["demandes"][famille][posture or SANS_POSTURE]
    if need is None:
        return str(texts["sans_besoin"]).format(demande=demande)
    return str(texts["phrase"]).format(guichet=need.guichet, demande=demande)


def check_guichet() -> Iterator[str]:
    """Yield the faults of guichet.yml and of the needs' own words, as French sentences."""
    texts = _texts()
    for key, blanks in BLANKS.items():
        if {name for _, name, _, _ in Formatter().parse(str(texts.get(key, ""))) if name} != blanks:
            yield f"guichet.yml, {key} : il faut exactement {', '.join(f'{{{name}}}' for name in sorted(blanks))}"
            return
    for famille in Famille:
        asked = texts["demandes"].get(famille, {})
        if absent := [key for key in (SANS_POSTURE, *Posture) if not asked.get(key)]:
            yield f"guichet.yml, {famille} : phrase absente pour {', '.join(absent)}"
            return
    yield from _faults_of_needs()


def _faults_of_needs() -> Iterator[str]:
    for need in load_needs().values():
        if not need.guichet or need.guichet.endswith((".", "?", "!")) or "{" in need.guichet:
            yield f"needs.yml, {need.id} : guichet se lit après « je viens pour », sans point à la fin"
        longest = max((say_at_desk(need, posture) for posture in (None, *Posture)), key=len)
        if len(longest) > MAX_LENGTH:
            yield f"needs.yml, {need.id} : la phrase à dire dépasse {MAX_LENGTH} caractères (« {longest} »)"
