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
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from tests.postgres import Server

if TYPE_CHECKING:
    from tests.canary import Watch

EMPTY = "template1"
VERSION = "alembic_version"
SEEN_ROWS = 10_000  # of a table that are looked through for secrets

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

    def __init__(self, server: Server, connection: psycopg.Connection, watch: Watch) -> None:
        """Take the server, a connection to it that may create databases, and who looks at them."""
        self._watch = watch
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

    def create_in(self, encoding: str) -> str:
        """Make a database without tables that has another encoding, and return its name."""
        name = self.new_name()
        statement = sql.SQL(
            "CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE 'C' LC_CTYPE 'C'"
        )
        self._connection.execute(statement.format(sql.Identifier(name), encoding))
        return name

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
            look_through(inside, self._watch)
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


def _filled(inside: psycopg.Connection) -> list[sql.Identifier]:
    """Return the tables with rows, but for that of the version of the tables."""
    found = inside.execute(_FILLED).fetchall()
    return [sql.Identifier(*names) for names in found if names[1] != VERSION]


def look_through(inside: psycopg.Connection, watch: Watch) -> None:
    """Let the watch over secrets see what a test has left in the tables, if it has any."""
    for table in _filled(inside) if watch.secrets else ():
        some = sql.SQL("COPY (SELECT * FROM {} LIMIT {}) TO STDOUT").format(table, SEEN_ROWS)
        with inside.cursor().copy(some) as rows:
            watch.looks_at(f"table {table.as_string(inside)}", b"".join(map(bytes, rows)))


def _empty(inside: psycopg.Connection) -> None:
    """Delete every row but those that tell the version of the tables."""
    filled = _filled(inside)
    if filled:
        inside.execute(
            sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(sql.SQL(", ").join(filled))
        )


def _shape(inside: psycopg.Connection) -> Sequence[object]:
    """Return every table, index and sequence, and the version of the tables."""
    shape = inside.execute(_SHAPE).fetchall()
    versioned = any(found[1] == VERSION for found in shape)
    return [*shape, *(inside.execute(_VERSIONS).fetchall() if versioned else [])]
