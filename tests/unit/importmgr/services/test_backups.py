"""A backup is put back only where it fits, and nothing changes where it does not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from definitions.errors import RequestError, SettingsError
from importmgr.bootstrap import build
from importmgr.clock import SystemClock
from importmgr.services.backups import Backups, RestoreRequest, embedded_database, restore
from importmgr.settings import Settings
from importmgr.store import migrate
from importmgr.store.audit import AuditFilter
from tests.engines import open_engine
from tests.migrating import upgrade_to
from tests.product import Product
from tests.stores import NOW

CLOCK = SystemClock()
POSTGRES = Settings(database_url="postgresql://u:geheim@h/d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup with its key, of an installation with the project `Shop`."""

    path: Path
    key: Path


@pytest.fixture
def made(small_product: Product, tmp_path: Path) -> Made:
    (tmp_path / "backups").mkdir()
    small_product.wiring.check_keys()
    done = backups(small_product).make(tmp_path / "backups", with_key=True)
    assert done.key is not None
    return Made(path=done.path, key=done.key)


def backups(product: Product) -> Backups:
    wiring = product.wiring
    return Backups(
        wiring.settings, audit=wiring.stores.audit, keyring=wiring.keyring, clock=product.clock
    )


def projects(settings: Settings) -> list[str]:
    """Return the names of the projects of an installation, which must be whole."""
    wiring = build(settings)
    try:
        wiring.check_keys()
        return [project.name for project in wiring.services.projects.list()]
    finally:
        wiring.close()


def actions(settings: Settings) -> list[str]:
    wiring = build(settings)
    page = wiring.services.audit.everywhere(AuditFilter(), 10, 0)
    wiring.close()
    return [entry.action for entry in page.items]


@pytest.fixture
def other(tmp_path: Path) -> Settings:
    """Another machine, with nothing on it."""
    (tmp_path / "other").mkdir()
    return Settings(data_dir=tmp_path / "other")


def test_a_folder_gets_a_file_named_by_the_time(made: Made, small_product: Product) -> None:
    assert made.path.name == f"importmgr-{NOW:%Y%m%dT%H%M%SZ}.db"
    assert made.key.read_text() == small_product.wiring.settings.key_path.read_text()
    with pytest.raises(RequestError, match="exists already"):
        backups(small_product).make(made.path.parent, with_key=False)
    with pytest.raises(RequestError, match=r"master.key' exists already"):
        backups(small_product).make(made.path.parent, with_key=True)


def test_a_backup_is_put_back_where_nothing_is(made: Made, other: Settings) -> None:
    done = restore(other, RestoreRequest(backup=made.path, key=made.key), CLOCK)

    assert (done.made_with, done.kept) == (migrate.head(), None)
    assert projects(other) == ["Shop"]
    assert actions(other) == ["backup.restored", "project.created"]


def test_a_database_is_replaced_only_by_force_and_is_kept(made: Made, other: Settings) -> None:
    restore(other, RestoreRequest(backup=made.path, key=made.key), CLOCK)
    with_more = build(other)
    with_more.services.projects.create("Later")
    with_more.close()

    with pytest.raises(RequestError, match=r"a database already.*--force"):
        restore(other, RestoreRequest(backup=made.path), CLOCK)
    assert projects(other) == ["Shop", "Later"]
    done = restore(other, RestoreRequest(backup=made.path, force=True), CLOCK)

    assert projects(other) == ["Shop"]
    assert done.kept is not None
    kept = Settings(data_dir=other.data_dir, database_url=f"sqlite:///{done.kept}")
    assert projects(kept) == ["Shop", "Later"]


def test_without_its_key_a_backup_is_not_put_back(
    made: Made, other: Settings, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=r"no master key.*--key"):
        restore(other, RestoreRequest(backup=made.path), CLOCK)

    build(Settings(data_dir=tmp_path / "stranger")).close()
    key = tmp_path / "stranger" / "master.key"
    with pytest.raises(SettingsError, match="under another master key"):
        restore(other, RestoreRequest(backup=made.path, key=key), CLOCK)

    assert list(other.data_dir.iterdir()) == []


def test_a_key_that_was_there_is_kept(made: Made, other: Settings) -> None:
    migrate.upgrade(other.database_url)
    build(other).close()
    strange = other.key_path.read_text()

    restore(other, RestoreRequest(backup=made.path, key=made.key, force=True), CLOCK)

    (kept,) = other.data_dir.glob("master.key.before-*")
    assert kept.read_text() == strange
    assert projects(other) == ["Shop"]


def test_a_key_of_the_settings_is_used_and_not_written(made: Made, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Settings(data_dir=tmp_path / "other", master_key=made.key.read_text())

    with pytest.raises(SettingsError, match="instead of --key"):
        restore(other, RestoreRequest(backup=made.path, key=made.key), CLOCK)
    restore(other, RestoreRequest(backup=made.path), CLOCK)

    assert projects(other) == ["Shop"]
    assert not other.key_path.exists()


def test_a_key_of_the_settings_is_nothing_to_copy(sqlite_url: str, tmp_path: Path) -> None:
    product = Product(sqlite_url, tmp_path / "var", master_key="A" * 43 + "=")
    try:
        with pytest.raises(SettingsError, match="keep that setting"):
            backups(product).make(tmp_path / "made.db", with_key=True)
        assert not (tmp_path / "made.db").exists()
    finally:
        product.close()


def test_an_older_backup_is_brought_up_to_date(made: Made, other: Settings) -> None:
    older = made.path.with_name("older.db")
    upgrade_to(f"sqlite:///{older}", "0001")

    with pytest.raises(SettingsError, match="no master key"):
        restore(other, RestoreRequest(backup=older), CLOCK)
    done = restore(other, RestoreRequest(backup=older, key=made.key), CLOCK)

    assert done.made_with == "0001"
    assert migrate.current(other.database_url) == migrate.head()


def test_a_newer_or_missing_backup_is_refused(made: Made, other: Settings) -> None:
    with open_engine(f"sqlite:///{made.path}") as engine, engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SettingsError, match="newer importmgr"):
        restore(other, RestoreRequest(backup=made.path, key=made.key), CLOCK)
    with pytest.raises(RequestError, match="there is no backup"):
        restore(other, RestoreRequest(backup=made.path.with_name("none")), CLOCK)
    (text := made.path.with_name("text")).write_text("x" * 1000)
    with pytest.raises(RequestError, match="is no database"):
        restore(other, RestoreRequest(backup=text, key=made.key), CLOCK)

    assert list(other.data_dir.iterdir()) == []


def test_postgresql_has_tools_of_its_own() -> None:
    with pytest.raises(SettingsError, match="use pg_dump") as caught:
        embedded_database(POSTGRES)

    assert "geheim" not in str(caught.value)
