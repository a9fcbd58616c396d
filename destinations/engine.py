"""The database engine, set right for exactly-once loading on SQLite and PostgreSQL."""

from __future__ import annotations

from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from destinations.bulk.sqlite.connection import prepare_sqlite_connection
from destinations.fair_lock import FairLock

BUSY_SECONDS = 10.0
WRITING = "IMMEDIATE"
LOCK = "importmgr.write_lock"  # the one that a connection holds

# Waiting for ever would hide a stuck executor; whoever is frozen gives its locks back, the batch of
# a run when its lease is over (`importmgr.store.frozen`). Compiling a statement takes a second
# where it seems large, and a batch has several that do and take less. Who waited for a lock must
# see what its last holder committed, whatever the database isolates by default. Nor may a database
# round numbers, or read bytes in the old way, in which the driver does not write them.
_POSTGRESQL_OPTIONS = (
    "-c lock_timeout=60s -c idle_in_transaction_session_timeout=5min -c jit=off "
    r"-c default_transaction_isolation=read\ committed "
    "-c extra_float_digits=3 -c standard_conforming_strings=on"
)

# A server that is gone without a word, and its machine with it, is noticed within a minute.
_PATIENCE = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,  # milliseconds until what was sent must be acknowledged
}


def create_engine(url: str) -> Engine:
    """Return an engine whose every transaction is safe to write in; see `reading` for the others.

    SQLite: WAL, so that readers never wait for a batch; `synchronous=FULL`, so that an answer once
    given outlives a power cut (batches are large: it costs them nothing that can be measured);
    every transaction begins IMMEDIATE, because one that turns from reading to writing cannot wait
    for its turn. PostgreSQL: no statement is prepared behind the scenes, so that no plan outlives
    the table sizes it was made for, and poolers that share sessions work.
    """
    if sa.make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    arguments = {
        "application_name": "importmgr",
        "client_encoding": "UTF8",  # that of what is copied, whatever the database's own
        "prepare_threshold": None,
        "options": _POSTGRESQL_OPTIONS,
        **_PATIENCE,
    }
    return sa.create_engine(
        url,
        pool_pre_ping=True,
        pool_use_lifo=True,  # a load stays with one process of the server, which is warm
        hide_parameters=True,
        pool_size=10,
        max_overflow=50,  # a load has three for moments
        connect_args=arguments,
    )


def reading(engine: Engine) -> Engine:
    """Return the same engine, whose transactions do not write; on SQLite they wait for nobody."""
    return engine.execution_options(sqlite_begin="DEFERRED")


def _sqlite_engine(url: str) -> Engine:
    """Take the transactions out of the driver's hands, which would begin them too late."""
    arguments = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = sa.create_engine(url, hide_parameters=True, connect_args=arguments)
    lock = FairLock()
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", partial(_begin, lock))
    event.listen(engine, "checkin", partial(_give_lock, lock))
    return engine


def _prepare(dbapi_connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
    """Prepare a new connection of the pool."""
    prepare_sqlite_connection(dbapi_connection)


def _begin(lock: FairLock, connection: Connection) -> None:
    """Begin as the execution option `sqlite_begin` says, IMMEDIATE unless told.

    Writers of this process wait for each other; one that waits too long leaves it to SQLite.
    """
    how = connection.get_execution_options().get("sqlite_begin", WRITING)
    if how == WRITING and not connection.info.get(LOCK):
        connection.info[LOCK] = lock if lock.take(within=BUSY_SECONDS) else None
    connection.exec_driver_sql(f"BEGIN {how}")


def _give_lock(lock: FairLock, connection: Any, record: ConnectionPoolEntry) -> None:  # noqa: ANN401 - the driver's own
    """Give back the lock of a connection that goes back to the pool, whatever became of its work.

    A commit that failed may leave its transaction open, and SQLAlchemy takes it for ended.
    """
    if connection is not None and connection.in_transaction:
        connection.rollback()
    if record.info.pop(LOCK, None):
        lock.give()


def is_awaited(connection: Connection) -> bool:
    """Tell whether somebody of this process waits for a writer on SQLite to end, or may."""
    lock: FairLock | None = connection.info.get(LOCK)
    return lock is None or lock.is_awaited
