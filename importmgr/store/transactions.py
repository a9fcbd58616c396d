"""Transactions on the store's database, with the drivers' errors translated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from destinations import engine as engines
from destinations.columns import UtcDateTime
from destinations.failures import database_errors

Transaction: TypeAlias = Connection  # what services pass on without knowing SQL
AFTER = "importmgr.after"  # what is to be done once a connection's transaction has committed
Also: TypeAlias = Callable[[Transaction], None]  # what else is to happen in a transaction


def nothing(_transaction: Transaction) -> None:
    """Do nothing else."""


@contextmanager
def writing(engine: Engine) -> Iterator[Transaction]:
    """Open a transaction that commits at the end; raise `StoreBusyError` if it cannot now.

    What was left for `after_commit` is done then, and never if it was rolled back.
    """
    with database_errors(), engine.begin() as transaction:
        transaction.info.pop(AFTER, None)  # of one that was rolled back
        yield transaction
        calls = transaction.info.pop(AFTER, ())
    for call in calls:
        call()


def after_commit(transaction: Transaction, call: Callable[[], None]) -> None:
    """Leave to `writing` what is to be done once this transaction has committed."""
    transaction.info.setdefault(AFTER, []).append(call)


@contextmanager
def reading(engine: Engine) -> Iterator[Transaction]:
    """Open a transaction that only reads; on SQLite it waits for no writer."""
    with database_errors(), engines.reading(engine).begin() as transaction:
        yield transaction


def is_postgresql(transaction: Transaction) -> bool:
    """Tell which kind of database this is."""
    return transaction.dialect.name == "postgresql"


def wait_briefly(transaction: Transaction) -> None:
    """Wait two seconds at most for whoever holds what is needed: a process may be frozen."""
    if is_postgresql(transaction):
        transaction.execute(sa.text("SET LOCAL lock_timeout = '2s'"))


def present(transaction: Transaction, ours: datetime) -> datetime:
    """Return the time that all who share the database agree on: the server's, else `ours`."""
    if not is_postgresql(transaction):
        return ours
    theirs = sa.select(sa.func.clock_timestamp(type_=UtcDateTime()))
    return transaction.execute(theirs).scalar_one()


def is_storable(text: str) -> bool:
    """Tell whether every database can hold the text; nothing stored equals one that it cannot."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
