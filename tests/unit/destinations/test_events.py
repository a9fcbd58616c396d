from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from definitions.batches import Tally
from definitions.mapping import compile_mapping
from definitions.model import EventDestination
from destinations.customers import Customers
from destinations.events import Events
from destinations.live import EventWrite, write_event
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
from tests.unit.definitions.cases import batch, definition, prop

EVENTS = Events(context=context())
LATER = Events(context=context(run_id="b" * 24))


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    """Forget what was read of ids, as it was in another database."""
    for each in (EVENTS, LATER):
        each.memory.forget(0)


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


@pytest.mark.parametrize(
    "cells",
    [
        [("1", "{}"), ("1.0", "{}"), ("+01", "{ }"), ("1e0", "{}")],
        [("9.5", "[1]"), ("9.50", "[1.0]"), ("95e-1", "[1e0]")],
        [("100", '{"a":1,"b":2}'), ("1e2", '{"b": 2.0, "a": 1}')],
        [("0", '"\\u00e9"'), ("-0.0", '"é"')],
    ],
)
def test_events_whose_values_are_equal_as_json_are_one_event(
    engine: Engine, cells: list[tuple[str, str]]
) -> None:
    """However a file, or a live call, writes its numbers."""
    mapped = definition(
        EventDestination(event_type="visit", triggers=False),
        ids={"id": "a"},
        properties=[prop("v", target="number"), prop("j", target="json")],
        timestamp="at",
    )
    columns = {"id": ["1"], "at": ["5"]}
    tallies = []
    for number, text in cells:
        read = batch(**columns, v=[number], j=[text])
        records = compile_mapping(mapped, tuple(read.frame.columns)).apply(read, "f").records
        tallies.append(load(engine, LATER, records))
        live = {"v": float(number), "j": json.loads(text)}
        write = EventWrite(ids={"a": "1"}, type="visit", properties=live, timestamp=5.0)
        with engine.begin() as connection:
            tallies.append(write_event(connection, context(run_id="live"), write))

    assert sum(tallies, Tally()) == Tally(
        read=2 * len(cells), created=1, skipped=2 * len(cells) - 1
    )


def test_equal_rows_of_one_batch_are_one_event(engine: Engine) -> None:
    row = EventRow(ids={"a": "1"}, timestamp=5.0)

    assert load(engine, EVENTS, event_records([row, row])) == Tally(read=2, created=1, skipped=1)


def test_an_event_without_a_time_is_known_by_run_file_content_and_row(engine: Engine) -> None:
    rows = event_records([EventRow(ids={"a": "1"})] * 2)
    assert load(engine, EVENTS, rows).created == 2

    assert load(engine, EVENTS, rows).skipped == 2
    assert load(engine, EVENTS, replace(rows, file=1)).created == 2
    assert load(engine, EVENTS, replace(rows, identity="f" * 64)).created == 2
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
