"""PostgreSQL databases for tests: one is emptied and lent again, since a new one costs far more.

```python
with databases.lend("migrated") as url:
    ...
```
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from psycopg import sql

from tests.postgres import Server

EMPTY = "template1"
VERSION = "alembic_version"

_OURS = """
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'
"""
_SHAPE = f"SELECT nspname, relname, relkind, relnatts {_OURS} ORDER BY nspname, relname"
_FILLED = (
    f"SELECT nspname, relname {_OURS} AND relkind = 'r' AND pg_relation_size(pg_class.oid) > 0"
)
_VERSIONS = f"SELECT version_num FROM {VERSION} ORDER BY version_num"
_DISCONNECT = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"


class Databases:
    """The databases of one server."""

    def __init__(self, server: Server, connection: psycopg.Connection) -> None:
        """Take the server and a connection to it that may create databases."""
        self._server = server
        self._connection = connection
        self._numbers = itertools.count(1)
        self._idle: defaultdict[str, list[str]] = defaultdict(list)
        self._shapes: dict[str, Sequence[object]] = {}

    def new_name(self) -> str:
        """Return a name that no database of the server has had."""
        return f"test_{next(self._numbers)}"

    def create(self, name: str, *, template: str) -> str:
        """Make a database as a copy of another one and return its URL."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self._server.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        statement = sql.SQL("DROP DATABASE {} WITH (FORCE)")
        self._connection.execute(statement.format(sql.Identifier(name)))

    @contextmanager
    def lend(self, template: str) -> Iterator[str]:
        """Yield the URL of a database that equals `template` and is nobody else's meanwhile."""
        idle = self._idle[template]
        name = idle.pop() if idle else self._copy(template)
        yield self._server.url(name)
        self._connection.execute(_DISCONNECT, [name])
        with psycopg.connect(self._server.conninfo(name), autocommit=True) as inside:
            _empty(inside)
            as_it_was = _shape(inside) == self._shapes[template]
        if as_it_was:
            idle.append(name)
        else:
            self.drop(name)

    def _copy(self, template: str) -> str:
        """Make a copy of `template`, and remember how that looks."""
        name = self.new_name()
        self.create(name, template=template)
        if template not in self._shapes:
            with psycopg.connect(self._server.conninfo(name), autocommit=True) as inside:
                self._shapes[template] = _shape(inside)
        return name


def _empty(inside: psycopg.Connection) -> None:
    """Delete every row but those that tell the version of the tables."""
    filled = [found for found in inside.execute(_FILLED).fetchall() if found[1] != VERSION]
    if filled:
        names = sql.SQL(", ").join(sql.Identifier(*found) for found in filled)
        inside.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))


def _shape(inside: psycopg.Connection) -> Sequence[object]:
    """Return every table, index and sequence, and the version of the tables."""
    shape = inside.execute(_SHAPE).fetchall()
    versioned = any(found[1] == VERSION for found in shape)
    return [*shape, *(inside.execute(_VERSIONS).fetchall() if versioned else [])]
