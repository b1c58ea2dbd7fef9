"""What a text that is only a place says: words, postal code, département."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from knowledge.communes.names import NameIndex
from knowledge.communes.text import fold, fold_words, word_set

POSTAL_CODE = re.compile(r"(?<![^\W_])[0-9OoIl](?:[ .]?[0-9OoIl]){4}(?![^\W_])")
MISREAD_DIGITS = str.maketrans("OoIl", "0011")
FEWEST_DIGITS = 3
"""A postal code read by a scanner may have letters, but not mostly."""
MAIL_ROUTING = re.compile(r"\bcedex\b(?:\s*\d{1,2}\b)?|\b(?:bp|cs)\s*\d{1,5}\b", re.IGNORECASE)
"""What the post office adds to an address and is no place."""
DEPARTEMENT = re.compile(r"(?<![^\W_])(?:\d{2,3}|2[ABab])(?![^\W_])")
ARRONDISSEMENT = re.compile(r"\b(paris|lyon|marseille) (\d{1,2}) ?(?:er|e|eme|ieme)?\b")
FILLERS = word_set(
    """
    a ai ainsi alentours alors au autour aux bonjour bonsoir c ce chui cest chez commune cote d dans de depuis des
    du en environs est et euh habite habitons hein ici j jabite je jhabite jsuis jsui l la le les loge m ma
    mairie moi mon nom nous on oui non pardon plutot pres proche qu que quartier reside secteur sommes suis
    sui sur toujours vers vi vie ville village vis vit vivons
    """
)
TRAILING = word_set("bonjour bonsoir environ environs merci par plait pls s sil stp svp te toujours vous voila")


class Query(NamedTuple):
    """The folded words around and of a name, and what restricts it."""

    words: list[str]
    code_postal: str | None = None
    departement: str | None = None


def parse(index: NameIndex, text: str) -> Query:
    """Take the postal code and the département out of the text; leave the words."""
    text = MAIL_ROUTING.sub(" ", text)
    code = postal_code(text)
    text = POSTAL_CODE.sub(" ", text) if code else text
    district = city_district(index, fold(text))
    if district:
        return Query(district.split(" "))
    departement = None
    if code and not index.by_postal_code(code):
        departement, code = departement_of(code), None
    for number in DEPARTEMENT.findall(text):
        if number.upper() in index.departements:
            departement = departement or number.upper()
            text = text.replace(number, " ", 1)
    return Query(fold_words(text), code, departement if departement in index.departements else None)


def postal_code(text: str) -> str | None:
    """Return the first postal code of the text, digits only: "64 13O" → "64130"."""
    for match in POSTAL_CODE.finditer(text):
        if sum(c.isdigit() for c in match.group()) >= FEWEST_DIGITS:
            return re.sub(r"[ .]", "", match.group()).translate(MISREAD_DIGITS)
    return None


def departement_of(code_postal: str) -> str:
    """Return the département of a postal code; Corsica's is not in the code."""
    return code_postal[:3] if code_postal.startswith(("97", "98")) else code_postal[:2]


def city_district(index: NameIndex, name: str) -> str | None:
    """Return the folded name of an arrondissement: "paris 19" → "paris 19e arrondissement"."""
    found = ARRONDISSEMENT.search(name)
    if not found:
        return None
    number = int(found[2])
    key = f"{found[1]} {number}{'er' if number == 1 else 'e'} arrondissement"
    return key if key in index else None


def without_fillers(words: list[str]) -> Iterator[str]:
    """Yield the text without what people say around a place ("je suis à", "svp"), one first word less each time."""
    last = len(words)
    while last and words[last - 1] in TRAILING:
        last -= 1
    for first in range(last):
        yield " ".join(words[first:last])
        if words[first] not in FILLERS:
            return
