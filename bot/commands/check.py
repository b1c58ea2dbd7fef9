"""`aiguilleur check`: every fault of flows, texts, knowledge and settings, with its file and line."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from bot.app import App, read_flows
from bot.channels.sms.text import width
from bot.commands.console import say
from bot.conversation.keywords import load_keywords
from bot.conversation.requirements import RESPONSES, check_needs_named, needed_of_languages
from bot.engine.checks import check_flows
from bot.engine.faults import FlowError, FlowErrors
from bot.engine.languages import check_languages
from bot.engine.steps import Flows
from bot.fiche.sms import check_cards
from bot.settings import load_settings
from bot.understanding.language import LanguageFinder
from knowledge.annuaire.vocabulaire import check_annuaire
from knowledge.conseil_controle import check_conseil
from knowledge.echelle import check_echelle
from knowledge.guichet import check_guichet
from knowledge.lignes import check_lignes, load_lignes, unverified
from knowledge.longest import read_longest
from knowledge.needs import check_needs, load_needs
from knowledge.preuves import check_preuves


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No option."""


def run(_arguments: argparse.Namespace) -> int:
    """Print the faults, then the warnings; status 1 when there is a fault."""
    settings = load_settings()
    faults, warnings = [*_knowledge_faults()], [*_unverified_numbers()]
    app = App(settings)
    faults += check_cards(read_longest(app.database, width))
    for error in check_folder(settings.flux, app):
        (warnings if error.avertissement else faults).append(str(error))
    for line in [*faults, *warnings]:
        say(line)
    verdict = "Tout est en ordre" if not faults else f"{len(faults)} faute(s)"
    say(f"{verdict}. {len(warnings)} avertissement(s).")
    return 1 if faults else 0


def check_folder(folder: Path, app: App | None = None) -> list[FlowError]:
    """Return the faults and warnings of a folder of flows, texts and words.

    With the program, also the texts that an SMS has no room for, given the longest values of its base.
    """
    return [*_word_faults(folder), *_flow_faults(folder, app)]


def _flow_faults(folder: Path, app: App | None) -> list[FlowError]:
    from actions.registry import build_actions
    from knowledge.snapshot import build_knowledge

    try:
        flows = read_flows(folder)
    except FlowErrors as error:
        return error.errors
    actions = build_actions(lambda: build_knowledge([]))
    placeholders = dict(RESPONSES)
    for action in actions:
        placeholders |= action.placeholders
    found = check_flows(flows, [action.name() for action in actions], placeholders)
    needed = needed_of_languages(flows, LanguageFinder().codes, load_needs(), load_lignes())
    found += check_languages(flows.languages, flows.responses, needed)
    found += check_needs_named(flows, load_needs())
    if app:
        found += _budget_faults(flows, app)
    return sorted(found)


def _budget_faults(flows: Flows, app: App) -> list[FlowError]:
    from bot.conversation.budget import check_budget
    from bot.conversation.extremes import Extremes
    from knowledge.snapshot import build_knowledge

    longest = read_longest(app.database, width)
    return check_budget(flows, Extremes(build_knowledge([]), longest, app.settings.contact, flows.domain()))


def _word_faults(folder: Path) -> list[FlowError]:
    try:
        load_keywords(folder)
    except FlowErrors as error:
        return error.errors
    return []


def _knowledge_faults() -> Iterator[str]:
    yield from check_echelle()
    yield from check_conseil()
    yield from check_lignes()
    yield from check_preuves()
    yield from check_needs(load_lignes().lignes)
    yield from check_annuaire()
    yield from check_guichet()


def _unverified_numbers() -> Iterator[str]:
    for ligne in unverified(load_lignes()):
        yield f"avertissement : à vérifier avant ouverture : {ligne.nom}, {ligne.telephone} ({ligne.source})"
