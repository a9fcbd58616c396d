"""How PostgreSQL finds customers by their ids, and takes new ids.

A look at an id costs the server as much as writing a short row. A run that asks for many therefore
reads others as well and remembers them (`reading_on`). What is remembered holds until somebody
loses an id, which a trigger counts; what is not is looked up. All of that happens beside the writer
of the batch before: under the lock of the project, only ids that were nobody's are looked at again.

Ids of which some were looked up and none was there are taken for new; the unique index is the
judge, as with items.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from sqlalchemy import Connection, text

from definitions.arrays import Numbers
from destinations.bulk import NOBODY, AllNewSoFar, Foreseen
from destinations.bulk.postgresql.binary import Columns
from destinations.bulk.postgresql.copying import array_text, copied, copy_frame
from destinations.bulk.postgresql.reading_on import numbers_of, read_on
from destinations.memory import IdHashes, IdMemory
from destinations.sampling import sample

IDS: Final[Columns] = {
    "project_id": "integer",
    "id_type": "text",
    "id_value": "text",
    "customer_id": "bigint",
}

CHANGES = text("SELECT number FROM customer_id_changes WHERE project_id = :project_id")
# By key, row by row, as with items; one row comes back, since many cost more than they tell, and
# numbers as bytes, which need not be written and read digit by digit.
KNOWN_IDS = text("""
SELECT string_agg(int8send(s.n - 1), ''), string_agg(int8send(i.customer_id), '')
FROM unnest(CAST(:kinds AS text[]), CAST(:keys AS text[])) WITH ORDINALITY s (kind, key, n)
CROSS JOIN LATERAL (
  SELECT customer_id FROM customer_ids
  WHERE project_id = :project_id AND id_type = s.kind AND id_value = s.key LIMIT 1
) i
""")
NEW_IDS = text("""
SELECT nextval(s.name) FROM generate_series(1, :count), (
  SELECT CAST(pg_get_serial_sequence('customers', 'id') AS regclass) AS name OFFSET 0
) s
""")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """Ids to be found: `id_type`, `id_value`, and what they would be remembered by."""

    ids: pl.DataFrame
    hashes: IdHashes


def prepare_ids(ids: pl.DataFrame) -> Asked:
    """Return the ids as `known_customers` takes them."""
    return Asked(ids=ids, hashes=IdHashes.of(ids))


def foresee_customers(
    connection: Connection, project_id: int, asked: Asked, memory: IdMemory
) -> Foreseen:
    """Return whose the ids are: of those remembered, looked up, or taken for nobody's.

    How often ids were taken from somebody is read first: should one be taken meanwhile, it shows.
    """
    changes = _changes(connection, project_id)
    if changes != memory.changes:
        memory.forget(changes)
    customers = memory.recall(asked.hashes)
    others = np.flatnonzero(customers == NOBODY)
    if others.size and not _are_new(connection, project_id, asked.ids[others], memory.all_new):
        kinds = asked.ids["id_type"].unique().sort().to_list()
        if read_on(connection, project_id, kinds, memory, looks=others.size):
            customers[others] = memory.recall(asked.hashes.at(others))
            others = np.flatnonzero(customers == NOBODY)
        customers[others] = _looked_up(connection, project_id, asked.ids[others])
    unknown = asked.hashes.first[customers == NOBODY].view(np.int64)
    return Foreseen(changes=changes, customers=customers, unknown=unknown)


def known_customers(
    connection: Connection,
    project_id: int,
    ids: pl.DataFrame,
    foreseen: Foreseen | None,
    all_new: AllNewSoFar,
) -> Numbers:
    """Return whose the ids are: as foreseen, if that holds, and of the others what is there now."""
    customers = np.full(ids.height, NOBODY, np.int64)
    if foreseen is not None and foreseen.changes == _changes(connection, project_id):
        customers = foreseen.customers.copy()
    others = np.flatnonzero(customers == NOBODY)
    if others.size and not _are_new(connection, project_id, ids[others], all_new):
        customers[others] = _looked_up(connection, project_id, ids[others])
    return customers


def _changes(connection: Connection, project_id: int) -> int:
    """Return how often an id of the project was taken from somebody."""
    return connection.execute(CHANGES, {"project_id": project_id}).scalar() or 0


def add_customer_ids(
    connection: Connection, project_id: int, ids: pl.DataFrame, memory: IdMemory
) -> bool:
    """Copy the ids straight into their table; tell whether all of them were new, as it seemed."""
    owned = ids.select(pl.lit(project_id).alias("project_id"), "id_type", "id_value", "customer_id")
    ordered = owned.sort("id_type", "id_value")
    if memory.all_new.holds:
        return copied(
            connection, memory.all_new, lambda: copy_frame(connection, "customer_ids", IDS, ordered)
        )
    copy_frame(connection, "customer_ids", IDS, ordered)
    return True


def new_customer_ids(connection: Connection, count: int) -> list[int]:
    """Take them from the sequence."""
    return sorted(connection.execute(NEW_IDS, {"count": count}).scalars())


def _are_new(
    connection: Connection, project_id: int, ids: pl.DataFrame, all_new: AllNewSoFar
) -> bool:
    """Tell whether ids may be taken for new: while that went well, and some of them are new."""
    if not all_new.holds:
        return False
    return bool((_looked_up(connection, project_id, sample(ids)) == NOBODY).all())


def _looked_up(connection: Connection, project_id: int, ids: pl.DataFrame) -> Numbers:
    """Return whose the ids are."""
    if not ids.height:
        return np.empty(0, np.int64)
    kinds, keys = array_text(ids["id_type"]), array_text(ids["id_value"])
    asked = {"project_id": project_id, "kinds": kinds, "keys": keys}
    places, owners = connection.execute(KNOWN_IDS, asked).one()
    customers = np.full(ids.height, NOBODY, np.int64)
    customers[numbers_of(places)] = numbers_of(owners)
    return customers
