"""Folding all names at once gives what folding each one gives."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge.communes import load_gazetteer
from knowledge.communes.names import names_of
from knowledge.communes.text import fold, fold_all


def test_every_name_of_the_table() -> None:
    names = [name for commune in load_gazetteer().communes for name, _ in names_of(commune.nom, commune.noms)]
    assert len(names) > 35_000
    assert fold_all(names) == [fold(name) for name in names]


ODD = ("St-Jean", "stes", "Est", "ste5", "a s/ b", "\n", "\r", "É\x85œ", "_st_")


@given(st.lists(st.text() | st.sampled_from(ODD)))
def test_any_names(names: list[str]) -> None:
    assert fold_all(names) == [fold(name) for name in names]
