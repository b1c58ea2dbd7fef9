"""What a helper says of somebody else, their time and their habilitation (`data/aidant.yml`), and ages."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.understanding.lexicons import lines, read_data
from bot.understanding.normalisation import Message
from bot.understanding.patterns import Token
from bot.understanding.signals import Signals
from knowledge.labels import Disponibilite

YEARS = "ans"
YOUNG, SENIOR, OLDEST = range(16, 26), 60, 110
"""Ages taken for the publics "Jeunes" and "Seniors" of the national standard, which gives no limits: older files
write 16 to 26 and 65. People ask for their pension from 60 on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aidant:
    """What a helper says. `pour_autrui` is True or None: nobody says that they ask for themselves.

    `prive`: the matter is private, in the words of those who help.
    """

    pour_autrui: bool | None
    disponibilite: Disponibilite | None
    habilitation: bool | None
    prive: bool | None


class AidantFinder:
    """Reads `data/aidant.yml`."""

    def __init__(self) -> None:
        self._pour_autrui = Signals("aidant.yml", "pour_autrui")
        self._disponibilite = Signals("aidant.yml", "disponibilite")
        self._habilitation = Signals("aidant.yml", "habilitation")
        self._prive = Signals("aidant.yml", "prive")
        ages = read_data("aidant.yml")["ages"]
        self._before = [line.split() for line in lines(ages["before"])]
        self._after = [line.split() for line in lines(ages["after"])]
        found = (self._pour_autrui, self._disponibilite, self._habilitation, self._prive)
        self.words = {YEARS}.union(*(signals.words for signals in found))

    def find(self, message: Message) -> Aidant:
        """Return what is said."""
        times = [match.value for match in self._disponibilite.find(message.tokens)]
        rights = {match.value for match in self._habilitation.find(message.tokens)}
        named = bool(rights or self._pour_autrui.find(message.tokens))
        return Aidant(
            pour_autrui=True if named or self._described(message) else None,
            disponibilite=next((one for one in Disponibilite if one in times), None),
            habilitation="non" not in rights if rights else None,
            prive=True if self._prive.find(message.tokens) else None,
        )

    def public(self, message: Message) -> str | None:
        """Return the public of the first age in the message that is one."""
        publics = (_public(age) for _, age in self._ages(message))
        return next((public for public in publics if public), None)

    def _described(self, message: Message) -> bool:
        """Tell whether somebody is described: "dame 80 ans", "homme de 45 ans", "72 ans, dossier…"."""
        tokens, words = message.tokens, [token.text for token in message.tokens]
        times = self._disponibilite.find(tokens)  # "j'ai une heure" is the helper's
        told = [word for at, word in enumerate(words) if not any(one.start <= at < one.end for one in times)]
        if not words or OWN.intersection(told):
            return False
        addressed = len(tokens) > 1 and tokens[1].clause != tokens[0].clause  # "Madame, …"
        if words[0] in CALLED and not addressed:
            return True
        return any(
            start == 0
            or words[0] in PERSONS
            or words[start - 1] in PERSONS
            or (words[start - 1] == "de" and start > 1 and words[start - 2] in PERSONS)
            for start, _ in self._ages(message)
        )

    def _ages(self, message: Message) -> list[tuple[int, int]]:
        """Return the ages in the message, each with the index of its first word."""
        tokens = message.tokens
        found = []
        for index, token in enumerate(tokens):
            glued = token.text.removesuffix(YEARS)
            number = glued if glued != token.text else token.text
            says_years = glued != token.text or (index + 1 < len(tokens) and tokens[index + 1].text == YEARS)
            if says_years and number.isdecimal() and int(number) <= OLDEST:
                end = index + (1 if glued != token.text else 2)
                if not self._is_a_duration(tokens, index, end):
                    found.append((index, int(number)))
        return found

    def _is_a_duration(self, tokens: Sequence[Token], start: int, end: int) -> bool:
        """Tell a duration from an age: "depuis 20 ans", "25 ans de maçonnerie", but "dame de 72 ans de Pau"."""
        words = [token.text for token in tokens]
        whose = words[start - 1] if start else ""
        if words[end : end + 1] in (["de"], ["d"]) and whose not in {*PERSONS, "de", "ai"}:
            return True
        return any(words[max(0, start - len(one)) : start] == one for one in self._before) or any(
            words[end : end + len(one)] == one for one in self._after
        )


PERSONS = frozenset({
    "dame", "monsieur", "homme", "femme", "personne", "usager", "usagere", "mamie", "papi", "papy", "retraite",
    "retraitee", "jeune",
    "etudiant", "etudiante", "mere", "pere", "maman", "papa", "agee", "age", "veuf", "veuve", "mme", "mr", "m",
    "patient", "patiente", "residente", "resident", "voisine", "voisin",
    "beneficiaire", "couple", "madame", "garcon", "fille",
})  # fmt: skip
"""Words beside which an age describes somebody."""

CALLED = frozenset({"dame", "monsieur", "mamie", "papi", "papy", "mr", "mme"})
"""Words with which a note on somebody begins, with or without their age."""

OWN = frozenset({"je", "j", "moi"})
"""Words of somebody who writes of themselves; patterns find the helpers among them ("je reçois une dame")."""


def _public(age: int) -> str | None:
    return "Jeunes" if age in YOUNG else "Seniors" if age >= SENIOR else None
