"""How SQLite takes items: the new ones by few statements, the others row by row.

A statement per row takes Python's global lock from the thread that prepares the next batch, and
gives it back, once per row. New rows therefore come some hundred at a time, and SQLite takes them
apart by itself: their keys end to end, their properties end to end, where each of these lies, and
their hashes as a list of JSON.
"""

# tested by: tests/contract/test_destinations.py

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import polars as pl
from sqlalchemy import Connection

from definitions.arrays import Numbers
from destinations.bulk import ALGORITHM_BITS, Merged
from destinations.bulk.sqlite.executing import NamedRow, execute_many
from destinations.sampling import sample

_DIGITS: Final = 10
_WIDTH: Final = 4 * _DIGITS


def _place(number: int) -> str:
    """Return one of the four numbers that tell where a row's texts lie."""
    begin = f"key * {_WIDTH} + {_DIGITS * number + 1}"
    return f"CAST(substr(:places, {begin}, {_DIGITS}) AS INTEGER)"


_ADD_ITEMS = f"""
INSERT INTO catalog_items (catalog_id, item_id, properties, import_hash)
SELECT :catalog, CAST(substr(:keys, {_place(0)}, {_place(1)}) AS TEXT),
  CAST(substr(:properties, {_place(2)}, {_place(3)}) AS TEXT), value
FROM json_each(:hashes) WHERE true
ON CONFLICT (catalog_id, item_id) DO NOTHING
"""  # noqa: S608 - all of it is in this file
_MERGE_ITEM = """
UPDATE catalog_items SET properties = merged(properties, :new), import_hash = :hash
WHERE catalog_id = :catalog AND item_id = :item AND import_hash IS NOT :hash
  AND properties <> :new AND merged(properties, :new) <> properties
"""
# An item that does not differ is written if it has no hash, or one of another algorithm.
_GIVE_HASH = f"""
UPDATE catalog_items SET import_hash = :hash WHERE catalog_id = :catalog AND item_id = :item
  AND (import_hash IS NULL OR import_hash & {ALGORITHM_BITS} <> :hash & {ALGORITHM_BITS})
"""  # noqa: S608 - all of it is in this room
_ANY_KNOWN = """
SELECT EXISTS (SELECT 1 FROM catalog_items WHERE catalog_id = ? AND item_id IN (
  SELECT value FROM json_each(?)))
"""
_STAGE_ITEMS = """
CREATE TEMP TABLE IF NOT EXISTS wanted_items (n INTEGER PRIMARY KEY, item_id TEXT, hash INTEGER)
"""
_WANT_ITEM = "INSERT INTO temp.wanted_items (n, item_id, hash) VALUES (?, ?, ?)"
_OTHER_ITEMS = """
SELECT w.n FROM temp.wanted_items w
LEFT JOIN catalog_items i ON i.catalog_id = ? AND i.item_id = w.item_id
WHERE i.import_hash IS NOT w.hash ORDER BY w.n
"""

# Rows of a statement: each may keep a page in memory, and larger texts leave larger holes there.
_TOGETHER: Final = 512


class Packed(NamedTuple):
    """Rows as one statement takes them: `places` tell where their keys and properties lie."""

    keys: memoryview
    properties: memoryview
    places: memoryview
    hashes: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Items:
    """A batch in the order of the index: its rows, as they are added, and the keys of some."""

    rows: pl.DataFrame
    packed: tuple[Packed, ...]
    sample: str


def prepare_items(items: pl.DataFrame) -> Items:
    """Return the items as `merge_items` takes them; rows of one item stay in their order."""
    ordered = items.select("item_id", "properties", "import_hash").sort(
        "item_id", maintain_order=True
    )
    some = sample(ordered["item_id"])
    return Items(rows=ordered, packed=tuple(_packed(ordered)), sample=json.dumps(some.to_list()))


def merge_items(connection: Connection, catalog_id: int, items: Items) -> Merged:
    """Leave alone what has the hash of its only row; add or merge every other row."""
    rows = items.rows
    if not _any_known(connection, catalog_id, items.sample):
        return _add_or_merge(connection, catalog_id, rows, items.packed)
    is_repeated = rows["item_id"].is_duplicated()
    once, repeated = rows.filter(~is_repeated), rows.filter(is_repeated)
    others = once[_others(connection, catalog_id, once)]
    done = _add_or_merge(connection, catalog_id, others, _packed(others))
    execute_many(connection, _GIVE_HASH, _writes(catalog_id, others))
    again = _add_or_merge(connection, catalog_id, repeated, _packed(repeated))
    return Merged(created=done.created + again.created, updated=done.updated + again.updated)


def _packed(rows: pl.DataFrame) -> Iterator[Packed]:
    """Yield some hundred rows at a time as `_ADD_ITEMS` takes them.

    Their properties are joined piece by piece: all at once they were the batch once more.
    """
    keys, properties, hashes = rows["item_id"], rows["properties"], rows["import_hash"]
    ends_of_keys, numbers = _ends(keys), hashes.cast(pl.String) + ","
    ends_of_numbers = _ends(numbers)
    all_keys, all_numbers = _joined(keys), _joined(numbers)
    places = memoryview(_digits(np.stack([*_places(ends_of_keys), *_places(_ends(properties))], 1)))
    for start in range(0, rows.height, _TOGETHER):
        end = min(start + _TOGETHER, rows.height)
        some = all_numbers[ends_of_numbers[start] : ends_of_numbers[end] - 1]
        yield Packed(
            keys=all_keys[ends_of_keys[start] : ends_of_keys[end]],
            properties=_joined(properties.slice(start, _TOGETHER)),
            places=places[start * _WIDTH : end * _WIDTH],
            hashes=f"[{str(some, 'ascii')}]",
        )


def _joined(texts: pl.Series) -> memoryview:
    return memoryview(texts.str.join("").cast(pl.Binary).item())


def _ends(texts: pl.Series) -> Numbers:
    """Return where texts end that are joined, after the 0 at which the first begins."""
    ends = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(texts.str.len_bytes().to_numpy(), out=ends[1:])
    return ends


def _places(ends: Numbers) -> tuple[Numbers, Numbers]:
    """Return where each text begins in those of its statement, from 1 on, and its length."""
    begins = ends[:-1]
    first = np.repeat(begins[::_TOGETHER], _TOGETHER)[: begins.size]
    return begins - first + 1, np.diff(ends)


def _digits(numbers: Numbers) -> bytes:
    """Return numbers of up to ten digits as so many characters each."""
    left = numbers.astype(np.uint32)
    digits = np.empty((*left.shape, _DIGITS), np.uint8)
    for place in reversed(range(_DIGITS)):
        tens = left // np.uint32(10)
        digits[..., place] = left - tens * np.uint32(10)
        left = tens
    return (digits + np.uint8(ord("0"))).tobytes()


def _any_known(connection: Connection, catalog_id: int, keys: str) -> bool:
    """Tell whether one of some items is there."""
    return bool(connection.exec_driver_sql(_ANY_KNOWN, (catalog_id, keys)).scalar())


def _others(connection: Connection, catalog_id: int, rows: pl.DataFrame) -> Sequence[int]:
    """Return the numbers of the items that are not there with the same hash."""
    connection.exec_driver_sql(_STAGE_ITEMS)
    connection.exec_driver_sql("DELETE FROM temp.wanted_items")
    keys = rows.select("item_id", "import_hash").with_row_index("n")
    execute_many(connection, _WANT_ITEM, keys.rows())
    return connection.exec_driver_sql(_OTHER_ITEMS, (catalog_id,)).scalars().all()


def _add_or_merge(
    connection: Connection, catalog_id: int, rows: pl.DataFrame, packed: Iterable[Packed]
) -> Merged:
    """Add what is missing, then merge every row; where all was missing, nothing is left."""
    keep = {"preserve_rowcount": True}
    created = sum(
        connection.exec_driver_sql(
            _ADD_ITEMS,
            {"catalog": catalog_id, **part._asdict()},
            execution_options=keep,
        ).rowcount
        for part in packed
    )
    if created == rows.height:
        return Merged(created=created, updated=0)
    updated = execute_many(connection, _MERGE_ITEM, _writes(catalog_id, rows))
    return Merged(created=created, updated=updated)


def _writes(catalog_id: int, rows: pl.DataFrame) -> list[NamedRow]:
    """Return rows as statements for one of them take them."""
    told = rows.select("item_id", "properties", "import_hash").iter_rows()
    return [
        {"catalog": catalog_id, "item": item, "new": new, "hash": known}
        for item, new, known in told
    ]
