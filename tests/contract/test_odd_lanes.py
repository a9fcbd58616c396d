"""Batches under way at once where what was foreseen, or hoped for, is not so."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.batches import Tally
from destinations.lanes import Lanes
from tests.engines import open_engine
from tests.lanes import (
    SOON,
    Batches,
    a_row,
    await_waiter,
    load_all,
    load_while_held,
    made_ready,
    on_postgresql,
)
from tests.loading_samples import SAMPLES, Loading


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with open_engine(database_url) as engine:
        yield engine


class TestOddLoads:
    """Where what was foreseen of a batch, or hoped for, is not so."""

    pytestmark = on_postgresql

    def test_bad_luck_of_one_batch_is_none_of_the_other(self, engine: Engine) -> None:
        """An id of the second batch is there, unseen; the first is being copied meanwhile."""
        for start, kind in enumerate(sorted(SAMPLES), 1):
            for number in range(3):
                loading = Loading(engine, SAMPLES[kind], number=10 * start + number)
                loading.load([a_row(kind, "b01001")])
                first, second = (
                    made_ready(loading, [a_row(kind, f"{side}{n:05}") for n in range(4000)])
                    for side in "ab"
                )

                tally = load_all(loading, first, second).tally

                assert (tally.read, tally.created) == (8001, 8000)
        with engine.begin() as connection:
            orphans = sa.text(
                "SELECT count(*) FROM customer_ids i "
                "WHERE NOT EXISTS (SELECT FROM customers c WHERE c.id = i.customer_id)"
            )
            assert connection.execute(orphans).scalar() == 0

    @pytest.mark.parametrize("kind", ["customers", "events"])
    def test_nobody_comes_beside_a_batch_that_is_not_as_foreseen(
        self, engine: Engine, kind: str
    ) -> None:
        """Its customer was nobody when it was prepared, and is known to the batch behind."""
        loading = Loading(engine, SAMPLES[kind])
        first = made_ready(loading, [a_row(kind, "x", p=1)])
        loading.load([a_row(kind, "x", o=0)])
        second = made_ready(loading, [a_row(kind, "x", p=1)])

        tally = load_while_held(loading, first, second)

        last = {"customers": Tally(unchanged=1), "events": Tally(skipped=1)}[kind]
        changed = {"customers": Tally(updated=1), "events": Tally(created=1)}[kind]
        assert tally == Tally(read=3, created=1) + last + changed

    def test_whoever_changes_a_table_does_not_come_between(self, engine: Engine) -> None:
        """He waits for both batches, and the one ahead, which writes last, not for him."""
        batches = Batches(engine=engine)
        made = sa.text("CREATE INDEX ix_other ON catalog_items (import_hash)")

        with batches.under_way() as done, engine.connect() as connection:
            assert batches.watched.await_writes(1, 3)
            with ThreadPoolExecutor(1) as pool:
                index = pool.submit(connection.execute, made)
                await_waiter(engine, "relation")
                batches.watched.go_on[1].set()
                batches.watched.go_on[3].set()
                index.result(SOON)
            connection.rollback()

        assert done.result().tally == Tally(read=4, created=4)

    def test_events_of_one_time_stay_in_file_order(self, engine: Engine) -> None:
        loading = Loading(engine, SAMPLES["events"])
        loading.load([a_row("events", "x", o=0)])
        parts = [made_ready(loading, [a_row("events", "x", p=n)]) for n in range(8)]

        load_all(loading, *parts)

        with engine.begin() as connection:
            found = connection.execute(sa.text("SELECT properties ->> 'p' FROM events ORDER BY id"))
            assert found.scalars().all() == [None, *map(str, range(8))]


def test_a_thread_that_cannot_be_had_ends_the_load(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading = Loading(engine, SAMPLES["catalogs"])
    first, second = (made_ready(loading, [a_row("catalogs", key)]) for key in "ab")
    with closing(Lanes(loading.session, loading.checkpoint)) as lanes:
        lanes.load(first)
        monkeypatch.setattr(threading.Thread, "start", _refuse)
        with pytest.raises(RuntimeError):
            lanes.load(second)
    monkeypatch.undo()

    assert loading.session.open().batches in {0, 1}
    assert Loading(engine, SAMPLES["catalogs"], number=2).load([a_row("catalogs", "c")]).created


@pytest.mark.parametrize(
    "module",
    ["definitions.compiled", "destinations.identity", "destinations.bulk.postgresql.binary"],
)
def test_what_threads_would_import_at_once_is_there_before_they_begin(module: str) -> None:
    """NumPy's `ma`, which it looks for without end while another thread is importing it."""
    code = f"import sys, {module}; sys.exit('numpy.ma' not in sys.modules)"

    subprocess.run([sys.executable, "-c", code], check=True)


def _refuse(_thread: threading.Thread) -> None:
    msg = "can't start new thread"
    raise RuntimeError(msg)
