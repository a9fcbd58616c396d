"""Several batches of a run in one transaction, on SQLite."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.batches import Checkpoint, ReadyBatch
from definitions.errors import LostLeaseError
from destinations.lanes import Turn
from destinations.ledger import revoke
from tests.engines import open_engine
from tests.lanes import (
    A_WHILE,
    SOON,
    a_row,
    made_ready,
)
from tests.loading_samples import SAMPLES, Loading

WRITE = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=3, isolation_level=None)
db.execute("BEGIN IMMEDIATE")
db.execute("COMMIT")
"""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with open_engine(database_url) as engine:
        yield engine


class TestOnSqlite:
    """Where several batches have one transaction."""

    pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

    @pytest.fixture
    def commits(self, engine: Engine) -> Iterator[list[int]]:
        """Yield what grows with every commit."""
        seen: list[int] = []
        sa.event.listen(engine, "commit", lambda _connection: seen.append(1))
        return iter([seen])

    def test_batches_that_are_there_are_committed_together(
        self, engine: Engine, commits: Iterator[list[int]]
    ) -> None:
        loading, seen = Loading(engine, SAMPLES["catalogs"]), next(commits)
        turns = [Turn()]
        for _ in range(10):
            turns.append(Turn(None, turns[-1]))
        seen.clear()

        reached = loading.checkpoint
        for number, turn in enumerate(turns):
            turn.run(partial(loading.session.load, _one(loading, number), reached, turn))
            reached = turn.result()

        assert len(seen) == 2  # of eight and of three
        assert loading.session.open() == reached
        assert reached.batches == len(loading.stored()) == 11

    def test_an_error_takes_all_of_its_transaction_back(self, engine: Engine) -> None:
        loading = Loading(engine, SAMPLES["catalogs"])
        kept = loading.session.load(_one(loading, 0), loading.checkpoint)
        first = Turn()
        second = Turn(None, first)
        first.run(partial(loading.session.load, _one(loading, 1), kept, first))

        stale = replace(first.result(), batches=9)
        second.run(partial(loading.session.load, _one(loading, 2), stale, Turn()))

        with pytest.raises(LostLeaseError):
            second.result()
        assert loading.session.open() == kept
        assert len(loading.stored()) == 1

    def test_what_is_kept_for_a_batch_that_never_comes_is_rolled_back(self, engine: Engine) -> None:
        loading = Loading(engine, SAMPLES["catalogs"])
        first = Turn()
        Turn(None, first)
        first.run(partial(loading.session.load, _one(loading, 0), loading.checkpoint, first))

        loading.session.close()

        assert loading.session.open() == Checkpoint()

    def test_whoever_waits_to_write_gets_his_turn_behind_the_batch(self, engine: Engine) -> None:
        loading = Loading(engine, SAMPLES["catalogs"])
        first = Turn()
        second = Turn(None, first)
        Turn(None, second)
        first.run(partial(loading.session.load, _one(loading, 0), loading.checkpoint, first))
        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(revoke_in_vain, engine)
            while not other.running():
                threading.Event().wait(0.01)
            threading.Event().wait(A_WHILE)
            assert not other.done()
            second.run(partial(loading.session.load, _one(loading, 1), first.result(), second))
            other.result(SOON)

        assert loading.session.open().batches == 2

    def test_another_process_gets_its_chance(self, engine: Engine) -> None:
        """While batches come without a pause."""
        loading = Loading(engine, SAMPLES["catalogs"])
        batches = [_one(loading, number) for number in range(50)]
        other = subprocess.Popen([sys.executable, "-c", WRITE, str(engine.url.database)])

        turn, reached, number = Turn(), loading.checkpoint, 0
        while other.poll() is None:
            behind = Turn(None, turn)
            turn.run(partial(loading.session.load, batches[number % 50], reached, turn))
            reached, turn, number = turn.result(), behind, number + 1
        loading.session.close()

        assert other.returncode == 0


def revoke_in_vain(engine: Engine) -> None:
    """Write something that is of no importance."""
    with engine.begin() as connection:
        revoke(connection, "f" * 24, 0)


def _one(loading: Loading, number: int) -> ReadyBatch:
    """Return a batch of one item."""
    return made_ready(loading, [a_row("catalogs", str(number))])
