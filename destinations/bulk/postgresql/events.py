"""How PostgreSQL takes events: by COPY into their table, looking at what is there or not.

Looked up are the keys of the unique index alone. Whoever writes events of a project holds the lock
of its customers, so what was looked up stays true. While nothing was known yet, it is not even
looked up: see `Luck`.
"""

# tested by: tests/contract/test_destinations.py

from __future__ import annotations

from typing import Final

import polars as pl
from sqlalchemy import Connection, text

from destinations.bulk import SAMPLE, Luck
from destinations.bulk.postgresql.copying import array_text, copied, copy_rows
from destinations.copytext import copy_lines

KEY: Final = ["customer_id", "timestamp", "fingerprint"]
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


def event_lines(events: pl.DataFrame) -> pl.DataFrame:
    """Return of each event what it is known by and, but for project and customer, its line."""
    return events.select("timestamp", "fingerprint").with_columns(copy_lines(events.select(TAIL)))


def append_events(connection: Connection, project_id: int, events: pl.DataFrame, luck: Luck) -> int:
    """Add those that are not there, in the order of their index."""
    new = events.unique(KEY, keep="first", maintain_order=True).sort(
        "customer_id", "timestamp", maintain_order=True
    )
    some = new.gather_every(max(1, new.height // SAMPLE))
    if _known(connection, some).len() or not copied(
        connection, luck, lambda: _add(connection, project_id, new)
    ):
        is_known = pl.int_range(pl.len()).is_in(_known(connection, new).implode())
        new = new.filter(~is_known)
        _add(connection, project_id, new)
    return new.height


def _known(connection: Connection, events: pl.DataFrame) -> pl.Series:
    """Return the places of the events that are there."""
    names = {"customers": "customer_id", "times": "timestamp", "prints": "fingerprint"}
    asked = {name: array_text(events[column]) for name, column in names.items()}
    return pl.Series(connection.execute(KNOWN_EVENTS, asked).scalars().all(), dtype=pl.Int64)


def _add(connection: Connection, project_id: int, events: pl.DataFrame) -> None:
    """Copy events straight into their table."""
    lines = events.select(
        pl.concat_str(pl.lit(project_id), "customer_id", "line", separator="\t")
    ).to_series()
    copy_rows(connection, "events", LINE, lines)
