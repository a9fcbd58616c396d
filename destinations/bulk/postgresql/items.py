"""How PostgreSQL takes items: the new ones by COPY into their table, changed ones through staging.

Which is which is looked up first, by key and hash, without the properties. While nobody was known
yet, it is not even looked up: see `AllNewSoFar`.
"""

# tested by: tests/contract/test_destinations.py

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import polars as pl
from sqlalchemy import Connection, text

from destinations.bulk import ALGORITHM_BITS, AllNewSoFar, Merged
from destinations.bulk.postgresql.binary import Columns, rows_of
from destinations.bulk.postgresql.copying import array_text, copied, copy_pieces, stage
from destinations.merging import merged
from destinations.sampling import sample

STAGED: Final[Columns] = {"item_id": "text", "properties": "jsonb", "import_hash": "bigint"}
COLUMNS: Final[Columns] = {"catalog_id": "bigint", **STAGED}

# What is staged is found in the big table by key, row by row: `LATERAL … LIMIT 1` leaves the
# planner no choice, and `ctid` finds the row again: every writer holds the lock of what it writes
# into, so the row stays where it is.
ANY_KNOWN = text("""
SELECT EXISTS (
  SELECT FROM unnest(CAST(:keys AS text[])) s (key)
  CROSS JOIN LATERAL (
    SELECT FROM catalog_items WHERE catalog_id = :catalog_id AND item_id = s.key LIMIT 1
  ) i
)
""")
NEW_OR_CHANGED_ITEMS = text("""
SELECT s.n - 1, i.known
FROM unnest(CAST(:keys AS text[]), CAST(:hashes AS bigint[])) WITH ORDINALITY s (key, hash, n)
LEFT JOIN LATERAL (
  SELECT true AS known, import_hash FROM catalog_items
  WHERE catalog_id = :catalog_id AND item_id = s.key LIMIT 1
) i ON true
WHERE i.import_hash IS DISTINCT FROM s.hash
""")
# An item that does not differ is written if it has no hash, or one of another algorithm.
MERGE_ITEMS = text("""
WITH found AS MATERIALIZED (
  SELECT i.place, i.merged, i.merged <> i.properties AS differs, s.import_hash
  FROM staged_items s
  CROSS JOIN LATERAL (
    SELECT ctid AS place, properties, properties || s.properties AS merged FROM catalog_items
    WHERE catalog_id = :catalog_id AND item_id = s.item_id LIMIT 1
  ) i
), written AS (
  UPDATE catalog_items i SET properties = f.merged, import_hash = f.import_hash FROM found f
  WHERE i.ctid = f.place AND (f.differs OR i.import_hash IS NULL
    OR i.import_hash & :bits <> f.import_hash & :bits)
  RETURNING f.differs
)
SELECT count(*) FILTER (WHERE differs) FROM written
""")
ITEM_STATES = text("""
SELECT item_id, CAST(properties AS text) FROM catalog_items
WHERE catalog_id = :catalog_id AND item_id = ANY(:keys)
""")
SET_ITEMS = text("""
WITH found AS MATERIALIZED (
  SELECT i.place, s.properties FROM staged_items s
  CROSS JOIN LATERAL (
    SELECT ctid AS place FROM catalog_items
    WHERE catalog_id = :catalog_id AND item_id = s.item_id LIMIT 1
  ) i
)
UPDATE catalog_items i SET properties = f.properties, import_hash = NULL FROM found f
WHERE i.ctid = f.place
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A batch in the order of the index: the first row of each item, and the later ones.

    `pieces` are what COPY takes should all of `first` be new, `sample` the keys of some of them.
    """

    first: pl.DataFrame
    later: pl.DataFrame
    pieces: tuple[bytes | bytearray, ...]
    sample: str


def prepare_items(catalog_id: int, items: pl.DataFrame) -> Items:
    """Return the items as `merge_items` takes them; rows of one item stay in their order."""
    ordered = items.select("item_id", "properties", "import_hash").sort(
        "item_id", maintain_order=True
    )
    is_first = ordered["item_id"].is_first_distinct()
    first = ordered if is_first.all() else ordered.filter(is_first)
    return Items(
        first=first,
        later=ordered.filter(~is_first),
        pieces=tuple(_pieces(catalog_id, first)),
        sample=array_text(sample(first["item_id"])),
    )


def merge_items(
    connection: Connection, catalog_id: int, items: Items, all_new: AllNewSoFar
) -> Merged:
    """Add the new, update the others by their first row, then fold the later rows."""
    done = Merged(created=items.first.height, updated=0)
    if _any_known(connection, catalog_id, items.sample) or not copied(
        connection, all_new, lambda: _add(connection, items.pieces)
    ):
        done = _merge_first(connection, catalog_id, items.first)
    if items.later.height:
        changes = _merge_later(connection, catalog_id, items.later)
        done = Merged(created=done.created, updated=done.updated + changes)
    return done


def _any_known(connection: Connection, catalog_id: int, keys: str) -> bool:
    """Tell whether one of some items is there."""
    found = connection.execute(ANY_KNOWN, {"catalog_id": catalog_id, "keys": keys})
    return bool(found.scalar())


def _merge_first(connection: Connection, catalog_id: int, items: pl.DataFrame) -> Merged:
    """Add and update items that are one row each; those whose hash is the same are left alone."""
    asked = {
        "catalog_id": catalog_id,
        "keys": array_text(items["item_id"]),
        "hashes": array_text(items["import_hash"]),
    }
    schema = {"n": pl.Int64, "known": pl.Boolean}
    found = connection.execute(NEW_OR_CHANGED_ITEMS, asked).all()
    others = pl.DataFrame(found, schema=schema, orient="row").sort("n")
    new = items[others.filter(pl.col("known").is_null())["n"]]
    changed = items[others.filter("known")["n"]]
    if new.height:
        _add(connection, _pieces(catalog_id, new))
    if not changed.height:
        return Merged(created=new.height, updated=0)
    stage(connection, "staged_items", STAGED, changed)
    how = {"catalog_id": catalog_id, "bits": ALGORITHM_BITS}
    updated = connection.execute(MERGE_ITEMS, how).scalar_one()
    return Merged(created=new.height, updated=updated)


def _pieces(catalog_id: int, items: pl.DataFrame) -> Iterable[bytes | bytearray]:
    """Return items as COPY takes them."""
    return rows_of(items.with_columns(catalog_id=catalog_id), COLUMNS).pieces()


def _add(connection: Connection, pieces: Iterable[bytes | bytearray]) -> None:
    """Copy items straight into their table."""
    copy_pieces(connection, "catalog_items", COLUMNS, pieces)


def _merge_later(connection: Connection, catalog_id: int, rows: pl.DataFrame) -> int:
    """Fold rows over the items they are about; return how many changed something."""
    keys = {"catalog_id": catalog_id, "keys": rows["item_id"].unique().to_list()}
    states: dict[str, str] = dict(connection.execute(ITEM_STATES, keys).all())
    changes = 0
    for key, properties in rows.select("item_id", "properties").iter_rows():
        after = merged(states[key], properties)
        changes += after != states[key]
        states[key] = after
    left = pl.DataFrame({"item_id": list(states), "properties": list(states.values())})
    stage(connection, "staged_items", STAGED, left.with_columns(import_hash=pl.lit(None)))
    connection.execute(SET_ITEMS, keys)
    return changes
