"""One import command: read every file, then compare with the base and write, all or nothing."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import cache
from itertools import zip_longest
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, delete, exists, func, not_, select

from knowledge.base import read_communes, record_change, write_alone
from knowledge.communes import Gazetteer, load_gazetteer
from knowledge.horaires import paris
from knowledge.importing.context import Context
from knowledge.importing.files import open_source
from knowledge.importing.formats import FORMATS, Kind
from knowledge.importing.refusals import RefusalFile, refusal_files
from knowledge.importing.report import ImportImpossible, Notes, Report
from knowledge.importing.staging import Doubt, Staging, staging
from knowledge.lieux import DEMONSTRATION
from knowledge.tables import creneau, lieu

WITH_FICTION = (lieu, creneau)
"""Tables that may hold the fictional rows of the demonstration."""


def import_files(
    engine: Engine, kind: str, paths: Sequence[Path | str], *, now: datetime, dry_run: bool = False
) -> Report:
    """Import files of one kind ("lieux", "creneaux", "communes") and say what was done.

    All the files make one transaction: a fault leaves the base as it was. Refused rows are written beside their
    file, except with `dry_run`, which writes nothing at all. `now` is aware. Raises `ImportImpossible` (a file
    that cannot be read) and `BaseIndisponible` (locked, read-only…), both with a French sentence.
    """
    files = [Path(path) for path in paths]
    report = Report(kind, dry_run=dry_run, fichiers=[path.name for path in files])
    context = Context(now.astimezone(paris()), lambda: _gazetteer(engine))
    registered = _kind(kind)
    refusals = [] if dry_run else refusal_files(files)
    notes = [Notes(path.name, kept.write if kept else None) for path, kept in zip_longest(files, refusals)]
    with ExitStack() as stack:
        for kept in refusals:
            stack.enter_context(kept)
        with engine.connect() as connection, staging(connection, registered.table) as stage:
            _read_files(stage, registered, files, notes, context)
            with write_alone(connection) as transaction:
                _merge(stage, report, notes, context)
                if dry_run:
                    transaction.rollback()
    _tell_notes(report, notes, refusals)
    return report


def _kind(kind: str) -> Kind:
    if kind not in FORMATS:
        raise ImportImpossible(f"On ne sait pas importer « {kind} ». On attend : {', '.join(FORMATS)}.")
    return FORMATS[kind]


def _gazetteer(engine: Engine) -> Gazetteer:
    communes = read_communes(engine)
    return Gazetteer(communes) if communes else _package_gazetteer()


@cache
def _package_gazetteer() -> Gazetteer:
    return load_gazetteer()


def _read_files(stage: Staging, kind: Kind, files: Sequence[Path], notes: Sequence[Notes], context: Context) -> None:
    """Stage the rows of every file."""
    with stage.connection.begin():
        stage.create()
        for path, said in zip(files, notes, strict=True):
            source = open_source(path, said)
            stage.add(source.name, kind.reader(source)(source, said, context))


def _merge(stage: Staging, report: Report, notes: Sequence[Notes], context: Context) -> None:
    """Compare the staged rows with the base and write what is new."""
    connection = stage.connection
    report.refused = sum(said.refused for said in notes)
    report.read = stage.count + report.refused
    report.duplicates, strangers = stage.drop_duplicates()
    _tell_doubts(notes, strangers, "même identifiant que « {} », gardé à sa place")
    if stage.table in WITH_FICTION:
        report.demonstration = _remove_fiction(connection, stage)
    outdated = stage.drop_outdated()
    report.outdated = len(outdated)
    _tell_doubts(notes, outdated, "plus ancien que la base, qui garde « {} »")
    report.removed = stage.remove_cancelled(context.series, context.now)
    report.unchanged = stage.drop_unchanged()
    report.added, report.updated = stage.write()
    if report.changed:
        record_change(
            connection,
            kind=report.kind,
            at=context.now,
            fichiers=report.fichiers,
            added=report.added,
            updated=report.updated,
            removed=report.removed + report.demonstration,
        )


def _tell_notes(report: Report, notes: Sequence[Notes], refusals: Sequence[RefusalFile]) -> None:
    for said, kept in zip(notes, refusals, strict=False):  # a trial keeps no refusals
        if kept.fault:
            said.warn(0, "", "", kept.fault)
    for said in notes:
        said.tell(report)
    report.refusal_files = [str(kept.path) for kept in refusals if kept.written]


def _tell_doubts(notes: Sequence[Notes], doubts: Sequence[Doubt], message: str) -> None:
    by_name = {said.fichier: said for said in notes}
    for doubt in doubts:
        by_name[doubt.fichier].warn(doubt.ligne, "id", f"{doubt.id}, {doubt.nom}", message.format(doubt.kept))


def _remove_fiction(connection: Connection, stage: Staging) -> int:
    """Remove the demonstration when real rows arrive; fictional rows are refused where there are real ones."""
    fictional, real = _sources(connection, stage.staged)
    if fictional and (real or any(_sources(connection, table)[1] for table in WITH_FICTION)):
        raise ImportImpossible(
            "Ces données de démonstration sont fictives : elles ne peuvent pas être mêlées à de vraies données. "
            "Rien n'est importé."
        )
    if not real:
        return 0
    return sum(
        connection.execute(delete(table).where(table.c.source == DEMONSTRATION)).rowcount for table in WITH_FICTION
    )


def _sources(connection: Connection, table: Table) -> tuple[bool, bool]:
    """Tell whether a table has fictional rows, and real ones."""
    is_fictional = func.coalesce(table.c.source, "") == DEMONSTRATION
    fictional, real = (select(exists().where(test)) for test in (is_fictional, not_(is_fictional)))
    return bool(connection.scalar(fictional)), bool(connection.scalar(real))
