"""What a database says when it fails, turned into our errors without a word of anybody's data."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from definitions.errors import PermanentError, StoreBusyError

_BUSY_CODES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
_PRIMARY = 0xFF
_FULL_STATE = "53100"  # of PostgreSQL
# PostgreSQL: connection, rollback (deadlock), resources, operator (shutdown), system (I/O)
_BUSY_CLASSES = frozenset({"08", "40", "53", "57", "58"})
_BUSY_STATES = frozenset({"55P03", "25P03"})  # lock timeout, idle too long in a transaction


@contextmanager
def database_errors() -> Iterator[None]:
    """Raise `StoreBusyError` for what may pass and `PermanentError` for every other refusal.

    The driver's own text and error stay behind: they quote rows.
    """
    try:
        yield
    except sa.exc.DBAPIError as exc:
        raise _translated(exc.orig or exc, gone=exc.connection_invalidated) from None
    except sa.exc.TimeoutError:
        msg = "every connection to the database is in use; try again later"
        raise StoreBusyError(msg) from None
    except sqlite3.Error as exc:
        raise _translated(exc, gone=False) from None
    except Exception as exc:
        if _state(exc) is None:
            raise
        raise _translated(exc, gone=False) from None


def _translated(error: BaseException, *, gone: bool) -> StoreBusyError | PermanentError:
    """Choose the error by what the driver reports."""
    what = " ".join(filter(None, (type(error).__name__, _state(error) or None)))
    if _is_full(error):
        return StoreBusyError(f"the database's disk is full ({what}); make room on it")
    if gone or _is_busy(error):
        return StoreBusyError(f"the database is busy or away ({what}); try again later")
    return PermanentError(f"the database refused the data ({what})")


def _is_busy(error: BaseException) -> bool:
    """Tell whether trying later may work."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & _PRIMARY in _BUSY_CODES
    state = _state(error) or ""
    if not state:  # the server did not say it: the connection broke
        names = {kind.__name__ for kind in type(error).__mro__}
        return not names.isdisjoint({"OperationalError", "InterfaceError"})
    return state[:2] in _BUSY_CLASSES or state in _BUSY_STATES


def _is_full(error: BaseException) -> bool:
    """Tell whether there was no room for what was to be written."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & _PRIMARY == sqlite3.SQLITE_FULL
    return _state(error) == _FULL_STATE


def _state(error: BaseException) -> str | None:
    """Return PostgreSQL's code, "" if its driver has none, None for errors of nobody's driver."""
    if not type(error).__module__.startswith("psycopg"):
        return None
    return getattr(error, "sqlstate", None) or ""
