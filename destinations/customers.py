"""Customers: found by their ids or made, their properties merged."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl
from sqlalchemy import Connection

from definitions.batches import Records, Tally
from definitions.mapping import UPDATE_TIMESTAMP
from definitions.model import ImportDefinition
from destinations.base import LoadContext
from destinations.bulk import Bulk, Connect, CustomerTerms, bulk_for
from destinations.hashes import write_hash
from destinations.identity import Ids, Place, find_owners, foresee, gather
from destinations.lanes import Turn
from destinations.memory import IdMemory


@dataclass(frozen=True, slots=True, kw_only=True)
class Customers:
    """Writes customers of one project.

    A row with an update time changes a property only if nothing later was written to it. A row
    without one always wins and, in an import whose rows are `timed`, counts as written when the
    run started; else it leaves a time only where there is one.
    """

    context: LoadContext
    timed: bool
    memory: IdMemory = field(default_factory=IdMemory, compare=False)

    def prepare(self, records: Records, bulk: Bulk, connect: Connect) -> Records:
        """Look for the customers, and hash what can be written twice to no effect."""
        if isinstance(records.ready, _Ready):
            return records
        ready = self._ready(records, bulk, connect)
        marks = ready.ids.touched
        touched = None if marks is None else pl.Series(marks)
        return replace(records, frame=records.frame.select("row"), ready=ready, touched=touched)

    def write(self, connection: Connection, records: Records, turn: Turn | None = None) -> Tally:
        """Merge the records in file order.

        A row counts as updated if it changed a property, the time of one, or gave the customer
        another id.
        """
        bulk, project_id = bulk_for(connection), self.context.project_id
        ready = self._ready(records, bulk)
        place = Place(bulk, connection, project_id, self.memory, turn or Turn())
        owners = find_owners(place, ready.ids)
        rows = pl.concat([owners.frame, ready.writes], how="horizontal")
        terms = CustomerTerms(
            project_id=project_id, started_at=self.context.started_at, stamps=self.timed
        )
        merged = bulk.merge_customers(connection, terms, rows)
        read = rows.height
        unchanged = read - merged.created - merged.updated
        return Tally(read=read, created=merged.created, updated=merged.updated, unchanged=unchanged)

    def _ready(self, records: Records, bulk: Bulk, connect: Connect | None = None) -> _Ready:
        """Return the records as they are written.

        A row that would be stamped with the start of its run leaves another time in every run, and
        has no hash.
        """
        if isinstance(records.ready, _Ready):
            return records.ready
        hashed = write_hash("properties", "updated_at")
        if self.timed:
            hashed = pl.when(pl.col("updated_at").is_not_null()).then(hashed)
        writes = records.frame.select("properties", "updated_at", hashed.alias("import_hash"))
        ids = gather(bulk, records)
        if connect is not None:
            ids = foresee(bulk, connect, self.context.project_id, ids, self.memory)
        return _Ready(ids=ids, writes=writes)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Ready:
    """The ids of rows, and `properties`, `updated_at`, `import_hash` of each."""

    ids: Ids
    writes: pl.DataFrame


def open_customers(
    connection: Connection,  # noqa: ARG001 - as every opener
    definition: ImportDefinition,
    context: LoadContext,
) -> Customers:
    """Return the writer of the project's customers."""
    names = {field.to_column for field in definition.mapping.properties}
    return Customers(context=context, timed=UPDATE_TIMESTAMP in names)
