"""What a run remembers of ids, and when it must not; PostgreSQL only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from definitions.batches import Records, Tally
from destinations.base import Destination
from destinations.bulk import NOBODY, AllNewSoFar, Foreseen, bulk_for
from destinations.bulk.postgresql.identities import (
    foresee_customers,
    known_customers,
    prepare_ids,
)
from destinations.bulk.postgresql.reading_on import (
    BLOCKS,
    BY_BLOCKS_FOR_ONE,
    IN_A_BLOCK,
)
from destinations.customers import Customers
from destinations.events import Events
from destinations.memory import IdMemory
from destinations.profiles import anonymize
from tests.loading import (
    CustomerRow,
    EventRow,
    context,
    customer_records,
    event_records,
    load,
    stored_customers,
    stored_events,
    with_tables,
)

pytestmark = pytest.mark.postgres

ENOUGH = BLOCKS * IN_A_BLOCK // BY_BLOCKS_FOR_ONE  # ids to be asked for until others are read
FILL = """
INSERT INTO customer_ids (project_id, id_type, id_value, customer_id)
SELECT 1, 'email', 'p' || n, n FROM generate_series(1, :count) n
"""
NAMES = pl.Series([f"p{number}" for number in range(1, ENOUGH + 1)])
NUMBERS = list(range(1, ENOUGH + 1))


@pytest.fixture
def engine(empty_postgres_url: str) -> Iterator[Engine]:
    with with_tables(empty_postgres_url) as engine:
        yield engine


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A transaction in which there are customers of one id each."""
    with engine.begin() as connection:
        connection.execute(sa.text(FILL), {"count": ENOUGH})
        yield connection


def ask(connection: Connection, memory: IdMemory, names: pl.Series = NAMES) -> list[int]:
    ids = pl.select(pl.lit("email").alias("id_type"), names.alias("id_value"))
    seen = foresee_customers(connection, 1, prepare_ids(ids), memory)
    found: list[int] = seen.customers.tolist()
    return found


def test_a_run_that_asks_for_many_ids_remembers_them(connection: Connection) -> None:
    memory = IdMemory()

    assert ask(connection, memory) == NUMBERS
    assert len(memory) == ENOUGH
    assert ask(connection, memory) == NUMBERS


def test_a_run_that_asks_for_few_ids_reads_no_others(connection: Connection) -> None:
    memory = IdMemory()

    assert ask(connection, memory, NAMES[1:]) == NUMBERS[1:]
    assert len(memory) == 0


@pytest.mark.parametrize(
    ("change", "owner"),
    [
        ("DELETE FROM customer_ids WHERE id_value = 'p5'", NOBODY),
        ("UPDATE customer_ids SET customer_id = 6 WHERE id_value = 'p5'", 6),
        ("UPDATE customer_ids SET id_value = 'new' WHERE id_value = 'p5'", NOBODY),
        ("UPDATE customer_ids SET project_id = 2 WHERE id_value = 'p5'", NOBODY),
    ],
)
def test_an_id_taken_from_its_customer_by_any_hand_is_not_remembered(
    connection: Connection, change: str, owner: int
) -> None:
    memory = IdMemory()
    ask(connection, memory)

    for number in range(2):
        connection.execute(
            sa.text(change.replace("p5", f"p{5 + number}").replace("new", f"n{number}"))
        )
        found = ask(connection, memory)
        assert found[4 + number] == owner
        assert found[:4] == NUMBERS[:4]


def test_a_customer_who_is_forgotten_between_two_batches_is_made_anew(engine: Engine) -> None:
    rows = customer_records([CustomerRow(ids={"a": name}) for name in NAMES], names=["a"])
    destination = Customers(context=context(), timed=False)
    first = Customers(context=context(), timed=False)
    load(engine, first, rows)
    assert load(engine, destination, rows, rows) == Tally(read=2 * ENOUGH, unchanged=2 * ENOUGH)
    assert len(destination.memory) == ENOUGH

    with engine.begin() as connection:
        anonymize(connection, 1, [{"a": "p5"}])

    assert load(engine, destination, rows) == Tally(read=ENOUGH, created=1, unchanged=ENOUGH - 1)
    assert len(stored_customers(engine, 1)) == ENOUGH


def test_ids_that_seemed_new_and_were_not_are_found(engine: Engine) -> None:
    destination = Customers(context=context(), timed=False)
    known = CustomerRow(ids={"a": "n001"}, properties={"p": 1})  # in no sample of the others
    load(engine, destination, customer_records([known], names=["a"]))

    rows = [CustomerRow(ids={"a": f"n{n:03}"}, properties={"p": 2}) for n in range(300)]
    tally = load(engine, destination, customer_records(rows, names=["a"]))

    assert tally == Tally(read=300, created=299, updated=1)
    assert not destination.memory.all_new.holds
    assert len(stored_customers(engine, 1)) == 300


IDS = pl.DataFrame({"id_type": ["email"] * 3, "id_value": ["p1", "p5", "later"]})


def test_what_was_foreseen_is_not_looked_up_again(connection: Connection) -> None:
    customers = np.array([70, 50, 90])
    seen = Foreseen(changes=0, customers=customers, unknown=np.array([], np.int64))

    assert known_customers(connection, 1, IDS, seen, AllNewSoFar()).tolist() == [70, 50, 90]


def test_an_id_that_somebody_got_since_it_was_foreseen_is_found(connection: Connection) -> None:
    seen = foresee_customers(connection, 1, prepare_ids(IDS), IdMemory())
    connection.execute(sa.text("INSERT INTO customer_ids VALUES (1, 'email', 'later', 7)"))

    assert seen.customers.tolist() == [1, 5, NOBODY]
    assert known_customers(connection, 1, IDS, seen, AllNewSoFar()).tolist() == [1, 5, 7]


def test_nothing_holds_that_was_foreseen_before_an_id_was_taken(connection: Connection) -> None:
    seen = foresee_customers(connection, 1, prepare_ids(IDS), IdMemory())
    connection.execute(sa.text("UPDATE customer_ids SET customer_id = 6 WHERE id_value = 'p5'"))

    assert known_customers(connection, 1, IDS, seen, AllNewSoFar()).tolist() == [1, 6, NOBODY]


PEOPLE = customer_records([CustomerRow(ids={"a": f"f{n}"}) for n in range(4)], names=["a"])
VISITS = event_records([EventRow(ids={"a": f"f{n}"}, timestamp=5.0) for n in range(4)], names=["a"])


@pytest.mark.parametrize(
    ("make", "rows"), [(partial(Customers, timed=False), PEOPLE), (Events, VISITS)]
)
def test_a_batch_that_was_prepared_before_is_written_by_what_holds_then(
    engine: Engine, make: Callable[..., Destination], rows: Records
) -> None:
    load(engine, Customers(context=context(), timed=False), PEOPLE)
    destination = make(context=context())

    ahead = destination.prepare(rows, bulk_for(engine), engine.begin)
    with engine.begin() as connection:
        anonymize(connection, 1, [{"a": "f1"}, {"a": "f2"}])
    load(engine, Customers(context=context(), timed=False), PEOPLE)  # with other numbers
    tally = load(engine, destination, ahead)

    visits = 4 if rows is VISITS else 0
    assert tally == Tally(read=4, created=visits, unchanged=4 - visits)
    assert len(stored_customers(engine, 1)) == 4
    assert len(stored_events(engine, 1)) == visits  # each of a customer who is there
