"""Several batches of a run in one transaction, where that spares the database work.

Each transaction on SQLite writes every page that it touched to the log and waits for the disk. The
keys of a batch are all over an index, so that every batch touches most of its pages: eight batches
in one transaction write a page once instead of eight times. A transaction goes on for another batch
as long as one is there already and nobody of this process waits for his turn to write.

Other processes cannot be seen waiting. They try again ten times a second, and get their chance
behind a transaction that was as long as it may be.

A run that is killed keeps what was last committed; the batches behind that are read again.
"""

# tested by: tests/contract/test_spans.py

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine

from destinations.engine import is_awaited
from destinations.lanes import Turn

BREATH: Final = 0.11  # seconds; SQLite lets who waits look again after 0.1 at most


class Spans:
    """The transactions of one run, each of at most `most` batches, one batch at a time.

    Where there is but one batch to a transaction, several may be written at once.
    """

    def __init__(self, engine: Engine, most: int) -> None:
        """Begin without a transaction."""
        self._engine = engine
        self._most = most
        self._connection: Connection | None = None  # in a transaction
        self._batches = 0

    @contextmanager
    def batch(self, turn: Turn) -> Iterator[Connection]:
        """Yield the transaction of a batch; commit it behind that unless the next is there.

        An error rolls all batches of the transaction back.
        """
        if self._most == 1:
            with self._engine.begin() as connection:
                yield connection
            return
        try:
            connection = self._entered()
            yield connection
            if self._batches == self._most or not turn.is_followed or is_awaited(connection):
                connection.commit()
        except BaseException:
            self.close()
            raise
        if not connection.in_transaction():
            self.close()
            if self._batches == self._most and turn.is_followed:
                threading.Event().wait(BREATH)

    def close(self) -> None:
        """Roll back what is not committed."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _entered(self) -> Connection:
        """Return the transaction with one batch more, begun if there is none."""
        if self._connection is None:
            self._connection = self._engine.connect()
            self._connection.begin()
            self._batches = 0
        self._batches += 1
        return self._connection
