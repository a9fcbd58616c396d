from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from definitions.batches import Checkpoint, Position, Records, Tally
from definitions.errors import LostLeaseError, NotFoundError, PermanentError, StoreBusyError
from definitions.faults import MOST_FAULTS, Fault, FaultCode
from destinations.bulk import Bulk, Connect
from destinations.customers import Customers
from destinations.events import Events
from destinations.lanes import Turn
from destinations.ledger import revoke
from destinations.session import LoadSession
from destinations.tables import customer_ids, run_faults
from tests.engines import open_engine
from tests.loading import (
    CustomerRow,
    EventRow,
    context,
    customer_records,
    event_records,
    ready,
    stored_customers,
    with_tables,
)

RUN = "a" * 24
CUSTOMERS = Customers(context=context(), timed=False)


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    """Forget what was read of ids, as it was in another database."""
    CUSTOMERS.memory.forget(0)


ROWS = customer_records([CustomerRow(ids={"a": str(n)}, properties={"n": n}) for n in range(3)])
NO_ROWS = customer_records([])
REACHED = Checkpoint(identity="f" * 64, position=Position(byte=50, row=5, line=6))


class Unprepared:
    """A destination that has nothing to do ahead of writing."""

    def prepare(self, records: Records, bulk: Bulk, connect: Connect) -> Records:  # noqa: ARG002
        return records


class Refusing(Unprepared):
    """A destination that writes, and then fails."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def write(self, connection: Connection, records: Records, _turn: Turn | None = None) -> Tally:
        CUSTOMERS.write(connection, records)
        raise self.error


def session(engine: Engine, token: int = 1) -> LoadSession:
    return LoadSession(engine, CUSTOMERS, run_id=RUN, token=token)


def fault(row: int, *, rejects_row: bool = True) -> Fault:
    return Fault(
        file="people.csv",
        row=row,
        line=row + 1,
        column="age",
        value="x",
        code=FaultCode.NOT_A_NUMBER,
        message="is not a number",
        rejects_row=rejects_row,
    )


def stored_faults(engine: Engine) -> list[tuple[int, int]]:
    query = sa.select(run_faults.c.number, run_faults.c.row).order_by(run_faults.c.number)
    with engine.begin() as connection:
        return [(number, row) for number, row in connection.execute(query)]


def test_rows_faults_and_checkpoint_arrive_together(engine: Engine) -> None:
    loading = session(engine)
    loading.open()

    after = loading.load(ready(ROWS, [fault(4), fault(2, rejects_row=False)], read=4), REACHED)

    assert after == replace(
        REACHED, batches=1, tally=Tally(read=4, created=3, rejected=1), fault_count=2
    )
    assert after.tally.adds_up
    assert session(engine).open() == after
    assert len(stored_customers(engine, 1)) == 3
    assert stored_faults(engine) == [(1, 4), (2, 2)]


def test_counts_and_fault_numbers_run_on_over_batches(engine: Engine) -> None:
    loading = session(engine)
    first = loading.load(ready(ROWS, [fault(4)], read=4), replace(loading.open(), identity="f"))
    position = Position(byte=90, row=9, line=10)

    second = loading.load(ready(ROWS, [fault(8)], read=4, end=position), first)

    assert second.tally == Tally(read=8, created=3, unchanged=3, rejected=2)
    assert (second.batches, second.position) == (2, position)
    assert stored_faults(engine) == [(1, 4), (2, 8)]


@pytest.mark.parametrize("sizes", [(MOST_FAULTS + 7,), (6000, 3999, 5, 3)])
def test_the_first_faults_of_a_run_are_stored_and_all_are_counted(
    engine: Engine, sizes: tuple[int, ...]
) -> None:
    """However the rows are cut into batches, and whoever goes on with the run."""
    reached, row = REACHED, 1
    for token, size in enumerate(sizes, 1):
        loading = session(engine, token)
        loading.open()
        faults = [fault(row + n, rejects_row=False) for n in range(size)]
        reached = loading.load(ready(ROWS, faults, read=3), reached)
        row += size

    assert reached.fault_count == MOST_FAULTS + 7
    assert stored_faults(engine) == [(n, n) for n in range(1, MOST_FAULTS + 1)]


def test_faults_that_were_only_counted_count(engine: Engine) -> None:
    loading = session(engine)
    loading.open()

    after = loading.load(ready(ROWS, [fault(4)], read=4, found=70_000), REACHED)

    assert after.fault_count == 70_000
    assert after.tally.rejected == 1
    assert stored_faults(engine) == [(1, 4)]


def test_events_are_told_of_which_content_their_file_is(engine: Engine) -> None:
    """A run whose file changed between two attempts loads the rows of the new one."""
    events = Events(context=context())
    rows = event_records([EventRow(ids={"a": "1"})])
    tallies = []
    for token, identity in enumerate(("e" * 64, "f" * 64, "f" * 64), 1):
        loading = LoadSession(engine, events, run_id=RUN, token=token)
        reached = replace(loading.open(), identity=identity)
        tallies.append(loading.load(ready(rows, [], read=1), reached).tally)

    assert tallies[-1] == Tally(read=3, created=2, skipped=1)


def test_a_batch_of_rejected_rows_alone_is_committed(engine: Engine) -> None:
    loading = session(engine)
    loading.open()

    after = loading.load(ready(NO_ROWS, [fault(1), fault(2)], read=2), REACHED)

    assert after.tally == Tally(read=2, rejected=2)
    assert session(engine).open() == after
    assert stored_faults(engine) == [(1, 1), (2, 2)]


def test_faults_of_a_batch_that_is_held_back_are_there_until_the_run_goes_on(
    engine: Engine,
) -> None:
    loading = session(engine)
    loading.open()
    reached = loading.load(ready(ROWS, [fault(4)], read=4), REACHED)

    loading.hold([fault(8), fault(9)], reached)

    assert stored_faults(engine) == [(1, 4), (2, 8), (3, 9)]
    assert session(engine, 2).open() == reached
    assert stored_faults(engine) == [(1, 4)]
    with pytest.raises(LostLeaseError):
        loading.hold([fault(8)], reached)


def test_a_zombie_writes_nothing(engine: Engine) -> None:
    zombie = session(engine, token=1)
    zombie.open()
    session(engine, token=2).open()

    with pytest.raises(LostLeaseError):
        zombie.load(ready(ROWS, [fault(1)], read=4), REACHED)

    assert stored_customers(engine, 1) == []
    assert stored_faults(engine) == []


def test_a_batch_loaded_again_after_its_commit_is_refused_whole(engine: Engine) -> None:
    loading = session(engine)
    loading.open()
    loading.load(ready(ROWS, [], read=3), REACHED)

    with pytest.raises(LostLeaseError):
        loading.load(ready(ROWS, [fault(1)], read=4), REACHED)

    assert stored_faults(engine) == []


@pytest.mark.postgres
def test_a_run_revoked_in_the_middle_of_a_batch_is_rolled_back(empty_postgres_url: str) -> None:
    """On SQLite whoever revokes waits for the batch to end."""
    with with_tables(empty_postgres_url) as engine:

        class RevokedMeanwhile(Unprepared):
            def write(
                self, connection: Connection, records: Records, _turn: Turn | None = None
            ) -> Tally:
                tally = CUSTOMERS.write(connection, records)
                with engine.begin() as other:
                    revoke(other, RUN, 1)
                return tally

        loading = LoadSession(engine, RevokedMeanwhile(), run_id=RUN, token=1)
        loading.open()

        with pytest.raises(LostLeaseError):
            loading.load(ready(ROWS, [], read=3), REACHED)

        assert stored_customers(engine, 1) == []


def test_a_destination_that_fails_leaves_nothing(engine: Engine) -> None:
    loading = LoadSession(engine, Refusing(ValueError("no")), run_id=RUN, token=1)
    before = loading.open()

    with pytest.raises(ValueError, match="no"):
        loading.load(ready(ROWS, [fault(1)], read=4), REACHED)

    assert loading.open() == before
    assert stored_customers(engine, 1) == []
    assert stored_faults(engine) == []


def test_what_a_caller_could_fix_ends_a_run(engine: Engine) -> None:
    destination = Refusing(NotFoundError("the catalog was deleted"))
    loading = LoadSession(engine, destination, run_id=RUN, token=1)
    loading.open()

    with pytest.raises(PermanentError, match="takes no more rows: the catalog was deleted"):
        loading.load(ready(ROWS, [], read=3), REACHED)


def test_what_the_database_refuses_is_told_without_the_rows(engine: Engine) -> None:
    class Doubling(Unprepared):
        def write(
            self,
            connection: Connection,
            _records: Records,
            _turn: Turn | None = None,
        ) -> Tally:
            row = {"project_id": 1, "id_type": "secret", "id_value": "secret", "customer_id": 1}
            connection.execute(sa.insert(customer_ids), [row, row])
            return Tally()

    loading = LoadSession(engine, Doubling(), run_id=RUN, token=1)
    loading.open()

    with pytest.raises(PermanentError, match="the database refused the data") as caught:
        loading.load(ready(ROWS, [], read=3), REACHED)

    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_locked_database_is_busy(engine: Engine) -> None:
    session(engine).open()
    with open_engine(str(engine.url)) as impatient, engine.begin() as holder:
        sa.event.listen(impatient, "connect", _lose_patience)
        revoke(holder, RUN, 1)

        with pytest.raises(StoreBusyError, match="the database is busy or away"):
            session(impatient).open()


def test_a_database_that_went_away_is_busy(engine: Engine) -> None:
    with open_engine(_elsewhere(engine)) as gone, pytest.raises(StoreBusyError):
        session(gone).open()


def _lose_patience(
    connection: sqlite3.Connection | psycopg.Connection[Any], _record: object
) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA busy_timeout = 50")
    else:
        connection.execute("SET lock_timeout = 50")
        connection.commit()


def _elsewhere(engine: Engine) -> str:
    if engine.dialect.name == "sqlite":
        return f"{engine.url}.gone/importmgr.db"
    return str(engine.url.set(port=1))
