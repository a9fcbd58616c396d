"""A connection to SQLite that is fit for loading: our settings, and merging as its functions."""

# tested by: tests/contract/test_destinations.py

from __future__ import annotations

import re
import sqlite3
from functools import lru_cache
from typing import Any

from destinations.merging import Moment, merged, merged_at

_WORD = re.compile(r"\w+")
_PRAGMAS = (
    "page_size=8192",  # of a database that is new; see decision 25
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "cache_size=-6144",  # 6 MB: more is no faster, since the system keeps the pages anyway
    "journal_size_limit=134217728",  # gives the disk space of a long log back
)
# Batches write the same pages of an index again and again, and only what the last one left of them
# need reach the database.
_LOG_BYTES = 64 << 20


def prepare_sqlite_connection(connection: sqlite3.Connection) -> None:
    """Make a fresh connection fit for loading: our transactions, our settings, our functions."""
    connection.isolation_level = None  # destinations.engine begins, SQLAlchemy ends
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").fetchall()
    (page_size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.execute(f"PRAGMA wal_autocheckpoint={_LOG_BYTES // page_size}").fetchall()
    connection.create_function("merged", 2, _merged, deterministic=True)
    connection.create_function("merged_properties", 6, _merged_properties, deterministic=True)
    connection.create_function("merged_times", 6, _merged_times, deterministic=True)
    connection.create_function("holds_words", 2, _holds_words, deterministic=True)


@lru_cache(maxsize=1)  # one write is asked for twice: decided and set
def _merged(stored: str, new: str) -> str:
    """Return the properties after a write."""
    return merged(stored, new)


def _merged_properties(*write: Any) -> str:  # noqa: ANN401 - as SQLite calls it
    """Return the properties after a write."""
    return _merged_both(*write)[0]


def _merged_times(*write: Any) -> str | None:  # noqa: ANN401 - as SQLite calls it
    """Return the times after a write."""
    return _merged_both(*write)[1]


@lru_cache(maxsize=1)  # one write is asked for up to four times: two columns, decided and set
def _merged_both(
    stored: str,
    written: str | None,
    new: str,
    *when: Any,  # noqa: ANN401 - as SQLite calls it
) -> tuple[str, str | None]:
    """Return the properties and their times after a write."""
    at, now, stamps = when
    return merged_at(stored, written, new, Moment(at=at, now=now, stamps=bool(stamps)))


def _holds_words(text: object, wanted: str) -> bool:
    """Tell whether every word is among those of the text, in upper or lower case."""
    words = set(_WORD.findall(wanted.casefold()))
    return bool(words) and words.issubset(_WORD.findall(str(text).casefold()))
