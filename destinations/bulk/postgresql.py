"""How PostgreSQL takes a batch: COPY into a temporary table, then one statement over all of it.

A statement cannot touch a row twice, so it gets the first write to each thing; the later ones,
which are few, are folded in Python over what the first one left.
"""

# tested by: tests/contract/test_destinations.py

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from sqlalchemy import Connection, text

from destinations.bulk import CustomerTerms, KnownId, Merged
from destinations.copytext import copy_text
from destinations.merging import Moment, merged, merged_at

if TYPE_CHECKING:
    import psycopg

_CHUNK = 1 << 20

_STAGED = {
    "staged_items": "item_id text, properties jsonb",
    "staged_ids": "id_type text, id_value text",
    "staged_customers": (
        "customer_id bigint, fresh boolean, linked boolean, properties jsonb, updated_at float8"
    ),
    "staged_states": "customer_id bigint, properties jsonb, written_at jsonb",
    "staged_events": (
        "customer_id bigint, type text, timestamp float8, properties jsonb, run_id text, "
        "row bigint, fingerprint bytea"
    ),
}

# What is staged is found in the big tables by key, row by row. Statistics lag behind a load and
# know nothing of a new project or catalog; by them the planner would read a whole table per batch,
# or even per row. `LATERAL … LIMIT 1` leaves it no choice, and `ctid` finds the row again: every
# writer holds the lock of what it writes into, so the row stays where it is.
_BY_KEY = text("""
SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
""")

_ADD_ITEMS = text("""
INSERT INTO catalog_items (catalog_id, item_id, properties)
SELECT :catalog_id, s.item_id, s.properties FROM staged_items s
LEFT JOIN LATERAL (
  SELECT true AS found FROM catalog_items i
  WHERE i.catalog_id = :catalog_id AND i.item_id = s.item_id LIMIT 1
) known ON true
WHERE known.found IS NULL
""")
_MERGE_ITEMS = text("""
WITH merged AS MATERIALIZED (
  SELECT i.place, i.properties || s.properties AS properties FROM staged_items s
  CROSS JOIN LATERAL (
    SELECT ctid AS place, properties FROM catalog_items
    WHERE catalog_id = :catalog_id AND item_id = s.item_id LIMIT 1
  ) i
  WHERE i.properties || s.properties <> i.properties
)
UPDATE catalog_items i SET properties = m.properties FROM merged m WHERE i.ctid = m.place
""")
_ITEM_STATES = text("""
SELECT item_id, CAST(properties AS text) FROM catalog_items
WHERE catalog_id = :catalog_id AND item_id = ANY(:keys)
""")
_SET_ITEMS = text("""
WITH found AS MATERIALIZED (
  SELECT i.place, s.properties FROM staged_items s
  CROSS JOIN LATERAL (
    SELECT ctid AS place FROM catalog_items
    WHERE catalog_id = :catalog_id AND item_id = s.item_id LIMIT 1
  ) i
)
UPDATE catalog_items i SET properties = f.properties FROM found f WHERE i.ctid = f.place
""")

_KNOWN_IDS = text("""
SELECT s.id_type, s.id_value, i.customer_id FROM staged_ids s
CROSS JOIN LATERAL (
  SELECT customer_id FROM customer_ids
  WHERE project_id = :project_id AND id_type = s.id_type AND id_value = s.id_value LIMIT 1
) i
""")
_NEW_IDS = text("""
SELECT nextval(pg_get_serial_sequence('customers', 'id')) FROM generate_series(1, :count)
""")

_ADD_CUSTOMERS = text("""
INSERT INTO customers (id, project_id, created_at, properties, written_at)
SELECT s.customer_id, :project_id, :started_at, s.properties,
  CASE WHEN s.updated_at IS NOT NULL OR :stamps THEN (
    SELECT jsonb_object_agg(k, coalesce(s.updated_at, :now)) FROM jsonb_object_keys(s.properties) k
  ) END
FROM staged_customers s WHERE s.fresh
""")
_MERGE_CUSTOMERS = text("""
WITH merged AS MATERIALIZED (
  SELECT c.id, s.linked, c.properties || kept AS properties,
    coalesce(c.written_at || stamps, stamps, c.written_at) AS written_at
  FROM staged_customers s
  JOIN customers c ON c.id = s.customer_id
  CROSS JOIN LATERAL (
    SELECT CASE WHEN s.updated_at IS NULL OR c.written_at IS NULL THEN s.properties
    ELSE coalesce((
      SELECT jsonb_object_agg(key, value) FROM jsonb_each(s.properties)
      WHERE coalesce(CAST(c.written_at ->> key AS float8), s.updated_at) <= s.updated_at
    ), '{}') END AS kept
  ) not_outdated
  CROSS JOIN LATERAL (
    SELECT CASE WHEN s.updated_at IS NULL AND NOT :stamps AND c.written_at IS NULL THEN NULL
    ELSE (
      SELECT jsonb_object_agg(k, coalesce(s.updated_at, :now)) FROM jsonb_object_keys(kept) k
      WHERE s.updated_at IS NOT NULL OR :stamps OR jsonb_exists(c.written_at, k)
    ) END AS stamps
  ) stamped
  WHERE NOT s.fresh
)
UPDATE customers c SET properties = m.properties, written_at = m.written_at FROM merged m
WHERE c.id = m.id AND (m.linked
  OR m.properties <> c.properties OR m.written_at IS DISTINCT FROM c.written_at)
""")
_CUSTOMER_STATES = text("""
SELECT id, CAST(properties AS text), CAST(written_at AS text) FROM customers WHERE id = ANY(:keys)
""")
_SET_CUSTOMERS = text("""
UPDATE customers c SET properties = s.properties, written_at = s.written_at FROM staged_states s
WHERE c.id = s.customer_id
""")

_APPEND_EVENTS = text("""
INSERT INTO events
  (project_id, customer_id, type, timestamp, properties, run_id, row, fingerprint)
SELECT :project_id, customer_id, type, timestamp, properties, run_id, row, fingerprint
FROM staged_events
ON CONFLICT (customer_id, timestamp, fingerprint) DO NOTHING
""")


class PostgresqlBulk:
    """Takes batches into PostgreSQL."""

    def lock(self, connection: Connection, name: str) -> None:
        """Take an advisory lock; statements after it see what its last holder committed."""
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name}
        )

    def merge_items(self, connection: Connection, catalog_id: int, items: pl.DataFrame) -> Merged:
        """Insert the new, update the others by their first row, then fold the later rows."""
        first, later = _split(items, "item_id")
        _stage(connection, "staged_items", first)
        catalog = {"catalog_id": catalog_id}
        created = connection.execute(_ADD_ITEMS, catalog).rowcount
        updated = 0
        if created < first.height:
            updated = connection.execute(_MERGE_ITEMS, catalog).rowcount
        if later.height:
            updated += _merge_later_items(connection, catalog_id, later)
        return Merged(created=created, updated=updated)

    def known_customers(
        self, connection: Connection, project_id: int, ids: pl.DataFrame
    ) -> list[KnownId]:
        """Look all ids up at once."""
        _stage(connection, "staged_ids", ids)
        return list(connection.execute(_KNOWN_IDS, {"project_id": project_id}))

    def new_customer_ids(self, connection: Connection, count: int) -> list[int]:
        """Take them from the sequence."""
        return sorted(connection.execute(_NEW_IDS, {"count": count}).scalars())

    def add_customer_ids(self, connection: Connection, project_id: int, ids: pl.DataFrame) -> None:
        """Copy the ids straight into their table."""
        columns = ("project_id", "id_type", "id_value", "customer_id")
        rows = ids.with_columns(pl.lit(project_id).alias("project_id")).select(columns)
        _copy(connection, f"COPY customer_ids ({', '.join(columns)}) FROM STDIN", rows)

    def merge_customers(
        self, connection: Connection, terms: CustomerTerms, rows: pl.DataFrame
    ) -> Merged:
        """Insert the new, update the others by their first row, then fold the later rows."""
        first, later = _split(rows, "customer_id")
        _stage(connection, "staged_customers", first)
        how = {"now": terms.started_at.timestamp(), "stamps": terms.stamps}
        origin = {"project_id": terms.project_id, "started_at": terms.started_at}
        created = connection.execute(_ADD_CUSTOMERS, how | origin).rowcount
        updated = connection.execute(_MERGE_CUSTOMERS, how).rowcount
        if later.height:
            updated += _merge_later_customers(connection, terms, later)
        return Merged(created=created, updated=updated)

    def append_events(self, connection: Connection, project_id: int, rows: pl.DataFrame) -> int:
        """Insert, leaving out what the unique index knows."""
        _stage(connection, "staged_events", rows)
        return connection.execute(_APPEND_EVENTS, {"project_id": project_id}).rowcount


def _split(rows: pl.DataFrame, key: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the first row of every key from the later ones."""
    is_first = rows[key].is_first_distinct()
    return rows.filter(is_first), rows.filter(~is_first)


def _merge_later_items(connection: Connection, catalog_id: int, rows: pl.DataFrame) -> int:
    """Fold rows over the items they are about; return how many changed something."""
    keys = {"catalog_id": catalog_id, "keys": rows["item_id"].unique().to_list()}
    states: dict[str, str] = dict(connection.execute(_ITEM_STATES, keys).all())
    changes = 0
    for key, properties in rows.select("item_id", "properties").iter_rows():
        after = merged(states[key], properties)
        changes += after != states[key]
        states[key] = after
    left = {"item_id": list(states), "properties": list(states.values())}
    _stage(connection, "staged_items", pl.DataFrame(left))
    connection.execute(_SET_ITEMS, keys)
    return changes


def _merge_later_customers(connection: Connection, terms: CustomerTerms, rows: pl.DataFrame) -> int:
    """Fold rows over the customers they are about; return how many changed something."""
    keys = {"keys": rows["customer_id"].unique().to_list()}
    found = connection.execute(_CUSTOMER_STATES, keys)
    states = {key: (properties, written) for key, properties, written in found}
    now, changes = terms.started_at.timestamp(), 0
    writes = rows.select("customer_id", "linked", "properties", "updated_at").iter_rows()
    for key, linked, properties, at in writes:
        moment = Moment(at=at, now=now, stamps=terms.stamps)
        after = merged_at(*states[key], properties, moment)
        changes += linked or after != states[key]
        states[key] = after
    left = [(key, *state) for key, state in states.items()]
    columns = {"customer_id": pl.Int64, "properties": pl.String, "written_at": pl.String}
    _stage(connection, "staged_states", pl.DataFrame(left, schema=columns, orient="row"))
    connection.execute(_SET_CUSTOMERS)
    return changes


def _stage(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    """Fill a temporary table, which is the session's and empty after every transaction."""
    columns = _STAGED[table]
    connection.exec_driver_sql(
        f"CREATE TEMP TABLE IF NOT EXISTS {table} ({columns}) ON COMMIT DELETE ROWS"
    )
    connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - a name from above
    connection.execute(_BY_KEY)
    names = [column.split()[0] for column in columns.split(", ")]
    _copy(connection, f"COPY {table} ({', '.join(names)}) FROM STDIN", frame.select(names))


def _copy(connection: Connection, statement: str, frame: pl.DataFrame) -> None:
    """Copy the frame through the driver, inside the transaction that is open."""
    if not frame.height:
        return
    data = memoryview(copy_text(frame))
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for start in range(0, len(data), _CHUNK):
            copy.write(data[start : start + _CHUNK])
