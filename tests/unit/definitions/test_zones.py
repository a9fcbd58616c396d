from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.zones import EPOCH, to_utc
from tests.unit.definitions.oracle import ZONES
from tests.unit.definitions.oracle_dates import MICROSECOND, localised


def read(walls: list[datetime], zone: ZoneInfo) -> list[datetime]:
    """Return the UTC instants of wall-clock times."""
    local = [(wall.replace(tzinfo=UTC) - EPOCH) // MICROSECOND for wall in walls]
    utc = to_utc(np.array(local, dtype=np.int64), zone)
    return [EPOCH + int(micros) * MICROSECOND for micros in utc]


@pytest.mark.parametrize(
    ("zone", "wall", "utc"),
    [
        ("Europe/Prague", "2024-03-31T02:00", "2024-03-31T01:00"),
        ("Europe/Prague", "2024-03-31T02:59:59.999999", "2024-03-31T01:00"),
        ("America/New_York", "2024-03-10T02:30", "2024-03-10T07:00"),
        ("Australia/Lord_Howe", "2024-10-06T02:15", "2024-10-05T15:30"),
        ("America/Santiago", "2024-09-08T00:30", "2024-09-08T04:00"),
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00"),
    ],
)
def test_a_time_the_clock_skipped_is_the_first_instant_after_the_gap(
    zone: str, wall: str, utc: str
) -> None:
    assert read([datetime.fromisoformat(wall)], ZoneInfo(zone)) == [moment(utc)]


@pytest.mark.parametrize(
    ("zone", "wall", "utc"),
    [
        ("Europe/Prague", "2024-10-27T02:00", "2024-10-27T00:00"),
        ("Europe/Prague", "2024-10-27T02:59:59.999999", "2024-10-27T00:59:59.999999"),
        ("Europe/Prague", "2024-10-27T03:00", "2024-10-27T02:00"),
        ("America/New_York", "2024-11-03T01:30", "2024-11-03T05:30"),
        ("Australia/Lord_Howe", "2024-04-07T01:45", "2024-04-06T14:45"),
        ("America/Santiago", "2024-04-06T23:30", "2024-04-07T02:30"),
    ],
)
def test_a_time_the_clock_showed_twice_is_the_first_of_the_two(
    zone: str, wall: str, utc: str
) -> None:
    assert read([datetime.fromisoformat(wall)], ZoneInfo(zone)) == [moment(utc)]


@pytest.mark.parametrize(
    ("zone", "wall", "utc"),
    [
        ("Asia/Kathmandu", "1985-12-31T23:59", "1985-12-31T18:29"),
        ("Asia/Kathmandu", "1986-01-01T00:15", "1985-12-31T18:30"),
        ("Europe/Prague", "0100-06-01T12:00", "0100-06-01T11:02:16"),
        ("Europe/Prague", "2150-07-01T12:00", "2150-07-01T10:00"),
        ("Europe/Prague", "9999-12-31T23:59", "9999-12-31T22:59"),
    ],
)
def test_old_and_far_years_follow_the_zone_as_well(zone: str, wall: str, utc: str) -> None:
    assert read([datetime.fromisoformat(wall)], ZoneInfo(zone)) == [moment(utc)]


@pytest.mark.parametrize("zone", ZONES, ids=str)
@given(walls=st.lists(st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31))))  # noqa: DTZ001
def test_every_wall_clock_time_agrees_with_zoneinfo(zone: ZoneInfo, walls: list[datetime]) -> None:
    assert read(walls, zone) == [localised(wall, zone) for wall in walls]


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_every_quarter_of_an_hour_of_some_years_agrees_with_zoneinfo(zone: ZoneInfo) -> None:
    quarter = timedelta(minutes=15)
    starts = [datetime(year, month, 1) for year in (1986, 2024) for month in (3, 4, 9, 10)]  # noqa: DTZ001
    walls = [start + place * quarter for start in starts for place in range(31 * 96)]
    assert read(walls, zone) == [localised(wall, zone) for wall in walls]


@pytest.mark.parametrize(
    ("zone", "year"),
    [
        ("America/Managua", 1992),
        ("Asia/Kathmandu", 1986),
        ("Pacific/Kiritimati", 1995),
    ],
)
def test_a_change_at_the_turn_of_the_year_belongs_to_both_years(zone: str, year: int) -> None:
    start = datetime(year, 1, 1) - timedelta(days=3)  # noqa: DTZ001  a wall clock
    walls = [start + place * timedelta(minutes=5) for place in range(6 * 24 * 12)]
    there = ZoneInfo(zone)
    assert read(walls, there) == [localised(wall, there) for wall in walls]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
