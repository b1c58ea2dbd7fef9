"""A text and its numbered choices as one SMS: two segments at most, and every choice in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.sms.rendering import MAX_SEGMENTS, Sms
from bot.channels.sms.text import clean, segments

TITLES = ("Autre lieu", "Autre besoin", "Rappel")
CHOICES = "\n1 Autre lieu\n2 Autre besoin\n3 Rappel"

words = st.text(st.sampled_from("aeêéœ’«.,€9½"), min_size=1, max_size=9)
sentences = st.lists(words, min_size=30, max_size=90).map(" ".join)
texts = sentences | st.text(st.sampled_from("aeê .,\nمرح😀≠") | st.characters(), max_size=700)


@pytest.mark.parametrize("sentence", ["La foret est belle. ", "La forêt est belle. ", "L’été est beau. ", "Un cœur. "])
def test_a_text_that_is_cut_keeps_its_choices(sentence: str) -> None:
    rendered = Sms().render(sentence * 40, TITLES)
    assert rendered.endswith(f"...{CHOICES}")
    assert segments(rendered) == MAX_SEGMENTS
    assert len(rendered) > 250, "folded, as it will be sent, it is cut no shorter than it must be"


@given(texts)
def test_no_text_costs_a_choice(text: str) -> None:
    rendered = Sms().render(text, TITLES)
    assert rendered.endswith(CHOICES.strip())
    assert segments(rendered) <= MAX_SEGMENTS
    assert rendered == clean(rendered)
