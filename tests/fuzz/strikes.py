"""What goes wrong while loads are under way, at statements that are drawn by a seed.

Sessions are ended by the server, before a statement, before a commit and behind one whose answer
never comes; locks and statements are waited for too briefly; on SQLite the driver refuses. Which
statement is struck is drawn in the order in which statements come, and that is not the same at
every time where several threads send them.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from sqlalchemy import Engine, event

BUSY: Final = "busy"
PAUSE: Final = 0.004  # seconds at most before a statement, so that threads meet in other orders
_END = "SELECT pg_terminate_backend(%s, 5000)"
_END_ANY = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND application_name LIKE 'importmgr run%%'
ORDER BY random() LIMIT 1
"""


@dataclass
class Strikes:
    """So many strikes at most, each before one of some statements; 0: statements only pause.

    `kills` is the number of the statement before which the process kills itself.
    """

    rng: random.Random
    most: int
    share: float = 0.02
    kills: int | None = None
    done: list[str] = field(default_factory=list)
    _count: int = 0
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _calm: bool = False

    def calm(self) -> None:
        """Strike no more."""
        self._calm = True

    @contextmanager
    def at(self, engine: Engine) -> Iterator[None]:
        """Strike what the engine does."""
        dialect = engine.dialect
        commit = dialect.do_commit
        event.listen(engine, "before_cursor_execute", self._before)
        dialect.do_commit = self._committing(commit)  # type: ignore[assignment, method-assign]
        try:
            yield
        finally:
            self.calm()
            event.remove(engine, "before_cursor_execute", self._before)
            dialect.do_commit = commit  # type: ignore[method-assign]

    def _drawn(self, kinds: tuple[str, ...]) -> tuple[str | None, float]:
        """Return what strikes now, and how long to wait before."""
        with self._guard:
            self._count += 1
            if self._count == self.kills:
                os.kill(os.getpid(), signal.SIGKILL)
            pause = self.rng.random() * PAUSE if self.rng.random() < 0.2 else 0.0
            strikes = len(self.done) < self.most and self.rng.random() < self.share
            if self._calm or not strikes:
                return None, 0.0 if self._calm else pause
            kind = self.rng.choice(kinds)
            self.done.append(kind)
            return kind, pause

    def _before(self, connection: sa.Connection, _cursor: object, *_statement: object) -> None:
        driver = connection.connection.driver_connection
        on_sqlite = isinstance(driver, sqlite3.Connection)
        kinds = (BUSY, "full") if on_sqlite else ("end", "end", "end any", "lock", "statement")
        kind, pause = self._drawn(kinds)
        if pause:
            threading.Event().wait(pause)
        if kind is None:
            return
        if on_sqlite:
            raise _refusal(kind)
        self._strike(kind, driver)

    def _strike(self, kind: str, driver: Any) -> None:  # noqa: ANN401 - psycopg's connection
        if kind in {"lock", "statement"}:
            if driver.info.transaction_status is psycopg.pq.TransactionStatus.INTRANS:
                driver.execute(f"SET LOCAL {kind}_timeout = '1ms'")
            return
        _end(driver, any_one=kind == "end any")

    def _committing(self, commit: Callable[[Any], None]) -> Callable[[Any], None]:
        def committed(pooled: Any) -> None:  # noqa: ANN401 - the driver's own
            kind, _ = self._drawn(("before", "behind"))
            driver = getattr(pooled, "driver_connection", pooled)
            on_sqlite = isinstance(driver, sqlite3.Connection)
            if kind == "before" and on_sqlite:
                raise _refusal(BUSY)
            if kind == "before":
                _end(driver)
            commit(pooled)
            if kind == "behind" and on_sqlite:
                raise _refusal(BUSY)
            if kind == "behind":
                _end(driver)
                msg = "the connection is lost"
                raise psycopg.OperationalError(msg)

        return committed


def _refusal(kind: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("struck")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY if kind == BUSY else sqlite3.SQLITE_FULL
    return error


def _end(driver: Any, *, any_one: bool = False) -> None:  # noqa: ANN401 - psycopg's connection
    """Let the server end a session, or one of a run's."""
    with psycopg.connect(driver.info.dsn, autocommit=True, application_name="striker") as striker:
        if any_one:
            striker.execute(_END_ANY)
        else:
            striker.execute(_END, [driver.info.backend_pid])
