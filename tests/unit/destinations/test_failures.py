from __future__ import annotations

import sqlite3

import psycopg
import pytest
import sqlalchemy as sa

from definitions.errors import ImportmgrError, PermanentError, StoreBusyError
from destinations.engine import create_engine
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


def test_a_server_that_is_not_there_is_named_with_the_reason_and_without_the_password() -> None:
    engine = create_engine("postgresql+psycopg://shop:s3cret@127.0.0.1:1/none")
    with pytest.raises(StoreBusyError) as caught, database_errors(), engine.connect():
        pass

    text = str(caught.value)
    assert text.startswith("the database cannot be reached: ")
    assert '"127.0.0.1", port 1 failed: Connection refused' in text
    assert "s3cret" not in text


@pytest.mark.postgres
def test_a_database_that_does_not_exist_is_named(postgres_url: str) -> None:
    engine = create_engine(postgres_url.rpartition("/")[0] + "/missing")
    missing = pytest.raises(StoreBusyError, match='database "missing" does not exist')
    with missing, database_errors(), engine.connect():
        pass
