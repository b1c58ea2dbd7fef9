"""The knowledge read from a base."""

from datetime import timedelta

from knowledge.base import migrate, open_base, write_items
from knowledge.creneaux import Creneau
from knowledge.demande import Demande
from knowledge.demonstration import demonstration
from knowledge.lieux import Lieu
from knowledge.orientation import orienter
from knowledge.snapshot import load_knowledge
from tests.orientation.cases import NOW, creneau, lieu


def test_the_demonstration_never_expires() -> None:
    engine = open_base("sqlite://")
    migrate(engine)
    write_items(engine, [row for rows in demonstration(NOW) for row in rows], now=NOW)
    later = NOW + timedelta(days=400)
    knowledge = load_knowledge(engine, later)
    assert knowledge.demonstration
    assert knowledge.version > 0
    assert len(knowledge.index) > 30
    assert all(one.start > later for one in knowledge.agenda.creneaux)
    assert orienter(Demande(need="caf", insee="64371"), later, knowledge).lieux


def test_real_rows_stay_as_they_are() -> None:
    engine = open_base("sqlite://")
    migrate(engine)
    rows: list[Lieu | Creneau] = [lieu("a"), creneau("c", NOW + timedelta(days=1))]
    write_items(engine, rows, now=NOW)
    knowledge = load_knowledge(engine, NOW + timedelta(days=400))
    assert not knowledge.demonstration
    assert list(knowledge.index.lieux) == [lieu("a")]
    assert [one.id for one in knowledge.agenda.creneaux] == ["c"]
