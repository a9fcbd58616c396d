"""The files that are loaded: always the same rows, clean, in the three kinds of destination."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

CITIES = ("Prague", "Vienna", "Berlin", "Paris", "Madrid", "Lisbon", "Malmö", "Leeds")
COLOURS = ("black", "blue", "green", "grey", "red", "white", "yellow")
FIRST_DAY, FIRST_SECOND = date(1950, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of record: its columns with their types, its destination, and how rows are drawn.

    The first column is the id; `timestamp` is the column that tells when, if there is one.
    """

    columns: dict[str, str]
    destination: dict[str, Any]
    to_id: str
    draw: Callable[[random.Random, int], Row]
    timestamp: str | None = None

    @property
    def id_column(self) -> str:
        """Return the column that identifies whom or what the row is about."""
        return next(iter(self.columns))

    @property
    def properties(self) -> dict[str, str]:
        """Return the columns that become properties, with their types."""
        keys = {self.id_column, self.timestamp}
        return {name: kind for name, kind in self.columns.items() if name not in keys}


def write(kind: Kind, path: Path, rows: int) -> None:
    """Write `rows` rows of a kind, the same each time."""
    draw = random.Random(2026)  # noqa: S311 - sample data, not secrets
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(kind.columns)
        writer.writerows(_rows(kind, draw, rows))


def document(kind: Kind) -> dict[str, Any]:
    """Return the import definition that loads a kind."""
    mapping: dict[str, Any] = {
        "id_mappings": [{"from_column": kind.id_column, "to_id": kind.to_id}],
        "property_mappings": [
            {"from_column": name, "to_column": name, "target_type": target}
            for name, target in kind.properties.items()
        ],
    }
    if kind.timestamp is not None:
        mapping["timestamp_column"] = kind.timestamp
    return {
        "name": "benchmark",
        "trigger": {"trigger_type": "now"},
        "source": {"source_type": "url", "import_url": "https://files.example.test/rows.csv"},
        "destination": kind.destination,
        "mapping": {"column_mapping": mapping},
    }


def _rows(kind: Kind, draw: random.Random, rows: int) -> Iterator[Row]:
    return (kind.draw(draw, number) for number in range(rows))


def _customer(draw: random.Random, number: int) -> Row:
    born = FIRST_DAY + timedelta(days=draw.randrange(20_000))
    return (
        f"C{number:07}",
        f"person.{number}@example.com",
        draw.choice(CITIES),
        draw.choice(("true", "false")),
        born.isoformat(),
        str(draw.randrange(5_000)),
    )


def _item(draw: random.Random, number: int) -> Row:
    return (
        f"SKU-{number:07}",
        f"Light shoe, {draw.choice(COLOURS)}",
        f"{draw.randrange(500, 15_000) / 100:.2f}",
        draw.choice(("true", "false")),
    )


def _event(draw: random.Random, number: int) -> Row:
    when = FIRST_SECOND + timedelta(seconds=draw.randrange(180 * 86_400))
    return (
        f"C{draw.randrange(20_000):07}",
        when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        f"O-{number:07}",
        f"{draw.randrange(500, 50_000) / 100:.2f}",
    )


KINDS = {
    "customers": Kind(
        columns={
            "customer_id": "string",
            "email": "string",
            "city": "string",
            "newsletter": "boolean",
            "born": "date",
            "points": "number",
        },
        destination={"customer_destination": {}},
        to_id="registered",
        draw=_customer,
    ),
    "items": Kind(
        columns={"sku": "string", "title": "string", "price": "number", "in_stock": "boolean"},
        destination={"catalog_destination": {"catalog_name": "shoes"}},
        to_id="item_id",
        draw=_item,
    ),
    "events": Kind(
        columns={
            "customer_id": "string",
            "purchased_at": "datetime",
            "order_id": "string",
            "total": "number",
        },
        destination={"event_destination": {"event_type": "purchase"}},
        to_id="registered",
        draw=_event,
        timestamp="purchased_at",
    ),
}
