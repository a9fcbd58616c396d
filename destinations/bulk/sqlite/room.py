"""How SQLite takes a batch: new items in packed statements, everything else row by row.

Items come in the order of their index (`items`), all others in file order; merging is done by
Python functions that SQLite calls. What is there already is looked up through temporary tables, of
items a sample first. SQLite runs inside our process and lets one transaction write at a time, so
there is no lock of our own, and nothing is foreseen beside a writer.
"""

# tested by: tests/contract/test_destinations.py

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import Connection

from destinations.bulk import (
    NOBODY,
    AllNewSoFar,
    Connect,
    CustomerTerms,
    Foreseen,
    Merged,
    Sides,
    Values,
)
from destinations.bulk.sqlite.executing import NamedRow, Row, execute_many
from destinations.merging import Moment, merged_at

if TYPE_CHECKING:
    import polars as pl

    from definitions.arrays import Numbers
    from destinations.bulk.sqlite.items import Items
    from destinations.memory import IdMemory

_STAGE_IDS = """
CREATE TEMP TABLE IF NOT EXISTS wanted_ids (n INTEGER PRIMARY KEY, id_type TEXT, id_value TEXT)
"""
_WANT_ID = "INSERT INTO temp.wanted_ids (n, id_type, id_value) VALUES (?, ?, ?)"
_KNOWN_IDS = """
SELECT w.n, i.customer_id
FROM temp.wanted_ids w CROSS JOIN customer_ids i
  ON i.project_id = ? AND i.id_type = w.id_type AND i.id_value = w.id_value
"""
_ADD_ID = """
INSERT INTO customer_ids (project_id, id_type, id_value, customer_id) VALUES (?, ?, ?, ?)
"""

_ADD_CUSTOMER = """
INSERT INTO customers (project_id, created_at, id, properties, written_at, import_hash)
VALUES (?, ?, ?, ?, ?, ?)
"""
_MERGE_CUSTOMER = """
UPDATE customers SET
  properties = merged_properties(properties, written_at, :new, :at, :now, :stamps),
  written_at = merged_times(properties, written_at, :new, :at, :now, :stamps),
  import_hash = CASE WHEN :at IS NOT NULL OR written_at IS NULL THEN :hash END
WHERE id = :customer AND (:linked
  OR (:hash IS NULL OR import_hash IS NOT :hash)
  AND (properties <> :new OR written_at IS NOT NULL OR :at IS NOT NULL OR :stamps) AND (
  merged_properties(properties, written_at, :new, :at, :now, :stamps) <> properties
  OR merged_times(properties, written_at, :new, :at, :now, :stamps) IS NOT written_at))
"""

_ADD_EVENT = """
INSERT INTO events
  (project_id, customer_id, type, timestamp, properties, run_id, "row", fingerprint)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (customer_id, timestamp, fingerprint) DO NOTHING
"""


class SqliteBulk:
    """Takes batches into SQLite."""

    sides: ClassVar[Sides | None] = None
    span: ClassVar[int] = 8

    def begin_batch(self, connection: Connection, run_id: str, token: int) -> None:
        """Do nothing: batches are large, and waiting for the disk costs nothing beside them."""

    def add_rows(
        self, connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Values]
    ) -> None:
        """Insert them."""
        names = ", ".join(f'"{name}"' for name in columns)
        places = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - from the code
        execute_many(connection, statement, rows)

    def lock(self, connection: Connection, name: str) -> None:  # noqa: ARG002 - there is one lock
        """Begin, if that is not done: a transaction that writes is alone already."""
        if not connection.in_transaction():
            connection.begin()

    def prepare_items(self, catalog_id: int, items: pl.DataFrame) -> Items:  # noqa: ARG002 - it is said when they are merged
        """Put the items in the order of their index, and their texts end to end."""
        from destinations.bulk.sqlite.items import prepare_items  # noqa: PLC0415 - what works with columns comes late

        return prepare_items(items)

    def merge_items(
        self,
        connection: Connection,
        catalog_id: int,
        items: Items,
        all_new: AllNewSoFar,  # noqa: ARG002 - here the check costs nothing
    ) -> Merged:
        """Add the new together, merge the others row by row."""
        from destinations.bulk.sqlite.items import merge_items  # noqa: PLC0415 - as above

        return merge_items(connection, catalog_id, items)

    def prepare_ids(self, ids: pl.DataFrame) -> list[Row]:
        """Make them Python's, and number them."""
        return ids.select("id_type", "id_value").with_row_index("n").rows()

    def foresee_customers(
        self, connect: Connect, project_id: int, ids: list[Row], memory: IdMemory
    ) -> None:
        """Foresee nothing: a look costs little, and takes the same processor at any time."""

    def known_customers(
        self,
        connection: Connection,
        project_id: int,
        ids: list[Row],
        foreseen: Foreseen | None,  # noqa: ARG002 - nothing is
        all_new: AllNewSoFar,  # noqa: ARG002 - none is taken for new without a look
    ) -> Numbers:
        """Look the ids up one by one, inside the engine."""
        import numpy as np  # noqa: PLC0415 - what works with columns comes late

        connection.exec_driver_sql(_STAGE_IDS)
        connection.exec_driver_sql("DELETE FROM temp.wanted_ids")
        execute_many(connection, _WANT_ID, ids)
        found = connection.exec_driver_sql(_KNOWN_IDS, (project_id,)).all()
        customers = np.full(len(ids), NOBODY, np.int64)
        places = np.array([tuple(row) for row in found], np.int64).reshape(-1, 2)
        customers[places[:, 0]] = places[:, 1]
        return customers

    def new_customer_ids(self, connection: Connection, count: int) -> list[int]:
        """Count on from the highest number; nobody else writes now."""
        highest = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM customers").scalar()
        start = (highest or 0) + 1
        return list(range(start, start + count))

    def add_customer_ids(
        self,
        connection: Connection,
        project_id: int,
        ids: pl.DataFrame,
        memory: IdMemory,  # noqa: ARG002 - none was taken for new without a look
    ) -> bool:
        """Insert the ids."""
        rows = ids.select("id_type", "id_value", "customer_id").iter_rows()
        execute_many(connection, _ADD_ID, [(project_id, *row) for row in rows])
        return True

    def merge_customers(
        self, connection: Connection, terms: CustomerTerms, rows: pl.DataFrame
    ) -> Merged:
        """Insert the new customers, each with its first row, then merge all other rows in order."""
        created = execute_many(connection, _ADD_CUSTOMER, _additions(terms, rows.filter("fresh")))
        changes = _changes(terms, rows.filter(~rows["fresh"]))
        return Merged(created=created, updated=execute_many(connection, _MERGE_CUSTOMER, changes))

    def prepare_events(
        self,
        events: pl.DataFrame,
        project_id: int,  # noqa: ARG002 - comes with the customers
        customers: Numbers | None,  # noqa: ARG002 - none is foreseen
    ) -> list[Row]:
        """Make them Python's."""
        return events.select(
            "type", "timestamp", "properties", "run_id", "row", "fingerprint"
        ).rows()

    def append_events(
        self,
        connection: Connection,
        project_id: int,
        customers: Numbers,
        events: list[Row],
        all_new: AllNewSoFar,  # noqa: ARG002 - here the check costs nothing
    ) -> int:
        """Insert, leaving out what the unique index knows."""
        whose = zip(customers.tolist(), events, strict=True)
        rows = [(project_id, customer_id, *event) for customer_id, event in whose]
        return execute_many(connection, _ADD_EVENT, rows)


def _additions(terms: CustomerTerms, rows: pl.DataFrame) -> list[Row]:
    """Return rows as `_ADD_CUSTOMER` takes them."""
    start = (terms.project_id, _datetime_text(terms.started_at))
    told = rows.select("customer_id", "properties", "updated_at", "import_hash").iter_rows()
    return [
        (*start, customer, new, _first_times(terms, new, at), known)
        for customer, new, at, known in told
    ]


def _first_times(terms: CustomerTerms, new: str, at: float | None) -> str | None:
    """Return when each property of a new customer was written, if that is kept."""
    if at is None and not terms.stamps:
        return None
    moment = Moment(at=at, now=terms.started_at.timestamp(), stamps=terms.stamps)
    return merged_at("{}", None, new, moment)[1]


def _changes(terms: CustomerTerms, rows: pl.DataFrame) -> list[NamedRow]:
    """Return rows as `_MERGE_CUSTOMER` takes them."""
    same = {"now": terms.started_at.timestamp(), "stamps": terms.stamps}
    told = rows.select("customer_id", "properties", "updated_at", "linked", "import_hash")
    return [
        {"customer": customer, "new": new, "at": at, "linked": linked, "hash": known, **same}
        for customer, new, at, linked, known in told.iter_rows()
    ]


def _datetime_text(at: datetime) -> str:
    """Write a time as SQLAlchemy does on SQLite."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
