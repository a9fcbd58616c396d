"""Customers: found by their ids or made, their properties merged."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection

from definitions.batches import Records, Tally
from definitions.mapping import UPDATE_TIMESTAMP
from definitions.model import ImportDefinition
from destinations.base import LoadContext
from destinations.bulk import CustomerTerms, bulk_for
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

    def write(self, connection: Connection, records: Records) -> Tally:
        """Merge the records in file order.

        A row counts as updated if it changed a property, the time of one, or gave the customer
        another id.
        """
        bulk, project_id = bulk_for(connection), self.context.project_id
        owners = find_owners(bulk, connection, project_id, records)
        writes = records.frame.select("properties", "updated_at")
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
