"""The items of a catalog, as the HTTP API reads and removes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Dialect

from definitions.errors import InvalidError, NotFoundError
from definitions.keytext import trimmed
from destinations.cataloguing import Catalog, lock_catalog
from destinations.item_indexes import field_equals, field_holds_words, in_catalog
from destinations.tables import catalog_items
from destinations.texts import is_storable


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a catalog."""

    item_id: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemQuery:
    """Which items are wanted; all, unless told.

    `words` must all be in one searchable field, in upper or lower case. `values` maps indexed
    fields to the text, number (9.5) or boolean (true) that they must be, written as text.
    """

    words: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """Some items in the order of their ids, how many match the query, and how many there are.

    The order is that of code points.
    """

    items: tuple[Item, ...]
    matched: int
    total: int


ALL_ITEMS = ItemQuery()


def list_items(
    connection: Connection, catalog: Catalog, query: ItemQuery = ALL_ITEMS, *, count: int, skip: int
) -> ItemPage:
    """Return `count` matching items after the first `skip`.

    Raise `InvalidError` if the query asks for a field that is not indexed.
    """
    wanted = sa.and_(*_conditions(connection.dialect, catalog, query))
    rows = connection.execute(
        sa.select(catalog_items.c.item_id, catalog_items.c.properties)
        .where(wanted)
        .order_by(catalog_items.c.item_id)
        .limit(count)
        .offset(skip)
    )
    total = _count(connection, in_catalog(catalog.id))
    return ItemPage(
        items=tuple(Item(item_id=row.item_id, properties=row.properties) for row in rows),
        matched=total if query == ALL_ITEMS else _count(connection, wanted),
        total=total,
    )


def delete_item(connection: Connection, catalog: Catalog, item_id: str) -> None:
    """Remove an item, or raise `NotFoundError`."""
    lock_catalog(connection, catalog.id)
    is_it = sa.and_(in_catalog(catalog.id), catalog_items.c.item_id == trimmed(item_id))
    gone = sa.delete(catalog_items).where(is_it)
    if not (is_storable(item_id) and connection.execute(gone).rowcount):
        msg = f"there is no item {item_id!r} in catalog {catalog.name!r}"
        raise NotFoundError(msg)


def delete_items(connection: Connection, catalog: Catalog) -> int:
    """Remove every item of a catalog and return how many there were."""
    lock_catalog(connection, catalog.id)
    return connection.execute(sa.delete(catalog_items).where(in_catalog(catalog.id))).rowcount


def _conditions(
    dialect: Dialect, catalog: Catalog, query: ItemQuery
) -> Iterator[ColumnElement[bool]]:
    """Yield what every wanted item fulfils, each in the form that an index answers."""
    yield in_catalog(catalog.id)
    if not all(map(is_storable, (query.words or "", *query.values.values()))):
        yield sa.false()
        return
    indexed = {field.name for field in catalog.fields if field.indexed}
    for name, value in query.values.items():
        if name not in indexed:
            text = f"{name!r} is no indexed field of this catalog: index it, or search for words"
            raise InvalidError({f"filter[{name}]": [text]})
        yield field_equals(dialect, catalog.id, name, value)
    if query.words is not None:
        searchable = [field.name for field in catalog.fields if field.searchable]
        found = [field_holds_words(dialect, catalog.id, name, query.words) for name in searchable]
        yield sa.or_(sa.false(), *found)


def _count(connection: Connection, wanted: ColumnElement[bool]) -> int:
    """Count the items that fulfil the condition."""
    count = sa.select(sa.func.count()).select_from(catalog_items).where(wanted)
    return connection.execute(count).scalar_one()
