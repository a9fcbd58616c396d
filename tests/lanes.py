"""Batches under way at once: runs that load them, and can be watched and stopped at it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from definitions.batches import Checkpoint, Position, ReadyBatch, Records, Tally
from definitions.errors import StoreBusyError
from destinations.base import Destination
from destinations.bulk import Bulk, Connect
from destinations.lanes import Lanes, Turn
from destinations.session import LoadSession
from tests.loading import CustomerRow, EventRow, ItemRow, item_records, ready
from tests.loading_samples import SAMPLES, Loading

SOON = 20.0  # seconds within which something must happen
A_WHILE = 0.3  # seconds in which something must not

on_postgresql = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]


@dataclass(kw_only=True)
class Watched:
    """A destination whose every write ends when it is let go on, and says that it began to wait."""

    real: Destination
    wrote: list[int] = field(default_factory=list)
    go_on: dict[int, threading.Event] = field(default_factory=dict)
    fails: frozenset[int] = frozenset()
    has_written: threading.Condition = field(default_factory=threading.Condition)

    def prepare(self, records: Records, bulk: Bulk, connect: Connect) -> Records:
        """Prepare as the real one does."""
        return self.real.prepare(records, bulk, connect)

    def write(self, connection: Connection, records: Records, turn: Turn | None = None, /) -> Tally:
        """Write, tell of the first row, and wait."""
        row = int(records.frame["row"][0])
        tally = self.real.write(connection, records, turn)
        with self.has_written:
            self.wrote.append(row)
            self.has_written.notify_all()
        assert self.go_on.get(row, _open()).wait(SOON)
        if row in self.fails:
            msg = "away"
            raise StoreBusyError(msg)
        return tally

    def await_writes(self, *rows: int, within: float = SOON) -> bool:
        """Wait until batches that begin with these rows were written; tell whether they were."""
        with self.has_written:
            return self.has_written.wait_for(lambda: set(rows) <= set(self.wrote), within)


def _open() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


@dataclass(kw_only=True)
class Batches:
    """A run that loads two batches of items, each of which waits after it was written."""

    engine: Engine
    keys: tuple[Sequence[str], Sequence[str]] = (("a", "b"), ("c", "d"))
    fails: frozenset[int] = frozenset()
    loading: Loading = field(init=False)
    watched: Watched = field(init=False)
    session: LoadSession = field(init=False)
    reached: Checkpoint = field(init=False)

    def __post_init__(self) -> None:
        self.loading = Loading(self.engine, SAMPLES["catalogs"])
        go_on = {1: threading.Event(), 3: threading.Event()}
        self.watched = Watched(real=self.loading.destination(), go_on=go_on, fails=self.fails)
        self.session = self.opened()
        self.reached = self.session.open()

    def opened(self) -> LoadSession:
        """Return what writes the run."""
        return LoadSession(self.engine, self.watched, run_id=f"{1:024}", token=1)

    @contextmanager
    def under_way(self) -> Iterator[Future[Checkpoint]]:
        """Load both batches in a thread; yield what comes of it; let go on what still waits."""
        with ThreadPoolExecutor(1) as pool:
            try:
                yield pool.submit(self._load)
            finally:
                for event in self.watched.go_on.values():
                    event.set()

    def _load(self) -> Checkpoint:
        with closing(Lanes(self.session, self.reached)) as lanes:
            for first, keys in zip((1, 3), self.keys, strict=True):
                lanes.load(self._batch(first, keys))
            return lanes.finish()

    def _batch(self, first: int, keys: Sequence[str]) -> ReadyBatch:
        rows = [ItemRow(item_id=key, properties={"row": first}) for key in keys]
        records = self.session.prepare(item_records(rows, first=first), self.reached)
        end = Position(byte=first, row=first + 2, line=first + 2)
        return ready(records, read=len(rows), end=end)

    def items(self) -> Sequence[object]:
        """Return what is stored."""
        return self.loading.stored()


def a_row(kind: str, key: str, **properties: int) -> Any:  # noqa: ANN401 - of three kinds
    """Return a row for a kind of destination, known by its key."""
    if kind == "catalogs":
        return ItemRow(item_id=key, properties=properties)
    ids = {"a": key, "b": None}
    if kind == "customers":
        return CustomerRow(ids=ids, properties=properties)
    return EventRow(ids=ids, properties=properties, timestamp=5.0)


def made_ready(loading: Loading, rows: Sequence[Any]) -> ReadyBatch:
    """Return rows as a batch that is prepared now."""
    records = loading.sample.records(rows, first=1)
    return ready(loading.session.prepare(records, loading.checkpoint), read=len(rows))


def load_all(loading: Loading, *batches: ReadyBatch) -> Checkpoint:
    """Load batches by lanes; return the checkpoint after them."""
    with closing(Lanes(loading.session, loading.checkpoint)) as lanes:
        for batch in batches:
            lanes.load(batch)
        return lanes.finish()


def load_while_held(loading: Loading, first: ReadyBatch, second: ReadyBatch) -> Tally:
    """Load two batches of which the second one must wait for the first; return the counts."""
    watched = Watched(real=loading.destination(), go_on={1: threading.Event()})
    session = LoadSession(loading.engine, watched, run_id=f"{1:024}", token=1)
    with closing(Lanes(session, loading.checkpoint)) as lanes, ThreadPoolExecutor(1) as pool:
        lanes.load(first)
        loaded = pool.submit(lanes.load, second)
        assert watched.await_writes(1)
        threading.Event().wait(A_WHILE)
        assert watched.wrote == [1]
        watched.go_on[1].set()
        loaded.result(SOON)
        return lanes.finish().tally


def await_waiter(engine: Engine, kind: str = "advisory") -> None:
    """Wait until a session waits for a lock of that kind."""
    waits = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = :kind AND NOT granted")
    for _ in range(200):
        with engine.begin() as connection:
            if connection.execute(waits, {"kind": kind}).scalar():
                return
        threading.Event().wait(0.05)
    pytest.fail("nobody waits")
