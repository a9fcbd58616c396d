"""Events: appended once, to a customer that is found by its ids or made."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import md5

import polars as pl
from sqlalchemy import Connection

from definitions.batches import Records, Tally
from definitions.model import ImportDefinition
from destinations.base import LoadContext
from destinations.bulk import AllNewSoFar, Bulk, Connect, CustomerTerms, Ready, bulk_for
from destinations.identity import Ids, Owners, Place, find_owners, foresee, gather
from destinations.lanes import Turn
from destinations.memory import IdMemory


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """Appends events to customers of one project.

    A customer's events of equal type, time and properties are one event. An event without a time
    is known by its run, file, the file's content and row, and happens when the run started.
    """

    context: LoadContext

    all_new: AllNewSoFar = field(default_factory=AllNewSoFar, compare=False)
    memory: IdMemory = field(default_factory=IdMemory, compare=False)

    def prepare(self, records: Records, bulk: Bulk, connect: Connect) -> Records:
        """Find the customers; give each event its time and what tells it from others."""
        if isinstance(records.ready, _Ready):
            return records
        ready = self._ready(records, bulk, connect)
        touched = ready.touched
        return replace(records, frame=records.frame.select("row"), ready=ready, touched=touched)

    def write(self, connection: Connection, records: Records, turn: Turn | None = None) -> Tally:
        """Append the records that are not there yet; the others are skipped."""
        bulk, project_id = bulk_for(connection), self.context.project_id
        ready = self._ready(records, bulk)
        place = Place(bulk, connection, project_id, self.memory, turn or Turn())
        owners = find_owners(place, ready.ids)
        if owners.fresh.any():
            self._make(bulk, connection, owners)
        created = bulk.append_events(
            connection, project_id, owners.numbers, ready.events, self.all_new
        )
        read = records.frame.height
        return Tally(read=read, created=created, skipped=read - created)

    def _ready(self, records: Records, bulk: Bulk, connect: Connect | None = None) -> _Ready:
        if isinstance(records.ready, _Ready):
            return records.ready
        ids, project_id = gather(bulk, records), self.context.project_id
        if connect is not None:
            ids = foresee(bulk, connect, project_id, ids, self.memory)
        rows = self._rows(records)
        owners = ids.owners if ids.all_are_known else None
        events = bulk.prepare_events(rows, project_id, owners)
        return _Ready(ids=ids, events=events, touched=_touched(ids, rows))

    def _make(self, bulk: Bulk, connection: Connection, owners: Owners) -> None:
        """Make the new customers, who have no properties yet."""
        terms = CustomerTerms(
            project_id=self.context.project_id, started_at=self.context.started_at, stamps=False
        )
        nothing = (
            pl.lit("{}").alias("properties"),
            pl.lit(None, dtype=pl.Float64).alias("updated_at"),
            pl.lit(None, dtype=pl.Int64).alias("import_hash"),
        )
        bulk.merge_customers(connection, terms, owners.frame.filter("fresh").with_columns(*nothing))

    def _rows(self, records: Records) -> pl.DataFrame:
        """Return the events as the table has them, but for the customers."""
        started_at = self.context.started_at.timestamp()
        return records.frame.select(
            pl.col("event_type").alias("type"),
            pl.col("timestamp").fill_null(started_at),
            "properties",
            pl.lit(self.context.run_id).alias("run_id"),
            "row",
            self._fingerprints(records),
        )

    def _fingerprints(self, records: Records) -> pl.Series:
        """Return what tells an event from the others of its customer and time.

        NUL parts the texts, since no text may hold it. The column engine has no such hash; taking
        one row by row is a small part of what the insert takes.
        """
        place = pl.lit(f"{self.context.run_id}\0{records.file}\0{records.identity}")
        untimed = pl.concat_str(place, "row", separator="\0")
        timed = pl.concat_str("event_type", "properties", separator="\0")
        identity = pl.when(pl.col("timestamp").is_null()).then(untimed).otherwise(timed)
        texts = records.frame.select(identity.cast(pl.Binary)).to_series().to_list()
        digests = [md5(text, usedforsecurity=False).digest() for text in texts]
        return pl.Series("fingerprint", digests, dtype=pl.Binary)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Ready:
    """The ids of rows, the events as the room takes them, and what they touch, if that is known."""

    ids: Ids
    events: Ready
    touched: pl.Series | None


def _touched(ids: Ids, rows: pl.DataFrame) -> pl.Series | None:
    """Return numbers for customers at a time, and for ids that are nobody's.

    A customer is not changed; events of one time are shown in the order in which they were added.
    """
    owners = ids.owners
    if owners is None or ids.foreseen is None:
        return None
    key = rows.select("timestamp").with_columns(owner=pl.Series(owners))
    return pl.concat((key.hash_rows().reinterpret(signed=True), pl.Series(ids.foreseen.unknown)))


def open_events(
    connection: Connection,  # noqa: ARG001 - as every opener
    definition: ImportDefinition,  # noqa: ARG001 - as every opener
    context: LoadContext,
) -> Events:
    """Return the writer of events of the project's customers."""
    return Events(context=context)
