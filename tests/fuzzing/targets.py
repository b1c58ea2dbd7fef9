"""What the fuzzer runs a text through, and what must hold whatever the text. Each raises when it does not."""

import json
from collections.abc import Callable
from random import Random
from zlib import crc32

from bot.channels.sms.rendering import MAX_SEGMENTS, Sms
from bot.channels.sms.text import Coding, coding, encode_choice, fold, segments, shorten, split
from bot.understanding import Understander
from bot.understanding.masking import mask
from knowledge.communes import load_gazetteer
from knowledge.labels import Danger, Posture, Urgency
from knowledge.needs import load_needs
from tests.fuzzing.maze import walk
from tests.fuzzing.planted import SECRETS
from tests.understanding.conftest import MONDAY

Check = Callable[[str], None]

EXPECTED = (None, "need", "insee", "urgency", "posture", "autonomy")
KEYS = {"need", "urgency", "deadline", "posture", "insee", "confidential", "danger"}
MOST_NEEDS = 5
LONG, ONE_LONG_IN = 10_000, 256
"""Characters of a long message, and how many texts there are for one that is repeated to that length."""


def understanding() -> Check:
    """Understanding never fails, and stays within the lists of its contract."""
    needs, gazetteer = load_needs(), load_gazetteer()
    understander = Understander(needs, gazetteer)

    def check(text: str) -> None:
        drawn = _number(text)
        if text and drawn % ONE_LONG_IN == 0:
            text = (text * LONG)[:LONG]
        found = understander.understand(text, MONDAY, expected=EXPECTED[drawn % len(EXPECTED)])
        assert found.need in {None, *needs}
        assert found.urgency in {None, *Urgency}
        assert found.posture in {None, *Posture}
        assert found.danger in {None, *Danger}
        assert found.confidential in {None, True}
        assert found.answer in {None, "yes", "no"}
        assert found.deadline is None or found.deadline >= MONDAY.date()
        assert found.insee is None or gazetteer.by_insee(found.insee)
        scores = [score for _, score in found.needs]
        assert len(scores) <= MOST_NEEDS
        assert all(0 <= score <= 1 for score in scores)
        assert scores == sorted(scores, reverse=True)
        assert {*dict(found.needs), *found.close_call, *found.autres_besoins, *found.negated} <= needs.keys()
        assert len(found.close_call) != 1
        assert found.evidence.keys() <= KEYS
        assert json.loads(json.dumps(found.to_json())).keys() == {*KEYS, "needs", "evidence"}

    return check


def masking() -> Check:
    """Masking twice changes nothing, and a number with right check digits never comes through."""

    def check(text: str) -> None:
        _assert_masked_once(text)
        random = Random(_number(text))
        secret, cut = random.choice(SECRETS)(random), random.randint(0, len(text))
        told = f"{text[:cut]} {secret} {text[cut:]}"
        assert secret not in mask(told).text, told
        _assert_masked_once(told)

    return check


def sms() -> Check:
    """What is sent is what was counted, within its segments, and cutting loses only blanks."""

    def check(text: str) -> None:
        folded, sent = fold(text), encode_choice(text)
        assert coding(folded) is Coding.GSM7
        assert fold(folded) == folded
        assert (sent.coding, sent.segments) == (coding(sent.text), segments(sent.text))
        most = 1 + _number(text) % 3
        parts = split(text, most)
        assert all(1 <= segments(part) <= most for part in parts)
        assert "".join("".join(parts).split()) == "".join(text.split())
        short = shorten(text, most)
        assert segments(short) <= most
        assert short == text or (short.endswith("...") and text.startswith(short[:-3]))
        assert segments(Sms().render(text, ("Autre lieu", "Autre besoin"))) <= MAX_SEGMENTS

    return check


TARGETS: dict[str, Callable[[], Check]] = {
    "understanding": understanding,
    "masking": masking,
    "sms": sms,
    "maze": lambda: walk,
}


def _assert_masked_once(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once, text


def _number(text: str) -> int:
    """Return a number drawn from the text, the same for the same text."""
    return crc32(text.encode("utf-8", "surrogatepass"))
