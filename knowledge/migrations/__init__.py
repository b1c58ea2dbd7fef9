"""The history of the tables, run from code: no alembic.ini, and it works from an installed wheel."""

from pathlib import Path

from alembic.config import Config
from sqlalchemy import Connection


def configuration(connection: Connection, version_table: str, folder: Path = Path(__file__).parent) -> Config:
    """Return what Alembic needs to migrate over an open connection.

    Another history of the same database (that of the conversations) takes its own `folder`, with the same
    `env.py`, and its own `version_table`: the two then move apart from one another.
    """
    config = Config(attributes={"connection": connection, "version_table": version_table})
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config
