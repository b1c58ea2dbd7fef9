"""Another key than the one that protects a database is refused before it spoils what waits there."""

import pytest
from sqlalchemy import Engine

from bot.store.conversations import Store
from bot.store.key_check import CleChangee, change_key, check_key
from bot.store.presence import DejaServie, Presence
from bot.store.secrecy import Secrecy
from tests.databases import count_rows
from tests.store.turns import turn

FIRST, SECOND = (Secrecy(f"une {which} clé, fictive, pour les essais") for which in ("première", "seconde"))


def test_a_database_keeps_to_the_key_that_protects_somebody(database: Engine) -> None:
    check_key(database, FIRST)
    Store(database).commit(turn())
    before = count_rows(database)
    check_key(database, FIRST)
    for _ in range(2):
        with pytest.raises(CleChangee, match="AIGUILLEUR_CLE a changé"):
            check_key(database, SECOND)
    assert count_rows(database) == before
    check_key(database, FIRST)


def test_a_database_that_protects_nobody_takes_any_key(database: Engine) -> None:
    check_key(database, FIRST)
    Store(database).commit(turn(channel="web"))
    check_key(database, SECOND)
    Store(database).commit(turn())
    with pytest.raises(CleChangee):
        check_key(database, FIRST)


def test_a_key_that_is_lost_is_replaced_and_all_that_it_protected_goes(database: Engine) -> None:
    check_key(database, FIRST)
    Store(database).commit(turn())
    gone = change_key(database, SECOND)
    assert {name: count for name, count in gone.items() if count} == {"conversation": 1, "inbox": 1, "outbox": 1}
    assert not any(count_rows(database).values())
    Store(database).commit(turn())
    check_key(database, SECOND)
    with pytest.raises(CleChangee):
        check_key(database, FIRST)


def test_no_key_is_changed_under_a_program_that_serves(database: Engine) -> None:
    check_key(database, FIRST)
    Store(database).commit(turn())
    serving = Presence(database)
    serving.enter()
    try:
        with pytest.raises(DejaServie, match="aiguilleur serve"):
            change_key(database, SECOND)
        assert count_rows(database)["conversation"] == 1
    finally:
        serving.leave()
    check_key(database, FIRST)


def test_a_key_that_is_known_waits_for_no_writer(sqlite: Engine) -> None:
    check_key(sqlite, FIRST)
    with sqlite.connect().execution_options(sqlite_begin="BEGIN IMMEDIATE") as import_, import_.begin():
        check_key(sqlite, FIRST)
