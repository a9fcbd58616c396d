"""Database indexes on the fields of one catalog's items, and the conditions that use them.

An index covers one field of one catalog. A condition repeats the index's expressions letter by
letter, with the catalog's number and the field's name written out, since an engine recognises an
index by nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import md5
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Dialect, Index, MetaData, Table
from sqlalchemy.schema import CreateIndex, DropIndex

from destinations.tables import catalog_items

_KEY_LENGTH = 200  # characters; PostgreSQL's indexes take no more than 2,700 bytes
_TEXT_LENGTH = 100_000  # characters; PostgreSQL's text search takes no more than a megabyte
_BY_VALUE, _BY_WORDS = "value", "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedFields:
    """Which fields of a catalog's items are found by value, and which by words."""

    by_value: frozenset[str]
    by_words: frozenset[str]

    def __sub__(self, other: IndexedFields) -> IndexedFields:
        """Leave out what the other has."""
        return IndexedFields(
            by_value=self.by_value - other.by_value, by_words=self.by_words - other.by_words
        )


def in_catalog(catalog_id: int, table: Table = catalog_items) -> ColumnElement[bool]:
    """Return the condition that an item is the catalog's."""
    return table.c.catalog_id == _verbatim(catalog_id)


def field_equals(dialect: Dialect, catalog_id: int, field: str, value: str) -> ColumnElement[bool]:
    """Return the condition that an indexed field, as text, has that value.

    No list or object has one.
    """
    wanted = sa.and_(
        _key(dialect, catalog_items, field) == value[:_KEY_LENGTH],
        _text(dialect, catalog_items, field) == value,
        _kind(dialect, catalog_items, field).not_in(["array", "object"]),
    )
    if dialect.name == "postgresql":
        return wanted
    return _found_by(_name(catalog_id, _BY_VALUE, field), catalog_id, wanted)


def field_holds_words(
    dialect: Dialect, catalog_id: int, field: str, text: str
) -> ColumnElement[bool]:
    """Return the condition that a searchable field holds every word of the text, in any case.

    SQLite has no index of words: there the index leads to the items that have the field.
    """
    if dialect.name == "postgresql":
        query = sa.func.plainto_tsquery(_verbatim("simple"), text)
        return _words(dialect, catalog_items, field).op("@@", is_comparison=True)(query)
    holds = sa.func.holds_words(_text(dialect, catalog_items, field), text) == 1
    wanted = sa.and_(_key(dialect, catalog_items, field) >= "", holds)
    return _found_by(_name(catalog_id, _BY_WORDS, field), catalog_id, wanted)


def _found_by(index: str, catalog_id: int, wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition in the form that makes SQLite use the index.

    Without statistics it would prefer the primary key, which has the items in order.
    """
    found = (
        sa.select(catalog_items.c.item_id)
        .where(in_catalog(catalog_id), wanted)
        .with_hint(catalog_items, f"INDEXED BY {index}", "sqlite")
        .correlate(None)
    )
    return catalog_items.c.item_id.in_(found)


def create_indexes(connection: Connection, catalog_id: int, fields: IndexedFields) -> None:
    """Make the indexes of these fields, where they are not there yet."""
    for index in _indexes(connection.dialect, catalog_id, fields):
        connection.execute(CreateIndex(index, if_not_exists=True))


def drop_indexes(connection: Connection, catalog_id: int, fields: IndexedFields) -> None:
    """Remove the indexes of these fields, where they are there."""
    for index in _indexes(connection.dialect, catalog_id, fields):
        connection.execute(DropIndex(index, if_exists=True))


def _indexes(dialect: Dialect, catalog_id: int, fields: IndexedFields) -> Iterator[Index]:
    """Describe the indexes on a copy of the table: they belong to data, not to the schema."""
    table = catalog_items.to_metadata(MetaData())
    only = in_catalog(catalog_id, table)
    for field in sorted(fields.by_value):
        name = _name(catalog_id, _BY_VALUE, field)
        yield Index(name, _key(dialect, table, field), postgresql_where=only, sqlite_where=only)
    for field in sorted(fields.by_words):
        name = _name(catalog_id, _BY_WORDS, field)
        words = _words if dialect.name == "postgresql" else _key
        key = words(dialect, table, field)
        yield Index(name, key, postgresql_using="gin", postgresql_where=only, sqlite_where=only)


def _name(catalog_id: int, kind: str, field: str) -> str:
    """Name an index, the same at every time and short whatever the field is called."""
    digest = md5(field.encode(), usedforsecurity=False).hexdigest()
    return f"ix_catalog_{catalog_id}_{kind}_{digest[:16]}"


def _text(dialect: Dialect, table: Table, field: str) -> ColumnElement[str]:
    """Return a field as text; a number or boolean as JSON writes it."""
    text = table.c.properties.op("->>", return_type=sa.Text())(_member(dialect, field))
    if dialect.name == "postgresql":
        return text
    kind, written = _kind(dialect, table, field), _json(dialect, table, field)
    return sa.case((kind == _verbatim("text"), text), (kind != _verbatim("null"), written))


def _kind(dialect: Dialect, table: Table, field: str) -> ColumnElement[str]:
    """Return what kind of JSON a field is."""
    typeof = sa.func.jsonb_typeof if dialect.name == "postgresql" else sa.func.json_type
    return typeof(_json(dialect, table, field), type_=sa.Text())


def _json(dialect: Dialect, table: Table, field: str) -> ColumnElement[str]:
    """Return a field as it is."""
    return table.c.properties.op("->", return_type=sa.Text())(_member(dialect, field))


def _member(dialect: Dialect, field: str) -> ColumnElement[Any]:
    """Name a field; SQLite would take a bare name that begins with `$` for a path."""
    return _verbatim(field if dialect.name == "postgresql" else f'$."{field}"')


def _key(dialect: Dialect, table: Table, field: str) -> ColumnElement[str]:
    """Return as much of a field as fits into an index."""
    return _beginning(_text(dialect, table, field), _KEY_LENGTH)


def _words(dialect: Dialect, table: Table, field: str) -> ColumnElement[str]:
    """Return the words of a field, as they are, in the form PostgreSQL searches."""
    text = _beginning(_text(dialect, table, field), _TEXT_LENGTH)
    return sa.func.to_tsvector(_verbatim("simple"), text)


def _beginning(text: ColumnElement[str], length: int) -> ColumnElement[str]:
    """Return the first characters of a text."""
    return sa.func.substr(text, _verbatim(1), _verbatim(length), type_=sa.Text())


def _verbatim(value: str | int) -> ColumnElement[Any]:
    """Return a value that is written out in the statement."""
    return sa.literal(value, literal_execute=True)
