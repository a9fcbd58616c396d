"""Records as a mapping makes them, and what a database holds after loading them.

```python
def test_an_id_finds_its_customer(engine):
    row = CustomerRow(ids={"a": "1"})
    load(engine, Customers(context=context(), timed=False), customer_records([row, row]))
    assert len(stored_customers(engine, 1)) == 1
```
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.batches import Position, ReadyBatch, Records, Tally
from definitions.faults import Fault
from destinations.base import Destination, LoadContext
from destinations.bulk import bulk_for
from destinations.engine import reading
from destinations.merging import dump_json, dump_properties
from destinations.tables import metadata
from tests.engines import open_engine

STARTED_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NOW = STARTED_AT.timestamp()
END = Position(byte=50, row=5, line=6)


@dataclass(frozen=True, kw_only=True)
class CustomerRow:
    """A row that becomes a customer."""

    ids: Mapping[str, str | None]
    properties: Mapping[str, Any] = field(default_factory=dict)
    at: float | None = None


@dataclass(frozen=True, kw_only=True)
class EventRow:
    """A row that becomes an event."""

    ids: Mapping[str, str | None]
    type: str = "visit"
    properties: Mapping[str, Any] = field(default_factory=dict)
    timestamp: float | None = None


@dataclass(frozen=True, kw_only=True)
class ItemRow:
    """A row that becomes an item."""

    item_id: str
    properties: Mapping[str, Any] = field(default_factory=dict)


def context(project_id: int = 1, run_id: str = "a" * 24) -> LoadContext:
    """Return for whom and in which run rows are loaded."""
    return LoadContext(project_id=project_id, run_id=run_id, started_at=STARTED_AT)


def customer_records(
    rows: Sequence[CustomerRow], *, names: Sequence[str] = ("a", "b"), first: int = 1
) -> Records:
    """Return rows as records of customers; the first is row `first` of its file."""
    times = pl.Series("updated_at", [row.at for row in rows], dtype=pl.Float64)
    return _records(rows, names, [times], first)


def event_records(
    rows: Sequence[EventRow], *, names: Sequence[str] = ("a", "b"), first: int = 1
) -> Records:
    """Return rows as records of events; the first is row `first` of its file."""
    kinds = pl.Series("event_type", [row.type for row in rows], dtype=pl.String)
    times = pl.Series("timestamp", [row.timestamp for row in rows], dtype=pl.Float64)
    return _records(rows, names, [kinds, times], first)


def item_records(rows: Sequence[ItemRow], *, first: int = 1) -> Records:
    """Return rows as records of items; the first is row `first` of its file."""
    keys = pl.Series("item_id", [row.item_id for row in rows], dtype=pl.String)
    return _records(rows, (), [keys], first)


def ready(
    records: Records,
    faults: Sequence[Fault] = (),
    *,
    read: int,
    found: int | None = None,
    end: Position = END,
) -> ReadyBatch:
    """Return records as a batch; `found` faults were found, unless told as many as there are."""
    count = len(faults) if found is None else found
    return ReadyBatch(records=records, faults=faults, fault_count=count, read=read, end=end)


def load(engine: Engine, destination: Destination, *batches: Records) -> Tally:
    """Prepare each batch, write it in a transaction of its own; return what became of the rows."""
    tally = Tally()
    for records in batches:
        prepared = destination.prepare(records, bulk_for(engine), reading(engine).begin)
        with engine.begin() as connection:
            tally += destination.write(connection, prepared)
    return tally


@contextmanager
def with_tables(url: str) -> Iterator[Engine]:
    """Open the engine of a database without tables, and make them."""
    with open_engine(url) as engine:
        metadata.create_all(engine)
        yield engine


def stored_customers(engine: Engine, project_id: int) -> list[tuple[Any, ...]]:
    """Return ids, properties and times of every customer, as the database has them."""
    ids = defaultdict(list)
    for number, *key in _rows(
        engine,
        "SELECT customer_id, id_type, id_value FROM customer_ids WHERE project_id = :key",
        project_id,
    ):
        ids[number].append(tuple(key))
    found = _rows(
        engine,
        "SELECT id, CAST(properties AS text), CAST(written_at AS text) FROM customers "
        "WHERE project_id = :key",
        project_id,
    )
    return sorted((sorted(ids[number]), *rest) for number, *rest in found)


def stored_events(engine: Engine, project_id: int) -> list[tuple[Any, ...]]:
    """Return every event with its customer's ids, as the database has them."""
    found = _rows(
        engine,
        "SELECT i.id_type, i.id_value, e.timestamp, e.type, CAST(e.properties AS text) "
        "FROM events e JOIN customer_ids i ON i.customer_id = e.customer_id "
        "WHERE e.project_id = :key",
        project_id,
    )
    return sorted(tuple(row) for row in found)


def stored_items(engine: Engine, catalog_id: int) -> list[tuple[Any, ...]]:
    """Return every item of a catalog, as the database has it."""
    found = _rows(
        engine,
        "SELECT item_id, CAST(properties AS text) FROM catalog_items WHERE catalog_id = :key",
        catalog_id,
    )
    return sorted(tuple(row) for row in found)


def _rows(engine: Engine, query: str, key: int) -> Sequence[Any]:
    with engine.begin() as connection:
        return connection.execute(sa.text(query), {"key": key}).all()


def _records(
    rows: Sequence[CustomerRow | EventRow | ItemRow],
    names: Sequence[str],
    columns: Sequence[pl.Series],
    first: int,
) -> Records:
    texts = [
        dump_json(row.properties) if isinstance(row, EventRow) else dump_properties(row.properties)
        for row in rows
    ]
    ids = [
        pl.Series(
            f"id.{name}",
            [row.ids.get(name) for row in rows if not isinstance(row, ItemRow)],
            dtype=pl.String,
        )
        for name in names
    ]
    numbers = pl.Series("row", range(first, first + len(rows)), dtype=pl.Int64)
    properties = pl.Series("properties", texts, dtype=pl.String)
    return Records(frame=pl.DataFrame([numbers, properties, *ids, *columns]), ids=tuple(names))
