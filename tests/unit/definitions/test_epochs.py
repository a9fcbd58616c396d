from __future__ import annotations

import polars as pl
import pytest

from definitions.epochs import compact_format, epoch_instants, is_counted_day


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("1700000000", 1_700_000_000_000_000),
        ("1700000000.25", 1_700_000_000_250_000),
        ("-1700000000.123456789", -1_700_000_000_123_456),
        ("253402300799", 253_402_300_799_000_000),
        ("253402300800", 253_402_300_800_000),
        ("1700000000123", 1_700_000_000_123_000),
        ("99999999999999", 99_999_999_999_999_000),
        ("-62135596800", -62_135_596_800_000_000),
        ("-62135596801", None),
        ("-99999999999", None),
        ("-100000000000", -100_000_000_000_000),
        ("-62135596800000", -62_135_596_800_000_000),
        ("-62135596800001", None),
        ("100000000000000", None),
        ("99999999", None),
        ("45321", None),
        ("20240131101500", None),
        ("202401311015", None),
        ("202413311015", 202_413_311_015_000_000),
        ("202401311015.5", 202_401_311_015_500_000),
        ("20240131996000", 20_240_131_996_000_000),
        ("1700000000123.5", None),
        ("01700000000", None),
        ("1.7e9", None),
        ("", None),
    ],
)
def test_seconds_and_milliseconds_are_told_apart_by_what_they_can_be(
    text: str, micros: int | None
) -> None:
    assert epoch_instants(pl.Series([text])).item() == micros


@pytest.mark.parametrize(
    ("digits", "form"),
    [
        ("20240131", "%Y%m%d"),
        ("202401311015", "%Y%m%d%H%M"),
        ("20240131101500", "%Y%m%d%H%M%S"),
        ("20241331", None),
        ("2024013110", None),
        ("18991231", None),
    ],
)
def test_digits_of_a_date_tell_their_format(digits: str, form: str | None) -> None:
    assert compact_format(digits) == form


@pytest.mark.parametrize(
    ("digits", "is_one"),
    [
        ("32000", True),
        ("45292", True),
        ("54999", True),
        ("45292.427083333336", True),
        ("31999.5", False),
        ("55000", False),
        ("-45292", False),
        ("145292", False),
        ("4529", False),
    ],
)
def test_a_day_that_a_spreadsheet_counts_is_of_our_time(digits: str, *, is_one: bool) -> None:
    assert is_counted_day(digits) is is_one
