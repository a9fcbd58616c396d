"""What every test may use: databases of both kinds, and an environment without our settings."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest

from tests.databases import EMPTY, Databases
from tests.postgres import MissingServerError, Server

pytest_plugins = [
    "tests.scratch",
    "tests.compiling",
    "tests.engines",
    "tests.canary",
    "tests.api_server",
    "tests.file_server",
]

MIGRATED = "migrated"

hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
hypothesis.settings.load_profile("house")


def pytest_configure() -> None:
    """Forget the settings of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith("IMPORTMGR_")]:
        del os.environ[name]


def pytest_collection_finish() -> None:
    """Spare what was imported and collected from being searched for garbage again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server of this test process; without one the test is skipped, in CI it fails."""
    try:
        server = Server()
    except MissingServerError as exc:
        if os.environ.get("CI") == "true":
            pytest.fail(str(exc))
        pytest.skip(str(exc))
    with server:
        yield server


@pytest.fixture(scope="session")
def databases(postgres_server: Server) -> Iterator[Databases]:
    """What makes and drops databases on the server."""
    from tests.canary import watch  # noqa: PLC0415 - a plugin, which pytest wants to import first

    with psycopg.connect(postgres_server.conninfo("postgres"), autocommit=True) as connection:
        yield Databases(postgres_server, connection, watch)


@pytest.fixture(scope="session")
def migrated_postgres(databases: Databases) -> str:
    """The name of a migrated database that others are copied from; nobody connects to it."""
    url = databases.create(MIGRATED, template=EMPTY)
    _migrate(url)
    return MIGRATED


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file that others are copied from."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def empty_postgres_url(databases: Databases) -> Iterator[str]:
    """The URL of a PostgreSQL database of this test alone, without tables."""
    with databases.lend(EMPTY) as url:
        yield url


@pytest.fixture
def latin_postgres_url(databases: Databases, postgres_server: Server) -> Iterator[str]:
    """The URL of a PostgreSQL database without tables in which texts are in Latin-1."""
    name = databases.create_in("LATIN1")
    yield postgres_server.url(name)
    databases.drop(name)


@pytest.fixture
def postgres_url(databases: Databases, migrated_postgres: str) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database of this test alone."""
    with databases.lend(migrated_postgres) as url:
        yield url


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """The URL of a migrated SQLite database of this test alone."""
    path = tmp_path / "importmgr.db"
    shutil.copy(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated database of this test alone; the test runs on both kinds."""
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(fixture))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables of this test alone; the test runs on both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return str(request.getfixturevalue("empty_postgres_url"))


def _migrate(url: str) -> None:
    from importmgr.store.migrate import upgrade  # noqa: PLC0415 - only tests with tables need it

    upgrade(url)
