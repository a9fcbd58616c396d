"""COPY on PostgreSQL, into the final table where nothing is in the way, else into a staging one.

Staging tables are the session's own and empty after every transaction.
"""

# tested by: tests/contract/test_destinations.py

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlalchemy import Connection, text

from destinations.bulk import AllNewSoFar, Values
from destinations.bulk.postgresql.binary import Columns, rows_of

if TYPE_CHECKING:
    import psycopg

# Statistics lag behind a load; by them the planner would read a whole table per batch, or per row.
_BY_KEY = text("""
SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
""")


def copied(connection: Connection, all_new: AllNewSoFar, copy: Callable[[], None]) -> bool:
    """Copy what may be there already; if some of it was, take all of it back and return False.

    The unique index is the judge. Once it found something it is not asked again in that run.
    """
    from psycopg.errors import UniqueViolation  # noqa: PLC0415 - SQLite goes without the driver

    if not all_new.holds:
        return False
    try:
        with connection.begin_nested():
            copy()
    except UniqueViolation:
        # For the run's other lane too, whose own copy may well have succeeded.
        all_new.holds = False
        return False
    return True


def stage(connection: Connection, table: str, columns: Columns, frame: pl.DataFrame) -> None:
    """Fill a temporary table of these columns.

    For the rest of the transaction, what is joined with anything is found by key, row by row.
    """
    described = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.exec_driver_sql(
        f"CREATE TEMP TABLE IF NOT EXISTS {table} ({described}) ON COMMIT DELETE ROWS"
    )
    connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - a name from the code
    connection.execute(_BY_KEY)
    copy_frame(connection, table, columns, frame)


def copy_frame(connection: Connection, table: str, columns: Columns, frame: pl.DataFrame) -> None:
    """Copy the frame into the table's columns of the same names."""
    copy_pieces(connection, table, columns, rows_of(frame, columns).pieces())


def copy_pieces(
    connection: Connection, table: str, columns: Columns, pieces: Iterable[bytes | bytearray]
) -> None:
    """Copy rows as COPY reads them in its binary form."""
    with _copying(connection, table, columns, "(FORMAT binary)") as copy:
        for piece in pieces:
            copy.write(piece)


def copy_values(
    connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Values]
) -> None:
    """Copy a few rows of Python values."""
    with _copying(connection, table, columns) as copy:
        for row in rows:
            copy.write_row(row)


@contextmanager
def _copying(
    connection: Connection, table: str, columns: Iterable[str], how: str = ""
) -> Iterator[psycopg.Copy]:
    """Yield what a table's rows are written into, inside the transaction that is open."""
    names = ", ".join(f'"{name}"' for name in columns)
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN {how}".encode()) as copy,
    ):
        yield copy


def array_text(values: pl.Series) -> str:
    """Return the values as PostgreSQL reads an array; of texts none may be null."""
    if values.dtype != pl.String:
        numbers: str = values.cast(pl.String).fill_null("NULL").str.join(",").item()
        return f"{{{numbers}}}"
    for special in ("\\", '"'):  # the backslash first
        if values.str.contains(special, literal=True).any():
            values = values.str.replace_all(special, f"\\{special}", literal=True)
    return '{"' + values.str.join('","').item() + '"}' if len(values) else "{}"
