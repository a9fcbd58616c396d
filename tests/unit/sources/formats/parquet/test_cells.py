from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import given, settings

from definitions.errors import FormatError
from sources.formats.parquet.cells import flat_columns

MOMENT = datetime(2026, 7, 1, 10, 0, 0, 120_000, tzinfo=UTC)


def texts(values: pl.Series) -> dict[str, list[str]]:
    """Return the text of every column that a column becomes."""
    frame = values.to_frame()
    columns = flat_columns(frame.schema)
    return {column.name: frame.select(column.cells).to_series().to_list() for column in columns}


@pytest.mark.parametrize(
    ("dtype", "value", "text"),
    [
        (pl.Int64(), -(2**63), "-9223372036854775808"),
        (pl.UInt64(), 2**64 - 1, "18446744073709551615"),
        (pl.Decimal(38, 2), Decimal("-0.50"), "-0.50"),
        (pl.Float64(), 0.1, "0.1"),
        (pl.Float64(), 1e21, "1e+21"),
        (pl.Float64(), 10.0, "10"),
        (pl.Float64(), 9_007_199_254_740_992.0, "9007199254740992"),
        (pl.Float64(), -0.0, "-0"),
        (pl.Float64(), 10.05, "10.05"),
        (pl.Float32(), 2.0, "2"),
        (pl.Float32(), 0.1, "0.1"),
        (pl.Boolean(), True, "true"),
        (pl.String(), ' é"\n', ' é"\n'),
        (pl.Categorical(), "a", "a"),
        (pl.Enum(["a"]), "a", "a"),
        (pl.Date(), date(26, 1, 2), "0026-01-02"),
        (pl.Datetime("us"), datetime(2026, 1, 2, 3, 4, 5), "2026-01-02T03:04:05"),  # noqa: DTZ001
        (pl.Datetime("ms", "UTC"), MOMENT, "2026-07-01T10:00:00.120Z"),
        (pl.Datetime("us", "America/New_York"), MOMENT, "2026-07-01T10:00:00.120Z"),
        (pl.Time(), time(1, 2, 3), "01:02:03"),
        (pl.Duration("us"), timedelta(seconds=90), "PT1M30S"),
        (pl.Binary(), b"\xff\x00", "/wA="),
        (pl.List(pl.Int64()), [1, None], "[1,null]"),
        (pl.List(pl.String()), ["null", 'x"}'], '["null","x\\"}"]'),
        (pl.List(pl.Decimal(9, 2)), [Decimal("1.50")], '["1.50"]'),
        (pl.Array(pl.Date(), 2), [date(2026, 1, 2), None], '["2026-01-02",null]'),
        (pl.Map(pl.String(), pl.Int64()), {"k": 1, "l": None}, '{"k":1,"l":null}'),
        (
            pl.Map(pl.Int64(), pl.List(pl.Date())),
            {7: [date(2026, 1, 2)], 8: None},
            '{"7":["2026-01-02"],"8":null}',
        ),
        (pl.Map(pl.String(), pl.Decimal(9, 2)), {}, "{}"),
        (
            pl.List(pl.Map(pl.String(), pl.Date())),
            [{"a": date(2026, 1, 2)}],
            '[{"a":"2026-01-02"}]',
        ),
        (
            pl.List(pl.Struct({"at": pl.Datetime("us"), "of": pl.List(pl.Binary())})),
            [{"at": datetime(2026, 1, 2), "of": [b"x"]}, None],  # noqa: DTZ001
            '[{"at":"2026-01-02T00:00:00","of":["eA=="]},null]',
        ),
    ],
)
def test_every_type_has_its_text_and_nothing_is_empty(
    dtype: pl.DataType, value: object, text: str
) -> None:
    assert texts(pl.Series("a", [value, None], dtype=dtype)) == {"a": [text, ""]}


@pytest.mark.parametrize(
    ("dtype", "typed"),
    [
        *((kind, True) for kind in (pl.Int8(), pl.UInt64(), pl.Float32(), pl.Decimal(9, 2))),
        *((kind, True) for kind in (pl.Boolean(), pl.Date(), pl.Time(), pl.Duration("us"))),
        *((pl.Datetime("us", zone), True) for zone in (None, "UTC")),
        *((kind, False) for kind in (pl.String(), pl.Categorical(), pl.Enum(["a"]), pl.Binary())),
        *((kind, False) for kind in (pl.Null(), pl.List(pl.Int64()))),
    ],
)
def test_what_is_no_text_in_the_file_is_told(dtype: pl.DataType, *, typed: bool) -> None:
    (column,) = flat_columns(pl.Schema({"a": dtype}))
    assert column.is_typed is typed


def test_a_column_of_nothing_is_empty() -> None:
    assert texts(pl.Series("a", [None, None], dtype=pl.Null())) == {"a": ["", ""]}


@pytest.mark.parametrize(
    ("dtype", "number", "text"),
    [
        (pl.Date(), 2**31 - 1, "2147483647 days from 1970-01-01"),
        (pl.Date(), 1 - 2**31, "-2147483647 days from 1970-01-01"),
        (pl.Date(), 3_664_000, "+12001-09-10"),
        (pl.Datetime("us"), 2**63 - 1, "9223372036854775807 us from 1970-01-01"),
        (pl.Datetime("us", "Asia/Tokyo"), 1 - 2**63, "-9223372036854775807 us from 1970-01-01"),
        (pl.Datetime("ms"), 2**62, "4611686018427387904 ms from 1970-01-01"),
        (pl.Datetime("ns"), 2**63 - 1, "2262-04-11T23:47:16.854775807"),
    ],
)
def test_what_no_calendar_has_is_its_number_and_the_others_are_read(
    dtype: pl.DataType, number: int, text: str
) -> None:
    values = pl.Series("a", [number, 0, None], dtype=pl.Int64).cast(dtype)

    found, zero, nothing = texts(values)["a"]

    assert (found, zero[:10], nothing) == (text, "1970-01-01", "")


def test_a_structure_becomes_columns_with_dotted_names() -> None:
    values = pl.Series("a", [{"b": 1, "c": {"d": "x", "e": [2]}}, None, {"b": None, "c": None}])

    assert texts(values) == {"a.b": ["1", "", ""], "a.c.d": ["x", "", ""], "a.c.e": ["[2]", "", ""]}


def test_a_type_without_text_is_refused() -> None:
    with pytest.raises(FormatError, match="the column 'a' has the type Object"):
        flat_columns(pl.Schema({"a": pl.Object()}))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_reads_back_as_itself(number: float) -> None:
    (text,) = texts(pl.Series("a", [number]))["a"]

    assert float(text) == number
    assert math.copysign(1, float(text)) == math.copysign(1, number)


@settings(max_examples=50)
@given(st.lists(st.none() | st.lists(st.none() | st.text(max_size=5), max_size=4), max_size=4))
def test_a_list_reads_back_from_its_json(rows: list[Any]) -> None:
    found = texts(pl.Series("a", rows, dtype=pl.List(pl.String())))["a"]

    assert [json.loads(text) if text else None for text in found] == rows


def test_a_type_made_of_another_one_is_that_one() -> None:
    made = pl.Extension("shop.note", pl.List(pl.Date()))
    values = pl.Series("a", [[date(2026, 1, 2)], None], dtype=pl.List(pl.Date())).ext.to(made)
    assert texts(values) == {"a": ['["2026-01-02"]', ""]}
