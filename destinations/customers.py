"""Customers: found by their ids or made, their properties merged."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl
from sqlalchemy import Connection

from definitions.batches import Records, Tally
from definitions.mapping import UPDATE_TIMESTAMP
from definitions.model import ImportDefinition
from destinations.base import LoadContext
from destinations.bulk import Bulk, CustomerTerms, bulk_for
from destinations.hashes import write_hash
from destinations.identity import find_owners


@dataclass(frozen=True, slots=True, kw_only=True)
class Customers:
    """Writes customers of one project.

    A row with an update time changes a property only if nothing later was written to it. A row
    without one always wins and, in an import whose rows are `timed`, counts as written when the
    run started; else it leaves a time only where there is one.
    """

    context: LoadContext
    timed: bool

    def prepare(self, records: Records, bulk: Bulk) -> Records:  # noqa: ARG002 - as every destination
        """Add the hash of each row that could be written twice without a difference.

        One that would be stamped with the start of its run leaves another time in every run.
        """
        if "import_hash" in records.frame.columns:
            return records
        hashed = write_hash("properties", "updated_at")
        if self.timed:
            hashed = pl.when(pl.col("updated_at").is_not_null()).then(hashed)
        return replace(records, frame=records.frame.with_columns(import_hash=hashed))

    def write(self, connection: Connection, records: Records) -> Tally:
        """Merge the records in file order.

        A row counts as updated if it changed a property, the time of one, or gave the customer
        another id.
        """
        bulk, project_id = bulk_for(connection), self.context.project_id
        owners = find_owners(bulk, connection, project_id, records)
        writes = self.prepare(records, bulk).frame.select("properties", "updated_at", "import_hash")
        rows = pl.concat([owners.frame, writes], how="horizontal")
        terms = CustomerTerms(
            project_id=project_id, started_at=self.context.started_at, stamps=self.timed
        )
        merged = bulk.merge_customers(connection, terms, rows)
        read = rows.height
        unchanged = read - merged.created - merged.updated
        return Tally(read=read, created=merged.created, updated=merged.updated, unchanged=unchanged)


def open_customers(
    connection: Connection,  # noqa: ARG001 - as every opener
    definition: ImportDefinition,
    context: LoadContext,
) -> Customers:
    """Return the writer of the project's customers."""
    names = {field.to_column for field in definition.mapping.properties}
    return Customers(context=context, timed=UPDATE_TIMESTAMP in names)
