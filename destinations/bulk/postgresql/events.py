"""How PostgreSQL takes events: by COPY into their table, looking at what is there or not.

Looked up are the keys of the unique index alone. Whoever writes events of a project holds the lock
of its customers, so what was looked up stays true. While nothing was known yet, it is not even
looked up: see `Luck`.
"""

# tested by: tests/contract/test_destinations.py

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from sqlalchemy import Connection, text

from destinations.bulk import SAMPLE, Luck, Numbers
from destinations.bulk.postgresql.copying import copied, copy_pieces
from destinations.copytext import copy_lines, copy_text

TAIL: Final = ["type", "timestamp", "properties", "run_id", "row", "fingerprint"]
LINE: Final = ["project_id", "customer_id", *TAIL]
KNOWN_EVENTS = text("""
SELECT s.n - 1
FROM unnest(CAST(:customers AS bigint[]), CAST(:times AS float8[]), CAST(:fingerprints AS bytea[]))
  WITH ORDINALITY s (customer_id, timestamp, fingerprint, n)
CROSS JOIN LATERAL (
  SELECT FROM events WHERE customer_id = s.customer_id AND timestamp = s.timestamp
    AND fingerprint = s.fingerprint LIMIT 1
) e
""")

Spots: TypeAlias = npt.NDArray[np.intp]  # places of events in a batch


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Events:
    """The events of a batch: what each is known by, and its line but for project and customer.

    `plan` is for the customers that were foreseen.
    """

    times: npt.NDArray[np.float64]
    fingerprints: pl.Series
    lines: pl.Series
    plan: Plan | None = None


class Plan(NamedTuple):
    """What is copied should all of the events be new, and if these are their customers."""

    customers: Numbers
    new: Spots
    text: tuple[bytes, ...]


class Owned(NamedTuple):
    """Events, and of which project and customers they are."""

    project_id: int
    customers: Numbers
    events: Events


def prepare_events(events: pl.DataFrame, project_id: int, customers: Numbers | None) -> Events:
    """Return the events as `append_events` takes them; `customers` are whose they may be."""
    made = Events(
        times=events["timestamp"].to_numpy(),
        fingerprints=events["fingerprint"],
        lines=copy_lines(events.select(TAIL)),
    )
    if customers is None:
        return made
    return replace(made, plan=_planned(Owned(project_id, customers, made)))


def append_events(connection: Connection, owned: Owned, luck: Luck) -> int:
    """Add those that are not there, in the order of their index, and return how many these were."""
    plan = owned.events.plan
    if plan is None or not np.array_equal(plan.customers, owned.customers):
        plan = _planned(owned)
    some = plan.new[:: max(1, len(plan.new) // SAMPLE)]
    if not _known(connection, owned, some).size and copied(
        connection, luck, lambda: copy_pieces(connection, "events", LINE, plan.text)
    ):
        return len(plan.new)
    new = np.delete(plan.new, _known(connection, owned, plan.new))
    if len(new):
        copy_pieces(connection, "events", LINE, _text(owned, new))
    return len(new)


def _planned(owned: Owned) -> Plan:
    """Return what is copied of events of these customers, should all of them be new."""
    new = _distinct(owned)
    return Plan(owned.customers, new, tuple(_text(owned, new)))


def _distinct(owned: Owned) -> Spots:
    """Return where each event stands for the first time, in the order of the index."""
    customers, times = owned.customers, owned.events.times
    order = np.lexsort((times, customers))
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


def _known(connection: Connection, owned: Owned, spots: Spots) -> Spots:
    """Return which of some events are there."""
    asked = {
        "customers": owned.customers[spots].tolist(),
        "times": owned.events.times[spots].tolist(),
        "fingerprints": owned.events.fingerprints[spots].to_list(),
    }
    return np.array(connection.execute(KNOWN_EVENTS, asked).scalars().all(), np.intp)


def _text(owned: Owned, spots: Spots) -> Iterator[bytes]:
    """Yield some events as COPY takes them."""
    project_id, customers = pl.lit(str(owned.project_id)), pl.Series(owned.customers[spots])
    whose = pl.select(pl.concat_str(project_id, customers, pl.lit(""), separator="\t")).to_series()
    return copy_text(whose + owned.events.lines[spots])
