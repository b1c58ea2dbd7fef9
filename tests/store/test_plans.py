"""What is asked again and again reads what waits, not all that was ever said."""

from sqlalchemy import Connection, Engine, Executable, event

from bot.store.inbox import NEXT
from bot.store.sending import DUE

LEASE: dict[str, object] = {"now": 1.0, "gateways": ["kannel"], "most": 32}


CLAIM: dict[str, object] = {"since": 1.0, "most": 16}


def test_messages_to_send_are_found_by_the_indexes_of_what_waits(sqlite: Engine) -> None:
    plan = explain(sqlite, DUE, LEASE)
    assert "INDEX ix_outbox_due" in plan, plan
    assert "INTEGER PRIMARY KEY" not in plan, plan
    assert "TEMP B-TREE" not in plan, plan


def test_messages_to_play_are_found_by_the_index_of_what_waits(sqlite: Engine) -> None:
    plan = explain(sqlite, NEXT, CLAIM)
    scanned = [line for line in plan.splitlines() if line.startswith("SCAN")]
    assert set(scanned) <= {"SCAN inbox USING INDEX ix_inbox_pending", "SCAN anon_1"}, plan


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
