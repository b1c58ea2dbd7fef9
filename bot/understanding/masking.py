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


Span = tuple[int, int]
"""Where a secret starts and ends in the text."""

_S = r"[ .\-\u00a0\u202f]?"
_CARD = re.compile(
    rf"(?<![\d+])(?:[3-6]\d{{3}}{_S}\d{{4}}{_S}\d{{4}}{_S}\d{{4}}|3[47]\d{{2}}{_S}\d{{6}}{_S}\d{{5}})(?!\d)"
)
"""Sixteen digits by four, or the fifteen of American Express."""

_IBAN = re.compile(rf"[A-Za-z]{{2}}\d{{2}}(?:{_S}[A-Za-z0-9]){{11,30}}")
"""By four, or as a bank prints it; the words that follow may look like a group of it."""

_NIR = re.compile(rf"(?<!\d)[1-478]{_S}\d{{2}}{_S}\d{{2}}{_S}\d[\dABab]{_S}\d{{3}}{_S}\d{{3}}{_S}\d{{2}}(?!\d)")

_NAMED = (
    r"\b(?:mots? de passe?|mot de pass|mdp|code (?:secret|confidentiel|pin)|password|passcode|contrase(?:ñ|n)a|senha"
    r"|palavra[- ]passe|pasahitza?)"
)
_GIVEN = re.compile(rf"{_NAMED}(?: \w+){{0,3}}?\s*[:=]+\s*(?P<value>[^\s,;«»\"()]{{4,}})", re.IGNORECASE)
"""What follows a colon is a password, unless it is an ordinary word."""

_SAID = re.compile(
    rf"{_NAMED}(?: [\w']+){{0,4}}?\s+(?P<value>(?=\S*\d|\S*[a-zà-ÿ](?-i:[A-Z])|\S*[@#$%&*_+]\S)[^\s,;«»\"():]{{4,}})",
    re.IGNORECASE,
)
"""Elsewhere it is written like one: a digit, a sign, or a capital inside."""

_CODE = re.compile(
    r"\b(?:code|codes|c[oó]digo|otp)(?: \w+'?){0,6}? ?(?:re[cç]us?|sms|validation|confirmation|s[ée]curit[ée]"
    r"|v[ée]rification|unique|temporaire|secret|pin|google|whatsapp|envoy[ée]|verify|de un solo uso)[^\d\n•]{0,25}?"
    r"(?P<value>\d{3}[ -]?\d{3}|\d{4,8})(?!\d)(?! ?(?:€|euros?))",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(
    r"\b(?:identifiants?|login|num[ée]ro fiscal|n° fiscal|spi)(?: (?!est\b|c'est\b)[\w']+){0,4}?"
    r"(?:\s*[:=]\s*|\s+(?:c'?est|est|is|es)\s*:?\s+|\s+)(?P<value>(?=\S*\d)[^\s,;]{5,})",
    re.IGNORECASE,
)


def mask(text: str) -> Masked:
    """Return the text with its secrets masked."""
    found: list[Secret] = []
    for secret, pattern, locate in _KINDS:
        text, count = _replace(text, pattern, locate)
        if count:
            found.append(secret)
    return Masked(text, tuple(dict.fromkeys(found)))


def _replace(text: str, pattern: re.Pattern[str], locate: Callable[[re.Match[str]], Span | None]) -> tuple[str, int]:
    """Mask what `locate` finds in the matches. One where it finds nothing may overlap the secret: it hides none."""
    pieces: list[str] = []
    kept = start = 0
    while match := pattern.search(text, start):
        span = locate(match)
        if span is None:
            start = match.start() + 1
            continue
        pieces += (text[kept : span[0]], MASK)
        kept = start = span[1]
    return "".join([*pieces, text[kept:]]), len(pieces) // 2


def _card(match: re.Match[str]) -> Span | None:
    from stdnum import luhn  # like the next two: a rare message pays for it, not each start

    return match.span() if luhn.is_valid(re.sub(r"\D", "", match[0])) else None


def _iban(match: re.Match[str]) -> Span | None:
    """Return the longest beginning that ends with a word and is a right IBAN."""
    from stdnum import iban

    number, spans = "", []
    for end, char in enumerate(match[0], start=match.start() + 1):
        number += char if char.isalnum() else ""
        if char.isalnum() and not match.string[end : end + 1].isalnum():
            spans.append((number, (match.start(), end)))
    right = (span for number, span in reversed(spans) if _checks(number) and iban.is_valid(number, check_country=False))
    return next(right, None)


def _checks(number: str) -> bool:
    """Tell whether the check digits of an IBAN are right: `stdnum` says more, a hundred times slower."""
    return int("".join(str(int(char, 36)) for char in number[4:] + number[:4])) % 97 == 1


def _nir(match: re.Match[str]) -> Span | None:
    from stdnum.fr import nir

    return match.span() if nir.is_valid(re.sub(r"[^0-9ABab]", "", match[0])) else None


def _value(match: re.Match[str]) -> Span | None:
    return None if MASK in match["value"] else match.span("value")


def _word(match: re.Match[str]) -> Span | None:
    """Return what stands for a password, unless it is an ordinary word."""
    return None if match["value"].lower().strip(".!?") in _ORDINARY else _value(match)


_ORDINARY = word_set(
    "perdu perdue oublie oublié oubliee bloque bloqué refuse refusé incorrect errone erroné comment pourquoi"
    " impossible changer changé toujours jamais aide help lost forgotten"
)
"""What follows "mot de passe :" without being one."""

_KINDS: tuple[tuple[Secret, re.Pattern[str], Callable[[re.Match[str]], Span | None]], ...] = (
    (Secret.IBAN, _IBAN, _iban),
    (Secret.CARTE, _CARD, _card),
    (Secret.NIR, _NIR, _nir),
    (Secret.CODE, _CODE, _value),
    (Secret.MOT_DE_PASSE, _GIVEN, _word),
    (Secret.MOT_DE_PASSE, _SAID, _word),
    (Secret.IDENTIFIANT, _IDENTIFIER, _word),
)
