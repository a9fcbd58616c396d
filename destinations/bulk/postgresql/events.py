"""How PostgreSQL takes events: by COPY into their table, looking at what is there or not.

Looked up are the keys of the unique index alone. Whoever writes events of a project holds the lock
of its customers, so what was looked up stays true. While nothing was known yet, it is not even
looked up: see `Luck`.
"""

# tested by: tests/contract/test_destinations.py

from __future__ import annotations

from dataclasses import dataclass
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
FROM unnest(CAST(:customers AS bigint[]), CAST(:times AS float8[]), CAST(:prints AS bytea[]))
  WITH ORDINALITY s (customer_id, timestamp, fingerprint, n)
CROSS JOIN LATERAL (
  SELECT FROM events WHERE customer_id = s.customer_id AND timestamp = s.timestamp
    AND fingerprint = s.fingerprint LIMIT 1
) e
""")

Spots: TypeAlias = npt.NDArray[np.intp]  # places of events in a batch


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Events:
    """The events of a batch: what each is known by, and its line but for project and customer."""

    times: npt.NDArray[np.float64]
    prints: pl.Series
    lines: pl.Series


class Owned(NamedTuple):
    """Events, and of which project and customers they are."""

    project_id: int
    customers: Numbers
    events: Events


def prepare_events(events: pl.DataFrame) -> Events:
    """Return the events as `append_events` takes them."""
    return Events(
        times=events["timestamp"].to_numpy(),
        prints=events["fingerprint"],
        lines=copy_lines(events.select(TAIL)),
    )


def append_events(connection: Connection, owned: Owned, luck: Luck) -> int:
    """Add those that are not there, in the order of their index, and return how many these were."""
    new = _distinct(owned)
    some = new[:: max(1, len(new) // SAMPLE)]
    if _known(connection, owned, some).size or not copied(
        connection, luck, lambda: _add(connection, owned, new)
    ):
        new = np.delete(new, _known(connection, owned, new))
        if len(new):
            _add(connection, owned, new)
    return len(new)


def _distinct(owned: Owned) -> Spots:
    """Return where each event stands for the first time, in the order of the index."""
    customers, times = owned.customers, owned.events.times
    order = np.lexsort((times, customers))
    before, after = order[:-1], order[1:]
    same = (customers[before] == customers[after]) & (times[before] == times[after])
    if not same.any():
        return order
    prints = owned.events.prints.to_list()
    met: set[tuple[int, float, bytes]] = set()
    is_first = []
    for spot in order.tolist():
        key = (int(customers[spot]), float(times[spot]), prints[spot])
        is_first.append(key not in met)
        met.add(key)
    return order[is_first]


def _known(connection: Connection, owned: Owned, spots: Spots) -> Spots:
    """Return which of some events are there."""
    asked = {
        "customers": owned.customers[spots].tolist(),
        "times": owned.events.times[spots].tolist(),
        "prints": owned.events.prints[spots].to_list(),
    }
    return np.array(connection.execute(KNOWN_EVENTS, asked).scalars().all(), np.intp)


def _add(connection: Connection, owned: Owned, spots: Spots) -> None:
    """Copy events straight into their table."""
    project_id, customers = pl.lit(str(owned.project_id)), pl.Series(owned.customers[spots])
    whose = pl.select(pl.concat_str(project_id, customers, pl.lit(""), separator="\t")).to_series()
    copy_pieces(connection, "events", LINE, copy_text(whose + owned.events.lines[spots]))
