"""The script one would write by hand: the csv module, conversion cell by cell, one bulk insert.

It leaves out cells it cannot convert and rows whose number of fields is wrong, as ours does, and
does not say which they were. A quote in the wrong place or bytes that are no UTF-8 go in as the
csv module reads them. One transaction; COPY into PostgreSQL, `executemany` into SQLite, both
straight into a table with its key, as the documentation of psycopg and sqlite3 recommends.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from benchmarks.peers.asked import Asked, answer, asked

TABLE = "items (catalog_id bigint, item_id text, properties {}, PRIMARY KEY (catalog_id, item_id))"
BOOLEANS = {"true": True, "false": False, "1": True, "0": False}


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _json(text: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads(text)


def _url(text: str) -> str:
    if not urlsplit(text).scheme:
        raise ValueError(text)
    return text


CONVERT: dict[str, Callable[[str], Any]] = {
    "price": float,
    "stock": int,
    "active": lambda text: BOOLEANS[text.lower()],
    "created_at": _seconds,
    "released": lambda text: date.fromisoformat(text).isoformat(),
    "tags": _json,
    "url": _url,
    "attributes": _json,
}

Record = tuple[int, str, str]


def main() -> None:
    """Load the file."""
    load = asked()
    csv.field_size_limit(1 << 30)
    with load.file.open(encoding="utf-8", errors="replace", newline="") as file:
        lines = csv.reader(file)
        header = next(lines)
        records = _records(header, lines)
        (_sqlite if load.is_sqlite else _postgresql)(load, records)
    answer()


def _records(header: list[str], lines: Iterator[list[str]]) -> Iterator[Record]:
    """Yield rows as they are stored."""
    converters = [(name, CONVERT.get(name, str)) for name in header[1:]]
    for cells in lines:
        if len(cells) != len(header):
            continue
        properties: dict[str, Any] = {}
        for (name, convert), cell in zip(converters, cells[1:], strict=True):
            if cell:
                try:
                    properties[name] = convert(cell)
                except (KeyError, ValueError):
                    continue
        yield 1, cells[0], json.dumps(properties, ensure_ascii=False)


def _postgresql(load: Asked, records: Iterator[Record]) -> None:
    import psycopg  # noqa: PLC0415 - not for SQLite

    with psycopg.connect(load.database) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE.format('jsonb')}".encode())
        with cursor.copy("COPY items FROM STDIN") as copy:
            for record in records:
                copy.write_row(record)


def _sqlite(load: Asked, records: Iterator[Record]) -> None:
    with closing(sqlite3.connect(load.database, isolation_level=None)) as connection:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -65536"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"CREATE TABLE {TABLE.format('text')}")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO items VALUES (?, ?, ?)", records)
        connection.execute("COMMIT")


if __name__ == "__main__":
    main()
