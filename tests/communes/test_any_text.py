"""Whatever is written, nothing raises, answers stay in their bounds, and spans are those of the text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.communes import CommuneMatch, load_gazetteer

GAZETTEER = load_gazetteer()
PIECES = st.sampled_from(
    [
        "Pau",
        "st",
        "saint ",
        "jean",
        " de ",
        "64130",
        "64 ",
        "13O",
        "d'",
        "anglet",
        "-",
        "/",
        ".",
        ", ",
        "\n",
        "à ",
        "İ",
        "ﬁ",
        "😀",
        "oloron",
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=30).map("".join))


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_mentions_are_spans_in_order(text: str) -> None:
    end = 0
    for mention in GAZETTEER.mentions(text):
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        assert 0 < mention.score <= 1
        assert mention.candidates
        end = mention.end


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_answers_are_ordered_and_bounded(text: str) -> None:
    match = GAZETTEER.find_commune(text)
    scores = [candidate.score for candidate in match.candidates]
    assert len(scores) <= 5
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    assert len({candidate.commune.insee for candidate in match.candidates}) == len(scores)


def test_long_texts_are_read_to_their_limit() -> None:
    assert GAZETTEER.find_commune("x" * 100_000) == CommuneMatch()
    assert len(GAZETTEER.mentions("Orthez. " * 100_000)) == 10_000 // len("Orthez. ")
    assert GAZETTEER.mentions("azertop " * 100_000) == ()
