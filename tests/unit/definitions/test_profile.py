from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.mapping import compile_mapping
from definitions.model import TargetType
from definitions.profile import MOST_DISTINCT, SAMPLES, ColumnProfile, DateOrder, Profile, Range
from definitions.styles import Matter, Question, Survey
from tests.unit.definitions.cases import CUSTOMERS, batch, batch_from, definition, prop

PLAIN = ["", " ", "a", "A ", "1", "1.0", "01", "2024-02-29", "yes", "[1]", "\0"]
MARKED = ["1,5", "1.234", "1,234.5", "7 000", "31/12/2026", "1/2/2026"]
CELLS = st.sampled_from([*PLAIN, *MARKED])
NUMBERS = st.lists(st.sampled_from(["1", "1.5", "1,5", "1.234", "1,234", "1.234,5", "7 000", "x"]))
PARTS = st.tuples(
    st.integers(0, 32), st.sampled_from(["/", "-", ".", ". "]), st.integers(0, 32)
)  # many a one is no day, as in files with typing errors
YEARS = st.sampled_from(["2026", "26", "2024 00:00", "2026 10:00", "2026 25:00"])
MIXED = st.builds(
    lambda parts, year: f"{parts[0]}{parts[1]}{parts[2]}{parts[1]}{year}", PARTS, YEARS
)
DAYS = st.lists(
    st.sampled_from(["2026-01-31", "31/1/2026", "1/31/2026", "1/2/2026", "31/4/2026"]) | MIXED
)


def profile(*batches: list[str]) -> ColumnProfile:
    """Profile a table of one column that comes in batches."""
    seen = Profile(["c"])
    for cells in batches:
        seen.add(pl.DataFrame({"c": cells}, schema={"c": pl.String}))
    (column,) = seen.columns
    return column


@given(st.lists(CELLS), st.integers(0, 20))
def test_batches_make_no_difference(cells: list[str], cut: int) -> None:
    assert profile(cells[:cut], cells[cut:]) == profile(cells)


@given(st.lists(CELLS))
def test_cells_are_counted(cells: list[str]) -> None:
    found = profile(cells)
    filled = [cell for cell in cells if cell.strip()]

    assert (found.rows, found.filled) == (len(cells), len(filled))
    assert found.distinct == len(set(filled))
    assert found.longest == max(map(len, filled), default=0)
    assert found.samples == tuple(dict.fromkeys(filled))[:SAMPLES]
    assert found.padded == sum(cell != cell.strip() for cell in filled)
    assert found.nul == Counter(filled)["\0"]
    assert found.leading_zeros == Counter(filled)["01"]


def test_more_texts_than_are_told_apart_have_no_number() -> None:
    cells = [str(n) for n in range(MOST_DISTINCT + 1)]

    assert profile(cells[:-1]).distinct == MOST_DISTINCT
    assert profile(cells[:-1], cells[-1:]).distinct is None
    assert profile(cells, cells).most_distinct == MOST_DISTINCT


def test_a_very_wide_table_tells_fewer_apart() -> None:
    wide = Profile([f"c{n}" for n in range(5_000)])

    assert wide.columns[0].most_distinct == 1_000


@pytest.mark.parametrize(
    ("cells", "suggested"),
    [
        (["1", "2.5", "-3e2"], TargetType.NUMBER),
        (["0", "1"], TargetType.NUMBER),
        (["true", "no", "1"], TargetType.BOOLEAN),
        (["2024-02-29", " 2023-01-01"], TargetType.DATE),
        (["2024-02-29", "2023-01-01T10:00Z"], TargetType.DATETIME),
        (["2024-02-29 00:00:00", "2023-01-01T00:00:00.000"], TargetType.DATE),
        ([*["2024-02-29 00:00:00"] * 99, "2023-01-01 10:00:00"], TargetType.DATETIME),
        (['["a"]', "[]"], TargetType.LIST),
        (['["a"]', '{"b": 1}'], TargetType.JSON),
        (["https://example.com/a"], TargetType.URL),
        (["red, blue", "green"], TargetType.STRING),
        (["007", "8"], TargetType.STRING),
        (["+420123456789", "+1 202 555 0100"], TargetType.STRING),
        (["+420 123 456 789", "7"], TargetType.STRING),
        (["+1234567", "-200000"], TargetType.NUMBER),
        (["+12", "+1234567.5"], TargetType.NUMBER),
        (["1700000000"], TargetType.NUMBER),
        (["", " "], TargetType.STRING),
        (["3/4/2026"], TargetType.STRING),
        (["3/4/2026", "31/4/2026", "31/12/2026"], TargetType.STRING),
        (["3/4/2026", "31/12/2026"], TargetType.DATE),
        (["12/31/2026 10:00", "3/4/2026 11:30"], TargetType.DATETIME),
        (["31/12/2026", "12/31/2026"], TargetType.STRING),
        (["31.12.2026", "1.2.2026"], TargetType.DATE),
        (["31. 12. 2026", "1. 2. 2026"], TargetType.DATE),
        (["1.234,56", "1.000"], TargetType.NUMBER),
        (["1,5", "2"], TargetType.NUMBER),
        (["1,234.5", "1,000"], TargetType.NUMBER),
        (["1 234", "5"], TargetType.NUMBER),
        (["1,5", "1.5"], TargetType.STRING),
        (["1,234", "1"], TargetType.STRING),
        ([*["1"] * 95, *["?"] * 5], TargetType.NUMBER),
        ([*["1"] * 94, *["?"] * 6], TargetType.STRING),
    ],
)
def test_the_type_that_suits_a_column_is_suggested(cells: list[str], suggested: TargetType) -> None:
    assert profile(cells).suggested is suggested


def test_candidates_are_counted_the_likeliest_first() -> None:
    assert list(profile(["1700000000", "1.5", "x", "2024-01-01", "\0"]).types.items()) == [
        (TargetType.STRING, 4),
        (TargetType.NUMBER, 2),
        (TargetType.TIMESTAMP, 2),
        (TargetType.DATE, 1),
        (TargetType.DATETIME, 1),
    ]


def test_the_range_is_of_the_suggested_type_and_in_the_words_of_the_file() -> None:
    assert profile(["10", "9.50", "+2"], ["100"]).range == Range("+2", "100")
    assert profile(["2024-02-01", "2023-12-31"]).range == Range("2023-12-31", "2024-02-01")
    times = profile(["2024-01-01T00:00+02:00", "2023-12-31T23:00Z"])
    assert times.range == Range("2024-01-01T00:00+02:00", "2023-12-31T23:00Z")
    assert profile(["07", "9"]).range is None
    assert profile(["07", "9"]).numbers == Range("07", "9")


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["3/4/2026"], DateOrder.UNCLEAR),
        (["3/4/2026", "13.4.26", "13/4/26"], DateOrder.UNCLEAR),
        (["3/4/2026", "31/4/2026"], DateOrder.UNCLEAR),  # of which one is no day of any calendar
        (["3/4/2026", "13-4-2026"], DateOrder.DAY_FIRST),
        (["3/4/26", "13/4/26 10:00"], DateOrder.DAY_FIRST),
        (["3/4/26", "4/13/26"], DateOrder.MONTH_FIRST),
        (["3.4.2026", "4.31.2026"], DateOrder.DAY_FIRST),
        (["3/4/2026", "4/13/2026 10:00"], DateOrder.MONTH_FIRST),
        (["13/4/2026", "4/13/2026"], DateOrder.MIXED),
        (["2026-04-13", "1.5"], None),
    ],
)
def test_dates_of_day_and_month_tell_their_order(cells: list[str], order: DateOrder | None) -> None:
    found = profile(cells)

    assert found.date_order is order
    assert found.day_and_month == (0 if order is None else len(cells))


def test_columns_are_numbered_and_named() -> None:
    seen = Profile(["id", "name"])
    seen.add(pl.DataFrame({"id": ["1"], "name": [""]}))
    first, second = seen.columns

    assert (first.position, first.name, second.position, second.name) == (1, "id", 2, "name")
    assert (seen.rows, second.rows, second.filled) == (1, 1, 0)
    assert replace(first, position=2, name="name") != second


@given(numbers=NUMBERS, days=DAYS)
def test_as_many_cells_convert_as_in_an_import(numbers: list[str], days: list[str]) -> None:
    frame = {"n": numbers + [""] * len(days), "d": [""] * len(numbers) + days}
    frame["mail"] = ["m"] * len(frame["n"])
    rows = batch_from(1, **frame)
    survey = Survey([Question("n", Matter.NUMBERS), Question("d", Matter.DATES)])
    survey.add(rows)
    made = definition(
        CUSTOMERS,
        ids={"mail": "m"},
        properties=[prop("n", target="number"), prop("d", target="date")],
    )
    mapped = compile_mapping(made, tuple(frame), survey.styles()).apply(rows, "f")

    seen = Profile(list(frame))
    seen.add(rows.frame)
    number, day, _ = seen.columns

    assert number.types.get(TargetType.NUMBER, 0) == len(numbers) - sum(mapped.bad("n"))
    assert day.types.get(TargetType.DATE, 0) == len(days) - sum(mapped.bad("d"))


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1.000,5", "2.000", "7"], Range("7", "2.000")),
        (["1,000.5", "2,000", "7"], Range("7", "2,000")),
        (["1.5", "1.234", "2"], Range("1.234", "2")),
        (["1 000", "999"], Range("999", "1 000")),
    ],
)
def test_numbers_are_compared_as_the_column_is_written(cells: list[str], numbers: Range) -> None:
    assert profile(cells).numbers == numbers


@pytest.mark.parametrize(
    ("cells", "typed", "count", "numbers"),
    [
        (["1.5", "2,5", "1.234"], [1, 0, 1], 3, Range("1.234", "2,5")),
        (["1.5", "2,5", "1.234"], [0, 0, 0], 2, Range("1.234", "1.5")),
        (["1.234", "2,5", "1.234"], [1, 0, 0], 3, Range("1.234", "1.234")),
        (["1.5", "1,234", "7"], [1, 0, 1], 2, Range("1.5", "7")),
    ],
)
def test_numbers_that_are_no_text_do_not_tell_how_others_are_written(
    cells: list[str], typed: list[int], count: int, numbers: Range
) -> None:
    seen = Profile(["c"])
    seen.add(batch(c=cells).frame, {"c": np.array(typed, np.bool_)})
    (column,) = seen.columns

    assert (column.types[TargetType.NUMBER], column.numbers) == (count, numbers)


@given(st.lists(st.integers(-(10**30), 10**30) | st.integers(10**29, 10**29 + 9), min_size=1))
def test_the_range_is_exact_however_many_digits_numbers_have(numbers: list[int]) -> None:
    found = profile([str(number) for number in numbers[:3]], [str(number) for number in numbers])

    assert found.numbers == Range(str(min(numbers)), str(max(numbers)))


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("99999999", 0),  # which an import takes, but for a number more likely
        ("100000000", 1),
        ("-1700000000.25", 1),
        ("1.7e9", 1),
        ("9999999999.5", 1),
        ("10000000000.5", 1),
        ("1e10", 1),
        ("1e13", 0),  # an exponent is none of milliseconds
        ("1700000000000", 1),
        ("-1700000000000", 1),
        ("99999999999999", 1),
        ("20260131101500", 0),  # digits of a date and a time
        ("170000000000000", 0),
    ],
)
def test_a_number_is_a_timestamp_from_a_hundred_million_on_as_an_import_has_it(
    cell: str, count: int
) -> None:
    assert profile([cell]).types.get(TargetType.TIMESTAMP, 0) == count
