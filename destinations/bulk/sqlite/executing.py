"""Statements that SQLite executes once per row.

Where a value stands at one place only it is a `?`. Else it has a name: to a number, as in `?1`,
Python 3.12 objected once per row and value until 3.12.4, which took longer than the row.
"""

# tested by: tests/contract/test_destinations.py

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection

Row: TypeAlias = tuple[Any, ...]
NamedRow: TypeAlias = dict[str, Any]


def execute_many(
    connection: Connection, statement: str, rows: Sequence[Row] | Sequence[NamedRow]
) -> int:
    """Execute the statement once per row and return how many rows of the table that changed."""
    if not rows:
        return 0
    keep = {"preserve_rowcount": True}
    return connection.exec_driver_sql(statement, list(rows), execution_options=keep).rowcount
