"""What is written in the binary form of COPY is what the server reads; PostgreSQL only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from destinations.bulk.postgresql import customers, events, identities, items
from destinations.bulk.postgresql.binary import FIXED, TEXTS, rows_of
from destinations.bulk.postgresql.copying import copy_pieces, stage
from tests.engines import open_engine

pytestmark = pytest.mark.postgres

COLUMNS = {
    "number": "bigint",
    "small": "integer",
    "measure": "float8",
    "is_so": "boolean",
    "moment": "timestamptz",
    "name": "text",
    "document": "jsonb",
}
MOMENT = datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
VALUES: Mapping[str, list[Any]] = {
    "number": [-(1 << 63), 1 << 31, None],
    "small": [None, -1, 1 << 30],
    "measure": [0.1, None, -1e300],
    "is_so": [True, None, False],
    "moment": [MOMENT, MOMENT + timedelta(days=20_000), None],
    "name": ["a\tb\\c\nd\r é\U0001f600", "", None],
    "document": ['{"a":"\\"é\\\\"}', None, "[9.50]"],
}
WHOLE = {
    name: [values[0] if values[0] is not None else values[1]] * 3 for name, values in VALUES.items()
}
SCHEMA: Mapping[str, pl.DataType] = {
    "small": pl.Int32(),
    "measure": pl.Float64(),
    "moment": pl.Datetime("us", "UTC"),
}


@pytest.fixture
def connection(postgres_url: str) -> Iterator[Connection]:
    with open_engine(postgres_url) as engine, engine.begin() as connection:
        yield connection


def _stored(connection: Connection) -> list[tuple[Any, ...]]:
    names = ", ".join("CAST(document AS text)" if n == "document" else n for n in COLUMNS)
    return [tuple(row) for row in connection.exec_driver_sql(f"SELECT {names} FROM staged")]


def _expected(values: Mapping[str, list[Any]]) -> list[tuple[Any, ...]]:
    shown = {'{"a":"\\"é\\\\"}': '{"a": "\\"é\\\\"}'}
    documents = [shown.get(document, document) for document in values["document"]]
    return list(zip(*{**values, "document": documents}.values(), strict=True))


@pytest.mark.parametrize("values", [VALUES, WHOLE], ids=["with nulls", "without"])
def test_values_of_every_type_arrive_as_they_are(
    connection: Connection, values: Mapping[str, list[Any]]
) -> None:
    stage(connection, "staged", COLUMNS, pl.DataFrame(values, schema_overrides=SCHEMA))

    assert _stored(connection) == _expected(values)


def test_texts_arrive_as_they_are_in_a_database_of_another_encoding(
    latin_postgres_url: str,
) -> None:
    columns = {"name": "text", "document": "jsonb"}
    texts = {"name": ["Café", None], "document": ['{"ä": "ö"}', None]}
    with open_engine(latin_postgres_url) as engine, engine.begin() as connection:
        stage(connection, "staged", columns, pl.DataFrame(texts))
        stored = connection.exec_driver_sql("SELECT name, length(name), document FROM staged").all()

    assert [tuple(row) for row in stored] == [("Café", 4, {"ä": "ö"}), (None, None, None)]


def test_every_type_that_there_is_was_tried() -> None:
    assert {*FIXED, *TEXTS} == {*COLUMNS.values(), "bytea"}


def test_a_number_that_does_not_fit_is_refused() -> None:
    frame = pl.DataFrame({"small": [1 << 31], "name": [""]})
    with pytest.raises(pl.exceptions.InvalidOperationError, match="2147483648"):
        rows_of(frame, {"small": "integer", "name": "text"})


@pytest.mark.parametrize("height", [0, 1, 4096, 4097])
def test_rows_come_in_any_number_and_order(connection: Connection, height: int) -> None:
    names = [f"{'n' * (number % 300)}{number}" for number in range(height)]
    frame = pl.DataFrame(
        {"name": names, "number": [0] * height}, schema_overrides={"number": pl.Int64}
    )
    kinds = {"number": "bigint", "name": "text"}
    stage(connection, "staged", kinds, frame.head(0))

    order = np.random.default_rng(7).permutation(height)
    rows = rows_of(frame, kinds).having("number", np.arange(height))
    copy_pieces(connection, "staged", kinds, rows.pieces(order))

    expected = [(int(number), names[number]) for number in order]
    assert [*map(tuple, connection.exec_driver_sql("SELECT number, name FROM staged"))] == expected


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("catalog_items", items.COLUMNS),
        ("customers", customers.COLUMNS),
        ("customer_ids", identities.IDS),
        ("events", events.COLUMNS),
    ],
)
def test_columns_have_the_types_that_are_written(
    connection: Connection, table: str, columns: Mapping[str, str]
) -> None:
    names = {"float8": "double precision", "timestamptz": "timestamp with time zone"}
    found = {
        column["name"]: str(column["type"].compile(connection.dialect)).lower()
        for column in sa.inspect(connection).get_columns(table)
    }

    assert {name: found[name].removesuffix(' collate "c"') for name in columns} == {
        name: names.get(kind, kind) for name, kind in columns.items()
    }
