"""The settings of the gateways: one group each, all of it or nothing."""

import re
from typing import ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

from bot.messages import TELEGRAM

NOTHING = SecretStr("")
NAME_BEFORE = re.compile(r"@|(https?://)?(www\.)?t\.me/", re.IGNORECASE)
"""What people copy with the name of a bot."""
NAME = re.compile(r"[A-Za-z0-9_]{5,32}")

TELEGRAM_PER_SECOND = 25.0
"""Telegram takes about 30 messages a second from one bot ("Broadcasting to users")."""


def secret(description: str) -> SecretStr:
    """Return a setting that is never shown."""
    field: SecretStr = Field(default=NOTHING, description=description)
    return field


def word(description: str, default: str = "") -> str:
    """Return a setting that is a text."""
    field: str = Field(default=default, description=description)
    return field


def is_address(text: str) -> bool:
    """Say whether a text is the address of a site: its scheme, its host, a port that is a number."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


class GatewaySettings(BaseSettings):
    """Where messages come from and go to; each description is shown by `aiguilleur settings`."""

    required: ClassVar[dict[str, tuple[str, ...]]] = {
        "telegram": ("telegram_jeton",),
        "kannel": ("kannel_url", "kannel_utilisateur", "kannel_mot_de_passe", "kannel_numero"),
        "twilio": ("twilio_compte", "twilio_jeton", "twilio_numero"),
        "vonage": ("vonage_cle", "vonage_secret", "vonage_numero"),
        "android": ("android_utilisateur", "android_mot_de_passe", "android_signature"),
        "jasmin": ("jasmin_url", "jasmin_utilisateur", "jasmin_mot_de_passe", "jasmin_numero"),
        "ovh": ("ovh_service", "ovh_application", "ovh_secret", "ovh_consommateur"),
        "gammu": ("gammu_base",),
    }
    """What each gateway cannot do without."""

    cle: SecretStr = secret(
        "La clé qui protège les adresses des personnes, au moins 32 caractères tirés au hasard. Gardez-la : sans elle, "
        "les conversations en cours sont perdues."
    )
    adresse: str = word("L'adresse publique du service, celle que les passerelles appellent (https://aide.exemple.fr).")
    conservation_jours: int = Field(
        default=30, ge=1, le=365, description="Le nombre de jours après lequel une conversation est effacée."
    )
    sms_par_seconde: float = Field(
        default=10.0,
        gt=0,
        allow_inf_nan=False,
        description="Le nombre de SMS donnés en une seconde à une passerelle, au plus.",
    )
    fiches_sms_par_heure: int = Field(
        default=60,
        ge=0,
        description="Le nombre de fiches que les visiteurs peuvent envoyer par SMS en une heure, en tout. 0 : aucune.",
    )
    telegram_jeton: SecretStr = secret("Le jeton du robot Telegram, donné par @BotFather.")
    telegram_nom: str = word("Le nom du robot Telegram, sans @ : l'affiche (« aiguilleur poster ») y mène.")
    sms_numero: str = word("Le numéro auquel on écrit par SMS, pour l'affiche. Vide : celui de la passerelle.")
    telegram_mode: Literal["scrutation", "appel"] = Field(
        default="scrutation",
        description="« scrutation » : le programme interroge Telegram. « appel » : Telegram appelle l'adresse.",
    )
    telegram_serveur: str = word("Le serveur de Telegram, pour qui a le sien.", "https://api.telegram.org/bot")
    kannel_url: str = word("L'adresse de « sendsms » de Kannel (http://127.0.0.1:13013/cgi-bin/sendsms).")
    kannel_utilisateur: str = word("Le nom d'un « sendsms-user » de Kannel.")
    kannel_mot_de_passe: SecretStr = secret("Son mot de passe.")
    kannel_numero: str = word("Le numéro auquel les personnes écrivent.")
    twilio_compte: str = word("L'identifiant du compte Twilio (AC…).")
    twilio_jeton: SecretStr = secret("Le jeton d'authentification du compte Twilio.")
    twilio_numero: str = word("Le numéro Twilio auquel les personnes écrivent.")
    vonage_cle: str = word("La clé d'API Vonage.")
    vonage_secret: SecretStr = secret("Le secret d'API Vonage.")
    vonage_numero: str = word("Le numéro Vonage auquel les personnes écrivent.")
    vonage_signature: SecretStr = secret("Le secret de signature des messages Vonage, si elle est activée.")
    vonage_methode: Literal["md5hash", "md5", "sha1", "sha256", "sha512"] = Field(
        default="sha256",
        description="Comment Vonage signe, d'après son tableau de bord : md5hash, ou md5, sha1, sha256, sha512 (HMAC).",
    )
    android_utilisateur: str = word("Le nom donné par l'application SMS Gateway for Android.")
    android_mot_de_passe: SecretStr = secret("Le mot de passe donné par cette application.")
    android_signature: SecretStr = secret("La clé de signature des appels de cette application, longue.")
    android_url: str = word(
        "L'adresse à laquelle le téléphone prend les messages.", "https://api.sms-gate.app/3rdparty/v1/messages"
    )
    jasmin_url: str = word("L'adresse d'envoi de Jasmin (http://127.0.0.1:1401/send).")
    jasmin_utilisateur: str = word("Le nom d'un utilisateur de Jasmin.")
    jasmin_mot_de_passe: SecretStr = secret("Son mot de passe.")
    jasmin_numero: str = word("Le numéro auquel les personnes écrivent.")
    ovh_service: str = word("Le service SMS OVHcloud (sms-xx1234-1).")
    ovh_application: str = word("La clé d'application OVHcloud.")
    ovh_secret: SecretStr = secret("Le secret d'application OVHcloud.")
    ovh_consommateur: SecretStr = secret("La clé de consommateur OVHcloud.")
    ovh_expediteur: str = word("L'expéditeur OVHcloud. Vide : un numéro court, auquel on peut répondre.")
    gammu_base: SecretStr = secret("La base de Gammu SMSD (sqlite:///… ou postgresql://…).")
    gammu_telephone: str = word("Le téléphone de Gammu SMSD (PhoneID), s'il y en a plusieurs.")

    @field_validator("telegram_nom")
    @classmethod
    def _bot_name(cls, value: str) -> str:
        name = NAME_BEFORE.sub("", value.strip(), count=1).rstrip("/")
        if name and not NAME.fullmatch(name):
            raise ValueError(
                "il faut le nom du robot, fait de 5 à 32 lettres sans accent, chiffres ou _ (AideExempleBot)"
            )
        return name

    @field_validator("adresse", "kannel_url", "android_url", "jasmin_url")
    @classmethod
    def _whole_address(cls, value: str) -> str:
        if value and not is_address(value):
            raise ValueError("il faut une adresse complète, comme https://aide.exemple.fr")
        return value

    def given(self, name: str) -> bool:
        """Say whether a setting has a value."""
        value = getattr(self, name)
        return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)

    def sms_number(self) -> str:
        """Return the number that people write to, as the settings have it; "" when none is known."""
        numbers = (self.sms_numero, self.kannel_numero, self.twilio_numero, self.vonage_numero, self.jasmin_numero)
        return next(filter(None, numbers), "")

    def wanted(self) -> dict[str, list[str]]:
        """Return the gateways that have a setting, each with the settings that it still lacks."""
        return {
            gateway: [name for name in names if not self.given(name)]
            for gateway, names in self.required.items()
            if any(self.given(name) for name in names)
        }

    def pace(self, channel: str) -> float:
        """Return how many messages a second a gateway of this channel is given."""
        return TELEGRAM_PER_SECOND if channel == TELEGRAM else self.sms_par_seconde
