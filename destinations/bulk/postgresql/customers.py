"""How PostgreSQL takes customers: new ones by COPY into their table, changed ones through staging.

A statement cannot touch a row twice, so it gets the first write to each customer; the later ones,
which are few, are folded in Python over what the first one left.
"""

# tested by: tests/contract/test_destinations.py

from __future__ import annotations

from typing import Final

import polars as pl
from sqlalchemy import Connection, text

from destinations.bulk import ALGORITHM_BITS, CustomerTerms, Merged
from destinations.bulk.postgresql.binary import Columns
from destinations.bulk.postgresql.copying import array_text, copy_frame, stage
from destinations.merging import Moment, merged_at

STAGED: Final[Columns] = {
    "customer_id": "bigint",
    "fresh": "boolean",
    "linked": "boolean",
    "properties": "jsonb",
    "updated_at": "float8",
    "import_hash": "bigint",
}
STATES: Final[Columns] = {"customer_id": "bigint", "properties": "jsonb", "written_at": "jsonb"}
COLUMNS: Final[Columns] = {
    "id": "bigint",
    "project_id": "integer",
    "created_at": "timestamptz",
    "properties": "jsonb",
    "import_hash": "bigint",
}

ADD_CUSTOMERS = text("""
INSERT INTO customers (id, project_id, created_at, import_hash, properties, written_at)
SELECT s.customer_id, :project_id, :started_at, s.import_hash, s.properties,
  CASE WHEN s.updated_at IS NOT NULL OR :stamps THEN (
    SELECT jsonb_object_agg(k, coalesce(s.updated_at, :now)) FROM jsonb_object_keys(s.properties) k
  ) END
FROM staged_customers s WHERE s.fresh
""")
# Of each row: whether its customer is not as the row would leave it, as far as hashes tell.
CHANGED_CUSTOMERS = text("""
SELECT s.n - 1
FROM unnest(CAST(:numbers AS bigint[]), CAST(:hashes AS bigint[])) WITH ORDINALITY s (key, hash, n)
CROSS JOIN LATERAL (SELECT import_hash FROM customers WHERE id = s.key LIMIT 1) c
WHERE s.hash IS NULL OR c.import_hash IS DISTINCT FROM s.hash
""")
# `kept` are the properties that nothing later was written to, `stamps` the times they leave;
# `counts` is whether the row counts as an update, `unhashed` whether only a hash of this algorithm
# is lacking. `linked` rows gave their customer an id; `fresh` ones made it.
MERGE_CUSTOMERS = text("""
WITH merged AS MATERIALIZED (
  SELECT c.id, c.properties AS old, c.written_at AS old_times, c.import_hash AS old_hash,
    s.linked, c.properties || kept AS properties,
    coalesce(c.written_at || stamps, stamps, c.written_at) AS written_at,
    CASE WHEN s.updated_at IS NOT NULL OR coalesce(stamps, c.written_at) IS NULL
    THEN s.import_hash END AS import_hash
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
), compared AS (
  SELECT id, properties, written_at, import_hash,
    linked OR properties <> old OR written_at IS DISTINCT FROM old_times AS counts,
    import_hash IS NOT NULL AND coalesce(old_hash & :bits <> import_hash & :bits, true) AS unhashed
  FROM merged
), written AS (
  UPDATE customers c SET properties = m.properties, written_at = m.written_at,
    import_hash = m.import_hash
  FROM compared m
  WHERE c.id = m.id AND (m.counts OR m.unhashed)
  RETURNING m.counts
)
SELECT count(*) FILTER (WHERE counts) FROM written
""")
CUSTOMER_STATES = text("""
SELECT id, CAST(properties AS text), CAST(written_at AS text) FROM customers WHERE id = ANY(:keys)
""")
SET_CUSTOMERS = text("""
UPDATE customers c SET properties = s.properties, written_at = s.written_at,
  import_hash = NULL FROM staged_states s
WHERE c.id = s.customer_id
""")


def merge_customers(connection: Connection, terms: CustomerTerms, rows: pl.DataFrame) -> Merged:
    """Insert the new, update the others by their first row, then fold the later rows."""
    is_first = rows["customer_id"].is_first_distinct()
    first, later = rows.filter(is_first), rows.filter(~is_first)
    fresh, known = first.filter("fresh"), first.filter(~first["fresh"])
    if fresh.height:
        _add(connection, terms, fresh)
    updated = _merge_first(connection, terms, known) if known.height else 0
    if later.height:
        updated += _merge_later(connection, terms, later)
    return Merged(created=fresh.height, updated=updated)


def _add(connection: Connection, terms: CustomerTerms, rows: pl.DataFrame) -> None:
    """Make customers, whose numbers nobody has; where times are to be noted, through staging."""
    if not terms.stamps and not rows["updated_at"].count():
        new = rows.select(
            pl.col("customer_id").alias("id"),
            pl.lit(terms.project_id).alias("project_id"),
            pl.lit(terms.started_at).alias("created_at"),
            "properties",
            "import_hash",
        )
        copy_frame(connection, "customers", COLUMNS, new)
        return
    stage(connection, "staged_customers", STAGED, rows)
    origin = {"project_id": terms.project_id, "started_at": terms.started_at}
    connection.execute(ADD_CUSTOMERS, _how(terms) | origin)


def _merge_first(connection: Connection, terms: CustomerTerms, rows: pl.DataFrame) -> int:
    """Update customers by one row each, and return how many rows count as updates.

    Those whose hash is the same are left alone.
    """
    asked = {
        "numbers": array_text(rows["customer_id"]),
        "hashes": array_text(rows["import_hash"]),
    }
    others = pl.Series(connection.execute(CHANGED_CUSTOMERS, asked).scalars().all(), dtype=pl.Int64)
    is_other = pl.int_range(pl.len()).is_in(others.implode())
    changed = rows.filter(is_other | pl.col("linked"))
    if not changed.height:
        return 0
    stage(connection, "staged_customers", STAGED, changed)
    how = _how(terms) | {"bits": ALGORITHM_BITS}
    updated: int = connection.execute(MERGE_CUSTOMERS, how).scalar_one()
    return updated


def _how(terms: CustomerTerms) -> dict[str, float | bool]:
    """Return what the statements need to know of times."""
    return {"now": terms.started_at.timestamp(), "stamps": terms.stamps}


def _merge_later(connection: Connection, terms: CustomerTerms, rows: pl.DataFrame) -> int:
    """Fold rows over the customers they are about; return how many changed something."""
    keys = {"keys": rows["customer_id"].unique().to_list()}
    found = connection.execute(CUSTOMER_STATES, keys)
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
    stage(connection, "staged_states", STATES, pl.DataFrame(left, schema=columns, orient="row"))
    connection.execute(SET_CUSTOMERS)
    return changes
