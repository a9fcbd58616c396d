"""New databases to load into, of each engine that this machine has."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg

from tests.postgres import MissingServerError, Server

NUMBERS = itertools.count(1)


class Place(Protocol):
    """Where databases of one engine are made."""

    name: str
    version: str

    def new(self) -> str:
        """Return the URL of a new, empty database."""


class SqlitePlace:
    """Database files in a folder."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        """Take the folder."""
        import sqlite3  # noqa: PLC0415 - for its version alone

        self.version = sqlite3.sqlite_version
        self._folder = folder

    def new(self) -> str:
        """Return the URL of a file that is not there yet; remove the last one."""
        for path in self._folder.glob("bench-*"):
            path.unlink()
        return f"sqlite:///{self._folder / f'bench-{next(NUMBERS)}.db'}"


class PostgresPlace:
    """Databases of a private server with its own durability, except that nothing is fsynced."""

    name = "PostgreSQL"

    def __init__(self, server: Server) -> None:
        """Take the server."""
        self._server = server
        self._last = ""
        with psycopg.connect(server.conninfo("postgres")) as connection:
            shown = connection.execute("SHOW server_version").fetchone()
        self.version = str(shown[0]) if shown else "?"

    def new(self) -> str:
        """Return the URL of a new database; remove the last one."""
        name = f"bench_{next(NUMBERS)}"
        with psycopg.connect(self._server.conninfo("postgres"), autocommit=True) as connection:
            if self._last:
                connection.execute(f"DROP DATABASE {self._last} WITH (FORCE)".encode())
            connection.execute(f"CREATE DATABASE {name}".encode())
        self._last = name
        return self._server.url(name)


@contextmanager
def places(folder: Path) -> Iterator[list[Place]]:
    """Yield what there is: SQLite always, PostgreSQL where its programs can be found."""
    try:
        server = Server()
    except MissingServerError as exc:
        print(f"without PostgreSQL: {exc}")
        yield [SqlitePlace(folder)]
        return
    with server:
        yield [SqlitePlace(folder), PostgresPlace(server)]
