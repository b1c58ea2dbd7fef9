"""French text in an SMS: vectors computed by hand, properties, and a count made on bytes as a second opinion."""

import unicodedata
from collections.abc import Container
from pathlib import Path

import pytest
import smsutil
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.channels.sms.text import (
    GSM7,
    GSM7_EXTENSION,
    Coding,
    Encoded,
    clean,
    coding,
    encode_choice,
    fold,
    segments,
    shorten,
    split,
    width,
)

ROOT = Path(__file__).resolve().parents[2]

FRENCH = "abcdefghijklmnopqrstuvwxyzàâäæçéèêëîïôöœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ0123456789 '’«»“”–—…°€@.,;:!?()/-\n\u00a0\u202f"
texts = st.text(st.sampled_from(FRENCH) | st.characters() | st.sampled_from("😀👍🏽☃é€^ê|~"), max_size=500)

VECTORS = [
    ("", 0),
    ("a" * 160, 1),
    ("a" * 161, 2),
    ("a" * 306, 2),
    ("a" * 307, 3),
    ("é" * 160, 1),
    ("€" * 80, 1),
    ("€" * 81, 2),
    ("a" * 152 + "€" + "a" * 152, 3),
    ("ê" * 70, 1),
    ("ê" * 71, 2),
    ("ê" * 134, 2),
    ("ê" * 135, 3),
    ("ê" * 66 + "😀" + "ê" * 66, 3),
    ("😀" * 35, 1),
    ("😀" * 36, 2),
    ("€" * 66 + "ê", 1),
    ("{[~]}^|\\" * 10, 1),
    ("\n" * 160, 1),
    ("Ç" * 160, 1),
    ("ç" * 71, 2),
]


@pytest.mark.parametrize(("text", "expected"), VECTORS, ids=[f"{t[:1]}x{len(t)}" for t, _ in VECTORS])
def test_segments(text: str, expected: int) -> None:
    assert segments(text) == expected


FOLDED = [
    ("é è à ù ì ò É Ç ä ö ü ñ € à la crème", "é è à ù ì ò É Ç ä ö ü ñ € à la crème"),
    ("garçon, forêt, Noël, île, maïs, hôpital, sûr, L’Haÿ", "garcon, foret, Noel, ile, mais, hopital, sur, L'Hay"),
    ("À Âgé È Ê Ë Î Ï Ô Ù Û Ÿ", "A Agé E E E I I O U U Y"),
    ("cœur, Œuvre, Lætitia, Ægir", "coeur, OEuvre, Lætitia, Ægir"),
    ("« Cœur de Ville »", '"Coeur de Ville"'),
    ("«\u202foui\u202f» ou «non»", '"oui" ou "non"'),
    ("l’été ‘bien’ “vu” aujourd'hui", "l'été 'bien' \"vu\" aujourd'hui"),
    ("9 h – 12 h — 14 h-17 h…", "9 h - 12 h - 14 h-17 h..."),
    ("12\u00a0h\u202f30\u00a0: oui", "12 h 30 : oui"),
    ("n° 12, 20 °C", "no 12, 20 oC"),
    ("• un → deux", "- un > deux"),
    ("usager·ères", "usager.ères"),
    ("1ᵉʳ étage, 12 m², ½ heure, ﬁn", "1er étage, 12 m2, 1/2 heure, fin"),
    ("e\u0301te\u0301, fore\u0302t", "été, foret"),
    ("Donostia, Gaztañaga, Đuro, Łódź, Ștefan, ğ", "Donostia, Gaztañaga, Duro, Lodz, Stefan, g"),
    ("👋 Bonjour 👍 à tous 😀. Fin 🎉", "Bonjour à tous. Fin"),
    ("Bravo 👏🏽 !\n🎉 Ligne", "Bravo !\nLigne"),
    ("👩\u200d💻 Aide", "Aide"),
    ("1️⃣ oui\n2️⃣ non", "1 oui\n2 non"),
    ("📞 05 36 49 00 01", "Tél. 05 36 49 00 01"),
    ("⚠️ fermé ✅", "Attention : fermé OK"),
    ("a\u200bb\u202ec\ufeff\u00add\x00\x1b", "abcd"),
    ("un\r\ndeux\rtrois\u2028quatre\tcinq", "un\ndeux\ntrois\nquatre cinq"),
    ("déjà  deux blancs", "déjà  deux blancs"),
    ("≥ 3 × 2 ≤ 7 ± 1", ">= 3 x 2 <= 7 +/- 1"),
    ("`code` ´ ′", "'code' ' '"),
    ("1½ h, 2 ¾, ½h, 3⅓", "1 1/2 h, 2 3/4, 1/2h, 3 1/3"),
    ("3 ≠ 2, a≠b, 5‰, 2 ‰.", "3 différent de 2, a différent de b, 5 pour mille, 2 pour mille."),
    ("مرحبا", ""),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expected"), FOLDED, ids=[text[:20] for text, _ in FOLDED])
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected


@given(texts)
def test_fold_gives_the_phone_alphabet_once_and_for_all(text: str) -> None:
    folded = fold(text)
    assert coding(folded) is Coding.GSM7
    assert fold(folded) == folded


@given(texts)
def test_fold_never_writes_a_question_mark(text: str) -> None:
    assert fold(text).count("?") == unicodedata.normalize("NFKD", clean(text)).count("?")


@given(st.text(st.sampled_from("".join(sorted(GSM7 - {"\f", "\r"})))))
def test_fold_leaves_what_the_phone_knows(text: str) -> None:
    assert fold(text) == text


@given(st.text(st.sampled_from(FRENCH.replace("\u00a0", "").replace("\u202f", "") + "😀👍🏽☃")))
def test_fold_leaves_no_double_blank(text: str) -> None:
    assume("  " not in text)
    assert "  " not in fold(text)


def test_every_character_of_our_texts_has_a_plain_form() -> None:
    files = [*ROOT.glob("flows/**/*.yml"), *ROOT.glob("knowledge/data/*.yml")]
    assert len(files) > 3
    characters = set().union(*(path.read_text(encoding="utf-8") for path in files)) - {"\ufeff"}
    latin = [char for char in sorted(characters) if not unicodedata.name(char, "").startswith("ARABIC ")]
    assert [char for char in latin if char != "\t" and not fold(char)] == []


def test_endless_blanks_are_no_trap() -> None:
    assert fold(" " * 50_000 + "☃" + " " * 50_000) == ""
    assert fold("«" + " " * 50_000 + "»") == '""'
    assert fold("☃ a " * 10_000).startswith("a a a")


SEPTETS = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPED = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}


def parts_on_the_air(text: str) -> int:
    """Encode to bytes as a phone does, and cut them, stepping back where a pair would be parted."""
    if all(char in ESCAPED or (char in SEPTETS and char != "\x1b") for char in text):
        air = b"".join(
            bytes([0x1B, ESCAPED[char]]) if char in ESCAPED else bytes([SEPTETS.index(char)]) for char in text
        )
        return cut(air, lone=160, chained=153, before_pair=[0x1B], step=1)
    return cut(text.encode("utf-16-be"), lone=140, chained=134, before_pair=range(0xD8, 0xDC), step=2)


def cut(air: bytes, lone: int, chained: int, before_pair: Container[int], step: int) -> int:
    if len(air) <= lone:
        return min(len(air), 1)
    count = 0
    while air:
        end = chained - step if len(air) > chained and air[chained - step] in before_pair else chained
        air, count = air[end:], count + 1
    return count


@given(
    texts | st.text(st.sampled_from("a€ê😀"), min_size=60, max_size=400) | st.text(st.sampled_from("a€"), min_size=150)
)
@example("a" * 152 + "€" + "a" * 152)
def test_segments_agree_with_a_count_on_bytes(text: str) -> None:
    assume(not any("\ud800" <= char <= "\udfff" for char in text))
    assert segments(text) == parts_on_the_air(text)


@given(texts | st.text(st.sampled_from("a€ê😀{é"), min_size=60, max_size=400))
@example("a" * 152 + "€" + "a" * 152)
@example("ê" * 66 + "😀" + "ê" * 66)
def test_segments_agree_with_another_library(text: str) -> None:
    assume(text and not any("\ud800" <= char <= "\udfff" or char == "\x1b" for char in text))
    counted = smsutil.split(text)
    assert segments(text) == len(counted.parts)
    assert (coding(text) is Coding.GSM7) == (counted.encoding == "gsm0338")


@given(texts)
def test_what_is_folded_is_encoded_by_another_library(text: str) -> None:
    folded = fold(text)
    assert len(folded.encode("gsm0338")) == sum(2 if char in GSM7_EXTENSION else 1 for char in folded) == width(folded)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ouvert à 9 h", Encoded("Ouvert à 9 h", Coding.GSM7, 1)),
        ("La forêt", Encoded("La forêt", Coding.UCS2, 1)),
        ("ê" * 71, Encoded("e" * 71, Coding.GSM7, 1)),
        ("ê" * 134 + "a" * 40, Encoded("e" * 134 + "a" * 40, Coding.GSM7, 2)),
        ("ê" * 65 + "😀" * 3, Encoded("e" * 65, Coding.GSM7, 1)),
        ("مرحبا " * 20, Encoded("مرحبا " * 20, Coding.UCS2, 2)),
        ("", Encoded("", Coding.GSM7, 0)),
    ],
    ids=["plain", "short", "long", "two", "emoji", "arabic", "empty"],
)
def test_encode_choice(text: str, expected: Encoded) -> None:
    assert encode_choice(text) == expected


@given(texts)
def test_encode_choice_tells_the_truth_and_costs_no_more_than_folding(text: str) -> None:
    sent = encode_choice(text)
    assert sent.coding is coding(sent.text)
    assert sent.segments == segments(sent.text)
    if sent.segments > segments(fold(text)):
        assert any(char.isalnum() and not fold(char) for char in text)


def glue(text: str) -> str:
    return "".join(text.split())


@given(texts, st.integers(1, 3))
def test_split_loses_only_blanks_and_fits(text: str, most: int) -> None:
    parts = split(text, most)
    assert all(1 <= segments(part) <= most for part in parts)
    assert glue("".join(parts)) == glue(text)


@given(texts, st.integers(1, 3))
def test_shorten_fits_and_says_that_it_cut(text: str, most: int) -> None:
    short = shorten(text, most)
    assert segments(short) <= most
    assert short == text or (short.endswith("...") and text.startswith(short[:-3]))


LONG = (
    "Bonjour. La mairie de Mauléon est ouverte jusqu'à 12 h 30 !\n"
    "Pour prendre rendez-vous, appelez le 05 36 49 00 01 avant vendredi soir. Apportez une pièce d'identité."
)


def test_split_cuts_at_the_end_of_a_sentence() -> None:
    assert split(LONG + " Merci.", 1) == [
        LONG.removesuffix(" Apportez une pièce d'identité."),
        "Apportez une pièce d'identité. Merci.",
    ]


@pytest.mark.parametrize("length", range(100, 160))
def test_no_cut_inside_a_number_or_before_a_double_sign(length: int) -> None:
    text = "x" * length + " oui : 05 36 49 00 01 à 9 h 30 ! Et à 5 € ?" * 8
    for part in split(text, 1):
        assert part[0] not in "!:?€h"
    numbers = ["05 36 49 00 01", "9 h 30", "5 €"]
    assert [sum(part.count(number) for part in split(text, 1)) for number in numbers] == [8, 8, 8]


def test_shorten_cuts_after_a_whole_word() -> None:
    assert shorten(LONG * 2, 1).endswith("avant vendredi soir. Apportez une pièce...")
    assert shorten("x" * 200, 1) == "x" * 157 + "..."
    assert shorten("court", 1) == "court"


def test_less_than_one_segment_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one segment"):
        split("oui", 0)
