"""Live writes: one customer, event or item at a time, through the same writers as imports.

The column engine is imported by the first write, not with this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete

from definitions.batches import Tally
from definitions.keytext import trimmed
from destinations.base import LoadContext
from destinations.cataloguing import Catalog, lock_catalog
from destinations.tables import catalog_items


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerWrite:
    """Properties of one customer; `updated_at` in epoch seconds."""

    ids: Mapping[str, str]
    properties: Mapping[str, Any]
    updated_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWrite:
    """One event of a customer; `timestamp` in epoch seconds.

    Without one, the event happens when the context says and is known by the context's run, which
    may be any id that no other request has, and by `row`, its place in the request.
    """

    ids: Mapping[str, str]
    type: str
    properties: Mapping[str, Any]
    timestamp: float | None = None
    row: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWrite:
    """Properties of one catalog item."""

    item_id: str
    properties: Mapping[str, Any]


def write_customer(connection: Connection, context: LoadContext, write: CustomerWrite) -> Tally:
    """Merge one customer; raise `InvalidError` for what no database can keep."""
    from destinations.customers import Customers  # noqa: PLC0415 - see above
    from destinations.records import customer_record  # noqa: PLC0415

    return Customers(context=context, timed=False).write(connection, customer_record(write))


def write_event(connection: Connection, context: LoadContext, write: EventWrite) -> Tally:
    """Append one event; raise `InvalidError` for what no database can keep."""
    from destinations.events import Events  # noqa: PLC0415 - see above
    from destinations.records import event_record  # noqa: PLC0415

    return Events(context=context).write(connection, event_record(write))


def merge_item(connection: Connection, catalog: Catalog, write: ItemWrite) -> Tally:
    """Merge one item, made if missing; raise `InvalidError` for what no database can keep."""
    from destinations.catalogs import Catalogs  # noqa: PLC0415 - see above
    from destinations.records import item_record  # noqa: PLC0415

    return Catalogs(catalog_id=catalog.id).write(connection, item_record(write))


def put_item(connection: Connection, catalog: Catalog, write: ItemWrite) -> Tally:
    """Let one item have these properties and no others; raise as `merge_item` does."""
    from destinations.catalogs import Catalogs  # noqa: PLC0415 - see above
    from destinations.records import item_record  # noqa: PLC0415

    record = item_record(write)
    lock_catalog(connection, catalog.id)
    item_id = trimmed(write.item_id)
    is_it = (catalog_items.c.catalog_id == catalog.id, catalog_items.c.item_id == item_id)
    connection.execute(delete(catalog_items).where(*is_it))
    return Catalogs(catalog_id=catalog.id).write(connection, record)
