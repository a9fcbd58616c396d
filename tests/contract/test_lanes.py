"""Batches under way at once: what is loaded, who is let in between, and what a failure leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from definitions.batches import ReadyBatch, Tally
from definitions.errors import LostLeaseError, StoreBusyError
from definitions.faults import Fault, FaultCode
from destinations.bulk import bulk_for
from destinations.bulk.postgresql.sides import SIDES
from destinations.lanes import Lanes
from destinations.ledger import revoke
from destinations.live import CustomerWrite, write_customer
from destinations.registry import DESTINATIONS
from destinations.tables import run_faults
from tests.engines import open_engine
from tests.lanes import (
    A_WHILE,
    SOON,
    Batches,
    await_waiter,
    load_while_held,
    on_postgresql,
)
from tests.loading import (
    CustomerRow,
    ItemRow,
    context,
    customer_records,
    ready,
    stored_customers,
)
from tests.loading_samples import SAMPLES, Loading, Sample, seeded

NAME = "importmgr:items:1"  # of a lock


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with open_engine(database_url) as engine:
        yield engine


def fault(row: int) -> Fault:
    return Fault(
        file="f",
        row=row,
        line=row,
        column="c",
        value="x",
        code=FaultCode.NOT_A_NUMBER,
        message="is not a number",
        rejects_row=False,
    )


@pytest.mark.parametrize("kind", sorted(DESTINATIONS))
@pytest.mark.parametrize("spread", [1, 100])
def test_what_lanes_load_is_what_batches_leave_one_by_one(
    engine: Engine, kind: str, spread: int
) -> None:
    """With batches that have things in common, and without."""
    count = 60 * spread
    sample = SAMPLES[kind]
    rows = sample.rows(seeded(11), count)[:200]
    one_by_one, at_once = (Loading(engine, sample, number=number) for number in (1, 2))
    for at in range(0, len(rows), 9):
        expected = one_by_one.load(rows[at : at + 9])
    told: list[Tally] = []

    with closing(Lanes(at_once.session, at_once.checkpoint, told.append)) as lanes:
        for at in range(0, len(rows), 9):
            lanes.load(_part(at_once, sample, rows, at))
        after = lanes.finish()

    assert at_once.stored() == one_by_one.stored()
    assert after == at_once.session.open()
    assert (after.tally, sum(told, Tally())) == (expected, expected)
    assert lanes.given.read == expected.read
    assert _fault_rows(engine, f"{2:024}") == [(at // 9 + 1, at) for at in range(0, len(rows), 9)]


def _part(loading: Loading, sample: Sample, rows: Sequence[Any], at: int) -> ReadyBatch:
    """Return nine of the rows as a batch with one fault."""
    some = rows[at : at + 9]
    records = sample.records(some, first=at + 1)
    prepared = loading.session.prepare(records, loading.checkpoint)
    return ready(prepared, [fault(at)], read=len(some))


def _customer(loading: Loading, row: CustomerRow) -> ReadyBatch:
    records = loading.session.prepare(customer_records([row], first=1), loading.checkpoint)
    return ready(records, read=1)


def _fault_rows(engine: Engine, run_id: str) -> list[tuple[int, int]]:
    mine = run_faults.c.run_id == run_id
    query = sa.select(run_faults.c.number, run_faults.c.row).where(mine)
    with engine.begin() as connection:
        return [(number, row) for number, row in connection.execute(query.order_by("number"))]


class TestOnPostgresql:
    """Where two batches are under way at once."""

    pytestmark = on_postgresql

    def test_the_second_batch_is_written_before_the_first_is_committed(
        self, engine: Engine
    ) -> None:
        batches = Batches(engine=engine)

        with batches.under_way() as done:
            assert batches.watched.await_writes(1, 3)
            assert batches.items() == []
            batches.watched.go_on[3].set()
            assert batches.items() == []

        assert done.result().tally == Tally(read=4, created=4)
        assert len(batches.items()) == 4

    def test_a_batch_that_touches_the_same_waits_for_the_one_ahead(self, engine: Engine) -> None:
        batches = Batches(engine=engine, keys=(("a", "b"), ("b", "c")))

        with batches.under_way() as done:
            assert batches.watched.await_writes(1)
            assert not batches.watched.await_writes(3, within=A_WHILE)

        assert done.result().tally == Tally(read=4, created=3, updated=1)

    def test_nothing_is_left_of_a_batch_whose_predecessor_failed(self, engine: Engine) -> None:
        batches = Batches(engine=engine, fails=frozenset({1}))

        with batches.under_way() as done:
            assert batches.watched.await_writes(1, 3)

        assert isinstance(done.exception(), StoreBusyError)
        assert batches.items() == []
        assert batches.opened().open() == batches.reached

    def test_a_batch_that_fails_leaves_the_one_ahead(self, engine: Engine) -> None:
        batches = Batches(engine=engine, fails=frozenset({3}))

        with batches.under_way() as done:
            assert batches.watched.await_writes(1, 3)

        assert isinstance(done.exception(), StoreBusyError)
        assert len(batches.items()) == 2
        assert batches.opened().open().tally == Tally(read=2, created=2)

    def test_both_are_refused_to_whom_the_run_was_taken_from(self, engine: Engine) -> None:
        batches = Batches(engine=engine)

        with batches.under_way() as done:
            assert batches.watched.await_writes(1, 3)
            with engine.begin() as connection:
                revoke(connection, f"{1:024}", 1)

        assert isinstance(done.exception(), LostLeaseError)
        assert batches.items() == []

    def test_a_batch_whose_customers_are_not_as_foreseen_waits_for_the_one_ahead(
        self, engine: Engine
    ) -> None:
        """Somebody gives an id of it to a customer of the batch ahead, once both are prepared."""
        loading = Loading(engine, SAMPLES["customers"])
        jana = {"a": "1", "b": None}
        loading.load([CustomerRow(ids=jana)])
        first, second = (
            _customer(loading, row)
            for row in (
                CustomerRow(ids=jana, properties={"p": 1}),
                CustomerRow(ids={"a": None, "b": "7"}, properties={"q": 2}),
            )
        )
        with engine.begin() as connection:
            joined = CustomerWrite(ids={"a": "1", "b": "7"}, properties={})
            write_customer(connection, context(1), joined)

        tally = load_while_held(loading, first, second)

        assert tally == Tally(read=3, created=1, updated=2)

        ((_, properties, _),) = stored_customers(engine, 1)
        assert json.loads(properties) == {"p": 1, "q": 2}

    def test_batches_that_are_not_awaited_any_more_are_committed_and_told_of(
        self, engine: Engine
    ) -> None:
        sample, told = SAMPLES["catalogs"], list[Tally]()
        loading = Loading(engine, sample)
        rows = [ItemRow(item_id=str(number)) for number in range(18)]

        with closing(Lanes(loading.session, loading.checkpoint, told.append)) as lanes:
            for at in (0, 9):
                lanes.load(_part(loading, sample, rows, at))

        assert sum(told, Tally()) == Tally(read=18, created=18)
        assert loading.session.open().batches == 2


class TestSides:
    """Who may hold a lock beside whom."""

    pytestmark = on_postgresql

    @pytest.fixture
    def connections(self, engine: Engine) -> Iterator[list[Connection]]:
        """Yield transactions that wait for a lock but a moment."""
        opened = [engine.connect() for _ in range(4)]
        for connection in opened:
            connection.execute(sa.text("SET lock_timeout = '300ms'"))
            connection.commit()
        yield opened
        for connection in opened:
            connection.close()

    def test_the_run_goes_on_from_side_to_side_and_keeps_others_out(
        self, connections: list[Connection]
    ) -> None:
        one, two, alone, other_run = connections
        SIDES.enter(one, NAME)

        for behind, ahead, side in ((two, one, 1), (one, two, 0), (two, one, 1)):
            assert SIDES.join(behind, NAME, side)
            ahead.commit()
            _is_kept_out(partial(bulk_for(alone).lock, alone, NAME), alone)
            _is_kept_out(partial(SIDES.enter, other_run, NAME), other_run)

        two.commit()
        bulk_for(alone).lock(alone, NAME)
        _is_kept_out(partial(SIDES.enter, one, NAME), one)
        alone.commit()
        SIDES.enter(other_run, NAME)

    @pytest.mark.parametrize("kind", ["alone", "another run"])
    def test_whoever_waits_comes_before_the_next_batch(self, engine: Engine, kind: str) -> None:
        with engine.connect() as one, engine.connect() as two, engine.connect() as waiting:
            SIDES.enter(one, NAME)
            enter = bulk_for(waiting).lock if kind == "alone" else SIDES.enter
            with ThreadPoolExecutor(1) as pool:
                entered = pool.submit(enter, waiting, NAME)
                await_waiter(engine)

                assert SIDES.join(two, NAME, 1) is (kind == "another run")
                two.rollback()
                assert not SIDES.join(two, NAME, 0)
                two.rollback()
                one.commit()
                entered.result(SOON)


def _is_kept_out(enter: partial[None], connection: Connection) -> None:
    with pytest.raises(sa.exc.OperationalError):
        enter()
    connection.rollback()
