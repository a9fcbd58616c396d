"""Two batches of a run at once: written side by side, committed one after the other.

A server writes what one connection brings with one processor. Where it can, a load therefore has
two connections: while one batch is being written, the one behind it is written as well, in a
transaction of its own that is committed after the other, or not at all. So the ledger, the counts
and the numbers of faults are those of batches written one by one.

Two batches are only written side by side if they touch different records, and if nobody else waits
for what they write into.
"""

# tested by: tests/contract/test_lanes.py

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING

from definitions.batches import Checkpoint, ReadyBatch, Tally
from destinations.bulk import bulk_for

if TYPE_CHECKING:
    import polars as pl
    from sqlalchemy import Connection

    from destinations.session import LoadSession


class Turn:
    """One batch's place in the order of its run, while it is being written."""

    def __init__(self, touched: pl.Series | None = None, ahead: Turn | None = None) -> None:
        """Take the marks of what the batch touches, None if it is to be alone, and who is ahead."""
        self.is_beside = False  # whether the batch ahead let it in
        self._touched = touched
        self._ahead = ahead
        self._side: int | None = None  # of the lock; None: it holds all of it, or nothing
        self._entered = threading.Event()
        self._door = threading.Lock()
        self._leaving = False
        self._ended: Future[Checkpoint] = Future()

    def __enter__(self) -> None:
        """Begin; the transaction has begun."""

    def __exit__(self, *_error: object) -> None:
        """Leave, before the transaction ends."""
        self.leave()

    def take(self, connection: Connection, name: str) -> None:
        """Hold a lock until the transaction ends, with nobody but the batch ahead beside us."""
        bulk = bulk_for(connection)
        self.is_beside = self._ahead is not None and self._ahead.lets_in(self, connection, name)
        if not self.is_beside:
            self.follow()
            if bulk.sides is None or self._touched is None:
                bulk.lock(connection, name)
            else:
                bulk.sides.enter(connection, name)
                self._side = 0
        self._entered.set()

    def lets_in(self, behind: Turn, connection: Connection, name: str) -> bool:
        """Let the batch behind in beside this one, if nothing speaks against it."""
        self._entered.wait()
        sides = bulk_for(connection).sides
        with self._door:  # so that this one's side is held for as long as that takes
            if sides is None or self._leaving or self._side is None or not self._is_apart(behind):
                return False
            if not sides.join(connection, name, 1 - self._side):
                return False
            behind._side = 1 - self._side
        return True

    def behind(self, reached: Checkpoint) -> Checkpoint:
        """Return the checkpoint before the batch, once that is known: `reached` if none is ahead.

        What stopped the batch ahead is raised.
        """
        return self.follow() or reached

    def run(self, work: Callable[[], Checkpoint]) -> None:
        """Do the work of the turn, and keep what it returns or raises."""
        try:
            self._ended.set_result(work())
        except BaseException as exc:  # noqa: BLE001 - raised by whoever asks how the turn ended
            self._ended.set_exception(exc)
        finally:
            self.leave()  # it may not even have begun
            self._ahead = self._touched = None  # or every batch would keep the one before

    def leave(self) -> None:
        """Let nobody in any more."""
        with self._door:
            self._leaving = True
        self._entered.set()

    def follow(self) -> Checkpoint | None:
        """Wait for the batch ahead, if there is one; return the checkpoint after it."""
        return None if self._ahead is None else self._ahead.result()

    def result(self) -> Checkpoint:
        """Wait for the end; return the checkpoint after the batch, or raise what stopped it."""
        return self._ended.result()

    def is_committed(self) -> bool:
        """Wait for the end, and tell whether nothing stopped the batch."""
        return self._ended.exception() is None

    def _is_apart(self, other: Turn) -> bool:
        """Tell whether two batches touch different records."""
        if self._touched is None or other._touched is None:
            return False
        return not self._touched.is_in(other._touched.implode()).any()


class Lanes:
    """Loads the batches of a file, two at once where that is possible; to be closed."""

    def __init__(
        self,
        session: LoadSession,
        reached: Checkpoint,
        committed: Callable[[Tally], None] = lambda _rows: None,
    ) -> None:
        """Take a checkpoint of the file, and whom to tell how the rows of each batch ended."""
        self._session = session
        self._committed = committed
        self._reached = reached
        self._under_way: deque[Turn] = deque()
        self._lanes = session.lanes
        self._pool = ThreadPoolExecutor(self._lanes, "lane") if self._lanes > 1 else None
        self.given = reached.tally  # with the batches under way, whose rows count as read so far

    def load(self, batch: ReadyBatch) -> None:
        """Load a batch as `LoadSession.load` does; return when the next one may come.

        Raise what stopped one of them; then none after that one is loaded.
        """
        turn = Turn(batch.records.touched, self._under_way[-1] if self._under_way else None)
        self._under_way.append(turn)
        self.given += Tally(read=batch.read, rejected=batch.rejected)
        load = partial(self._session.load, batch, self._reached, turn)
        if self._pool is None:
            turn.run(load)
        else:
            self._pool.submit(copy_context().run, turn.run, load)
        if len(self._under_way) == self._lanes:
            self._await_first()

    def finish(self) -> Checkpoint:
        """Wait for the batches under way; return the checkpoint after them, or raise as `load`."""
        while self._under_way:
            self._await_first()
        return self._reached

    def close(self) -> None:
        """Wait for the batches under way; what stopped one of them is not raised any more."""
        while self._under_way and self._under_way[0].is_committed():
            self._await_first()
        if self._pool is not None:
            self._pool.shutdown()

    def _await_first(self) -> None:
        """Wait for the batch that is first to end."""
        before, self._reached = self._reached, self._under_way.popleft().result()
        self._committed(self._reached.tally - before.tally)
