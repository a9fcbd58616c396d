"""Which customer a row is about: found by the first of its ids that belongs to somebody, else new.

Ids of the row that belong to nobody become the customer's. One that belongs to somebody else stays
there: a row never joins two customers.
"""

# tested by: tests/contract/test_destinations.py

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import polars as pl
from sqlalchemy import Connection

from definitions.batches import Records
from destinations.bulk import Bulk
from destinations.locks import customers_lock

Key: TypeAlias = tuple[str, str]  # type and value of an id

_KEYS = {"id_type": pl.String, "id_value": pl.String}
_OWNED = {**_KEYS, "customer_id": pl.Int64}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners:
    """The customers of some rows.

    `frame` has, row by row, `customer_id`, `fresh` (this row is the first of a new customer) and
    `linked` (it gave an id to a customer that was there). The ids are stored; the new customers
    are not.
    """

    frame: pl.DataFrame

    @property
    def new(self) -> pl.DataFrame:
        """Return the rows of `frame` that are first of a new customer."""
        return self.frame.filter("fresh")


def find_owners(bulk: Bulk, connection: Connection, project_id: int, records: Records) -> Owners:
    """Find or number the customer of every row and store the ids that are new.

    Take the project's lock first, so that no id is given twice; it is held until the transaction
    ends, and the caller makes the customers that are new.
    """
    bulk.lock(connection, customers_lock(project_id))
    known = _known(bulk, connection, project_id, records)
    assign = _assign_by_one if len(records.ids) == 1 else _assign_in_order
    frame, owned = assign(records, known)
    numbers = bulk.new_customer_ids(connection, int(frame["fresh"].sum()))
    frame, owned = _numbered(frame, numbers), _numbered(owned, numbers)
    bulk.add_customer_ids(connection, project_id, owned)
    return Owners(frame=frame)


def _known(bulk: Bulk, connection: Connection, project_id: int, records: Records) -> pl.DataFrame:
    """Return the ids of the rows that belong to somebody."""
    wanted = pl.concat(
        records.frame.select(pl.lit(name).alias("id_type"), pl.col(f"id.{name}").alias("id_value"))
        .drop_nulls()
        .unique()
        for name in records.ids
    )
    return bulk.known_customers(connection, project_id, wanted)


def _assign_by_one(records: Records, known: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Assign rows that have one id each, all at once.

    New customers are numbered -1, -2, … in the order of their first rows.
    """
    [name] = records.ids
    values = records.frame.select(pl.col(f"id.{name}").alias("id_value")).with_row_index("n")
    found = values.join(known.drop("id_type"), on="id_value", how="left", maintain_order="left")
    strange = found.filter(pl.col("customer_id").is_null()).unique(
        "id_value", keep="first", maintain_order=True
    )
    new = strange.select(
        "n", "id_value", number=-1 - pl.int_range(pl.len(), dtype=pl.Int64), id_type=pl.lit(name)
    )
    numbers = new.select("id_value", "number")
    frame = found.join(numbers, on="id_value", how="left", maintain_order="left").select(
        pl.coalesce("customer_id", "number").alias("customer_id"),
        pl.col("n").is_in(new["n"].implode()).alias("fresh"),
        pl.lit(value=False).alias("linked"),
    )
    return frame, new.select("id_type", "id_value", customer_id="number")


def _assign_in_order(records: Records, known: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Assign rows that may have several ids, one by one.

    What a row finds depends on the ids that the rows before it brought, and chains of such rows
    can be as long as the batch: no fixed number of joins would do. The loop touches ids only.
    """
    owners: dict[Key, int] = {(kind, value): owner for kind, value, owner in known.iter_rows()}
    old = set(owners)
    columns = [records.frame[f"id.{name}"].to_list() for name in records.ids]
    new = 0
    assigned: list[tuple[int, bool, bool]] = []
    for values in zip(*columns, strict=True):
        keys = [key for key in zip(records.ids, values, strict=True) if key[1] is not None]
        owner = next((owners[key] for key in keys if key in owners), None)
        fresh = owner is None
        if owner is None:
            new += 1
            owner = -new
        linked = not fresh and any(key not in owners for key in keys)
        for key in keys:
            owners.setdefault(key, owner)
        assigned.append((owner, fresh, linked))
    added = [(*key, owner) for key, owner in owners.items() if key not in old]
    schema = {"customer_id": pl.Int64, "fresh": pl.Boolean, "linked": pl.Boolean}
    return (
        pl.DataFrame(assigned, schema=schema, orient="row"),
        pl.DataFrame(added, schema=_OWNED, orient="row"),
    )


def _numbered(frame: pl.DataFrame, numbers: list[int]) -> pl.DataFrame:
    """Put real numbers in the place of the negative ones."""
    given = pl.DataFrame(
        {"customer_id": range(-1, -1 - len(numbers), -1), "number": numbers},
        schema={"customer_id": pl.Int64, "number": pl.Int64},
    )
    return (
        frame.join(given, on="customer_id", how="left", maintain_order="left")
        .with_columns(pl.coalesce("number", "customer_id").alias("customer_id"))
        .drop("number")
    )
