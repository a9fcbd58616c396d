from __future__ import annotations

import subprocess
import sys

from sqlalchemy import Engine

from definitions.batches import Tally
from destinations.customers import Customers
from destinations.events import Events
from destinations.live import CustomerWrite, EventWrite, write_customer, write_event
from tests.loading import (
    CustomerRow,
    EventRow,
    context,
    customer_records,
    event_records,
    load,
    stored_customers,
    stored_events,
)


def test_a_live_customer_is_what_an_imported_one_is(engine: Engine) -> None:
    ids, properties = {"a": "1", "b": "2"}, {"p": [1, {"é": None}], "n": 1.5}
    rows = customer_records([CustomerRow(ids=ids, properties=properties, at=5.0)])
    load(engine, Customers(context=context(1), timed=True), rows)

    with engine.begin() as connection:
        write = CustomerWrite(ids=ids, properties=properties, updated_at=5.0)
        assert write_customer(connection, context(2), write) == Tally(read=1, created=1)
        assert write_customer(connection, context(2), write) == Tally(read=1, unchanged=1)

    assert stored_customers(engine, 1) == stored_customers(engine, 2)


def test_a_live_event_is_the_imported_one(engine: Engine) -> None:
    load(
        engine,
        Events(context=context()),
        event_records([EventRow(ids={"a": "1"}, timestamp=5.0, properties={"p": "é"})]),
    )

    with engine.begin() as connection:
        write = EventWrite(ids={"a": "1"}, type="visit", properties={"p": "é"}, timestamp=5.0)
        tally = write_event(connection, context(run_id="request"), write)

    assert tally == Tally(read=1, skipped=1)


def test_equal_events_of_one_request_are_told_apart_by_their_row(engine: Engine) -> None:
    with engine.begin() as connection:
        for row in (1, 2, 2):
            write = EventWrite(ids={"a": "1"}, type="visit", properties={}, row=row)
            write_event(connection, context(run_id="request"), write)

    assert len(stored_events(engine, 1)) == 2


def test_the_column_engine_is_not_imported_before_a_write() -> None:
    modules = "live, items, profiles, cataloguing, engine, ledger, tables, registry"
    code = f"import sys; from destinations import {modules}; sys.exit('polars' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
