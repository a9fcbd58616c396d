"""Bringing a database to the schema this code was written for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from definitions.errors import SettingsError
from destinations.engine import create_engine
from importmgr.store.column_types import check_column_types
from importmgr.store.transactions import Transaction, is_postgresql, reading, writing

_SCRIPTS = Path(__file__).with_name("migrations")
_LOCK = 4_901_337  # two services that start together migrate one after the other


def upgrade(database_url: str) -> None:
    """Bring the database to the newest schema, all of it or nothing.

    Raise `SettingsError` if a newer importmgr made it, or if it has no tables yet and an encoding
    other than UTF8.
    """
    with _connected(database_url) as engine, writing(engine) as transaction:
        if is_postgresql(transaction):
            transaction.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        found = _revision(transaction)
        if found is None and is_postgresql(transaction):
            _check_takes_every_text(transaction)
        _check_not_newer(found)
        config = _config()
        config.attributes["connection"] = transaction
        command.upgrade(config, "head")


def current(database_url: str) -> str | None:
    """Return the revision of the database, None for one without tables."""
    with _connected(database_url) as engine, reading(engine) as transaction:
        return _revision(transaction)


def head() -> str:
    """Return the revision this code was written for."""
    return str(_script().get_current_head())


def check(database_url: str) -> None:
    """Raise `SettingsError` unless the database has the schema this code was written for."""
    with _connected(database_url) as engine, reading(engine) as transaction:
        found = _revision(transaction)
        if found == head():
            check_column_types(transaction)
    _check_not_newer(found)
    if found != head():
        msg = (
            f"the database has schema {found or 'none'}, this importmgr needs {head()}: "
            "run `importmgr db upgrade`"
        )
        raise SettingsError(msg)


def _check_takes_every_text(transaction: Transaction) -> None:
    encoding = transaction.execute(sa.text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        msg = (
            f"the database has the encoding {encoding}, which does not take every text: make "
            "another one, by CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        )
        raise SettingsError(msg)


def _check_not_newer(found: str | None) -> None:
    known = {revision.revision for revision in _script().walk_revisions()}
    if found is not None and found not in known:
        msg = (
            f"the database was made by a newer importmgr (schema {found}, here {head()}): "
            "install that version, or restore the backup made before the upgrade"
        )
        raise SettingsError(msg)


def _revision(transaction: Transaction) -> str | None:
    return MigrationContext.configure(transaction).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@cache
def _script() -> ScriptDirectory:
    """Read the migrations, once per process."""
    return ScriptDirectory.from_config(_config())


@contextmanager
def _connected(database_url: str) -> Iterator[sa.Engine]:
    """Open an engine for one task and give its connections back, so that a file is whole again."""
    engine = create_engine(database_url)
    try:
        yield engine
    finally:
        engine.dispose()
