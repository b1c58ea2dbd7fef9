"""What is asked again and again reads what waits, not all that was ever said."""

from collections import Counter

from sqlalchemy import Connection, Engine, Executable, event, text

from bot.messages import Delivery
from bot.store.inbox import BEHIND, LOOK_AHEAD, LOOK_BACK, NEXT, Arrival, Inbox
from bot.store.migrations import migrate_conversations
from bot.store.outbox import Outbox, Settled
from bot.store.presence import Presence
from bot.store.sending import DUE
from bot.store.writing import writing
from knowledge.base import open_base
from tests.postgres import new_database
from tests.store.turns import turn

LEASE: dict[str, object] = {"now": 1.0, "gateways": ["kannel"], "most": 32}


CLAIM: dict[str, object] = {"since": 1.0, "most": 64}


def test_messages_to_send_are_found_by_the_indexes_of_what_waits(sqlite: Engine) -> None:
    plan = explain(sqlite, DUE, LEASE)
    assert "INDEX ix_outbox_due" in plan, plan
    assert "INTEGER PRIMARY KEY" not in plan, plan
    assert "TEMP B-TREE" not in plan, plan


def test_messages_to_play_are_found_by_the_index_of_what_waits(sqlite: Engine) -> None:
    plan = explain(sqlite, NEXT, CLAIM)
    scanned = [line for line in plan.splitlines() if line.startswith("SCAN")]
    assert set(scanned) <= {"SCAN inbox USING INDEX ix_inbox_pending", "SCAN oldest", "SCAN enough", "SCAN latest"}, (
        plan
    )


def test_who_waits_behind_others_is_found_by_the_index_of_who_waits(sqlite: Engine) -> None:
    plan = explain(sqlite, BEHIND, {**CLAIM, "held": [1]})
    scanned = [line for line in plan.splitlines() if line.startswith("SCAN")]
    assert set(scanned) <= {
        "SCAN behind",
        "SCAN latest",
        "SCAN CONSTANT ROW",
        "SCAN inbox_2 USING INDEX ix_inbox_waiting",
    }, plan
    assert plan.count("INDEX ix_inbox_waiting") == 3, plan


def explain(engine: Engine, query: Executable, values: dict[str, object]) -> str:
    """Return how SQLite would find the rows."""
    asked: list[tuple[str, object]] = []

    def note(_connection: Connection, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    with engine.connect() as connection:
        connection.execute(query, values)
        event.remove(engine, "before_cursor_execute", note)
        statement, parameters = asked[-1]
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
        return "\n".join(row[-1] for row in rows)


GATEWAY = {"channel": "sms", "gateway": "kannel", "address": "scellée"}
ROUNDS, PEOPLE = 20, 100
QUEUES = ("ix_inbox_pending", "ix_outbox_unsent", "ix_outbox_due")


def test_postgresql_reads_what_left_a_queue_once_and_not_each_time(postgres: str) -> None:
    engine = open_base(new_database(postgres))
    migrate_conversations(engine)
    with engine.begin() as connection:
        for table in ("inbox", "outbox"):
            connection.execute(text(f"ALTER TABLE {table} SET (autovacuum_enabled = false)"))
    for number in range(ROUNDS):
        _answer_all(engine, number)
    before = _entries_read(engine)
    _answer_all(engine, ROUNDS)
    read = _entries_read(engine) - before
    engine.dispose()
    assert min(before[name] for name in QUEUES) >= ROUNDS * PEOPLE, before
    assert sum(read[name] for name in QUEUES) <= 15 * PEOPLE, read


def test_who_has_written_thousands_of_messages_slows_nothing_down(postgres: str) -> None:
    engine = open_base(new_database(postgres))
    migrate_conversations(engine)
    inbox = Inbox(engine)
    before = _entries_read(engine)
    with writing(engine) as connection:
        inbox.remember(connection, [_arrival("anna", f"m{number}", number) for number in range(2000)])
        inbox.put(connection, [_arrival("anna", "last", 2000)])
    with inbox.claim(since=1990, most=1) as claim:
        assert [row.recent for row in claim.rows] == [11]
    read = _entries_read(engine) - before
    engine.dispose()
    assert 11 <= read["ix_inbox_channel_conversation_id"] <= 2 * LOOK_BACK, read


def test_one_person_who_wrote_thousands_of_messages_hides_nobody_and_costs_no_more(postgres: str) -> None:
    engine = open_base(new_database(postgres))
    migrate_conversations(engine)
    inbox, read = Inbox(engine), []
    for flood in (2000, 8000):
        with writing(engine) as connection:
            inbox.put(connection, [_arrival("anna", f"{flood}-{number}", 0) for number in range(flood)])
            inbox.put(connection, [_arrival(f"{number}", f"{flood}-{number}-other", 0) for number in range(PEOPLE)])
        with engine.begin() as connection:
            connection.execute(text("ANALYZE inbox"))
        before = _entries_read(engine)
        with inbox.claim(since=0, most=16) as claim:
            assert len({row.conversation for row in claim.rows}) == 16
            with inbox.claim(since=0, most=16) as other:
                assert len({row.conversation for row in [*claim.rows, *other.rows]}) == 32
        read.append(_entries_read(engine) - before)
    engine.dispose()
    assert [sum(each.values()) < 6 * LOOK_AHEAD for each in read] == [True, True], read


def _arrival(person: str, identifier: str, now: float) -> Arrival:
    return Arrival(**GATEWAY, conversation=person, external_id=identifier, received_at=now, body="scellé")


def _answer_all(engine: Engine, number: int) -> None:
    """Have each person write, be answered, and the answers sent."""
    inbox, outbox = Inbox(engine), Outbox(engine, Presence(engine))
    arrivals = [_arrival(f"{one}", f"{number}-{one}", number) for one in range(PEOPLE)]
    with writing(engine) as connection:
        inbox.put(connection, arrivals)
    with inbox.claim(since=number, most=PEOPLE) as claim:
        assert len(claim.rows) == PEOPLE
        known = [
            {"conversation": row.conversation, "inbox_id": row.id, "read_version": row.version} for row in claim.rows
        ]
        claim.commit([turn(**GATEWAY, **each, received_at=number) for each in known])
    leased = outbox.lease(number, ["kannel"], PEOPLE)
    assert len(leased) == PEOPLE
    outbox.settle([Settled(id=each.id, state=Delivery.SENT) for each in leased])


def _entries_read(engine: Engine) -> Counter[str]:
    """Return how many entries of each index were read so far; a session tells it when it ends."""
    engine.dispose()
    query = text("SELECT indexrelname, idx_tup_read FROM pg_stat_user_indexes WHERE relname IN ('inbox', 'outbox')")
    with engine.connect() as connection:
        return Counter({row.indexrelname: row.idx_tup_read for row in connection.execute(query)})
