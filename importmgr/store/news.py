"""News of the queue: whoever puts a run into it says so, and executors need not look to know.

On PostgreSQL a transaction says it by NOTIFY, to all processes, when it commits; on SQLite it is
said in this process. News may be lost with a connection, so executors look now and then all the
same, but seldom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from destinations.failures import database_errors
from importmgr.store.transactions import Transaction, is_postgresql

CHANNEL = "importmgr_queue"
ANNOUNCED = "importmgr.announced"  # whether a connection's transaction has put a run into the queue


def announce(transaction: Transaction) -> None:
    """Say, once the transaction has committed, that a run waits which may start."""
    if is_postgresql(transaction):
        transaction.execute(sa.text(f"NOTIFY {CHANNEL}"))
    else:
        transaction.info[ANNOUNCED] = True


def hear_own(engine: Engine, ring: Callable[[], None]) -> None:
    """Call `ring` after each transaction of this SQLite engine that announced something."""

    def returned(_connection: object, record: ConnectionPoolEntry) -> None:
        if record.info.pop(ANNOUNCED, False):
            ring()

    event.listen(engine, "checkin", returned)


@contextmanager
def listening(engine: Engine) -> Iterator[Callable[[float], bool]]:
    """Listen on a connection of its own to what all processes announce on PostgreSQL.

    Yield what waits for news, so many seconds at most, and tells whether there was some. Raise
    `StoreBusyError` when the connection cannot be had, or breaks.
    """
    with database_errors():
        pooled = engine.raw_connection()
        pooled.detach()  # it is nobody else's from now on
        driver: Any = pooled.dbapi_connection
        try:
            driver.autocommit = True
            driver.execute(f"LISTEN {CHANNEL}")
            yield lambda seconds: any(True for _ in driver.notifies(timeout=seconds, stop_after=1))
        finally:
            driver.close()
            pooled.invalidate()  # else the pool would roll back on it, and tell of that at length
