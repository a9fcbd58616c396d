from __future__ import annotations

import sqlite3

import psycopg
import pytest
import sqlalchemy as sa

from definitions.errors import ImportmgrError, PermanentError, StoreBusyError
from destinations.failures import database_errors


def sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("secret")
    error.sqlite_errorcode = code
    return error


def wrapped(error: Exception) -> sa.exc.DBAPIError:
    return sa.exc.DBAPIError("INSERT secret", {"x": "secret"}, error)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (sqlite_error(sqlite3.SQLITE_BUSY), StoreBusyError),
        (sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), StoreBusyError),
        (sqlite_error(sqlite3.SQLITE_FULL), StoreBusyError),
        (sqlite_error(sqlite3.SQLITE_CORRUPT), PermanentError),
        (sqlite_error(sqlite3.SQLITE_CONSTRAINT_UNIQUE), PermanentError),
        (psycopg.errors.DeadlockDetected("secret"), StoreBusyError),
        (psycopg.errors.LockNotAvailable("secret"), StoreBusyError),
        (psycopg.errors.AdminShutdown("secret"), StoreBusyError),
        (psycopg.errors.DiskFull("secret"), StoreBusyError),
        (psycopg.OperationalError("secret: the connection is lost"), StoreBusyError),
        (psycopg.InterfaceError("secret: the connection is closed"), StoreBusyError),
        (psycopg.errors.ConnectionTimeout("secret"), StoreBusyError),
        (psycopg.errors.UniqueViolation("secret"), PermanentError),
        (psycopg.errors.InvalidTextRepresentation("secret"), PermanentError),
        (psycopg.ProgrammingError("secret"), PermanentError),
    ],
)
def test_what_may_pass_is_told_from_what_will_not(
    error: Exception, kind: type[ImportmgrError]
) -> None:
    for raised in (error, wrapped(error)):
        with pytest.raises(kind) as caught, database_errors():
            raise raised
        assert type(caught.value) is kind
        assert "secret" not in str(caught.value)
        assert caught.value.__suppress_context__


def test_an_exhausted_pool_is_busy() -> None:
    with pytest.raises(StoreBusyError, match="every connection"), database_errors():
        raise sa.exc.TimeoutError


def test_other_errors_pass_through() -> None:
    with pytest.raises(KeyError), database_errors():
        raise KeyError
