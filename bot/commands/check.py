"""`aiguilleur check`: every fault of flows, texts, knowledge and settings, with its file and line."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from bot.app import CONVERSATION_RESPONSES, read_flows
from bot.commands.console import say
from bot.conversation.keywords import load_keywords
from bot.conversation.requirements import check_needs_named, needed_of_languages
from bot.engine.checks import check_flows
from bot.engine.faults import FlowError, FlowErrors
from bot.engine.languages import check_languages
from bot.settings import load_settings
from bot.understanding.language import LanguageFinder
from knowledge.echelle import check_echelle
from knowledge.lignes import check_lignes, load_lignes, unverified
from knowledge.needs import check_needs, load_needs
from knowledge.preuves import check_preuves


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No option."""


def run(_arguments: argparse.Namespace) -> int:
    """Print the faults, then the warnings; status 1 when there is a fault."""
    folder = load_settings().flux
    faults, warnings = [*_knowledge_faults()], [*_unverified_numbers()]
    for error in check_folder(folder):
        (warnings if error.avertissement else faults).append(str(error))
    for line in [*faults, *warnings]:
        say(line)
    verdict = "Tout est en ordre" if not faults else f"{len(faults)} faute(s)"
    say(f"{verdict}. {len(warnings)} avertissement(s).")
    return 1 if faults else 0


def check_folder(folder: Path) -> list[FlowError]:
    """Return the faults and warnings of a folder of flows, texts and words."""
    return [*_word_faults(folder), *_flow_faults(folder)]


def _flow_faults(folder: Path) -> list[FlowError]:
    from actions.registry import build_actions
    from knowledge.snapshot import build_knowledge

    try:
        flows = read_flows(folder)
    except FlowErrors as error:
        return error.errors
    actions = build_actions(lambda: build_knowledge([]))
    placeholders = dict(CONVERSATION_RESPONSES)
    for action in actions:
        placeholders |= action.placeholders
    found = check_flows(flows, [action.name() for action in actions], placeholders)
    needed = needed_of_languages(flows, LanguageFinder().codes, load_needs(), load_lignes())
    found += check_languages(flows.languages, flows.responses, needed)
    return sorted([*found, *check_needs_named(flows, load_needs())])


def _word_faults(folder: Path) -> list[FlowError]:
    try:
        load_keywords(folder)
    except FlowErrors as error:
        return error.errors
    return []


def _knowledge_faults() -> Iterator[str]:
    yield from check_echelle()
    yield from check_lignes()
    yield from check_preuves()
    yield from check_needs(load_lignes().lignes)


def _unverified_numbers() -> Iterator[str]:
    for ligne in unverified(load_lignes()):
        yield f"avertissement : à vérifier avant ouverture : {ligne.nom}, {ligne.telephone} ({ligne.source})"
