"""Every setting of the program: read from the environment (AIGUILLEUR_…) or from a `.env` file."""

import os
import re
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from bot.gateway_settings import GatewaySettings
from knowledge.fautes import Faute

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

PREFIX = "AIGUILLEUR_"
YES_OR_NO = {"vrai": True, "oui": True, "faux": False, "non": False}
"""Beside 1, 0, true, false… that pydantic reads: what `aiguilleur settings` shows can be written."""

DEPARTEMENT = re.compile(r"\d{2}|2[AB]|9[78]\d")
TILES = re.compile(r"https://[a-z0-9.-]+(:\d+)?/[^\s{}'\";,<>]*(\{[zxy]\}[^\s{}'\";,<>]*){3}", re.IGNORECASE)
"""An address of map images; nothing in its host could be read as more than one host by a browser."""
MAX_CENTS = 1000
"""No SMS costs ten euros: whoever writes more has not written cents."""

PACKAGE_FLOWS = Path(__file__).resolve().parents[1] / "flows"
"""The flows that come with the program."""


class SettingsInvalides(Faute):
    """A setting cannot be read: which one and why."""


def default_base_url() -> str:
    """Return the URL of the SQLite file in the user's data folder (XDG base directory specification)."""
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return f"sqlite:///{Path(data) / 'aiguilleur' / 'aiguilleur.db'}"


class Settings(GatewaySettings):
    """The settings; each description is shown by `aiguilleur settings`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    base: SecretStr = Field(
        default_factory=lambda: SecretStr(default_base_url()),
        description="La base : une URL sqlite:///chemin/fichier.db ou postgresql://utilisateur:mot@hôte/base.",
    )
    flux: Path = Field(
        default=PACKAGE_FLOWS,
        description="Le dossier des flux, des textes et des mots. Pour les changer, copiez-le et donnez votre copie.",
    )
    territoire: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("64",),
        description="Les départements servis en premier, séparés par des virgules (exemple : 64,40,65).",
    )
    host: str = Field(default="127.0.0.1", description="L'adresse sur laquelle la page web écoute.")
    port: int = Field(default=8080, ge=1, le=65535, description="Le port de la page web.")
    https: bool = Field(
        default=False,
        description="Vrai si la page est servie en HTTPS : le témoin de connexion n'est alors envoyé qu'en HTTPS.",
    )
    messages_par_minute: int = Field(
        default=30,
        ge=1,
        description="Le nombre de messages qu'un visiteur de la page web peut envoyer en une minute.",
    )
    consultations_par_minute: int = Field(
        default=300,
        ge=1,
        description="Les recherches (page /annuaire et /api) qu'une adresse internet peut faire en une minute.",
    )
    tuiles: str = Field(
        default="",
        description="Un serveur d'images pour le fond de la carte (https://…/{z}/{x}/{y}.png). Vide : aucun.",
    )
    tuiles_credit: str = Field(
        default="",
        description="La mention que demande ce serveur d'images (exemple : © IGN).",
    )
    contact: str = Field(
        default="",
        description="Qui répond de ce service (nom et moyen de le joindre), dit quand on écrit CONTACT.",
    )
    tours_a_part: Literal["auto", "oui", "non"] = Field(
        default="auto",
        description="Jouer les messages des passerelles dans un second processus, qui double la mémoire : oui, non, ou"
        " auto (oui avec SQLite et plusieurs processeurs ; avec PostgreSQL, ouvrez plutôt plusieurs programmes).",
    )
    journal: str = Field(
        default="WARNING",
        description="Le niveau du journal : DEBUG, INFO, WARNING ou ERROR. Jamais de texte personnel.",
    )

    journal_format: Literal["texte", "json"] = Field(
        default="texte", description="La forme du journal : texte, ou json (un objet par ligne)."
    )
    metriques: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("127.0.0.1", "::1"),
        description="Les adresses qui peuvent lire /metrics, séparées par des virgules. Vide : personne.",
    )
    prix_segment: Annotated[Mapping[str, float], NoDecode] = Field(
        default={},
        description="Le prix d'un SMS (un segment) en centimes d'euro, par passerelle (exemple : kannel=4,twilio=7.5).",
    )

    @field_validator("https", mode="before")
    @classmethod
    def _french(cls, value: object) -> object:
        return YES_OR_NO.get(value.lower(), value) if isinstance(value, str) else value

    @field_validator("territoire", "metriques", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return _parts(value) if isinstance(value, str) else value

    @field_validator("territoire")
    @classmethod
    def _departements(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [code for code in value if not DEPARTEMENT.fullmatch(code)]:
            raise ValueError(f"« {wrong[0]} » n'est pas un département (exemples : 64, 2A, 974)")
        return value

    @field_validator("metriques")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            try:
                ip_network(each)
            except ValueError:
                raise ValueError(f"« {each} » n'est pas une adresse (exemples : 127.0.0.1, 10.0.0.0/8)") from None
        return value

    @field_validator("tuiles")
    @classmethod
    def _images(cls, value: str) -> str:
        if value and not (TILES.fullmatch(value) and all(value.count(part) == 1 for part in ("{z}", "{x}", "{y}"))):
            raise ValueError(
                "il faut une adresse en https avec {z}, {x} et {y} (https://carte.exemple/{z}/{x}/{y}.png)"
            )
        return value

    @field_validator("prix_segment", mode="before")
    @classmethod
    def _prices(cls, value: object) -> object:
        return dict(map(_price, _parts(value))) if isinstance(value, str) else value

    @field_validator("flux")
    @classmethod
    def _folder(cls, value: Path) -> Path:
        if not value.is_dir():
            raise ValueError(f"le dossier {value} n'existe pas")
        return value.resolve()

    @field_validator("journal")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("il faut DEBUG, INFO, WARNING ou ERROR")
        return value.upper()


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _price(text: str) -> tuple[str, float]:
    """Read "kannel=4". Raises ValueError."""
    gateway, _, cents = (part.strip() for part in text.partition("="))
    if gateway not in GatewaySettings.required:
        raise ValueError(f"« {gateway} » n'est pas une passerelle : {', '.join(GatewaySettings.required)}")
    try:
        price = float(cents)
    except ValueError:
        price = -1.0
    if not 0 <= price < MAX_CENTS:
        raise ValueError(f"« {text} » n'est pas un prix (exemple : kannel=4)")
    return gateway, price


def load_settings() -> Settings:
    """Read the settings.

    Raises `SettingsInvalides` with one sentence a faulty setting.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsInvalides("\n".join(map(_sentence, error.errors()))) from error
    except UnicodeDecodeError as error:
        raise SettingsInvalides("Le fichier .env n'est pas en UTF-8 : enregistrez-le avec cet encodage.") from error


def _sentence(fault: "ErrorDetails") -> str:
    """Say in French what pydantic found; never the value, which may be a secret."""
    context = fault.get("ctx", {})
    said = {
        "int_parsing": "il faut un nombre entier",
        "float_parsing": "il faut un nombre, avec un point (2.5)",
        "finite_number": "il faut un nombre",
        "greater_than": f"il faut plus de {context.get('gt')}",
        "bool_parsing": "il faut vrai ou faux",
        "greater_than_equal": f"il faut au moins {context.get('ge')}",
        "less_than_equal": f"il faut au plus {context.get('le')}",
        "value_error": str(context.get("error")),
        "literal_error": f"il faut {str(context.get('expected')).replace(' or ', ' ou ')}",
    }
    wrong = said.get(fault["type"], "cette valeur ne convient pas")
    return f"{PREFIX}{str(fault['loc'][0]).upper()} est illisible : {wrong}."
