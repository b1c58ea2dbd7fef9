"""What is said in other languages beside the French (`langues:`): read from the files, checked for completeness."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.engine.faults import Faults, FlowError, unknown
from bot.engine.responses import FRAGMENT, PLACEHOLDER
from bot.engine.yaml_tree import Tree, read_text, reject_unknown_keys

SPACED = re.compile(r"(?<=\d) (?=\d)")
"""The blanks inside a phone number."""

KEYS = ("nom", "avis", "dangers", "choix", "phrases")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The texts of one language.

    `avis` says that the answer is in French. `phrases`: one a response, by its name. `dangers`: what to do first, by
    danger. `choix`: the label of a choice, by slot and value.
    """

    name: str
    nom: str = ""
    avis: str = ""
    dangers: Mapping[str, str] = field(default_factory=dict)
    choix: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    phrases: Mapping[str, str] = field(default_factory=dict)
    lignes: Mapping[str, int] = field(default_factory=dict)
    fichier: str = ""
    ligne: int = 0

    def texts(self) -> Iterator[tuple[str, str, int]]:
        """Yield every text with its dotted name ("choix.need.caf") and its line."""
        groups = {"dangers": self.dangers, "phrases": self.phrases}
        groups |= {f"choix.{slot}": labels for slot, labels in self.choix.items()}
        for group, texts in groups.items():
            for key, text in texts.items():
                name = f"{group}.{key}"
                yield name, text, self.lignes.get(name, self.ligne)


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """What every language must have.

    `codes`: the languages; `choix`: values by slot; `dangers`: the numbers that each text must give; `values`: what
    the texts of some responses may name in braces, and must.
    """

    codes: Collection[str]
    choix: Mapping[str, Collection[str]]
    dangers: Mapping[str, Collection[str]]
    values: Mapping[str, Collection[str]]
    unsaid: Collection[str] = ()


def read_language(name: str, value: Any, ligne: int, faults: Faults) -> Language:
    """Read the texts of a language."""
    if not isinstance(value, Tree):
        faults.add(ligne, f"la langue « {name} » doit contenir {', '.join(f'« {key} »' for key in KEYS)}")
        return Language(name=name, fichier=faults.fichier, ligne=ligne)
    reject_unknown_keys(value, KEYS, faults)
    lignes: dict[str, int] = {}
    choix = value.get("choix")
    slots = list(choix) if isinstance(choix, Tree) else []
    return Language(
        name=name,
        nom=read_text(value, "nom", faults, required=True),
        avis=read_text(value, "avis", faults, required=True),
        dangers=_texts(value, "dangers", "dangers", lignes, faults),
        phrases=_texts(value, "phrases", "phrases", lignes, faults),
        choix={slot: _texts(choix, slot, f"choix.{slot}", lignes, faults) for slot in slots},
        lignes=lignes,
        fichier=faults.fichier,
        ligne=ligne,
    )


def _texts(tree: Any, key: str, group: str, lignes: dict[str, int], faults: Faults) -> dict[str, str]:
    texts = tree.get(key)
    if texts is None:
        return {}
    if not isinstance(texts, Tree):
        faults.add(tree.line(key), f"« {key} » doit contenir des noms suivis de deux-points")
        return {}
    lignes |= {f"{group}.{name}": texts.line(name) for name in texts}
    return {name: read_text(texts, name, faults, required=True) for name in texts}


def check_languages(languages: Mapping[str, Language], responses: Collection[str], needed: Needed) -> list[FlowError]:
    """Return what is missing or unknown in the languages; a sentence that none of them has is a warning."""
    faults = Faults()
    said = {name for name in responses if not name.startswith(FRAGMENT) and name not in needed.unsaid}
    translated = {name for language in languages.values() for name in language.phrases}
    expected = {f"phrases.{name}" for name in said & translated}
    expected |= {f"choix.{slot}.{value}" for slot, values in needed.choix.items() for value in values}
    expected |= {f"dangers.{danger}" for danger in needed.dangers}
    faults.fichier = next((language.fichier for language in languages.values()), "le dossier des flux")
    for code in needed.codes:
        if code not in languages:
            faults.add(0, f"langue « {code} » : ses textes manquent")
    for name in sorted(said - translated) if languages else ():
        faults.add(0, f"la réponse « {name} » n'a de phrase dans aucune langue", warning=True)
    for language in languages.values():
        faults.fichier = language.fichier
        _check_language(language, expected, needed, faults)
    return faults.found


def _check_language(language: Language, expected: Collection[str], needed: Needed, faults: Faults) -> None:
    texts = {name: (text, ligne) for name, text, ligne in language.texts()}
    for name in sorted(set(expected) - texts.keys()):
        faults.add(language.ligne, f"langue « {language.name} » : il manque « {name} »")
    for name, (text, ligne) in texts.items():
        if name not in expected:
            faults.add(ligne, f"langue « {language.name} » : " + unknown("nom inconnu", name, expected))
        _check_text(name, text, ligne, needed, faults)


def _check_text(name: str, text: str, ligne: int, needed: Needed, faults: Faults) -> None:
    group, _, key = name.partition(".")
    values = set(needed.values.get(key, ())) if group == "phrases" else set()
    named = set(PLACEHOLDER.findall(text))
    for value in sorted(named - values):
        faults.add(ligne, unknown("valeur inconnue", value, values))
    for value in sorted(values - named):
        faults.add(ligne, f"« {name} » ne donne pas {{{value}}}")
    if set("{}") & set(PLACEHOLDER.sub("", text)):
        faults.add(ligne, f"accolade seule dans « {name} »")
    if text != text.strip():
        faults.add(ligne, f"espace au début ou à la fin de « {name} »")
    for number in needed.dangers.get(key, ()) if group == "dangers" else ():
        if not re.search(rf"(?<!\d){number}(?!\d)", SPACED.sub("", text)):
            faults.add(ligne, f"« {name} » ne donne pas le numéro {number}")
