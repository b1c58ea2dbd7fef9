"""Secrets that people type although nobody asked: masked before anything is stored, logged or understood.

A number is a secret only when its check digits are right and it is written as such numbers are: telephone numbers,
postal codes, SIRET and allocataire numbers stay. Passwords and codes are known by the words before them.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from knowledge.communes.text import word_set

MASK = "•••"


class Secret(StrEnum):
    """What was masked."""

    CARTE = "carte"
    IBAN = "iban"
    NIR = "nir"
    MOT_DE_PASSE = "mot_de_passe"
    CODE = "code"
    IDENTIFIANT = "identifiant"


class Masked(NamedTuple):
    """The text without its secrets, and what they were."""

    text: str
    secrets: tuple[Secret, ...]


_S = r"[ .\-\u00a0\u202f]?"
_CARD = re.compile(
    rf"(?<![\d+])(?:[3-6]\d{{3}}{_S}\d{{4}}{_S}\d{{4}}{_S}\d{{4}}|3[47]\d{{2}}{_S}\d{{6}}{_S}\d{{5}})(?!\d)"
)
"""Sixteen digits by four, or the fifteen of American Express."""

_IBAN = re.compile(rf"\b[A-Za-z]{{2}}\d{{2}}(?:{_S}[A-Za-z0-9]{{4}}){{2,7}}(?:{_S}[A-Za-z0-9]{{1,3}})?\b")
_NIR = re.compile(rf"(?<!\d)[1-478]{_S}\d{{2}}{_S}\d{{2}}{_S}\d[\dABab]{_S}\d{{3}}{_S}\d{{3}}{_S}\d{{2}}(?!\d)")

_NAMED = (
    r"\b(?:mots? de passe?|mot de pass|mdp|code (?:secret|confidentiel|pin)|password|passcode|contrase(?:ñ|n)a|senha"
    r"|palavra[- ]passe|pasahitza?)"
)
_GIVEN = re.compile(rf"{_NAMED}(?: \w+){{0,3}}?\s*[:=]+\s*(?P<value>[^\s,;«»\"()]{{4,40}})", re.IGNORECASE)
"""What follows a colon is a password, unless it is an ordinary word."""

_SAID = re.compile(
    rf"{_NAMED}(?: [\w']+){{0,4}}?\s+(?P<value>(?=\S*\d|\S*[a-zà-ÿ](?-i:[A-Z])|\S*[@#$%&*_+]\S)[^\s,;«»\"():]{{4,40}})",
    re.IGNORECASE,
)
"""Elsewhere it is written like one: a digit, a sign, or a capital inside."""

_CODE = re.compile(
    r"\b(?:code|codes|c[oó]digo|otp)(?: \w+'?){0,6}? ?(?:re[cç]us?|sms|validation|confirmation|s[ée]curit[ée]"
    r"|v[ée]rification|unique|temporaire|secret|pin|google|whatsapp|envoy[ée]|verify|de un solo uso)[^\d\n]{0,25}?"
    r"(?P<value>\d{3}[ -]?\d{3}|\d{4,8})(?!\d)(?! ?(?:€|euros?))",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(
    r"\b(?:identifiants?|login|num[ée]ro fiscal|n° fiscal|spi)(?: (?!est\b|c'est\b)[\w']+){0,4}?"
    r"(?:\s*[:=]\s*|\s+(?:c'?est|est|is|es)\s*:?\s+|\s+)(?P<value>(?=\S*\d)[^\s,;]{5,40})",
    re.IGNORECASE,
)


def mask(text: str) -> Masked:
    """Return the text with its secrets masked."""
    found: list[Secret] = []
    for secret, pattern, is_one in _KINDS:
        text, count = _replace(text, pattern, is_one)
        if count:
            found.append(secret)
    return Masked(text, tuple(dict.fromkeys(found)))


def _replace(text: str, pattern: re.Pattern[str], is_one: Callable[[re.Match[str]], bool]) -> tuple[str, int]:
    count = 0

    def masked(match: re.Match[str]) -> str:
        nonlocal count
        if not is_one(match):
            return match[0]
        count += 1
        if "value" not in pattern.groupindex:
            return MASK
        return match[0][: match.start("value") - match.start()] + MASK + match[0][match.end("value") - match.start() :]

    return pattern.sub(masked, text), count


def _is_card(match: re.Match[str]) -> bool:
    from stdnum import luhn  # like the next two: a rare message pays for it, not each start

    return luhn.is_valid(re.sub(r"\D", "", match[0]))


def _is_iban(match: re.Match[str]) -> bool:
    from stdnum import iban

    return iban.is_valid(match[0].replace("\u00a0", " ").replace("\u202f", " ").replace(".", ""))


def _is_nir(match: re.Match[str]) -> bool:
    from stdnum.fr import nir

    return nir.is_valid(re.sub(r"[^0-9ABab]", "", match[0]))


def _is_no_ordinary_word(match: re.Match[str]) -> bool:
    return MASK not in match["value"] and match["value"].lower().strip(".!?") not in _ORDINARY


_ORDINARY = word_set(
    "perdu perdue oublie oublié oubliee bloque bloqué refuse refusé incorrect errone erroné comment pourquoi"
    " impossible changer changé toujours jamais aide help lost forgotten"
)
"""What follows "mot de passe :" without being one."""

_KINDS: tuple[tuple[Secret, re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
    (Secret.IBAN, _IBAN, _is_iban),
    (Secret.CARTE, _CARD, _is_card),
    (Secret.NIR, _NIR, _is_nir),
    (Secret.CODE, _CODE, lambda match: True),  # noqa: ARG005
    (Secret.MOT_DE_PASSE, _GIVEN, _is_no_ordinary_word),
    (Secret.MOT_DE_PASSE, _SAID, _is_no_ordinary_word),
    (Secret.IDENTIFIANT, _IDENTIFIER, _is_no_ordinary_word),
)
