"""Events: appended once, to a customer that is found by its ids or made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import md5

import polars as pl
from sqlalchemy import Connection

from definitions.batches import Records, Tally
from definitions.model import ImportDefinition
from destinations.base import LoadContext
from destinations.bulk import Bulk, CustomerTerms, bulk_for
from destinations.identity import Owners, find_owners


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """Appends events to customers of one project.

    A customer's events of equal type, time and properties are one event. An event without a time
    is known by its run, file, the file's content and row, and happens when the run started.
    """

    context: LoadContext

    def write(self, connection: Connection, records: Records) -> Tally:
        """Append the records that are not there yet; the others are skipped."""
        bulk, project_id = bulk_for(connection), self.context.project_id
        owners = find_owners(bulk, connection, project_id, records)
        self._make(bulk, connection, owners)
        created = bulk.append_events(connection, project_id, self._rows(owners, records))
        read = records.frame.height
        return Tally(read=read, created=created, skipped=read - created)

    def _make(self, bulk: Bulk, connection: Connection, owners: Owners) -> None:
        """Make the new customers, who have no properties yet."""
        terms = CustomerTerms(
            project_id=self.context.project_id, started_at=self.context.started_at, stamps=False
        )
        nothing = (
            pl.lit("{}").alias("properties"),
            pl.lit(None, dtype=pl.Float64).alias("updated_at"),
        )
        bulk.merge_customers(connection, terms, owners.new.with_columns(*nothing))

    def _rows(self, owners: Owners, records: Records) -> pl.DataFrame:
        """Return the events as the table has them."""
        started_at = self.context.started_at.timestamp()
        return records.frame.select(
            owners.frame["customer_id"],
            pl.col("event_type").alias("type"),
            pl.col("timestamp").fill_null(started_at),
            "properties",
            pl.lit(self.context.run_id).alias("run_id"),
            "row",
            pl.Series("fingerprint", list(self._fingerprints(records)), dtype=pl.Binary),
        )

    def _fingerprints(self, records: Records) -> Iterator[bytes]:
        """Yield what tells an event from the others of its customer and time.

        NUL parts the texts, since no text may hold it. The column engine has no such hash; taking
        one row by row is a small part of what the insert takes.
        """
        place = f"{self.context.run_id}\0{records.file}\0{records.identity}"
        columns = records.frame.select("row", "event_type", "timestamp", "properties")
        for row, kind, timestamp, properties in columns.iter_rows():
            identity = f"{place}\0{row}" if timestamp is None else f"{kind}\0{properties}"
            yield md5(identity.encode(), usedforsecurity=False).digest()


def open_events(
    connection: Connection,  # noqa: ARG001 - as every opener
    definition: ImportDefinition,  # noqa: ARG001 - as every opener
    context: LoadContext,
) -> Events:
    """Return the writer of events of the project's customers."""
    return Events(context=context)
