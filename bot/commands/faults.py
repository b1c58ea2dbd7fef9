"""What went wrong, as one French sentence."""

from bot.engine.faults import FlowErrors
from knowledge.fautes import Faute, reason


class CommandeRefusee(Faute):
    """A command cannot do what it was asked."""


def explain(error: Exception) -> str:
    """Return the sentence for a person; an unforeseen fault says how to see more, never a traceback."""
    if isinstance(error, Faute | FlowErrors):  # the engine, which knows nothing of ours, has a fault of its own
        return str(error)
    if isinstance(error, OSError):
        return f"Le système refuse {error.filename or 'cette action'} : {reason(error)}."
    return f"Erreur inattendue ({type(error).__name__}). Rien n'a été perdu. AIGUILLEUR_JOURNAL=DEBUG en dit plus."
