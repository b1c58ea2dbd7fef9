"""What is on the disk: all that was acknowledged, nothing that was erased."""

import signal
import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from bot.store.conversations import Store
from bot.store.migrations import CONVERSATIONS, migrate_conversations
from bot.store.tables import metadata
from knowledge.base import open_base
from tests.databases import count_rows
from tests.store.turns import ANNA, turn

SECRETS = ("ANNA-DE-MAULEON", "DETTES-DE-LOYER")


def test_the_migrations_make_the_tables_of_the_code(database: Engine) -> None:
    tables = set(metadata.tables)
    assert {"conversation", "inbox", "outbox"} < tables
    migrate_conversations(database)
    with database.connect() as connection:
        options = {"compare_type": True, "include_name": lambda name, kind, _: kind != "table" or name in tables}
        assert not compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


def test_the_last_migration_is_the_one_that_opening_looks_for() -> None:
    assert ScriptDirectory(str(CONVERSATIONS.folder)).get_current_head() == CONVERSATIONS.head


def test_a_sqlite_commit_waits_for_the_disk_and_overwrites_what_it_deletes(sqlite: Engine) -> None:
    with sqlite.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}


def test_a_postgresql_commit_waits_for_the_disk(database: Engine) -> None:
    if database.dialect.name == "postgresql":
        with database.connect() as connection:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


WRITER = """
import itertools, sys
from bot.store.conversations import Store
from knowledge.base import open_base
from tests.store.turns import ANNA, turn
store, version = Store(open_base(sys.argv[1])), 0
for number in itertools.count():
    store.commit(turn(external_id=str(number), read_version=version, tracker=f'"{number}"', messages=[f"{number}"]))
    version = store.load("sms", ANNA).version
    print(number, flush=True)
"""


def test_what_was_acknowledged_survives_the_death_of_the_process(database: Engine) -> None:
    url = database.url.render_as_string(hide_password=False)
    with subprocess.Popen([sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        acknowledged = [int(writer.stdout.readline()) for _ in range(40)][-1]
        writer.send_signal(signal.SIGKILL)
        acknowledged = max([acknowledged, *map(int, writer.stdout.read().split())])
    store = Store(database)
    last = int((store.load("sms", ANNA).tracker or "").strip('"'))
    assert acknowledged <= last <= acknowledged + 1
    assert store.answers("sms", str(last)) == store.last_answers("sms", ANNA) == [str(last)]
    assert count_rows(database) == {"conversation": 1, "inbox": last + 1, "outbox": 1}


def test_nothing_of_what_is_erased_stays_in_the_files(sqlite: Engine) -> None:
    store, folder = Store(sqlite), Path(sqlite.url.database or "").parent
    store.commit(turn(external_id="autre", conversation="06 39 98 00 02"))
    for number in range(30):
        version = store.load("sms", ANNA).version
        secret = SECRETS[number % 2] * 50
        store.commit(turn(external_id=f"{number}", read_version=version, tracker=secret, messages=[secret] * 2))
    assert all(secret in _bytes(folder) for secret in SECRETS)
    store.commit(turn(tracker=None))
    held = _bytes(folder)
    assert not [secret for secret in (*SECRETS, ANNA) if secret in held]
    assert "06 39 98 00 02" in held


def test_a_reader_at_work_does_not_stop_an_erasure(sqlite: Engine) -> None:
    store = Store(open_base(str(sqlite.url), busy_timeout_s=0.05))
    store.commit(turn())
    with sqlite.connect() as reader:
        reader.exec_driver_sql("SELECT * FROM conversation").all()
        store.commit(turn(tracker=None))
    assert count_rows(sqlite) == {"conversation": 0, "inbox": 0, "outbox": 0}


def _bytes(folder: Path) -> str:
    files = [path for path in folder.iterdir() if path.is_file()]
    assert files
    return "".join(path.read_bytes().decode("latin-1") for path in files)
