"""Opening, preparing, reading and writing a base, and the sentence for each way in which it can fail."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from knowledge.base import (
    KNOWLEDGE,
    BaseIndisponible,
    begin_write,
    migrate,
    open_base,
    read_communes,
    read_creneaux,
    read_lieux,
    read_version,
    write_items,
)
from knowledge.communes import Commune
from knowledge.creneaux import Creneau
from knowledge.demonstration import demonstration
from knowledge.lieux import Lieu, Provenance
from knowledge.tables import metadata

NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Europe/Paris"))
LIEU = Lieu(
    id="1", nom="Médiathèque « Œuvre »", commune="Pau", code_postal="64000", latitude=43.3, services=("a|b", "c"),
    postures=("faire_a_la_place",), provenance=Provenance("lieux: 2.csv", 12, "v1"),
)  # fmt: skip
COMMUNE = Commune("64445", "Pau", ("64000",), "64", None, 75000, 43.3, -0.37, approximate=False, noms=("Pau",))


def test_what_is_written_is_read_back(base: Engine) -> None:
    lieux, creneaux = demonstration(NOW)
    assert len(lieux) > 30
    write_items(base, [*lieux, LIEU, *creneaux, COMMUNE], now=NOW)
    assert read_lieux(base) == sorted([*lieux, LIEU], key=lambda lieu: lieu.id)
    assert {lieu.id: lieu.provenance for lieu in read_lieux(base)}["1"] == LIEU.provenance
    assert read_creneaux(base) == sorted(creneaux, key=lambda creneau: creneau.id)
    assert read_communes(base) == [COMMUNE]


def test_postgresql_holds_the_same(postgres: str) -> None:
    engine = open_base(postgres)
    migrate(engine)
    migrate(engine)
    lieux, creneaux = demonstration(NOW)
    write_items(engine, [*lieux, LIEU, *creneaux, COMMUNE], now=NOW)
    assert {lieu.id: lieu for lieu in read_lieux(engine)} == {lieu.id: lieu for lieu in [*lieux, LIEU]}
    assert {c.id: c for c in read_creneaux(engine)} == {c.id: c for c in creneaux}
    assert read_communes(engine) == [COMMUNE]
    assert read_version(engine) == 3
    with engine.connect() as connection:
        assert not compare_metadata(_context(connection), metadata)
    engine.dispose()


@pytest.mark.parametrize(
    ("zone", "read_as"),
    [
        (ZoneInfo("Europe/Paris"), "Europe/Paris"),
        (timezone(timedelta(hours=1)), "Europe/Paris"),
        (timezone(timedelta(hours=4)), "UTC+04:00"),
    ],
)
def test_an_instant_keeps_its_hour(base: Engine, zone: timezone, read_as: str) -> None:
    start = datetime(2026, 11, 24, 14, tzinfo=zone)
    write_items(base, [Creneau(id="1", titre="Atelier", start=start)], now=NOW)
    (creneau,) = read_creneaux(base)
    assert creneau.start == start
    assert creneau.start.hour == 14
    assert str(creneau.start.tzinfo) == read_as


def test_the_version_grows_with_each_change(base: Engine) -> None:
    assert read_version(base) == 0
    write_items(base, [LIEU], now=NOW)
    first = read_version(base)
    write_items(base, [LIEU], now=NOW)
    assert read_version(base) > first > 0


def test_a_fault_in_a_transaction_undoes_it(base: Engine) -> None:
    def write_and_fail() -> None:
        with begin_write(base) as connection:
            connection.execute(text("INSERT INTO importation VALUES (9, '', '', '[]', 0, 0, 0)"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert read_version(base) == 0


def test_a_writer_is_alone_from_its_first_word(base: Engine) -> None:
    other = open_base(str(base.url), busy_timeout_s=0.01)
    with begin_write(base), pytest.raises(BaseIndisponible, match="est occupée"), begin_write(other):
        pass
    with begin_write(other):
        pass
    other.dispose()


def test_the_migrations_make_the_tables_of_the_code(base: Engine) -> None:
    with base.connect() as connection:
        assert not compare_metadata(_context(connection), metadata)


def test_the_last_migration_is_the_one_that_opening_looks_for() -> None:
    assert ScriptDirectory(str(KNOWLEDGE.folder)).get_current_head() == KNOWLEDGE.head


def test_a_base_up_to_date_is_opened_without_alembic(base: Engine) -> None:
    program = (
        "import sys; from knowledge.base import *; migrate(open_base(sys.argv[1])); assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program, str(base.url)], check=True)


def test_tables_with_a_history_of_their_own_are_left_alone(tmp_path: Path) -> None:
    engine = open_base(f"sqlite:///{tmp_path}/base.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE conversation (id INTEGER)"))
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO conversation VALUES (1)"))
    engine.dispose()


def test_a_base_of_a_newer_version_is_refused(base: Engine) -> None:
    with base.begin() as connection:
        connection.execute(text(f"UPDATE {KNOWLEDGE.version_table} SET version_num = '9999'"))
    with pytest.raises(BaseIndisponible, match="version plus récente du programme"):
        migrate(base)


def _locked(folder: Path) -> str:
    path = folder / "base.db"
    engine = open_base(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    _HOLDERS.append(holder)
    return f"sqlite:///{path}"


def _read_only(folder: Path) -> str:
    engine = open_base(f"sqlite:///{folder}/base.db")
    migrate(engine)
    engine.dispose()
    return f"sqlite:///file:{folder}/base.db?mode=ro&uri=true"


def _damaged(folder: Path) -> str:
    (folder / "base.db").write_bytes(b"PK\x03\x04 not a database at all" * 99)
    return f"sqlite:///{folder}/base.db"


def _folder(folder: Path) -> str:
    return f"sqlite:///{folder}"


def _no_server(_folder: Path) -> str:
    return "postgresql://agent:secret@127.0.0.1:9/base"


_HOLDERS: list[sqlite3.Connection] = []


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (_locked, "est occupée par un autre programme"),
        (_read_only, "est en lecture seule"),
        (_damaged, "n'est pas une base SQLite, ou elle est abîmée"),
        (_folder, "ne peut pas être ouverte"),
        (_no_server, "ne répond pas"),
        (lambda _: "n'importe quoi", r"L'adresse de la base \(AIGUILLEUR_BASE\) n'est pas comprise"),
        (lambda _: "mongo://serveur/base", r"L'adresse de la base \(AIGUILLEUR_BASE\) n'est pas comprise"),
        (lambda _: "mysql://serveur/base", "Les bases « mysql » ne sont pas prises en charge"),
    ],
)
def test_a_base_that_cannot_be_used_says_why(tmp_path: Path, make: Callable[[Path], str], sentence: str) -> None:
    with pytest.raises(BaseIndisponible, match=sentence) as caught:
        _open_and_write(make(tmp_path))
    assert "secret" not in str(caught.value)
    while _HOLDERS:
        _HOLDERS.pop().close()


def _open_and_write(url: str) -> None:
    engine = open_base(url, busy_timeout_s=0.05)
    migrate(engine)
    write_items(engine, [LIEU], now=NOW)


def test_a_base_that_can_only_be_read_is_read(tmp_path: Path) -> None:
    engine = open_base(_read_only(tmp_path))
    migrate(engine)
    assert read_lieux(engine) == []
    engine.dispose()


def test_a_base_without_tables_says_so(tmp_path: Path) -> None:
    engine = open_base(f"sqlite:///{tmp_path}/base.db")
    with pytest.raises(BaseIndisponible, match="ses tables manquent"):
        read_lieux(engine)
    engine.dispose()


def test_postgresql_without_the_database_says_so(postgres: str) -> None:
    for url, sentence in (
        (postgres.replace("/postgres", "/absente"), "n'existe pas sur ce serveur"),
        (postgres.replace("test@", "personne@"), "refuse le nom ou le mot de passe"),
    ):
        engine = open_base(url)
        with pytest.raises(BaseIndisponible, match=sentence) as caught:
            read_version(engine)
        assert "psycopg" not in str(caught.value)
        engine.dispose()


def _context(connection: object) -> MigrationContext:
    tables = set(metadata.tables)
    return MigrationContext.configure(
        connection,  # type: ignore[arg-type]
        opts={"compare_type": True, "include_name": lambda name, kind, _: kind != "table" or name in tables},
    )


def test_a_new_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        engine = open_base(f"sqlite:///{tmp_path}/base.db")
        migrate(engine)
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            found = {path.name: stat.filemode(path.stat().st_mode) for path in tmp_path.iterdir()}
    finally:
        os.umask(before)
    engine.dispose()
    assert {"base.db", "base.db-wal"} <= found.keys()
    assert set(found.values()) == {"-rw-------"}
