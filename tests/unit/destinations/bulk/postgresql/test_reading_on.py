"""Which ids a run reads that it did not ask for; PostgreSQL only."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from destinations.bulk import NOBODY
from destinations.bulk.postgresql import reading_on
from destinations.bulk.postgresql.reading_on import read_on
from destinations.memory import IdHashes, IdMemory
from tests.loading import with_tables

pytestmark = pytest.mark.postgres

FILL = """
INSERT INTO customer_ids (project_id, id_type, id_value, customer_id)
SELECT :project, :kind, :prefix || n, n FROM generate_series(1, :count) n
"""
MINE, OTHERS = 1, 2
MANY = 10_000  # some 60 blocks
LOOKS = MANY // 10


@pytest.fixture
def connection(empty_postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """A transaction in which there are no ids yet; few of them are read at once."""
    monkeypatch.setattr(reading_on, "BLOCKS", 5)
    monkeypatch.setattr(reading_on, "PAGE", 1_000)
    with with_tables(empty_postgres_url) as engine, engine.begin() as connection:
        yield connection


def fill(
    connection: Connection,
    count: int,
    *,
    project: int = MINE,
    kind: str = "email",
    prefix: str = "p",
) -> None:
    given = {"project": project, "kind": kind, "prefix": prefix, "count": count}
    connection.execute(sa.text(FILL), given)


def remembered(
    memory: IdMemory, count: int, *, kind: str = "email", prefix: str = "p"
) -> list[int]:
    values = pl.Series([f"{prefix}{number}" for number in range(1, count + 1)], dtype=pl.String)
    ids = pl.select(pl.lit(kind).alias("id_type"), values.alias("id_value"))
    found: list[int] = memory.recall(IdHashes.of(ids)).tolist()
    return found


def test_all_ids_are_remembered_once_in_the_end(connection: Connection) -> None:
    fill(connection, MANY)
    memory = IdMemory()

    calls = 0
    while read_on(connection, MINE, ["email"], memory, looks=LOOKS // 10):
        calls += 1

    assert calls > 1
    assert len(memory) == MANY
    assert remembered(memory, MANY) == list(range(1, MANY + 1))


def test_no_more_are_read_than_the_looks_are_worth(connection: Connection) -> None:
    fill(connection, MANY)
    memory = IdMemory()

    assert read_on(connection, MINE, ["email"], memory, looks=LOOKS // 10)

    a_page = reading_on.BLOCKS * 200
    assert 0 < len(memory) <= LOOKS // 10 * reading_on.BY_BLOCKS_FOR_ONE + a_page


def test_few_looks_are_saved_up(connection: Connection) -> None:
    fill(connection, MANY)
    memory = IdMemory()

    said = [read_on(connection, MINE, ["email"], memory, looks=1) for _ in range(40)]

    assert not said[0]
    assert any(said)


def test_the_ids_of_few_in_a_large_table_are_read_by_the_index(connection: Connection) -> None:
    fill(connection, MANY, project=OTHERS)
    fill(connection, MANY // 4)
    memory = IdMemory()

    assert read_on(connection, MINE, ["email"], memory, looks=LOOKS)

    assert memory.block is None
    assert memory.reached == {"email": None}
    assert remembered(memory, MANY // 4) == list(range(1, MANY // 4 + 1))


def test_each_type_is_read(connection: Connection) -> None:
    fill(connection, MANY // 2)
    fill(connection, MANY // 2, kind="phone", prefix="+")
    fill(connection, 10, kind="card", prefix="c")
    memory = IdMemory()

    assert read_on(connection, MINE, ["email", "phone"], memory, looks=10 * LOOKS)

    assert len(memory) == MANY
    assert remembered(memory, 3, kind="phone", prefix="+") == [1, 2, 3]
    assert remembered(memory, 1, kind="card", prefix="c") == [NOBODY]


def test_a_type_that_is_asked_for_later_is_read_by_the_index(connection: Connection) -> None:
    fill(connection, MANY)
    fill(connection, MANY // 4, kind="phone", prefix="+")
    memory = IdMemory()
    read_on(connection, MINE, ["email"], memory, looks=10 * LOOKS)
    assert len(memory) == MANY

    assert read_on(connection, MINE, ["email", "phone"], memory, looks=LOOKS)

    assert len(memory) == MANY + MANY // 4
    assert remembered(memory, 3, kind="phone", prefix="+") == [1, 2, 3]


def test_no_more_are_kept_than_there_is_room_for(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_on, "MOST_KEPT", MANY // 10)
    fill(connection, MANY)
    memory = IdMemory()

    for _ in range(10):
        read_on(connection, MINE, ["email"], memory, looks=LOOKS)

    assert MANY // 10 <= len(memory) < MANY // 5


def test_a_server_that_cannot_read_blocks_alone_reads_by_the_index(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_on, "_RANGES_SINCE", (1_000,))
    fill(connection, MANY)
    memory = IdMemory()

    assert read_on(connection, MINE, ["email"], memory, looks=LOOKS)

    assert memory.block is None
    assert remembered(memory, MANY) == list(range(1, MANY + 1))


def test_ids_that_a_line_cannot_hold_are_left_out(connection: Connection) -> None:
    fill(connection, 1_000, prefix="p\n")
    fill(connection, MANY, prefix="q")
    memory = IdMemory()

    read_on(connection, MINE, ["email"], memory, looks=10 * LOOKS)

    assert len(memory) == MANY
    assert remembered(memory, 3, prefix="p\n") == [NOBODY] * 3


def test_an_empty_table_has_nothing_to_remember(connection: Connection) -> None:
    memory = IdMemory()

    assert not any(remembered(memory, 3))
    read_on(connection, MINE, ["email"], memory, looks=10 * LOOKS)
    assert len(memory) == 0
