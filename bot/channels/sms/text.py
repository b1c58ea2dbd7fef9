"""French text in an SMS: what the phone alphabet lacks, what it costs, where to cut. Pure functions.

An SMS segment holds 160 septets of the GSM 7-bit alphabet (3GPP TS 23.038), or 70 UTF-16 units as soon as one
character is outside it; 153 and 67 when the message takes several, for a header links them. French loses there
"ê", "ç", "œ", "’" or "«", not "é", "è", "à", "ù" or "É": `fold` replaces the former and leaves the latter.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from math import ceil

GSM7_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENSION = frozenset("\f^{}\\[~]|€")
"""These take two septets, an escape and a character, which may not be parted."""

GSM7 = GSM7_BASIC | GSM7_EXTENSION

ELLIPSIS = "..."

_PLAIN = {
    **dict.fromkeys("‘’‚‛′ʼ`´‹›", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−•‣◦▪●■", "-"),
    "…": ELLIPSIS,
    "·": ".",
    "°": "o",
    "œ": "oe",
    "Œ": "OE",
    "ç": "c",
    "ı": "i",
    "ẞ": "SS",
    **dict.fromkeys("→➔➜➡⇒", ">"),
    "←": "<",
    "⁄": "/",
    "×": "x",
    "÷": "/",
    "≤": "<=",
    "≥": ">=",
    "±": "+/-",
    "≠": "différent de",
    "‰": "pour mille",
    "©": "(c)",
    "®": "(r)",
    "þ": "th",
    "Þ": "Th",
    "ð": "d",
    "Ð": "D",
    **dict.fromkeys("☎📞📱", "Tél."),
    **dict.fromkeys("✓✔✅☑", "OK"),
    "⚠": "Attention :",
}
"""What Unicode's own decompositions do not give. Signs that carry the meaning of a message are named."""

_DROP = "\0"
"""Stands for a character that nothing replaces, until its blank is dropped with it."""

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode categories: controls, formats, lone surrogates, private and unassigned characters."""

_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_GUILLEMETS = re.compile(r"(?<=«)[ \u00a0\u202f]+|(?<![ \u00a0\u202f])[ \u00a0\u202f]+(?=»)")
_DROPPED = re.compile(r"(?<![ \0])[ \0]*\0[ \0]*")
_STUCK = re.compile(r"(?<=\d)(?=[¼-¾⅐-⅞↉])|(?<=\w)(?=[≠‰])|(?<=[≠‰])(?=\w)")
"""Where a sign that becomes a number or words would run into its neighbour: "1½" is no "11/2"."""

_LATIN = re.compile(r"LATIN (SMALL|CAPITAL) LETTER ([A-Z]) WITH ")

_LINE = re.compile(r"\n")
_SENTENCE = re.compile(r"(?<=[.!?])[ \n]")
_WORD = re.compile(r"[ \n](?![:;!?»]|(?<=\d )(?:[\d€%]|h\b)|(?<=\d h )\d)")
"""Neither before a French double sign nor inside a phone number, a price or an hour ("05 36 49 00 01", "9 h 30")."""

_BLANK = re.compile(r"\s")


class Coding(StrEnum):
    """How a gateway encodes the text on the air."""

    GSM7 = "gsm-7"
    UCS2 = "ucs-2"


LIMITS = {Coding.GSM7: (160, 153), Coding.UCS2: (70, 67)}
"""Units (septets, UTF-16) in a lone segment, and in each of several."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text ready to send, the coding that it takes and the number of segments that it costs."""

    text: str
    coding: Coding
    segments: int


def coding(text: str) -> Coding:
    """Return the coding that `text` takes as it is."""
    return Coding.GSM7 if GSM7.issuperset(text) else Coding.UCS2


def segments(text: str) -> int:
    """Return how many segments `text` costs as it is; 0 when empty."""
    kind = coding(text)
    lone, chained = LIMITS[kind]
    pairs = GSM7_EXTENSION.intersection(text) if kind is Coding.GSM7 else {char for char in text if char > "\uffff"}
    if not pairs:
        return min(len(text), 1) if len(text) <= lone else ceil(len(text) / chained)
    widths = [2 if char in pairs else 1 for char in text]
    return 1 if sum(widths) <= lone else _fill(widths, chained)


def width(text: str) -> int:
    """Return the septets that `text` takes once folded; a letter that folding would lose weighs as in UCS-2."""
    if GSM7_BASIC.issuperset(text):
        return len(text)
    folded = fold(text)
    lost = len(text.encode("utf-16-be", errors="ignore")) // 2 if _loses_letters(text) else 0
    return len(folded) + sum(folded.count(char) for char in GSM7_EXTENSION) + 2 * lost


def _fill(widths: list[int], room: int) -> int:
    """Return how many segments hold `widths` in order, a pair going whole to the next segment."""
    count, filled = 1, 0
    for width in widths:
        if filled + width > room:
            count, filled = count + 1, 0
        filled += width
    return count


@lru_cache(maxsize=256)
def encode_choice(text: str) -> Encoded:
    """Choose between the text as written and its folded form: the former when it costs no segment more.

    It is also kept when folding would drop letters or digits ("مرحبا"): half a message is worse than a dear one.
    Remembered for a while: a text is measured several times before it goes.
    """
    written = clean(text)
    kind, cost = coding(written), segments(written)
    if kind is Coding.GSM7:
        return Encoded(written, kind, cost)
    folded = _folded(written)
    if cost <= segments(folded) or _loses_letters(written):
        return Encoded(written, kind, cost)
    return Encoded(folded, Coding.GSM7, segments(folded))


def clean(text: str) -> str:
    """Compose the accents (NFC), remove control and invisible characters, write every line end as "\\n"."""
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text).replace("\t", " "))
    if text.replace("\n", "").isprintable():
        return text
    for char in set(text):
        if char != "\n" and unicodedata.category(char) in _INVISIBLE:
            text = text.replace(char, "")
    return text


def fold(text: str) -> str:
    """Return `text` in the GSM 7-bit alphabet, changing only what it lacks. Never a "?" in place of a character.

    Letters go to their base letter, typography to its plain form; a sign with no equal is dropped with its blank.
    """
    return _folded(clean(text))


def _folded(text: str) -> str:
    foreign = set(text) - GSM7
    if not foreign:
        return text
    text = _STUCK.sub(" ", _GUILLEMETS.sub("", text))
    for char in foreign:
        text = text.replace(char, _fold_char(char))
    return _DROPPED.sub(_close_gap, text)


def split(text: str, max_segments: int) -> list[str]:
    """Cut `text` into messages of at most `max_segments` segments; only blanks at the cuts are lost.

    It is cut at the end of a line or of a sentence when that leaves no message half empty, else between words.
    """
    parts = []
    rest = text.strip()
    while rest:
        fitting = _fitting(rest, max_segments)
        end = len(rest) if fitting == len(rest) else _cut(rest, fitting)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return parts


def shorten(text: str, max_segments: int) -> str:
    """Return `text` if it fits in `max_segments` segments, else its first words and "..."."""
    if segments(text) <= max_segments:
        return text
    fitting = _fitting(text, max_segments, ELLIPSIS)
    return text[: _last(_WORD, text, fitting) or fitting].rstrip(" \n.,;:!?-") + ELLIPSIS


@cache
def _fold_char(char: str) -> str:
    if char in GSM7:
        return char
    if char in _PLAIN:
        return _PLAIN[char]
    if unicodedata.category(char).startswith("M"):
        return ""
    parts = unicodedata.normalize("NFKD", char)
    if parts != char:
        return "".join(map(_fold_char, parts))
    latin = _LATIN.match(unicodedata.name(char, ""))
    if latin is None:
        return _DROP
    return latin[2] if latin[1] == "CAPITAL" else latin[2].lower()


def _close_gap(match: re.Match[str]) -> str:
    """Leave one blank where a dropped sign stood between two words, none at the ends of a line."""
    before = match.string[max(match.start() - 1, 0) : match.start()]
    after = match.string[match.end() : match.end() + 1]
    return " " if " " in match[0] and before not in {"", "\n"} and after not in {"", "\n", ".", ","} else ""


def _loses_letters(text: str) -> bool:
    return any(char.isalnum() and _DROP in _fold_char(char) for char in set(text))


def _fitting(text: str, max_segments: int, suffix: str = "") -> int:
    """Return the length of the longest beginning of `text` that fits, `suffix` added; a longer one never costs less."""
    if max_segments < 1:
        raise ValueError(f"at least one segment, got {max_segments}")
    longest = min(len(text), max_segments * LIMITS[Coding.GSM7][0])
    return bisect_right(range(longest + 1), max_segments, key=lambda n: segments(text[:n] + suffix)) - 1


def _cut(text: str, fitting: int) -> int:
    """Return where to cut the first `fitting` characters of `text`, which goes on after them."""
    for pattern in (_LINE, _SENTENCE):
        if (end := _last(pattern, text, fitting)) > fitting // 2:
            return end
    return _last(_WORD, text, fitting) or _last(_BLANK, text, fitting) or fitting


def _last(pattern: re.Pattern[str], text: str, limit: int) -> int:
    """Return the position of the last match that starts in the first `limit` characters or just after; 0 if none."""
    return max((match.start() for match in pattern.finditer(text, 0, limit + 2) if match.start() <= limit), default=0)
