"""The database as services see it: a place where transactions are opened."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Engine

from importmgr.store import transactions
from importmgr.store.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Database:
    """Opens transactions; what is done in one happens as a whole or not at all."""

    engine: Engine

    def writing(self) -> AbstractContextManager[Transaction]:
        """Open a transaction that commits at its end; raise `StoreBusyError` if it cannot now."""
        return transactions.writing(self.engine)

    def reading(self) -> AbstractContextManager[Transaction]:
        """Open a transaction that only reads."""
        return transactions.reading(self.engine)

    def ping(self) -> None:
        """Return if the database answers, else raise `StoreBusyError`."""
        with self.reading() as transaction:
            transaction.execute(sa.select(1)).one()
