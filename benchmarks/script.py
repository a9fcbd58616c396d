"""The peer: the script one would write, with the `csv` module and one transaction per file.

It converts cell by cell in Python and writes with `executemany` (SQLite) or COPY (PostgreSQL) into
one table per kind. It does less: no faults, no ids that find a customer, no resuming, no ledger.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.data import Kind

Record = tuple[str, float | None, str]

CONVERT: dict[str, Callable[[str], Any]] = {
    "string": str,
    "number": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": lambda text: date.fromisoformat(text).isoformat(),
}
UPSERT = "INSERT INTO records {} ON CONFLICT (id) DO UPDATE SET properties = {}"
MERGE = {
    "sqlite": "json_patch(records.properties, excluded.properties)",
    "postgresql": "records.properties || excluded.properties",
}


def prepare(url: str, kind: Kind) -> None:
    """Make the table; this is not measured."""
    json_type = "text" if _is_sqlite(url) else "jsonb"
    key = "" if kind.timestamp else " PRIMARY KEY"
    table = f"CREATE TABLE records (id text{key}, at double precision, properties {json_type})"
    if _is_sqlite(url):
        with closing(_sqlite(url)) as connection:
            connection.execute(table)
    else:
        with psycopg.connect(_plain(url)) as server:
            server.execute(table.encode())
            if kind.timestamp:
                server.execute("CREATE INDEX ON records (id)")


def load(url: str, kind: Kind, path: Path) -> int:
    """Load the file and return how many rows were written."""
    with path.open(encoding="utf-8", newline="") as file:
        records = _records(kind, csv.DictReader(file))
        if _is_sqlite(url):
            return _into_sqlite(url, kind, records)
        return _into_postgresql(url, kind, records)


def _records(kind: Kind, rows: csv.DictReader[str]) -> Iterator[Record]:
    """Yield rows as they are stored."""
    converters = [(name, CONVERT[target]) for name, target in kind.properties.items()]
    for row in rows:
        properties = {name: convert(row[name]) for name, convert in converters if row[name]}
        at = datetime.fromisoformat(row[kind.timestamp]).timestamp() if kind.timestamp else None
        text = json.dumps(properties, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        yield row[kind.id_column], at, text


def _into_sqlite(url: str, kind: Kind, records: Iterator[Record]) -> int:
    insert = "INSERT INTO records VALUES (?, ?, ?)"
    if kind.timestamp is None:
        insert = UPSERT.format("VALUES (?, ?, ?)", MERGE["sqlite"])
    with closing(_sqlite(url)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(insert, records)
        connection.execute("COMMIT")
        return int(connection.execute("SELECT count(*) FROM records").fetchone()[0])


def _into_postgresql(url: str, kind: Kind, records: Iterator[Record]) -> int:
    with psycopg.connect(_plain(url)) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE arrived (LIKE records) ON COMMIT DROP")
        with cursor.copy("COPY arrived FROM STDIN") as copy:
            for record in records:
                copy.write_row(record)
        if kind.timestamp is None:
            merge = UPSERT.format("SELECT * FROM arrived", MERGE["postgresql"])
            cursor.execute(merge.encode())
        else:
            cursor.execute("INSERT INTO records SELECT * FROM arrived")
        counted = cursor.execute("SELECT count(*) FROM records").fetchone()
        return int(counted[0]) if counted else 0


def _sqlite(url: str) -> sqlite3.Connection:
    """Connect as safely as importmgr does."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _is_sqlite(url: str) -> bool:
    return url.startswith("sqlite:")


def _plain(url: str) -> str:
    """Return an SQLAlchemy URL as psycopg knows it."""
    return url.replace("postgresql+psycopg://", "postgresql://")
