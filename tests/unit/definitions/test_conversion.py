from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import orjson
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.conversion import LONGEST_KEY, Conversion, as_key, as_property, as_seconds
from definitions.model import Notation, TargetType
from definitions.text_column import TextColumn
from definitions.written import Written, as_said
from tests.unit.definitions.cells import cell as drawn_cell
from tests.unit.definitions.oracle import ZONES, Outcome, expected

UTC = ZoneInfo("UTC")
PRAGUE = ZoneInfo("Europe/Prague")
BAD, EMPTY = Outcome.BAD, Outcome.EMPTY


def outcomes(cells: list[str], conversion: Conversion) -> list[object]:
    """Return what became of each cell: its value as converted, BAD or EMPTY."""
    texts = pl.Series(cells, dtype=pl.String)
    filled = conversion(TextColumn.of(texts)).filled.tolist()
    return [
        value if value is not None else BAD if is_filled else EMPTY
        for value, is_filled in zip(conversion.values(texts), filled, strict=True)
    ]


def properties(cells: list[str], target: TargetType, zone: ZoneInfo = UTC) -> list[object]:
    """Return each cell's JSON text, BAD or EMPTY."""
    return outcomes(cells, as_property(target, zone))


def one(cell: str, target: TargetType, zone: ZoneInfo = UTC) -> object:
    return properties([cell], target, zone)[0]


def exact(value: object) -> object:
    """Read JSON text without rounding its numbers."""
    if not isinstance(value, str):
        return value
    return json.loads(value, parse_float=Decimal, parse_int=Decimal)


@pytest.mark.parametrize("target", TargetType)
def test_every_type_agrees_with_the_slow_reading_of_the_same_rules(target: TargetType) -> None:
    random = Random(f"cells of {target}")  # the same cells every time
    cells = [drawn_cell(random) for _ in range(3000)]
    zones = ZONES if target in (TargetType.DATETIME, TargetType.TIMESTAMP) else ZONES[:1]
    seen: Counter[object] = Counter()
    for zone in zones:
        got = [(type(value), value) for value in map(exact, properties(cells, target, zone))]
        wanted = [(type(value), value) for value in (expected(c, target, zone) for c in cells)]
        for cell, value, want in zip(cells, got, wanted, strict=True):
            assert value == want, (cell, zone)
        seen.update(value if value in (BAD, EMPTY) else "value" for _, value in got)
    assert min(seen[BAD], seen[EMPTY], seen["value"]) >= 5


@given(cells=st.lists(st.text()))
@pytest.mark.parametrize("target", TargetType)
def test_any_text_at_all_agrees_with_the_slow_reading(target: TargetType, cells: list[str]) -> None:
    got = [exact(value) for value in properties(cells, target, PRAGUE)]
    assert got == [expected(cell, target, PRAGUE) for cell in cells]


@pytest.mark.parametrize("target", [TargetType.STRING, TargetType.LONG_TEXT])
@pytest.mark.parametrize("text", [" padded ", "007", " ", '"quoted"', "back\\slash", "a\nb", "😀"])
def test_text_is_kept_exactly(target: TargetType, text: str) -> None:
    assert orjson.loads(str(one(text, target))) == text


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12345678901234567890", "12345678901234567890"),
        ("007", "7"),
        ("-007.50", "-7.5"),
        ("+1", "1"),
        (".5", "0.5"),
        ("-.5", "-0.5"),
        ("5.", "5"),
        ("5.e3", "5000"),
        ("000", "0"),
        ("1.10", "1.1"),
        ("1E-7", "0.0000001"),
        (" 12 ", "12"),
        ("9" * 308, "9" * 308),
    ],
)
def test_numbers_keep_all_their_digits_and_become_canonical_json(cell: str, number: str) -> None:
    assert one(cell, TargetType.NUMBER) == number


@pytest.mark.parametrize(
    "cell",
    [
        "1,5",
        "1 000",
        "NaN",
        "inf",
        "-Infinity",
        "0x1",
        "1_000",
        "--1",
        ".",
        "e5",
        "1e",
        "٣",
        "1e400",
        "9" * 310,
        "1e1000",
        "1e-1000",
        "0." + "0" * 400 + "1",
        "12\0",
        "1-",
        "½",
    ],
)
def test_what_is_no_decimal_number_of_ordinary_size_is_refused(cell: str) -> None:
    assert one(cell, TargetType.NUMBER) is BAD


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("true", "true"),
        ("TRUE", "true"),
        ("1", "true"),
        ("Yes", "true"),
        ("false", "false"),
        ("False", "false"),
        ("0", "false"),
        (" NO ", "false"),
    ],
)
def test_booleans_are_six_words_in_any_case(cell: str, value: str) -> None:
    assert one(cell, TargetType.BOOLEAN) == value


@pytest.mark.parametrize("cell", ["t", "f", "y", "n", "on", "off", "2", "1.0", "pravda"])
def test_other_words_are_no_booleans(cell: str) -> None:
    assert one(cell, TargetType.BOOLEAN) is BAD


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("[]", "[]"),
        ('["a", 1, {"b": null}]', '["a",1,{"b":null}]'),
        ("a, b ,c", '["a","b","c"]'),
        ("a", '["a"]'),
        ("a,,b, ,", '["a","b"]'),
        (" , ", "[]"),
        ('5" wide, x', '["5\\" wide","x"]'),
        ("{1},{2}", '["{1}","{2}"]'),
    ],
)
def test_lists_are_json_arrays_or_texts_between_commas(cell: str, value: str) -> None:
    assert one(cell, TargetType.LIST) == value


@pytest.mark.parametrize(
    ("separator", "cell", "value"),
    [
        ("|", "a | b,c||", '["a","b,c"]'),
        (" ", "a  b", '["a","b"]'),
        ('"', 'a"b\\', '["a","b\\\\"]'),
        (";", ";", "[]"),
        (".", "\\u0000.x", '["\\\\u0000","x"]'),
        ("|", '["a|b"]', '["a|b"]'),
    ],
)
def test_lists_may_have_another_separator(separator: str, cell: str, value: str) -> None:
    conversion = as_property(TargetType.LIST, UTC, Written(separator=separator))

    assert outcomes([cell], conversion) == [value]


@pytest.mark.parametrize("cell", ["[a, b]", "[1", '["\\u0000"]', "a,\0", "[1],[2]"])
def test_what_begins_like_an_array_must_be_one(cell: str) -> None:
    assert one(cell, TargetType.LIST) is BAD


def test_json_is_canonical_or_refused() -> None:
    assert properties([' {"a": 1.10} ', "{'a': 1}", " "], TargetType.JSON) == [
        '{"a":1.1}',
        BAD,
        EMPTY,
    ]


@pytest.mark.parametrize(
    "cell", ["https://x.cz", "HTTP://x.cz/a?b=1#c", "http://user@x:80/", " https://x.cz/é "]
)
def test_web_addresses_are_kept_without_outer_white_space(cell: str) -> None:
    assert one(cell, TargetType.URL) == f'"{cell.strip()}"'


@pytest.mark.parametrize(
    "cell",
    ["x.cz", "ftp://x.cz", "https://", "http:///a", "http://x y", "http://x\0", "http\u017f://x"],
)
def test_what_is_no_absolute_web_address_is_refused(cell: str) -> None:
    assert one(cell, TargetType.URL) is BAD


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1700000000", "1700000000"),
        ("1700000000.25", "1700000000.25"),
        ("-0.5", "-0.5"),
        ("1.7e9", "1700000000"),
        ("2024-01-31T10:15:00Z", "1706696100"),
        ("2024-01-31T10:15:00.250Z", "1706696100.25"),
        ("2024-01-31 11:15", "1706696100"),
        ("1969-12-31T23:59:59.5Z", "-0.5"),
        ("0001-01-01T00:00:00Z", "-62135596800"),
        ("-62135596800", "-62135596800"),
        ("253402300799", "253402300799"),
        ("253402300800", "253402300.8"),
        ("1706696100250", "1706696100.25"),
        ("31.1.2024 11:15", "1706696100"),
    ],
)
def test_timestamps_become_epoch_seconds(cell: str, value: str) -> None:
    assert one(cell, TargetType.TIMESTAMP, PRAGUE) == value


@pytest.mark.parametrize(
    "cell", ["100000000000000", "253402300800.5", "-62135596801", "20240131101500", "yesterday"]
)
def test_a_timestamp_outside_the_calendar_is_refused(cell: str) -> None:
    assert one(cell, TargetType.TIMESTAMP) is BAD


@pytest.mark.parametrize("cell", ["20240131", "20240131.0", "+20240131", "202401311015"])
def test_the_digits_of_a_date_are_no_seconds(cell: str) -> None:
    assert one(cell, TargetType.TIMESTAMP) is BAD
    assert outcomes([cell], as_seconds(PRAGUE)) == [BAD]
    assert one(cell, TargetType.DATETIME) is BAD


@pytest.mark.parametrize("cell", ["45292", "45292.5", "32000", "54999.999", "4.5292e4"])
def test_a_day_as_spreadsheets_count_them_is_no_timestamp(cell: str) -> None:
    assert one(cell, TargetType.TIMESTAMP) is BAD
    assert outcomes([cell], as_seconds(PRAGUE)) == [BAD]


@pytest.mark.parametrize(
    "cell", ["20241331", "18991231", "20240131.5", "2024013110", "31999", "55000", "-45292"]
)
def test_other_digits_are_seconds(cell: str) -> None:
    assert one(cell, TargetType.TIMESTAMP) == cell


@given(cells=st.lists(st.integers(-62_135_596_800, 253_402_300_799).map(str) | st.text()))
def test_seconds_are_the_number_that_the_timestamp_type_writes(cells: list[str]) -> None:
    seconds = outcomes(cells, as_seconds(PRAGUE))
    written = properties(cells, TargetType.TIMESTAMP, PRAGUE)
    assert seconds == [float(text) if isinstance(text, str) else text for text in written]


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        (" 007 ", "007"),
        ("a b", "a b"),
        ("", EMPTY),
        (" \t", EMPTY),
        ("a\0", BAD),
        ("é" * (LONGEST_KEY // 2),) * 2,
        ("é" * (LONGEST_KEY // 2) + "x", BAD),
    ],
)
def test_keys_are_trimmed_texts_that_every_index_takes(cell: str, key: object) -> None:
    assert outcomes([cell], as_key()) == [key]


NUMBERS = [
    Notation(decimal=","), Notation(decimal="."), Notation(thousands="."), Notation(thousands=" "),
    Notation(decimal=",", thousands="."),
]  # fmt: skip
PATTERNS = [Notation(format=form) for form in ("%Y-%d-%m", "%d/%m/%Y", "%Y%m%d")]
SAID = [
    *((TargetType.NUMBER, notation) for notation in NUMBERS),
    *((kind, notation) for kind in (TargetType.DATE, TargetType.DATETIME) for notation in PATTERNS),
    *((TargetType.TIMESTAMP, notation) for notation in PATTERNS),
]
PLAIN_NUMBERS = st.one_of(
    st.integers().map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(["1.234", "0.25", "12.345", "1e21", "-0", "1.50"]),
)
ISO_TIMES = st.one_of(st.dates().map(str), st.datetimes().map(lambda at: at.isoformat()))
WRITTEN = st.sampled_from(
    ["1.234", "1,5", "1.234,5", "1 234", "x", "", " ", "2026-01-02", "2026-13-01", "31/12/2026"]
)


@given(st.data(), st.sampled_from(SAID))
def test_cells_that_are_no_text_have_one_meaning_whatever_is_said_of_their_column(
    data: st.DataObject, said: tuple[TargetType, Notation]
) -> None:
    target, notation = said
    values = PLAIN_NUMBERS if target is TargetType.NUMBER else ISO_TIMES
    typed = st.tuples(values, st.just(value=True))
    cells = data.draw(st.lists(st.one_of(typed, st.tuples(WRITTEN, st.just(value=False)))))
    texts, flags = [text for text, _ in cells], np.array([flag for _, flag in cells], np.bool_)

    column = TextColumn.of(pl.Series(texts, dtype=pl.String))
    found = as_property(target, UTC, as_said(notation))(column, flags)

    plain = as_property(target, UTC)(column)
    as_written = as_property(target, UTC, as_said(notation))(column)
    expected = [
        one if flag else other
        for one, other, flag in zip(plain.values, as_written.values, flags, strict=True)
    ]
    assert found.values.to_list() == expected
    assert found.filled.tolist() == plain.filled.tolist()


@pytest.mark.parametrize(
    ("cell", "day"), [("20260131", "2026-01-31"), ("2026-01-31", "2026-01-31")]
)
def test_a_number_in_a_column_of_dates_is_read_as_its_format_says(cell: str, day: str) -> None:
    written = as_said(Notation(format="%Y%m%d"))
    column = TextColumn.of(pl.Series([cell]))

    found = as_property(TargetType.DATE, UTC, written)(column, np.array([True]))

    assert found.values.to_list() == [day]


def test_moments_that_are_no_text_become_the_same_seconds_whatever_the_format() -> None:
    conversion = as_seconds(UTC, as_said(Notation(format="%Y-%d-%m")))
    column = TextColumn.of(pl.Series(["2026-02-01", "2026-02-01"]))

    found = conversion(column, np.array([True, False]))

    assert found.values.to_list() == [1769904000.0, 1767312000.0]
