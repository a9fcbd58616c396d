"""Two batches of a run under way at once, committed one after the other.

A server writes what one connection brings with one processor. On PostgreSQL a load therefore has
two connections: while one batch is being written, the one behind it is written as well, in a
transaction of its own that is committed after the other, or not at all. So the ledger, the counts
and the numbers of faults are those of batches written one by one. Two batches are only written side
by side if they touch different records, and if nobody else waits for what they write into.

SQLite lets one transaction write at a time. There the batch behind waits until the one ahead was
written, and may be committed with it (`spans`).
"""

# tested by: tests/contract/test_lanes.py

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Final

from definitions.batches import Checkpoint, ReadyBatch, Tally
from destinations.bulk import bulk_for

if TYPE_CHECKING:
    import polars as pl
    from sqlalchemy import Connection

    from destinations.session import LoadSession


UNDER_WAY: Final = 2  # batches that are being written, or wait for that


class Turn:
    """One batch's place in the order of its run, while it is being written.

    Its door is for the batch behind. It opens when this one holds its locks and it is certain what
    it touches, and is shut before its transaction ends.
    """

    def __init__(self, touched: pl.Series | None = None, ahead: Turn | None = None) -> None:
        """Take the marks of what the batch touches, None if it is to be alone, and who is ahead."""
        self.is_beside = False  # whether the batch ahead let it in
        self.is_followed = False  # whether there is a batch behind already
        self._touched = touched
        self._ahead = ahead
        self._side: int | None = None  # of the lock; None: it holds all of it, or nothing
        self._opened = threading.Event()
        self._door = threading.Lock()
        self._is_shut = False
        self._ended: Future[Checkpoint] = Future()
        if ahead is not None:
            ahead.is_followed = True

    def __enter__(self) -> None:
        """Begin; the transaction has begun."""

    def __exit__(self, *_error: object) -> None:
        """Shut the door; the transaction is about to end."""
        self.shut()

    def take(self, connection: Connection, name: str, *tables: str) -> None:
        """Hold a lock until the transaction ends, with nobody but the batch ahead beside us.

        `tables` are all that are written to before the batch ahead has ended. They are locked at
        once: who waits for one that we have, to change it, must not stand between us and another.
        """
        bulk = bulk_for(connection)
        self.is_beside = self._ahead is not None and self._ahead.lets_in(self, connection, name)
        if not self.is_beside:
            self.await_ahead()
            if bulk.sides is None or self._touched is None:
                bulk.lock(connection, name)
                return
            bulk.sides.enter(connection, name)
            self._side = 0
        if bulk.sides is not None:
            bulk.sides.reserve(connection, tables)

    def open(self, *, as_foreseen: bool = True) -> None:
        """Open the door, unless what the batch touches turned out to be something else."""
        if not as_foreseen:
            self._touched = None
        self._opened.set()

    def lets_in(self, behind: Turn, connection: Connection, name: str) -> bool:
        """Let the batch behind in beside this one, if nothing speaks against it."""
        self._opened.wait()
        sides = bulk_for(connection).sides
        with self._door:  # so that this one's side is held for as long as that takes
            if sides is None or self._is_shut or self._side is None or not self._is_apart(behind):
                return False
            if not sides.join(connection, name, 1 - self._side):
                return False
            behind._side = 1 - self._side
        return True

    def shut(self) -> None:
        """Let nobody in any more."""
        with self._door:
            self._is_shut = True
        self._opened.set()

    def run(self, work: Callable[[], Checkpoint]) -> None:
        """Do the work of the turn, and keep what it returns or raises."""
        try:
            self._ended.set_result(work())
        except BaseException as exc:  # noqa: BLE001 - raised by whoever asks how the turn ended
            self._ended.set_exception(exc)
        finally:
            self.shut()  # it may not even have begun
            self._ahead = self._touched = None  # or every batch would keep the one before

    def await_ahead(self) -> Checkpoint | None:
        """Wait for the batch ahead, if there is one; return the checkpoint after it."""
        return None if self._ahead is None else self._ahead.result()

    def reached_before(self, reached: Checkpoint) -> Checkpoint:
        """Return the checkpoint before the batch, once that is known: `reached` if none is ahead.

        What stopped the batch ahead is raised.
        """
        return self.await_ahead() or reached

    def is_over(self) -> bool:
        """Tell whether the batch has ended."""
        return self._ended.done()

    def wait(self) -> None:
        """Wait for the end, whatever it is."""
        self._ended.exception()

    def result(self) -> Checkpoint:
        """Wait for the end; return the checkpoint after the batch, or raise what stopped it."""
        return self._ended.result()

    def _is_apart(self, other: Turn) -> bool:
        """Tell whether two batches touch different records."""
        if self._touched is None or other._touched is None:
            return False
        return not self._touched.is_in(other._touched.implode()).any()


class Lanes:
    """Loads the batches of a file in their order, at most two at once; to be closed.

    Each is loaded in a thread of its own, which a process that ends does not wait for.
    """

    def __init__(
        self,
        session: LoadSession,
        reached: Checkpoint,
        loaded: Callable[[Tally], None] = lambda _rows: None,
    ) -> None:
        """Take a checkpoint of the file, and whom to tell, in any thread, how rows ended."""
        self._session = session
        self._loaded = loaded
        self._reached = reached
        self._under_way: deque[Turn] = deque()
        self.given = reached.tally  # with the batches under way, whose rows count as read so far

    def load(self, batch: ReadyBatch) -> None:
        """Load a batch as `LoadSession.load` does; return when the next one may come.

        Raise what stopped one of them; then none after that one is loaded.
        """
        while self._under_way and self._under_way[0].is_over():
            self._await_first()
        turn = Turn(batch.records.touched, self._under_way[-1] if self._under_way else None)
        work = partial(self._work, batch, self._reached, turn)
        lane = partial(copy_context().run, turn.run, work)
        threading.Thread(target=lane, name="lane", daemon=True).start()
        self._under_way.append(turn)
        self.given += Tally(read=batch.read, rejected=batch.rejected)
        if len(self._under_way) == UNDER_WAY:
            self._await_first()

    def finish(self) -> Checkpoint:
        """Wait for the batches under way; return the checkpoint after them, or raise as `load`."""
        while self._under_way:
            self._await_first()
        return self._reached

    def close(self) -> None:
        """Wait for the batches under way; what stopped one of them is not raised any more."""
        for turn in self._under_way:
            turn.wait()
        self._session.close()

    def _work(self, batch: ReadyBatch, reached: Checkpoint, turn: Turn) -> Checkpoint:
        if self._session.lanes == 1:
            turn.await_ahead()
        after = self._session.load(batch, reached, turn)
        self._loaded(after.tally - turn.reached_before(reached).tally)
        return after

    def _await_first(self) -> None:
        """Wait for the batch that is first to end."""
        self._reached = self._under_way.popleft().result()
