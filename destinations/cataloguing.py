"""Catalogs by name: made on demand or on request, with the indexes that their fields ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from definitions.errors import InvalidError, NotFoundError
from definitions.model import CatalogType
from destinations.bulk import bulk_for
from destinations.item_indexes import IndexedFields, create_indexes, drop_indexes
from destinations.lanes import Turn
from destinations.locks import catalog_names_lock, items_lock
from destinations.tables import catalog_items, catalogs
from destinations.texts import is_storable


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field that items of a catalog may have."""

    name: str
    type: str = "string"
    searchable: bool = False
    indexed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCatalog:
    """A catalog to be made; `public_id` has 24 hex digits and was never used."""

    project_id: int
    public_id: str
    name: str
    type: CatalogType
    associated_catalog_id: str | None
    fields: tuple[Field, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """A catalog as it is stored."""

    id: int
    project_id: int
    public_id: str
    name: str
    type: CatalogType
    associated_catalog_id: str | None
    fields: tuple[Field, ...]
    created_at: datetime


def ensure_catalog(connection: Connection, new: NewCatalog) -> Catalog:
    """Return the project's catalog of exactly that name, made if there is none.

    A catalog that is there keeps its type; fields that it does not have are added, and those that
    it has become searchable or indexed if they are so in `new`.
    """
    _lock_names(connection, new.project_id)
    found = _named(connection, new.project_id, new.name)
    if found is None:
        return _make(connection, new)
    fields = _joined(found.fields, new.fields)
    return found if fields == found.fields else _set_fields(connection, found, fields)


def create_catalog(connection: Connection, new: NewCatalog) -> Catalog:
    """Make a catalog; raise `InvalidError` if the project has one of that name."""
    _lock_names(connection, new.project_id)
    _check_name_is_free(connection, new.project_id, new.name)
    return _make(connection, new)


def get_catalog(connection: Connection, project_id: int, public_id: str) -> Catalog:
    """Return a catalog of the project, or raise `NotFoundError`."""
    is_it = sa.and_(catalogs.c.project_id == project_id, catalogs.c.public_id == public_id)
    if is_storable(public_id):
        for row in connection.execute(sa.select(catalogs).where(is_it)):
            return _catalog(row)
    msg = f"there is no catalog {public_id!r} in this project"
    raise NotFoundError(msg)


def list_catalogs(
    connection: Connection, project_id: int, *, count: int, skip: int
) -> tuple[Sequence[Catalog], int]:
    """Return some catalogs of the project, oldest first, and how many there are."""
    ours = catalogs.c.project_id == project_id
    total = connection.execute(sa.select(sa.func.count()).where(ours)).scalar_one()
    page = sa.select(catalogs).where(ours).order_by(catalogs.c.id).limit(count).offset(skip)
    return [_catalog(row) for row in connection.execute(page)], total


def change_catalog(
    connection: Connection, catalog: Catalog, *, name: str, fields: Sequence[Field]
) -> Catalog:
    """Rename a catalog and give it these fields; items stay as they are.

    Raise `InvalidError` if another catalog of the project has the name.
    """
    _lock_names(connection, catalog.project_id)
    catalog = get_catalog(connection, catalog.project_id, catalog.public_id)
    if name != catalog.name:
        _check_name_is_free(connection, catalog.project_id, name)
        rename = sa.update(catalogs).where(catalogs.c.id == catalog.id).values(name=name)
        connection.execute(rename)
    return _set_fields(connection, replace(catalog, name=name), tuple(fields))


def delete_catalog(connection: Connection, catalog: Catalog) -> None:
    """Remove a catalog with its items and indexes; a run that loads into it fails."""
    _lock_names(connection, catalog.project_id)
    lock_catalog(connection, catalog.id)
    catalog = get_catalog(connection, catalog.project_id, catalog.public_id)
    drop_indexes(connection, catalog.id, _indexed(catalog.fields))
    connection.execute(sa.delete(catalog_items).where(catalog_items.c.catalog_id == catalog.id))
    connection.execute(sa.delete(catalogs).where(catalogs.c.id == catalog.id))


def lock_catalog(connection: Connection, catalog_id: int, turn: Turn | None = None) -> None:
    """Be the only one who writes items of the catalog until the transaction ends.

    A batch with a `turn` may have the one ahead of it beside itself. Raise `NotFoundError` if the
    catalog is gone.
    """
    turn = turn or Turn()
    turn.take(connection, items_lock(catalog_id), catalog_items.name)
    turn.open()
    known = sa.select(catalogs.c.id).where(catalogs.c.id == catalog_id)
    if connection.execute(known).scalar() is None:
        msg = "the catalog was deleted"
        raise NotFoundError(msg)


def _lock_names(connection: Connection, project_id: int) -> None:
    """Be the only one who makes, names or removes catalogs of the project."""
    bulk_for(connection).lock(connection, catalog_names_lock(project_id))


def _named(connection: Connection, project_id: int, name: str) -> Catalog | None:
    """Return the catalog of that name, if there is one."""
    is_it = sa.and_(catalogs.c.project_id == project_id, catalogs.c.name == name)
    row = connection.execute(sa.select(catalogs).where(is_it)).one_or_none()
    return None if row is None else _catalog(row)


def _check_name_is_free(connection: Connection, project_id: int, name: str) -> None:
    """Raise `InvalidError` if there is a catalog of that name."""
    if _named(connection, project_id, name) is not None:
        raise InvalidError({"name": [f"a catalog {name!r} exists already: choose another name"]})


def _make(connection: Connection, new: NewCatalog) -> Catalog:
    """Insert the catalog and make its indexes."""
    values = asdict(new)
    insert = sa.insert(catalogs).values(values).returning(*catalogs.c)
    catalog = _catalog(connection.execute(insert).one())
    create_indexes(connection, catalog.id, _indexed(catalog.fields))
    return catalog


def _set_fields(connection: Connection, catalog: Catalog, fields: tuple[Field, ...]) -> Catalog:
    """Store the fields and bring the indexes in line with them."""
    before, after = _indexed(catalog.fields), _indexed(fields)
    documents = [asdict(field) for field in fields]
    mine = catalogs.c.id == catalog.id
    connection.execute(sa.update(catalogs).where(mine).values(fields=documents))
    drop_indexes(connection, catalog.id, before - after)
    create_indexes(connection, catalog.id, after - before)
    return replace(catalog, fields=fields)


def _joined(old: tuple[Field, ...], new: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return the old fields, found in every way that old or new ones ask for, and the others."""
    wanted = {field.name: field for field in new}
    names = {field.name for field in old}
    return (
        *(_found_as_well(field, wanted.get(field.name, field)) for field in old),
        *(field for name, field in wanted.items() if name not in names),
    )


def _found_as_well(field: Field, other: Field) -> Field:
    """Return a field that is found in the other's ways too."""
    return replace(
        field,
        searchable=field.searchable or other.searchable,
        indexed=field.indexed or other.indexed,
    )


def _indexed(fields: Sequence[Field]) -> IndexedFields:
    """Return which fields are to be found quickly."""
    return IndexedFields(
        by_value=frozenset(field.name for field in fields if field.indexed),
        by_words=frozenset(field.name for field in fields if field.searchable),
    )


def _catalog(row: Row[Any]) -> Catalog:
    """Make the value of a row."""
    columns = row._asdict()
    fields = tuple(Field(**field) for field in columns["fields"])
    return Catalog(**columns | {"type": CatalogType(columns["type"]), "fields": fields})
