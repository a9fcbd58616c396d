"""Statements that SQLite executes once per row."""

# tested by: tests/contract/test_destinations.py

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection

Row: TypeAlias = tuple[Any, ...]


def execute_many(connection: Connection, statement: str, rows: Sequence[Row]) -> int:
    """Execute the statement once per row and return how many rows of the table that changed."""
    if not rows:
        return 0
    keep = {"preserve_rowcount": True}
    return connection.exec_driver_sql(statement, list(rows), execution_options=keep).rowcount
