"""What a poster says: to whom, the ways to write, an example, who answers."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.printing.typography import NO_BREAK, drawable
from bot.settings import Settings
from knowledge.telephones import telephone

DEEP_LINK = "https://t.me/{nom}?start=c{insee}"
"""What the bot reads of it: `bot.conversation.opening`."""

SMS_LINK = "SMSTO:{numero}:{exemple}"
"""Telephones open it as a new message, already written."""

ARTICLES = {"Le ": "au ", "Les ": "aux "}


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach the service: its title, what the square code holds, and what to do."""

    titre: str
    code: str
    consigne: str


@dataclass(frozen=True, slots=True)
class Poster:
    """The texts of a poster: `ici` is "à Pau", `ways` has one or two, `adresse` is the page's unless `ways` has it.

    `lieu` is the place where the poster hangs, "" for anywhere in the commune.
    """

    ici: str
    exemple: str
    ways: tuple[Way, ...]
    contact: str
    adresse: str = ""
    lieu: str = ""


def compose(commune: str, insee: str, settings: Settings, lieu: str = "") -> Poster | None:
    """Return the poster of a commune, or of a place in it; None when the settings give no way to write."""
    contact, lieu = drawable(settings.contact), drawable(lieu)
    ici = at(commune)
    exemple = f"CAF {ici}"
    adresse = settings.adresse.split("://")[-1].rstrip("/")
    if ways := tuple(_ways(insee, exemple, settings)):
        return Poster(ici, exemple, ways, contact, adresse, lieu)
    if adresse:
        page = Way(f"Internet\n{adresse}", settings.adresse, "Rien à installer.")
        return Poster(ici, exemple, (page,), contact, lieu=lieu)
    return None


def at(commune: str) -> str:
    """Return "à Pau", "au Boucau", "aux Aldudes"."""
    for article, contracted in ARTICLES.items():
        if commune.startswith(article):
            return contracted + commune.removeprefix(article)
    return f"à {commune}"


def _ways(insee: str, exemple: str, settings: Settings) -> Iterator[Way]:
    if nom := settings.telegram_nom:
        yield Way(f"Telegram\n@{nom}", DEEP_LINK.format(nom=nom, insee=insee), "Il faut l'application Telegram.")
    if numero := settings.sms_number():
        code = SMS_LINK.format(numero=numero.replace(" ", ""), exemple=exemple)
        yield Way(f"SMS\n{telephone(numero).replace(' ', NO_BREAK)}", code, "Au prix de votre forfait.")
