"""Databases to load into, of each engine that this machine has."""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Protocol

import psycopg

from benchmarks.measuring import BenchmarkError, Command, run
from benchmarks.ours import Home
from tests.postgres import MissingServerError, Server

NUMBERS = itertools.count(1)
GIB = 1 << 30


class Place(Protocol):
    """Where databases of one engine are made."""

    name: str
    version: str
    settings: str

    def new(self) -> Home:
        """Return an installation whose database is empty."""

    def copy(self, home: Home) -> Home:
        """Return a new installation with the data of another one, at rest on the disk."""

    def drop(self, home: Home) -> None:
        """Remove an installation."""

    def settle(self, home: Home, tables: Sequence[str]) -> None:
        """Do now what the engine would do by itself some time after loading many rows."""

    def dump(self, home: Home, tables: Sequence[str], folder: Path) -> None:
        """Write the rows of tables into files that the engine's own bulk command takes."""

    def count(self, home: Home, table: str, database: str | None) -> int:
        """Return how many rows a table has; `database` names another file of the installation."""


class SqlitePlace:
    """Database files in a folder."""

    name = "SQLite"
    settings = (
        "journal_mode=WAL, synchronous=FULL for all parties that allow it; "
        "cache_size=64 MB for them, 6 MB for importmgr; pages of 8 kB in its databases, "
        "which `.import` loads into as well"
    )

    def __init__(self, folder: Path) -> None:
        """Take the folder."""
        self.version = sqlite3.sqlite_version
        self._folder = folder

    def new(self) -> Home:
        """Return a folder in which there will be a file."""
        folder = self._folder / f"lite-{next(NUMBERS)}"
        folder.mkdir()
        return Home(url=f"sqlite:///{folder / 'bench.db'}", folder=folder)

    def copy(self, home: Home) -> Home:
        """Copy the file, which is whole when no process has it open."""
        made = self.new()
        shutil.copyfile(home.folder / "bench.db", made.folder / "bench.db")
        os.sync()
        return made

    def drop(self, home: Home) -> None:
        """Remove the folder."""
        shutil.rmtree(home.folder)

    def settle(self, home: Home, tables: Sequence[str]) -> None:
        """Do nothing: SQLite leaves nothing for later."""

    def dump(self, home: Home, tables: Sequence[str], folder: Path) -> None:
        """Write CSV as the shell's `.import --csv` reads it."""
        for table in tables:
            path = folder / f"{table}.sqlite"
            command = f".output '{path}'\nSELECT * FROM {table} ORDER BY rowid;\n"
            script = folder / "dump.sql"
            script.write_text(f".mode csv\n{command}", encoding="utf-8")
            run(Command(words=["sqlite3", str(home.folder / "bench.db")], stdin=script))

    def count(self, home: Home, table: str, database: str | None) -> int:
        """Count in the file."""
        query = f"SELECT count(*) FROM {table}"  # noqa: S608 - as the script says
        with closing(sqlite3.connect(database or plain(home))) as connection:
            return int(connection.execute(query).fetchone()[0])


class PostgresPlace:
    """Databases of a private server, as durable as PostgreSQL is when nobody changes it."""

    name = "PostgreSQL"

    def __init__(self, server: Server, folder: Path, settings: Sequence[str]) -> None:
        """Take the server and where installations have their folders."""
        self._server = server
        self._folder = folder
        self.settings = ", ".join((*settings, "else as installed, fsync and autovacuum on"))
        with self._connect() as connection:
            shown = connection.execute("SHOW server_version").fetchone()
        self.version = str(shown[0]) if shown else "?"

    def new(self) -> Home:
        """Create a database."""
        return self._create("")

    def copy(self, home: Home) -> Home:
        """Create a database from another one."""
        return self._create(f" TEMPLATE {_database(home)}")

    def drop(self, home: Home) -> None:
        """Remove the database and the folder."""
        with self._connect() as connection:
            connection.execute(f"DROP DATABASE {_database(home)} WITH (FORCE)".encode())
        shutil.rmtree(home.folder)

    def settle(self, home: Home, tables: Sequence[str]) -> None:
        """Vacuum and analyse, as autovacuum does, which leaves other tables alone."""
        with self._connect(_database(home)) as connection:
            connection.execute(f"VACUUM (ANALYZE) {', '.join(tables)}".encode())

    def dump(self, home: Home, tables: Sequence[str], folder: Path) -> None:
        """Write the text that COPY reads."""
        with self._connect(_database(home)) as connection:
            for table in tables:
                words = f"COPY (SELECT * FROM {table}) TO STDOUT"  # noqa: S608 - a table of ours
                copying = connection.cursor().copy(words.encode())
                with copying as copy, (folder / f"{table}.postgresql").open("wb") as file:
                    for data in copy:
                        file.write(data)

    def count(self, home: Home, table: str, database: str | None) -> int:
        """Count in the database."""
        del database
        query = f"SELECT count(*) FROM {table}"  # noqa: S608 - as the script says
        with self._connect(_database(home)) as connection:
            (counted,) = connection.execute(query.encode()).fetchone() or (0,)
            return int(str(counted))

    def crash(self) -> None:
        """Let the server crash, and start again."""
        self._server.crash()
        self._server.revive()

    def _create(self, how: str) -> Home:
        name = f"bench_{next(NUMBERS)}"
        with self._connect() as connection:
            connection.execute(f"CREATE DATABASE {name}{how}".encode())
            connection.execute("CHECKPOINT")
        folder = self._folder / name
        folder.mkdir()
        return Home(url=self._server.url(name), folder=folder)

    def _connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self._server.conninfo(database), autocommit=True)


def plain(home: Home) -> str:
    """Return a database as those know it who do not know SQLAlchemy: an address or a path."""
    if home.url.startswith("sqlite:///"):
        return home.url.removeprefix("sqlite:///")
    # dlt asks for a password, even where the server asks for none
    return home.url.replace("postgresql+psycopg://", "postgresql://").replace("@", ":none@", 1)


def dsn(home: Home) -> str:
    """Return the address of a PostgreSQL database as psycopg takes it."""
    return home.url.replace("postgresql+psycopg://", "postgresql://")


@contextmanager
def places(folder: Path, wanted: Sequence[str]) -> Iterator[list[Place]]:
    """Yield what there is of the engines wanted; raise `BenchmarkError` if that is nothing."""
    with ExitStack() as stack:
        found: list[Place] = []
        if PostgresPlace.name in wanted:
            try:
                settings = _server_settings()
                server = stack.enter_context(Server(settings=settings))
                found.append(PostgresPlace(server, folder, settings))
            except MissingServerError as exc:
                print(f"without PostgreSQL: {exc}")
        if SqlitePlace.name in wanted:
            found.append(SqlitePlace(folder))
        if not found:
            msg = f"none of the engines {wanted!r} is here"
            raise BenchmarkError(msg)
        yield found


def _server_settings() -> tuple[str, ...]:
    """Return settings of a server that has the machine's memory: a quarter of it, 1 GB at most."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    shared = min(memory // 4, GIB) >> 20
    memory_and_log = (f"shared_buffers={shared}MB", "max_wal_size=8GB", "checkpoint_timeout=30min")
    return (*memory_and_log, "max_connections=200")


def _database(home: Home) -> str:
    return home.url.rsplit("/", 1)[1]
