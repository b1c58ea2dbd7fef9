"""The files that a card can be. What draws one is loaded when a first one is asked for: it takes a while."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.fiche.content import Fiche
from knowledge.communes.text import fold


@dataclass(frozen=True, slots=True)
class Format:
    """What browsers and telephones are told of a file, and what makes it."""

    media_type: str
    make: Callable[[Fiche], bytes]


def _pdf(fiche: Fiche) -> bytes:
    from bot.fiche.pdf import to_pdf

    return to_pdf(fiche)


def _png(fiche: Fiche) -> bytes:
    from bot.fiche.image import to_png

    return to_png(fiche)


def _sms(fiche: Fiche) -> bytes:
    from bot.fiche.sms import to_sms

    return to_sms(fiche).encode()


def _vcf(fiche: Fiche) -> bytes:
    from bot.fiche.contact import to_vcard

    return to_vcard(fiche)


FORMATS: Mapping[str, Format] = {
    "pdf": Format("application/pdf", _pdf),
    "png": Format("image/png", _png),
    "sms": Format("text/plain", _sms),
    "vcf": Format("text/vcard", _vcf),
}
"""By the extension of their files."""


def file_name(name: str, extension: str) -> str:
    """Return "fiche-france-services-de-mauleon.pdf"."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:60].strip("-")
    return f"fiche-{slug}.{extension}" if slug else f"fiche.{extension}"
