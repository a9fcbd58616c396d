"""How PostgreSQL takes events: by COPY into their table, looking at what is there or not.

Looked up are the keys of the unique index alone. Whoever writes events of a project holds the lock
of its customers, so what was looked up stays true. While nothing was known yet, it is not even
looked up: see `AllNewSoFar`.
"""

# tested by: tests/contract/test_destinations.py

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from sqlalchemy import Connection, text

from definitions.arrays import Numbers
from destinations.bulk import AllNewSoFar
from destinations.bulk.postgresql.binary import Columns, Rows, Spots, rows_of
from destinations.bulk.postgresql.copying import copied, copy_pieces
from destinations.sampling import sample

COLUMNS: Final[Columns] = {
    "project_id": "integer",
    "customer_id": "bigint",
    "type": "text",
    "timestamp": "float8",
    "properties": "jsonb",
    "run_id": "text",
    "row": "bigint",
    "fingerprint": "bytea",
}
KNOWN_EVENTS = text("""
SELECT s.n - 1
FROM unnest(CAST(:customers AS bigint[]), CAST(:times AS float8[]), CAST(:fingerprints AS bytea[]))
  WITH ORDINALITY s (customer_id, timestamp, fingerprint, n)
CROSS JOIN LATERAL (
  SELECT FROM events WHERE customer_id = s.customer_id AND timestamp = s.timestamp
    AND fingerprint = s.fingerprint LIMIT 1
) e
""")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Events:
    """The events of a batch: what each is known by, and its row but for the customer.

    `plan` is for the customers that were foreseen.
    """

    times: npt.NDArray[np.float64]
    fingerprints: pl.Series
    rows: Rows
    plan: Plan | None = None


class Plan(NamedTuple):
    """What is copied should all of the events be new, and if these are their customers."""

    customers: Numbers
    new: Spots
    pieces: tuple[bytes | bytearray, ...]


class Owned(NamedTuple):
    """Events, and of which customers they are."""

    customers: Numbers
    events: Events


def prepare_events(events: pl.DataFrame, project_id: int, customers: Numbers | None) -> Events:
    """Return the events as `append_events` takes them; `customers` are whose they may be."""
    nobodys = (
        pl.lit(project_id).alias("project_id"),
        pl.lit(0, dtype=pl.Int64).alias("customer_id"),
    )
    made = Events(
        times=events["timestamp"].to_numpy(),
        fingerprints=events["fingerprint"],
        rows=rows_of(events.with_columns(nobodys), COLUMNS),
    )
    if customers is None:
        return made
    return replace(made, plan=_planned(Owned(customers, made)))


def append_events(connection: Connection, owned: Owned, all_new: AllNewSoFar) -> int:
    """Add those that are not there, in the order of their index, and return how many these were."""
    plan = owned.events.plan
    if plan is None or not np.array_equal(plan.customers, owned.customers):
        plan = _planned(owned)
    if not _known(connection, owned, sample(plan.new)).size and copied(
        connection, all_new, lambda: copy_pieces(connection, "events", COLUMNS, plan.pieces)
    ):
        return len(plan.new)
    new = np.delete(plan.new, _known(connection, owned, plan.new))
    if len(new):
        copy_pieces(connection, "events", COLUMNS, _pieces(owned, new))
    return len(new)


def _planned(owned: Owned) -> Plan:
    """Return what is copied of events of these customers, should all of them be new."""
    new = _distinct(owned)
    return Plan(owned.customers, new, tuple(_pieces(owned, new)))


def _distinct(owned: Owned) -> Spots:
    """Return where each event stands for the first time, in the order of the index."""
    customers, times = owned.customers, owned.events.times
    order = _in_order(customers, times)
    before, after = order[:-1], order[1:]
    same = (customers[before] == customers[after]) & (times[before] == times[after])
    if not same.any():
        return order
    fingerprints = owned.events.fingerprints.to_list()
    met: set[tuple[int, float, bytes]] = set()
    is_first = []
    for spot in order.tolist():
        key = (int(customers[spot]), float(times[spot]), fingerprints[spot])
        is_first.append(key not in met)
        met.add(key)
    return order[is_first]


def _in_order(customers: Numbers, times: npt.NDArray[np.float64]) -> Spots:
    """Return where events stand in the order of customer and time, equal ones as they come.

    Numbers alone are sorted ten times as fast as pairs, and few customers have two events in a
    batch.
    """
    order: Spots = np.argsort(customers)
    same = customers[order[:-1]] == customers[order[1:]]
    shared = np.zeros(len(order), np.bool_)
    shared[:-1] |= same
    shared[1:] |= same
    spots = order[shared]
    order[shared] = spots[np.lexsort((spots, times[spots], customers[spots]))]
    return order


def _known(connection: Connection, owned: Owned, spots: Spots) -> Spots:
    """Return which of some events are there."""
    asked = {
        "customers": owned.customers[spots].tolist(),
        "times": owned.events.times[spots].tolist(),
        "fingerprints": owned.events.fingerprints[spots].to_list(),
    }
    return np.array(connection.execute(KNOWN_EVENTS, asked).scalars().all(), np.intp)


def _pieces(owned: Owned, spots: Spots) -> Iterator[bytes | bytearray]:
    """Yield some events as COPY takes them."""
    return owned.events.rows.having("customer_id", owned.customers).pieces(spots)
