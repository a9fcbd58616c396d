"""The kinds of rows that are loaded: columns, where they go, and how they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from benchmarks import drawing
from benchmarks.drawing import Marks, Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Which rows of how many to draw, from where chance comes, and which get other values."""

    numbers: Numbers
    total: int
    chance: np.random.Generator
    changed: Marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of rows: its columns with their types, its destination, and how it is drawn.

    The first column is the key; `timestamp` is the column that tells when, if there is one. The
    second column is text: malformed rows are broken there.
    """

    columns: Mapping[str, str]
    destination: Mapping[str, Any]
    to_id: str
    draw: Callable[[Block], pl.DataFrame]
    tables: tuple[str, ...]
    timestamp: str | None = None

    @property
    def key(self) -> str:
        """Return the column that identifies whom or what a row is about."""
        return next(iter(self.columns))

    def document(self, url: str) -> dict[str, Any]:
        """Return the import definition that loads a file of this kind from `url`."""
        keys = {self.key, self.timestamp}
        properties = [
            {"from_column": name, "to_column": name, "target_type": target}
            for name, target in self.columns.items()
            if name not in keys
        ]
        mapping: dict[str, Any] = {
            "id_mappings": [{"from_column": self.key, "to_id": self.to_id}],
            "property_mappings": properties,
        }
        if self.timestamp is not None:
            mapping["timestamp_column"] = self.timestamp
        return {
            "name": "benchmark",
            "trigger": {"trigger_type": "now"},
            "source": {"source_type": "url", "import_url": url},
            "destination": dict(self.destination),
            "mapping": {"column_mapping": mapping},
        }


def _items(block: Block) -> pl.DataFrame:
    chance, count = block.chance, len(block.numbers)
    price = chance.integers(1, 100_000, count) + 100_000 * block.changed
    stock = chance.integers(0, 5_000, count) + 5_000 * block.changed
    sku = pl.Series(block.numbers * 2_654_435_761 % (1 << 32)).cast(pl.String).str.zfill(10)
    return pl.DataFrame(
        {
            "sku": "SKU-" + sku,
            "title": drawing.one_of(drawing.titles(), chance, count),
            "description": drawing.one_of(drawing.descriptions(), chance, count),
            "category": drawing.one_of(drawing.CATEGORIES, chance, count),
            "price": drawing.decimals(price, keep=block.changed),
            "stock": pl.Series(stock).cast(pl.String),
            "active": drawing.one_of(drawing.BOOLEANS, chance, count),
            "created_at": drawing.instants(chance, count),
            "released": drawing.days(chance, count, first=14_600, last=20_000),
            "tags": drawing.one_of(drawing.lists(), chance, count),
            "url": "https://shop.example.com/p/" + sku + "?ref=feed",
            "attributes": drawing.one_of(drawing.objects(), chance, count),
        }
    )


def _events(block: Block) -> pl.DataFrame:
    chance, count = block.chance, len(block.numbers)
    return pl.DataFrame(
        {
            "customer_id": drawing.customer_ids(chance.integers(0, block.total, count)),
            "page": drawing.one_of(drawing.titles(), chance, count),
            "timestamp": drawing.instants(chance, count),
            "order": "O-" + pl.Series(block.numbers).cast(pl.String),
            "amount": drawing.decimals(chance.integers(1, 50_000, count)),
            "currency": drawing.one_of(("EUR", "USD", "GBP"), chance, count),
            "mobile": drawing.one_of(drawing.BOOLEANS, chance, count),
            "note": drawing.one_of(drawing.notes(), chance, count),
        }
    )


def _customers(block: Block) -> pl.DataFrame:
    chance, count = block.chance, len(block.numbers)
    value = chance.integers(0, 900_000, count)
    number = pl.Series(block.numbers).cast(pl.String)
    return pl.DataFrame(
        {
            "registered": drawing.customer_ids(block.numbers),
            "name": drawing.one_of(drawing.titles(), chance, count),
            "email": "person."
            + number
            + drawing.either(block.changed, "@example.net", "@example.com"),
            "born": drawing.days(chance, count, first=-7_000, last=14_000),
            "vip": drawing.one_of(drawing.BOOLEANS, chance, count),
            "value": drawing.decimals(value),
            "tags": drawing.one_of(drawing.lists(), chance, count),
            "city": drawing.one_of(drawing.CITIES, chance, count),
        }
    )


KINDS = {
    "items": Kind(
        columns={
            "sku": "string",
            "title": "string",
            "description": "string",
            "category": "string",
            "price": "number",
            "stock": "number",
            "active": "boolean",
            "created_at": "datetime",
            "released": "date",
            "tags": "list",
            "url": "url",
            "attributes": "json",
        },
        destination={"catalog_destination": {"catalog_name": "shoes"}},
        to_id="item_id",
        draw=_items,
        tables=("catalog_items",),
    ),
    "events": Kind(
        columns={
            "customer_id": "string",
            "page": "string",
            "timestamp": "datetime",
            "order": "string",
            "amount": "number",
            "currency": "string",
            "mobile": "boolean",
            "note": "string",
        },
        destination={"event_destination": {"event_type": "purchase"}},
        to_id="registered",
        draw=_events,
        tables=("events",),
        timestamp="timestamp",
    ),
    "customers": Kind(
        columns={
            "registered": "string",
            "name": "string",
            "email": "string",
            "born": "date",
            "vip": "boolean",
            "value": "number",
            "tags": "list",
            "city": "string",
        },
        destination={"customer_destination": {}},
        to_id="registered",
        draw=_customers,
        tables=("customers", "customer_ids"),
    ),
}
