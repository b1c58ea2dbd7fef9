"""The base: what is said when it is damaged, cannot be written, is on a full disk, or holds no place of ours."""

import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pydantic import SecretStr
from sqlalchemy import event, update

from bot.app import App
from bot.diagnosis.base import check_base
from bot.settings import Settings
from knowledge.tables import lieu
from tests.web.serving import NOW, build_app


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def told(app: App) -> list[str]:
    return [str(finding) for finding in check_base(app)]


@pytest.fixture
def app(tmp_path: Path) -> App:
    return build_app(tmp_path, lambda: NOW)


def test_a_base_that_works_is_said_to_work(app: App) -> None:
    base, disk, lieux = told(app)
    assert base.startswith("✓ base : on peut lire et écrire")
    assert disk.startswith("✓ disque : ")
    assert lieux.startswith("! lieux : ce sont ceux de la démonstration")


def test_real_places_are_counted(app: App) -> None:
    with app.database.begin() as connection:
        connection.execute(update(lieu).values(source="essai"))
    assert told(app)[-1] == "✓ lieux : 46 dans la base."


def test_an_empty_base_is_told(tmp_path: Path) -> None:
    empty = App(Settings(base=SecretStr(f"sqlite:///{tmp_path}/vide.db")))
    assert told(empty)[-1] == "✗ lieux : la base est vide. Lancez « aiguilleur import lieux mes-lieux.csv »."


def test_a_damaged_base_is_told_alone(tmp_path: Path) -> None:
    path = tmp_path / "abimee.db"
    path.write_bytes(b"ceci n'est pas une base" * 100)
    (line,) = told(App(Settings(base=SecretStr(f"sqlite:///{path}"))))
    assert line.startswith("✗ base : ")
    assert "abîmée" in line


def test_a_base_that_cannot_be_written_is_told(app: App) -> None:
    @event.listens_for(app.database, "checkout")
    def only_read(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.execute("PRAGMA query_only = ON")

    (line,) = told(app)
    assert line.startswith("✗ base : ")
    assert "lecture seule" in line


def test_a_full_disk_is_told(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 12_000_000))
    assert any(line.startswith("✗ disque : il ne reste que 12 Mo") for line in told(app))


def test_a_base_without_its_log_is_told(app: App) -> None:
    with app.database.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    app.database.dispose()

    @event.listens_for(app.database, "connect")
    def network_disk(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode = DELETE")

    assert any("n'accepte pas le mode WAL" in line for line in told(app))


def test_postgresql_may_be_shared(postgres: str) -> None:
    app = App(Settings(base=SecretStr(postgres)))
    base, *others = told(app)
    app.database.dispose()
    assert "plusieurs « aiguilleur serve » à la fois" in base
    assert not any("disque" in line for line in others)
