"""Engines of databases for tests, and a watch over every test: it may leave no connection open.

It sees those of engines, and those to SQLite that are made without one; the driver of PostgreSQL
warns of its own.

```python
with open_engine(database_url) as engine:
    ...
```

A connection that nobody closes is closed when Python collects it. From 3.13 on Python warns of one
to SQLite then, in whichever test happens to run. Here the test that left it open fails, on every
version and every database.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine, event

from destinations.engine import create_engine


@contextmanager
def open_engine(url: str) -> Iterator[Engine]:
    """Open an engine as the product has it, and close it."""
    engine = create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


@dataclass(slots=True)
class Watch:
    """The connections that were made during one test, and where they lead."""

    connections: list[tuple[Any, str]] = field(default_factory=list)

    def begin(self) -> None:
        """Forget the test before; engines that are there already, as of a module, keep theirs."""
        self.connections = []

    def takes_connection(
        self, connection: sqlite3.Connection, database: object, *_: object, **__: object
    ) -> None:
        """Note a connection that was made without an engine."""
        self.connections.append((connection, str(database)))

    def takes(self, engine: Engine, *_: object, **__: object) -> None:
        """Note what an engine of this test connects, from now on."""
        ours, url = self.connections, engine.url.render_as_string()
        event.listen(engine, "connect", lambda connection, _: ours.append((connection, url)))

    def left(self) -> list[str]:
        """Close what is open still, and return where it leads."""
        found = [(connection, url) for connection, url in self.connections if _is_open(connection)]
        for connection, _ in found:
            connection.close()
        return [url for _, url in found]


watch = Watch()


def pytest_configure() -> None:
    """Look on where engines and connections are made; engines do not connect by that function."""
    _look_on(sa, "create_engine", watch.takes)
    _look_on(sqlite3, "connect", watch.takes_connection)


@pytest.fixture(autouse=True)
def _no_connection_left() -> Iterator[None]:
    """Fail a test that leaves a connection open; its other fixtures have ended by then."""
    watch.begin()
    yield
    left = watch.left()
    if left:
        pytest.fail(f"left connections open, close them or their engines: {', '.join(left)}")


def _look_on(module: ModuleType, name: str, then: Callable[..., object]) -> None:
    """Call `then` with what a function returns and what it was given."""
    original = getattr(module, name)

    @functools.wraps(original)
    def looked_on(*args: Any, **more: Any) -> Any:  # noqa: ANN401 - any function
        result = original(*args, **more)
        then(result, *args, **more)
        return result

    setattr(module, name, looked_on)


def _is_open(connection: Any) -> bool:  # noqa: ANN401 - of any driver
    if not isinstance(connection, sqlite3.Connection):
        return not connection.closed
    try:
        connection.total_changes  # noqa: B018 - refused by one that is closed
    except sqlite3.ProgrammingError:
        return False
    return True
