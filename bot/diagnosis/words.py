"""What people are told: who answers for the service, the numbers that they may call."""

from collections.abc import Iterator

from bot.diagnosis.finding import Finding, good, look
from bot.settings import Settings
from knowledge.lignes import load_lignes, unverified


def check_words(settings: Settings) -> Iterator[Finding]:
    """Look at what no program can verify."""
    if settings.contact:
        yield good("contact", settings.contact)
    else:
        yield look("contact", "AIGUILLEUR_CONTACT est vide. Dites qui répond de ce service, et comment le joindre.")
    if numbers := len(unverified(load_lignes())):
        yield look(
            "numéros",
            f"{numbers} numéros nationaux que personne n'a vérifiés. « aiguilleur check » les liste avec leur source.",
        )
    else:
        yield good("numéros", "une personne a vérifié chaque numéro national.")
