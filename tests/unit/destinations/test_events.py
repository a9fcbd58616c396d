from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from definitions.batches import Tally
from destinations.customers import Customers
from destinations.events import Events
from tests.loading import (
    NOW,
    CustomerRow,
    EventRow,
    context,
    customer_records,
    event_records,
    load,
    stored_customers,
    stored_events,
)

EVENTS = Events(context=context())
LATER = Events(context=context(run_id="b" * 24))


def test_an_event_joins_the_customer_that_is_there(engine: Engine) -> None:
    person = CustomerRow(ids={"b": "2"}, properties={"p": 1})
    load(engine, Customers(context=context(), timed=False), customer_records([person]))

    tally = load(engine, EVENTS, event_records([EventRow(ids={"a": "1", "b": "2"}, timestamp=5.0)]))

    [(ids, properties, _)] = stored_customers(engine, 1)
    assert tally == Tally(read=1, created=1)
    assert (ids, properties.replace(" ", "")) == ([("a", "1"), ("b", "2")], '{"p":1}')


def test_an_event_of_a_stranger_makes_a_customer_without_properties(engine: Engine) -> None:
    load(engine, EVENTS, event_records([EventRow(ids={"a": "1"}, timestamp=5.0)] * 2))

    assert stored_customers(engine, 1) == [([("a", "1")], "{}", None)]


@pytest.mark.parametrize(
    ("change", "created"),
    [
        ({}, 0),
        ({"timestamp": 5.5}, 1),
        ({"type": "purchase"}, 1),
        ({"properties": {"p": 2}}, 1),
        ({"ids": {"a": "2"}}, 1),
    ],
)
def test_events_that_are_equal_in_all_are_one_event(
    engine: Engine, change: dict[str, object], created: int
) -> None:
    """Whatever the run: importing the same file twice adds nothing."""
    row = EventRow(ids={"a": "1"}, timestamp=5.0, properties={"p": 1})
    load(engine, EVENTS, event_records([row]))

    tally = load(engine, LATER, event_records([replace(row, **change)], first=9))  # type: ignore[arg-type]

    assert tally == Tally(read=1, created=created, skipped=1 - created)


def test_equal_rows_of_one_batch_are_one_event(engine: Engine) -> None:
    row = EventRow(ids={"a": "1"}, timestamp=5.0)

    assert load(engine, EVENTS, event_records([row, row])) == Tally(read=2, created=1, skipped=1)


def test_an_event_without_a_time_is_known_by_run_file_and_row(engine: Engine) -> None:
    rows = event_records([EventRow(ids={"a": "1"})] * 2)
    assert load(engine, EVENTS, rows).created == 2

    assert load(engine, EVENTS, rows).skipped == 2
    assert load(engine, EVENTS, replace(rows, file=1)).created == 2
    assert load(engine, LATER, rows).created == 2


def test_an_event_without_a_time_happens_when_the_run_starts(engine: Engine) -> None:
    load(engine, EVENTS, event_records([EventRow(ids={"a": "1"}, properties={})]))

    assert stored_events(engine, 1) == [("a", "1", NOW, "visit", "{}")]


def test_two_sessions_that_bring_the_same_events_add_each_once(engine: Engine) -> None:
    rows = [EventRow(ids={"a": str(n % 40)}, timestamp=float(n)) for n in range(200)]

    def work(order: list[EventRow]) -> Tally:
        batches = [event_records(order[at : at + 50]) for at in range(0, len(order), 50)]
        return load(engine, EVENTS, *batches)

    with ThreadPoolExecutor(2) as pool:
        tallies = list(pool.map(work, [rows, rows[::-1]]))

    assert sum(tallies, Tally()) == Tally(read=400, created=200, skipped=200)
    assert len(stored_customers(engine, 1)) == 40
