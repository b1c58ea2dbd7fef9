"""Which key protects a database: with another one nobody's STOP is known, and nothing that waits can be read."""

import hmac

from sqlalchemy import Connection, Engine, delete, exists, or_, select

from bot.messages import SMS, TELEGRAM
from bot.store.conversations import Store
from bot.store.presence import alone
from bot.store.secrecy import Secrecy
from bot.store.tables import conversation, inbox, key_check, metadata, part
from bot.store.writing import insert_into, writing
from knowledge.fautes import Faute


class CleChangee(Faute):
    """The key of the settings is not the one that protects this database."""


def check_key(engine: Engine, secrecy: Secrecy) -> None:
    """See that this key protects this database. Raises `CleChangee` when another one protects somebody there."""
    value = _value(secrecy)
    with engine.connect() as connection:
        known = connection.scalar(select(key_check.c.value))
    if known is not None and hmac.compare_digest(known, value):
        return
    with writing(engine) as connection:
        if known is not None and _protects(connection):
            raise CleChangee(
                "AIGUILLEUR_CLE a changé : ce n'est pas la clé qui protège cette base. Remettez l'ancienne. Si elle "
                "est perdue, « aiguilleur purge --cle-perdue » efface les conversations et prend la nouvelle."
            )
        _adopt(connection, value)


def change_key(engine: Engine, secrecy: Secrecy) -> dict[str, int]:
    """Delete every conversation and take this key; return how many rows of each table went.

    Raises `DejaServie` as long as a program serves this database.
    """
    conversations = [table for table in reversed(metadata.sorted_tables) if table is not key_check]
    with alone(engine), writing(engine) as connection:
        gone = {table.name: connection.execute(delete(table)).rowcount for table in conversations}
        _adopt(connection, _value(secrecy))
    Store(engine).overwrite()
    return gone


def _protects(connection: Connection) -> bool:
    """Say whether the database holds somebody's address; the page and the terminal know of none."""
    carried = (SMS, TELEGRAM)
    somebody = or_(
        exists().where(conversation.c.channel.in_(carried)), exists().where(inbox.c.channel.in_(carried)), exists(part)
    )
    return bool(connection.scalar(select(somebody)))


def _adopt(connection: Connection, value: str) -> None:
    new = insert_into(key_check, connection).values(id=1, value=value)
    connection.execute(new.on_conflict_do_update(index_elements=["id"], set_={"value": value}))


def _value(secrecy: Secrecy) -> str:
    """Return the key check value: always that of its key, and nothing of the key can be told from it."""
    return secrecy.pseudonym("key check")
