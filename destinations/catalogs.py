"""Catalogs: items found by their id or made, their properties merged."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from definitions.batches import Records, Tally
from definitions.model import CatalogDestination, CatalogType, ImportDefinition, Mapping
from destinations.base import LoadContext
from destinations.bulk import AllNewSoFar, Bulk, Connect, Ready, bulk_for
from destinations.cataloguing import Field, NewCatalog, ensure_catalog, lock_catalog
from destinations.lanes import Turn

ITEM_ID = "item_id"  # the property that is the item's key, and is not stored as a property


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogs:
    """Writes items of one catalog."""

    catalog_id: int
    all_new: AllNewSoFar = field(default_factory=AllNewSoFar, compare=False)

    def prepare(
        self,
        records: Records,
        bulk: Bulk,
        connect: Connect,  # noqa: ARG002 - there is nothing to look up
    ) -> Records:
        """Give each row its hash, and let the room do what it can."""
        if isinstance(records.ready, _Ready):
            return records
        ready, touched = (
            self._ready(records, bulk),
            records.frame["item_id"].hash().reinterpret(signed=True),
        )
        return replace(records, frame=records.frame.select("row"), ready=ready, touched=touched)

    def write(self, connection: Connection, records: Records, turn: Turn | None = None) -> Tally:
        """Merge the records in file order; raise `NotFoundError` if the catalog is gone."""
        lock_catalog(connection, self.catalog_id, turn)
        bulk = bulk_for(connection)
        ready = self._ready(records, bulk)
        merged = bulk.merge_items(connection, self.catalog_id, ready.items, self.all_new)
        read = records.frame.height
        unchanged = read - merged.created - merged.updated
        return Tally(read=read, created=merged.created, updated=merged.updated, unchanged=unchanged)

    def _ready(self, records: Records, bulk: Bulk) -> _Ready:
        if isinstance(records.ready, _Ready):
            return records.ready
        from destinations.hashes import write_hash  # noqa: PLC0415 - the column engine comes late

        hashed = records.frame.with_columns(import_hash=write_hash("properties"))
        return _Ready(items=bulk.prepare_items(self.catalog_id, hashed))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Ready:
    """The items as the room takes them."""

    items: Ready


def open_catalog(
    connection: Connection, definition: ImportDefinition, context: LoadContext
) -> Catalogs:
    """Return the writer of the catalog that the definition names.

    It was made with the definition. Should it be gone since, it is made anew, with the run's id
    for its public id: nobody else draws that one.
    """
    target = definition.destination
    if not isinstance(target, CatalogDestination):
        msg = f"a definition for {type(target).__name__} has no catalog"
        raise TypeError(msg)
    new = NewCatalog(
        project_id=context.project_id,
        public_id=context.run_id,
        name=target.name,
        type=target.type or CatalogType.GENERIC,
        associated_catalog_id=target.associated_catalog_id,
        fields=fields_of(definition.mapping),
        created_at=context.started_at,
    )
    return Catalogs(catalog_id=ensure_catalog(connection, new).id)


def fields_of(mapping: Mapping) -> tuple[Field, ...]:
    """Return the fields of a catalog that the mapping fills."""
    return tuple(
        Field(
            name=field.to_column,
            type=field.target_type,
            searchable=field.searchable,
            indexed=field.indexed,
        )
        for field in mapping.properties
        if field.to_column != ITEM_ID
    )
