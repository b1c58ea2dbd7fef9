"""The database: reachable, writable, with room; and what it holds."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, delete, false, func, select

from bot.app import App
from bot.diagnosis.finding import Finding, fix, good, look
from bot.store.tables import conversation
from bot.store.writing import writing
from knowledge.base import BaseIndisponible
from knowledge.lieux import DEMONSTRATION
from knowledge.tables import lieu

BYTES_NEEDED = 500_000_000
MEGABYTE = 1_000_000


def check_base(app: App) -> Iterator[Finding]:
    """Open the base, bring its tables to this version as every command does, and try to write to it."""
    try:
        _try_to_write(app.database)
    except BaseIndisponible as error:
        yield fix("base", str(error))
        return
    if app.database.dialect.name == "sqlite":
        yield from _check_file(app.database)
    else:
        yield good("base", "on peut lire et écrire (PostgreSQL : plusieurs « aiguilleur serve » à la fois).")
    yield from _check_content(app.database)


def _try_to_write(database: Engine) -> None:
    """Write nothing, as a writer. Raises `BaseIndisponible`."""
    with writing(database) as connection:
        connection.execute(delete(conversation).where(false()))


def _check_file(database: Engine) -> Iterator[Finding]:
    path = Path(database.url.database or "")
    with database.connect() as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    if mode == "wal":
        yield good("base", f"on peut lire et écrire {path} (SQLite : un seul « aiguilleur serve » à la fois).")
    else:
        yield fix("base", f"{path} n'accepte pas le mode WAL. Mettez-la sur un disque local, pas un disque réseau.")
    free = shutil.disk_usage(path.parent).free
    if free < BYTES_NEEDED:
        yield fix("disque", f"il ne reste que {free // MEGABYTE} Mo dans {path.parent}. Faites de la place.")
    else:
        yield good("disque", f"{free // MEGABYTE} Mo libres.")


def _check_content(database: Engine) -> Iterator[Finding]:
    with database.connect() as connection:
        count = connection.scalar(select(func.count()).select_from(lieu)) or 0
        invented = connection.scalar(select(func.count()).where(lieu.c.source == DEMONSTRATION)) or 0
    if not count:
        yield fix("lieux", "la base est vide. Lancez « aiguilleur import lieux mes-lieux.csv ».")
    elif invented:
        yield look("lieux", "ce sont ceux de la démonstration, tous inventés. Importez les vôtres avant d'ouvrir.")
    else:
        yield good("lieux", f"{count} dans la base.")
