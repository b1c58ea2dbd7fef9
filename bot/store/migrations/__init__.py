"""The history of the conversation tables, apart from that of the knowledge."""

from pathlib import Path

from sqlalchemy import Engine

from knowledge.base import History, migrate

CONVERSATIONS = History(folder=Path(__file__).parent, version_table="version_conversations", head="0004")


def migrate_conversations(database: Engine) -> None:
    """Bring the conversation tables to this version of the program. Raises `BaseIndisponible`."""
    migrate(database, CONVERSATIONS)
