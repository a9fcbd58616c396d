"""Runs that load rows of every kind of destination, many of which touch the same things.

```python
loading = Loading(engine, SAMPLES["catalogs"])
tally = loading.load(loading.sample.rows(seeded(1), 60))
```
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from definitions.batches import Position, Records, Tally
from definitions.model import (
    CatalogDestination,
    CatalogType,
    CustomerDestination,
    Destination,
    EventDestination,
    ImportDefinition,
    Mapping,
    NowTrigger,
    UrlSource,
)
from destinations.base import Destination as Writer
from destinations.registry import open_destination
from destinations.session import LoadSession
from tests.loading import (
    CustomerRow,
    EventRow,
    ItemRow,
    context,
    customer_records,
    event_records,
    item_records,
    ready,
    stored_customers,
    stored_events,
    stored_items,
)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Rows for one kind of destination, many of which touch the same things, and what is stored."""

    target: Destination
    rows: Callable[[random.Random, int], Sequence[Any]]
    records: Callable[..., Records]
    stored: Callable[[Engine, int], Sequence[object]]


def seeded(seed: int) -> random.Random:
    """Return what draws the same rows at every time."""
    return random.Random(seed)


def customer_rows(rng: random.Random, count: int) -> list[CustomerRow]:
    return [
        CustomerRow(
            ids={
                "a": str(rng.randrange(count)),
                "b": rng.choice([None, str(rng.randrange(count))]),
            },
            properties={rng.choice("pqr"): rng.randrange(3)},
        )
        for _ in range(count)
    ]


def event_rows(rng: random.Random, count: int) -> list[EventRow]:
    return [
        EventRow(
            ids={"a": str(rng.randrange(count // 2)), "b": None},
            properties={"p": rng.randrange(2)},
            timestamp=rng.choice([None, float(rng.randrange(3))]),
        )
        for _ in range(count)
    ]


def item_rows(rng: random.Random, count: int) -> list[ItemRow]:
    return [
        ItemRow(
            item_id=str(rng.randrange(count // 2)),
            properties={rng.choice("pqr"): rng.choice([rng.randrange(3), "long text " * 20])},
        )
        for _ in range(count)
    ]


SAMPLES = {
    "customers": Sample(
        target=CustomerDestination(),
        rows=customer_rows,
        records=customer_records,
        stored=stored_customers,
    ),
    "events": Sample(
        target=EventDestination(event_type=None, triggers=False),
        rows=event_rows,
        records=event_records,
        stored=lambda engine, number: (
            stored_customers(engine, number),
            stored_events(engine, number),
        ),
    ),
    "catalogs": Sample(
        target=CatalogDestination(
            name="Products", type=CatalogType.PRODUCT, associated_catalog_id=None
        ),
        rows=item_rows,
        records=item_records,
        stored=stored_items,
    ),
}


@dataclass
class Loading:
    """A run that loads rows into project (and catalog) `number` batch by batch."""

    engine: Engine
    sample: Sample
    number: int = 1
    token: int = 1
    row: int = 1

    def __post_init__(self) -> None:
        self.session = LoadSession(
            self.engine, self.destination(), run_id=f"{self.number:024}", token=self.token
        )
        self.checkpoint = self.session.open()

    def load(self, rows: Sequence[Any], *, first: int | None = None) -> Tally:
        """Load one batch and return the counts so far."""
        start = self.row if first is None else first
        records = self.sample.records(rows, first=start)
        end = Position(byte=start + len(rows), row=start + len(rows), line=start + len(rows))
        self.checkpoint = self.session.load(
            ready(records, read=len(rows), end=end), self.checkpoint
        )
        self.row = start + len(rows)
        return self.checkpoint.tally

    def stored(self) -> Sequence[object]:
        """Return what the destination holds."""
        return self.sample.stored(self.engine, self.number)

    def destination(self) -> Writer:
        definition = ImportDefinition(
            name="x",
            active=True,
            trigger=NowTrigger(),
            source=UrlSource(url="https://files.example.test/x.csv", use_proxy=False, auth=None),
            destination=self.sample.target,
            mapping=Mapping(timezone=ZoneInfo("UTC"), ids=(), properties=(), timestamp_column=None),
        )
        with self.engine.begin() as connection:
            run = context(self.number, run_id=f"{self.number:024}")
            return open_destination(connection, definition, run)
