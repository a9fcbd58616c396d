from __future__ import annotations

from zoneinfo import ZoneInfo

import polars as pl
import pytest

from definitions.instants import day_texts, instants, seconds_texts, utc_texts
from definitions.patterns import pattern_of
from definitions.written import DateOrder, Written
from tests.unit.definitions.cells import column

UTC = ZoneInfo("UTC")
PRAGUE = ZoneInfo("Europe/Prague")


def utc(text: str, zone: ZoneInfo = UTC) -> str | None:
    """Return the UTC text of a time that was read in a zone."""
    found: str | None = utc_texts(column(text), zone).item()
    return found


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2024-01-31T10:15:00Z", "2024-01-31T10:15:00Z"),
        ("2024-01-31 10:15:00", "2024-01-31T10:15:00Z"),
        ("2024-01-31t10:15z", "2024-01-31T10:15:00Z"),
        ("2024-01-31", "2024-01-31T00:00:00Z"),
        ("2024-01-31T10:15:00+02:00", "2024-01-31T08:15:00Z"),
        ("2024-01-31T10:15:00-0330", "2024-01-31T13:45:00Z"),
        ("2024-01-31 10:15:00 +02", "2024-01-31T08:15:00Z"),
        ("2024-01-31T10:15+02:00", "2024-01-31T08:15:00Z"),
        ("2024-01-31T10:15:00.5Z", "2024-01-31T10:15:00.500Z"),
        ("2024-01-31T10:15:00,123456Z", "2024-01-31T10:15:00.123456Z"),
        ("2024-01-31T10:15:00.123456789Z", "2024-01-31T10:15:00.123456Z"),
        ("2024-01-31T10:15:00.000Z", "2024-01-31T10:15:00Z"),
        ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_iso_8601_is_read_in_its_usual_spellings(text: str, same: str) -> None:
    assert utc(text) == same


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-29T00:00",
        "1900-02-29",
        "2024-04-31",
        "2024-13-01",
        "2024-00-10",
        "2024-01-31T24:00:00",
        "2024-01-31T23:60",
        "2016-12-31T23:59:60Z",
        "0000-12-31T23:00:00-02:00",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "10000-01-01",
        "24-01-31",
        "20240131T101500Z",
        "31.01.24",
        "01/31/2024",
        "2024-01-31T10",
        "2024-01-31+02:00",
        "2024-01-31T10:15:00+24:00",
        "2024-01-31T10:15:00.",
        "2024-01-31T10:15:00.1234567890",
        "2024-01-31  10:15",
        "٢٠٢٤-01-31",
        "now",
        "",
    ],
)
def test_what_no_clock_or_calendar_shows_is_refused(text: str) -> None:
    assert utc(text) is None


def test_naive_times_are_read_in_the_zone_and_others_are_not() -> None:
    texts = column("2024-07-01T12:00", "2024-01-01 12:00:00", "2024-07-01T12:00Z", "", "x")
    assert utc_texts(texts, PRAGUE).to_list() == [
        "2024-07-01T10:00:00Z",
        "2024-01-01T11:00:00Z",
        "2024-07-01T12:00:00Z",
        None,
        None,
    ]


@pytest.mark.parametrize("name", ["UTC", "GMT", "utc", " UTC", " gmt"])
def test_utc_may_be_said_by_its_name(name: str) -> None:
    texts = column(f"2024-07-01 12:00:00.5{name}", f"1.7.2024 12:00{name}")
    said = Written(pattern=pattern_of("%d/%m/%Y %H:%M%z"))

    assert utc_texts(texts, PRAGUE).to_list() == [
        "2024-07-01T12:00:00.500Z",
        "2024-07-01T12:00:00Z",
    ]
    assert utc_texts(column(f"1/7/2024 12:00{name.strip()}"), PRAGUE, said).item() == (
        "2024-07-01T12:00:00Z"
    )
    assert day_texts(column(f"2024-07-01 00:00{name}")).item() is None


@pytest.mark.parametrize("name", ["CET", "UT", "UTC+2", "GMT+0100", "UTCZ", "  UTC"])
def test_other_names_of_zones_are_no_part_of_a_time(name: str) -> None:
    assert utc(f"2024-07-01 12:00{name}") is None


def test_a_date_alone_is_its_midnight_in_the_zone() -> None:
    assert utc("2024-07-01", PRAGUE) == "2024-06-30T22:00:00Z"


def test_no_texts_have_no_instants() -> None:
    assert instants(column(), PRAGUE).to_list() == []


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (0, "0"),
        (1, "0.000001"),
        (-1, "-0.000001"),
        (-1_500_000, "-1.5"),
        (1_706_696_100_250_000, "1706696100.25"),
        (10_000_000, "10"),
    ],
)
def test_seconds_are_written_exactly(micros: int, text: str) -> None:
    assert seconds_texts(pl.Series([micros])).item() == text


@pytest.mark.parametrize(
    ("text", "is_date"),
    [
        ("2024-02-29", True),
        ("0001-01-01", True),
        ("2023-02-29", False),
        ("0000-01-01", False),
        ("20240229", False),
    ],
)
def test_a_date_is_a_day_of_the_calendar_and_nothing_more(text: str, is_date: bool) -> None:
    assert day_texts(column(text)).item() == (text if is_date else None)


@pytest.mark.parametrize(
    ("text", "is_date"),
    [
        ("2024-02-29 00:00:00", True),
        ("2024-02-29T00:00:00", True),
        ("2024-02-29T00:00", True),
        ("2024-02-29 00:00:00.0", True),
        ("2024-02-29T00:00:00.000000000", True),
        ("29.2.2024 0:00", True),
        ("2024/2/29 12:00:00 AM", True),
        ("2024-02-29T00:00:00Z", False),
        ("2024-02-29T00:00:00+00:00", False),
        ("2024-02-29T00:00:00.000001", False),
        ("2024-02-29T00:00:00.000000001", False),
        ("2024-02-29T00:00:01", False),
        ("2024-02-29T10:00:00", False),
        ("2024-02-29 12:00", False),
        ("2024-02-29T24:00:00", False),
        ("2023-02-29T00:00:00", False),
    ],
)
def test_a_date_at_midnight_is_that_date_unless_a_zone_follows(text: str, is_date: bool) -> None:
    assert day_texts(column(text)).item() == ("2024-02-29" if is_date else None)


def test_columns_are_read_as_they_are_written() -> None:
    texts = column("31.12.2026", "2026/12/31", "12/11/2026", "2026-12-31", "31.12.26")
    said = Written(pattern=pattern_of("dd.MM.yy"))

    assert day_texts(texts).to_list() == ["2026-12-31", "2026-12-31", None, "2026-12-31", None]
    assert day_texts(texts, Written(dates=DateOrder.DAY_FIRST))[2] == "2026-11-12"
    assert day_texts(texts, Written(dates=DateOrder.MONTH_FIRST))[2] == "2026-12-11"
    assert day_texts(texts, said).to_list() == [None, None, None, "2026-12-31", "2026-12-31"]


def test_a_pattern_that_turns_iso_8601_around_takes_its_place() -> None:
    turned = Written(pattern=pattern_of("%Y-%d-%m"))
    texts = column("2026-02-01", "2026-31-12", "2026-12-31")

    assert day_texts(texts, turned).to_list() == ["2026-01-02", "2026-12-31", None]


def test_numbers_are_epochs_unless_a_pattern_says_what_digits_are() -> None:
    texts = column("1700000000", "1700000000500", "20240131")

    assert instants(texts, UTC).to_list() == [1_700_000_000_000_000, 1_700_000_000_500_000, None]
    found = utc_texts(texts, UTC, Written(pattern=pattern_of("%Y%m%d"))).to_list()
    assert found == [None, None, "2024-01-31T00:00:00Z"]


def test_a_column_is_not_changed_by_being_read() -> None:
    texts = column("31.12.2026", "2026-12-31")

    day_texts(texts)

    assert texts.texts.to_list() == ["31.12.2026", "2026-12-31"]
