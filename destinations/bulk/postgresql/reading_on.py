"""How PostgreSQL reads ids that nobody asked for, so that a run need not look them up later.

Ids are read where they lie, block by block of their table: twenty of them cost what one look costs.
Where the table's first blocks hold few of the project, they are read in the order of the index,
which leads from block to block: ten for a look. For each id that is not remembered as many are read
before it is looked up, so that all of it together is never more than twice the least that there is
to do. An id that moves meanwhile may be missed; it will be looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import polars as pl
from sqlalchemy import Connection, text

from definitions.arrays import Numbers
from destinations.memory import MOST_KEPT, IdHashes, IdMemory

PAGE: Final = 20_000  # ids that are read at once, in the order of the index
BLOCKS: Final = 200  # blocks of the table that are read at once
IN_A_BLOCK: Final = 120  # short ids
BY_INDEX_FOR_ONE: Final = 10  # ids that cost as much as one look
BY_BLOCKS_FOR_ONE: Final = 20
ENOUGH_IN_A_BLOCK: Final = 16  # ids of the project; fewer cost less in the order of the index
_RANGES_SINCE: Final = (14,)  # version of the server that reads nothing but the blocks asked for

# What a line cannot hold is left out; it will be looked up. `+ 0` and `|| ''` keep it from an index
# that reads all ids of the project for every page.
IDS_OF_BLOCKS = text("""
SELECT count(*), string_agg(int8send(customer_id), '') FILTER (WHERE plain),
  string_agg(id_value, chr(10)) FILTER (WHERE plain)
FROM (
  SELECT id_value, customer_id, strpos(id_value, chr(10)) = 0 AS plain FROM customer_ids
  WHERE ctid >= CAST(:first AS tid) AND ctid < CAST(:behind AS tid)
    AND project_id + 0 = :project_id AND id_type || '' = :id_type
) page
""")
SIZE = text("""
SELECT pg_relation_size('customer_ids') / CAST(current_setting('block_size') AS bigint)
""")
# Statistics lag behind a load; by them the planner would read and sort all ids for every page.
BY_INDEX = text("""
SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)
""")
NEXT_IDS = text("""
SELECT max(id_value), count(*), string_agg(int8send(customer_id), '') FILTER (WHERE plain),
  string_agg(id_value, chr(10)) FILTER (WHERE plain)
FROM (
  SELECT id_value, customer_id, strpos(id_value, chr(10)) = 0 AS plain FROM customer_ids
  WHERE project_id = :project_id AND id_type = :id_type AND id_value > :after
  ORDER BY id_value LIMIT :count
) page
""")


class Page(NamedTuple):
    """Ids of one type, and whose they are; `read` counts those as well that are left out."""

    read: int
    ids: pl.DataFrame
    customers: Numbers


def numbers_of(sent: bytes | None) -> Numbers:
    """Return numbers that PostgreSQL sent one behind the other, none for null."""
    return np.frombuffer(sent or b"", ">i8").astype(np.int64)


def read_on(
    connection: Connection,
    project_id: int,
    kinds: Sequence[str],
    memory: IdMemory,
    *,
    looks: int,
) -> bool:
    """Remember as many ids of these types as may be read for so many looks; tell if there are any.

    Few of them are saved up for the next time.
    """
    memory.due += looks
    pages = list(_by_blocks(connection, project_id, kinds, memory))
    if memory.block is None:
        pages += _by_index(connection, project_id, kinds, memory)
    if not pages:
        return False
    ids = pl.concat([page.ids for page in pages])
    memory.keep(IdHashes.of(ids), np.concatenate([page.customers for page in pages]))
    return True


def _by_blocks(
    connection: Connection, project_id: int, kinds: Sequence[str], memory: IdMemory
) -> Iterator[Page]:
    """Yield the ids of the next blocks, as many as are due; `memory.block` is None behind them."""
    if memory.block == 0 and (connection.dialect.server_version_info or ()) < _RANGES_SINCE:
        memory.block = None
    room = MOST_KEPT - len(memory)
    enough = BLOCKS * ENOUGH_IN_A_BLOCK
    full = BLOCKS * IN_A_BLOCK
    while memory.block is not None and memory.due * BY_BLOCKS_FOR_ONE >= full and room > 0:
        first, behind = memory.block, memory.block + BLOCKS
        found = [_of_blocks(connection, project_id, kind, first, behind) for kind in kinds]
        count = sum(each.read for each in found)
        memory.due -= max(count, enough) // BY_BLOCKS_FOR_ONE
        room -= count
        memory.block = behind
        if behind >= connection.execute(SIZE).scalar_one():
            memory.block = None
            memory.reached = dict.fromkeys(kinds)
        elif first == 0 and count < enough:
            memory.block = None
        yield from found


def _of_blocks(
    connection: Connection, project_id: int, id_type: str, first: int, behind: int
) -> Page:
    """Return the ids of one type that lie in some blocks."""
    blocks = {"first": f"({first},0)", "behind": f"({behind},0)"}
    asked = {"project_id": project_id, "id_type": id_type, **blocks}
    return _page(id_type, *connection.execute(IDS_OF_BLOCKS, asked).one())


def _by_index(
    connection: Connection, project_id: int, kinds: Sequence[str], memory: IdMemory
) -> Iterator[Page]:
    """Yield the ids from where the run has read to, a page at a time, as many as are due."""
    room = MOST_KEPT - len(memory)
    if memory.due * BY_INDEX_FOR_ONE < PAGE:
        return
    connection.execute(BY_INDEX)
    for id_type in kinds:
        while (
            (after := memory.reached.get(id_type, "")) is not None
            and memory.due * BY_INDEX_FOR_ONE >= PAGE
            and room > 0
        ):
            asked = {"project_id": project_id, "id_type": id_type, "after": after, "count": PAGE}
            last, *found = connection.execute(NEXT_IDS, asked).one()
            page = _page(id_type, *found)
            memory.reached[id_type] = last if page.read == PAGE else None
            memory.due -= page.read // BY_INDEX_FOR_ONE
            room -= page.read
            yield page


def _page(id_type: str, count: int, customers: bytes | None, lines: str | None) -> Page:
    """Return what the server sent."""
    values = pl.Series("id_value", [lines], pl.String).str.split("\n").explode().drop_nulls()
    ids = pl.select(pl.lit(id_type).alias("id_type"), values)
    return Page(count, ids, numbers_of(customers))
