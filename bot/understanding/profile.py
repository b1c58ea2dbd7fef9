"""What the message says of the person: autonomy with a screen, public, special care, a helper (national values)."""

from dataclasses import dataclass

from bot.understanding.aidant import Aidant, AidantFinder
from bot.understanding.normalisation import Message
from bot.understanding.signals import Signals
from knowledge.labels import Autonomy

FOREIGN_WORDS = 2
"""So many words of another language make a message in that language; "para" or "my" alone do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """`publics` and `prise_en_charge` hold values of the national standard."""

    autonomy: Autonomy | None
    publics: tuple[str, ...]
    prise_en_charge: tuple[str, ...]
    aidant: Aidant


class ProfileFinder:
    """Reads `data/profile.yml`."""

    def __init__(self) -> None:
        self._autonomy = Signals("profile.yml", "autonomy")
        self._publics = Signals("profile.yml", "publics")
        self._prise_en_charge = Signals("profile.yml", "prise_en_charge")
        self._aidant = AidantFinder()
        described = self._autonomy.words | self._publics.words | self._prise_en_charge.words
        self.words = described | self._aidant.words

    def find(self, message: Message) -> Profile:
        """Return what is said; () and None are "not said"."""
        levels = [match.value for match in self._autonomy.find(message.tokens)]
        return Profile(
            autonomy=next((level for level in Autonomy if level in levels), None),
            publics=self._served(message),
            prise_en_charge=self._care(message),
            aidant=self._aidant.find(message),
        )

    def _served(self, message: Message) -> tuple[str, ...]:
        """Return the publics that words name; an age tells when they do not."""
        named = tuple(dict.fromkeys(match.value for match in self._publics.find(message.tokens)))
        by_age = self._aidant.public(message)
        return named or ((by_age,) if by_age else ())

    def _care(self, message: Message) -> tuple[str, ...]:
        found: dict[str, set[str]] = {}
        for match in self._prise_en_charge.find(message.tokens):
            found.setdefault(match.value, set()).add(match.text)
        return tuple(value for value, texts in found.items() if _is_said(value, texts))


def _is_said(value: str, texts: set[str]) -> bool:
    is_language = value.startswith("Langues")
    return (
        not is_language
        or len(texts) >= FOREIGN_WORDS
        or any((" " in text and "fran" in text) or "parl" in text for text in texts)
    )
