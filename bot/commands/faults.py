"""What went wrong, as one French sentence."""

from bot.engine.faults import FlowErrors
from bot.settings import SettingsInvalides
from bot.understanding.evaluation import FaultyRow
from knowledge.base import BaseIndisponible
from knowledge.echelle import EchelleError
from knowledge.exporting import ExportImpossible
from knowledge.importing.report import ImportImpossible


class CommandeRefusee(Exception):
    """A command cannot do what it was asked; the message is a French sentence that says why and what to do."""


SAID = (
    CommandeRefusee,
    SettingsInvalides,
    BaseIndisponible,
    EchelleError,
    ImportImpossible,
    ExportImpossible,
    FaultyRow,
)
"""Faults whose message is already the sentence for a person."""


def explain(error: Exception) -> str:
    """Return the sentence for a person; an unforeseen fault says how to see more, never a traceback."""
    if isinstance(error, FlowErrors):
        return "\n".join(str(fault) for fault in error.errors)
    if isinstance(error, SAID):
        return str(error)
    if isinstance(error, FileNotFoundError):
        return f"Le fichier {error.filename} n'existe pas."
    if isinstance(error, OSError):
        return f"Le système refuse : {error.strerror or error} ({error.filename or 'sans nom'})."
    return f"Erreur inattendue ({type(error).__name__}). Rien n'a été perdu. AIGUILLEUR_JOURNAL=DEBUG en dit plus."
