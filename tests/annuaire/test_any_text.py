"""Any text at all gets an answer, never an exception."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.lookups import NOW
from knowledge.annuaire import Annuaire, Sorte, annuaire_of
from knowledge.demonstration import demonstration
from knowledge.snapshot import build_knowledge

ANNUAIRE: Annuaire = annuaire_of(build_knowledge(*demonstration(NOW)))
WORDS = (
    "caf", "orthez", "pau", "mauleon", "aidants", "connect", "jeudi", "matin", "gratuit", "payant", "pmr", "64130",
    "05", "36", "49", "0536490001", "près", "de", "la", "saint", "jan", "à", "ouvert", "14h", "numéro", "médiathèque",
    "tiers", "🙂", "*", "%", "мир", "l'", "st", "/", "\ud800", "\x00", "٠٥", "ﬁ", "İ",
)  # fmt: skip
texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
filters = st.lists(
    st.tuples(st.sampled_from([*Sorte, "autre"]), st.sampled_from([*WORDS, "64430", "caf", ""])), max_size=3
)
origins = st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(text=texts, filtres=filters, origin=origins, days=st.integers(0, 400), skip=st.integers(0, 60))
@settings(max_examples=300, deadline=None)
def test_any_query_is_answered(
    text: str, filtres: list[tuple[str, str]], origin: tuple[float, float] | None, days: int, skip: int
) -> None:
    read = ANNUAIRE.lire(text, filtres)
    now = NOW + timedelta(days=days, hours=skip)
    found = ANNUAIRE.chercher(read, now, origin=origin, skip=skip, at_most=5, facettes=True)
    assert len(found.lieux) == max(0, min(5, found.total - skip))
    assert all(0.0 <= propose.score <= 1.0 for propose in found.lieux)
    assert found.total or found.elargi
    for critere in read.criteres:
        assert ANNUAIRE.lire(read.sans(critere)) is not None


@given(text=st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_a_name_may_be_any_text(text: str) -> None:
    assert len(ANNUAIRE.nommes(text)) <= 5
