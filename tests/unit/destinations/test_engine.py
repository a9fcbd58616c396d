from __future__ import annotations

import itertools
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from destinations.bulk import bulk_for
from destinations.engine import reading
from destinations.ledger import open_ledger, read_ledger
from tests.engines import open_engine
from tests.loading import with_tables

RUN = "a" * 24


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    with with_tables(f"sqlite:///{tmp_path / 'x.db'}") as engine:
        yield engine


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("busy_timeout", 10_000), ("foreign_keys", 1)],
)
def test_sqlite_is_set_for_safety(sqlite: Engine, pragma: str, value: object) -> None:
    with reading(sqlite).connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


@pytest.mark.parametrize("page_size", [4096, 8192])
def test_the_log_of_any_sqlite_database_reaches_it_every_64_mb(
    tmp_path: Path, page_size: int
) -> None:
    """A database keeps the pages it was begun with; a new one has large ones."""
    path = tmp_path / "x.db"
    if page_size == 4096:
        with closing(sqlite3.connect(path)) as former:
            former.executescript(
                "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; CREATE TABLE t(x)"
            )

    with open_engine(f"sqlite:///{path}") as engine, reading(engine).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA page_size").scalar() == page_size
        pages = connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar()

    assert pages == (64 << 20) // page_size


def test_a_transaction_that_reads_first_may_write_later(sqlite: Engine) -> None:
    """Two such transactions take turns; begun as SQLite does by itself, one would fail at once."""

    def work(number: int) -> None:
        for _ in range(20):
            with sqlite.begin() as connection:
                read_ledger(connection, RUN)
                open_ledger(connection, f"{number}", 1)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))


def test_reading_does_not_wait_for_a_writer(engine: Engine) -> None:
    with engine.begin() as writer:
        open_ledger(writer, RUN, 1)
        with reading(engine).begin() as reader:
            assert read_ledger(reader, RUN) is None


def test_what_is_not_committed_is_gone(engine: Engine) -> None:
    with engine.connect() as connection:
        open_ledger(connection, RUN, 1)

    with engine.begin() as connection:
        assert read_ledger(connection, RUN) is None


def test_errors_do_not_quote_what_was_written(engine: Engine) -> None:
    with engine.begin() as connection, pytest.raises(sa.exc.DBAPIError) as caught:
        connection.execute(sa.text("SELECT * FROM nowhere WHERE x = :x"), {"x": "secret"})

    assert "secret" not in str(caught.value)


@pytest.mark.postgres
def test_postgresql_is_told_who_we_are_and_how_long_we_wait(empty_postgres_url: str) -> None:
    with open_engine(empty_postgres_url) as engine, engine.begin() as connection:
        settings = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("application_name", "lock_timeout", "idle_in_transaction_session_timeout")
        }

    assert settings == {
        "application_name": "importmgr",
        "lock_timeout": "1min",
        "idle_in_transaction_session_timeout": "5min",
    }


@pytest.mark.postgres
def test_who_waited_for_a_lock_on_postgresql_sees_what_its_holder_committed(
    postgres_url: str,
) -> None:
    """Also in a database whose transactions see, unless told, what there was when they began."""
    database = sa.make_url(postgres_url).database
    isolate = f"ALTER DATABASE {database} {{}}"
    with open_engine(postgres_url) as engine, engine.begin() as connection:
        strict = "SET default_transaction_isolation = 'repeatable read'"
        connection.exec_driver_sql(isolate.format(strict))
    try:
        with open_engine(postgres_url) as engine, engine.begin() as one, engine.begin() as other:
            for connection in (one, other):
                assert read_ledger(connection, RUN) is None
            bulk_for(one).lock(one, "l")
            open_ledger(one, RUN, 1)
            one.commit()

            bulk_for(other).lock(other, "l")

            assert read_ledger(other, RUN) is not None
    finally:
        with open_engine(postgres_url) as engine, engine.begin() as connection:
            connection.exec_driver_sql(isolate.format("RESET default_transaction_isolation"))


@pytest.mark.postgres
def test_values_pass_postgresql_whole_whatever_its_database_sets(postgres_url: str) -> None:
    names = ("extra_float_digits", "standard_conforming_strings")
    change = f"ALTER DATABASE {sa.make_url(postgres_url).database} {{}} {{}}"
    with open_engine(postgres_url) as engine, engine.begin() as connection:
        for name in names:
            connection.exec_driver_sql(change.format("SET", f"{name} = 0"))
    try:
        with open_engine(postgres_url) as engine, engine.begin() as connection:
            both = sa.text("SELECT CAST(:bytes AS bytea[]), CAST(:moment AS float8)")
            values = {"bytes": [b"\\\0"], "moment": 1767323045.123456}
            assert connection.execute(both, values).one() == (*values.values(),)
    finally:
        with open_engine(postgres_url) as engine, engine.begin() as connection:
            for name in names:
                connection.exec_driver_sql(change.format("RESET", name))


def test_a_writer_without_pause_lets_others_have_their_turn(sqlite: Engine) -> None:
    """Left to SQLite alone, the second writer would try again only now and then, and lose."""
    stop = threading.Event()

    def write_without_pause(name: str) -> None:
        for number in itertools.count():
            if stop.is_set():
                return
            with sqlite.begin() as connection:
                open_ledger(connection, f"{name}-{number}", 1)

    with ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(write_without_pause, name) for name in "ab"]
        for number in range(20):
            with sqlite.begin() as connection:
                open_ledger(connection, f"{number}", 1)
        stop.set()
        assert [writer.exception() for writer in writers] == [None, None]


def test_a_turn_ends_with_its_connection_whatever_happened(sqlite: Engine) -> None:
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), sqlite.begin():
            raise ZeroDivisionError
        with sqlite.connect() as connection:
            open_ledger(connection, RUN, 1)  # and no commit

    with sqlite.begin() as connection:
        assert read_ledger(connection, RUN) is None


def test_a_commit_that_fails_leaves_nothing_behind(sqlite: Engine) -> None:
    """What it was for is taken back, and others can write."""
    with sqlite.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE parents (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE children (of INTEGER REFERENCES parents)")

    with sqlite.connect() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        connection.exec_driver_sql("INSERT INTO children VALUES (1)")
        with pytest.raises(sa.exc.IntegrityError):
            connection.commit()

    with closing(sqlite3.connect(str(sqlite.url.database), timeout=0)) as other:
        other.execute("INSERT INTO parents VALUES (2)")
        other.commit()
    with sqlite.begin() as connection:
        children = connection.exec_driver_sql("SELECT count(*) FROM children")
        assert children.scalar() == 0
