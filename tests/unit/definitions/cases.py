"""Definitions and batches made from what a test has to say about them."""

from __future__ import annotations

from dataclasses import replace
from typing import TypedDict, Unpack
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from definitions.batches import Batch, Position
from definitions.model import (
    CatalogDestination,
    CatalogType,
    CustomerDestination,
    Destination,
    EventDestination,
    IdMapping,
    ImportDefinition,
    Mapping,
    NowTrigger,
    PropertyMapping,
    TargetType,
    UrlSource,
)

CUSTOMERS = CustomerDestination()
PURCHASES = EventDestination(event_type="purchase", triggers=False)
EVENTS = EventDestination(event_type=None, triggers=False)
ITEMS = CatalogDestination(name="Shop", type=CatalogType.GENERIC, associated_catalog_id=None)


class Columns(TypedDict, total=False):
    """The mapping of a definition."""

    ids: dict[str, str]
    properties: list[PropertyMapping]
    timestamp: str | None
    zone: str


def definition(destination: Destination, **columns: Unpack[Columns]) -> ImportDefinition:
    """Make a definition whose `ids` are given as column -> id."""
    ids = [IdMapping(from_column=column, to_id=to) for column, to in columns.get("ids", {}).items()]
    return ImportDefinition(
        name="case",
        active=True,
        trigger=NowTrigger(),
        source=UrlSource(url="http://files.example.test/a.csv", use_proxy=False, auth=None),
        destination=destination,
        mapping=Mapping(
            timezone=ZoneInfo(columns.get("zone", "UTC")),
            ids=tuple(ids),
            properties=tuple(columns.get("properties", [])),
            timestamp_column=columns.get("timestamp"),
        ),
    )


def prop(column: str, to: str | None = None, target: str = "string") -> PropertyMapping:
    """Map a column to a property, of its own name unless told."""
    return PropertyMapping(
        from_column=column,
        value=None,
        to_column=to or column,
        target_type=TargetType(target),
        searchable=False,
        indexed=False,
    )


def static(to: str, json: str) -> PropertyMapping:
    """Map a fixed value, as JSON text, to a property."""
    return PropertyMapping(
        from_column=None,
        value=json,
        to_column=to,
        target_type=TargetType.STRING,
        searchable=False,
        indexed=False,
    )


def batch(**columns: list[str]) -> Batch:
    """Make the first batch of a file from its columns."""
    return batch_from(1, **columns)


def with_typed(of: Batch, **flags: list[int]) -> Batch:
    """Return a batch in which the flagged cells are no text in the file."""
    return replace(of, typed={name: np.array(each, np.bool_) for name, each in flags.items()})


def batch_from(first_row: int, /, **columns: list[str]) -> Batch:
    """Make a batch from columns; row N of the file begins on its line 2N."""
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    rows = np.arange(first_row, first_row + frame.height, dtype=np.int64)
    last = first_row + frame.height
    end = Position(byte=0, row=last, line=2 * last)
    return Batch(frame=frame, rows=rows, lines=2 * rows, faults=(), end=end)
