"""The rule of schedules: by examples, and against an oracle for any zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise, takewhile
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from definitions.model import ScheduledTrigger
from definitions.schedule import END, FIRST, Note, fires, next_fire, stamp, with_days
from definitions.schema.rules import zones
from tests.schedules import Oracle, schedule

SPRING = datetime(2026, 3, 28, 12, tzinfo=UTC)  # the clocks of Prague skip 02:00 to 03:00 next day
AUTUMN = datetime(2026, 10, 24, 12, tzinfo=UTC)  # they show 02:00 to 03:00 twice next day
BEGIN, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RESTLESS = (
    "Europe/Prague",
    "America/New_York",
    "America/Santiago",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Antarctica/Troll",
    "Pacific/Apia",
    "Pacific/Kwajalein",
)


def shown(trigger: ScheduledTrigger, after: datetime, count: int) -> list[str]:
    """Return what people see of the next instants."""
    found = islice(fires(trigger, after), count)
    return [f"{each.local:%m-%d %H:%M %z} {each.note or ''}".rstrip() for each in found]


def test_a_time_that_the_clocks_skip_fires_at_the_first_instant_after_the_gap() -> None:
    (fire,) = islice(fires(schedule("daily", (2, 30)), SPRING), 1)

    assert fire.at == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert fire.local.isoformat() == "2026-03-29T03:00:00+02:00"
    assert fire.asked == datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001 - of the wall
    assert fire.note is Note.GAP


def test_times_that_meet_at_the_end_of_a_gap_fire_once() -> None:
    trigger = schedule("daily", (2, 0), (2, 45), (3, 0), (3, 15))

    assert shown(trigger, SPRING, 2) == ["03-29 03:00 +0200 gap", "03-29 03:15 +0200"]


def test_a_time_that_the_clocks_show_twice_fires_the_first_time() -> None:
    trigger = schedule("daily", (2, 0), (2, 45))

    assert shown(trigger, AUTUMN, 3) == [
        "10-25 02:00 +0200 repeat",
        "10-25 02:45 +0200 repeat",
        "10-26 02:00 +0100",
    ]
    between = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 for the second time
    assert shown(trigger, between, 1) == ["10-26 02:00 +0100"]


def test_hourly_fires_in_every_real_hour() -> None:
    trigger = schedule("hourly", minutes=[30])

    spring = list(islice(fires(trigger, SPRING), 24))
    autumn = list(islice(fires(trigger, AUTUMN), 24))

    for found in (spring, autumn):
        assert {b.at - a.at for a, b in pairwise(found)} == {HOUR}
    assert shown(trigger, AUTUMN + 12 * HOUR, 3) == [
        "10-25 02:30 +0200 repeat",
        "10-25 02:30 +0100 repeat",
        "10-25 03:30 +0100",
    ]


def test_a_day_that_a_month_lacks_is_its_last_day_once() -> None:
    trigger = schedule("monthly", (6, 0), days=[29, 30, 31])

    assert shown(trigger, datetime(2027, 1, 31, 12, tzinfo=UTC), 4) == [
        "02-28 06:00 +0100 month_end",
        "03-29 06:00 +0200",
        "03-30 06:00 +0200",
        "03-31 06:00 +0200",
    ]
    leap = datetime(2028, 2, 1, tzinfo=UTC)
    assert shown(trigger, leap, 2) == ["02-29 06:00 +0100", "03-29 06:00 +0200"]
    assert shown(schedule("monthly", (6, 0), days=[31]), leap, 1) == ["02-29 06:00 +0100 month_end"]


def test_a_day_that_a_zone_skipped_fires_at_the_beginning_of_the_next() -> None:
    trigger = schedule("daily", (10, 0), zone="Pacific/Apia")

    assert shown(trigger, datetime(2011, 12, 29, 21, tzinfo=UTC), 2) == [
        "12-31 00:00 +1400 gap",  # there was no 30th of December
        "12-31 10:00 +1400",
    ]


def test_bounds_are_inclusive_and_exact() -> None:
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    day = timedelta(days=1)
    trigger = schedule("daily", (12, 0), zone="UTC", from_date=noon, to_date=noon + day)

    assert [each.at for each in fires(trigger, noon - day)] == [noon, noon + day]
    assert [each.at for each in fires(trigger, noon)] == [noon + day]
    late = timedelta(microseconds=1)
    inside = schedule(
        "daily", (12, 0), zone="UTC", from_date=noon + late, to_date=noon + day - late
    )
    assert next_fire(inside, noon - day) is None


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "UTC"])
@pytest.mark.parametrize("frequency", ["daily", "hourly", "monthly"])
def test_the_ends_of_the_calendar_are_ends(zone: str, frequency: str) -> None:
    whole = schedule(frequency, (0, 0), zone=zone, days=[31], minutes=[0])
    low, high = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

    first = next_fire(whole, low)

    assert first is not None
    assert FIRST < first.at < FIRST + timedelta(days=32)
    assert next_fire(whole, high) is None
    last = list(fires(whole, END - timedelta(days=40)))[-1]
    assert END - timedelta(days=32) < last.at < END


def test_days_that_are_not_given_are_those_of_the_first_date() -> None:
    created = datetime(2026, 3, 31, 23, tzinfo=UTC)  # in Prague it is Wednesday the 1st of April
    start = datetime(2026, 5, 17, 12, tzinfo=UTC)  # a Sunday

    assert with_days(schedule("weekly", (6, 0)), created).days == (2,)
    assert with_days(schedule("monthly", (6, 0)), created).days == (1,)
    assert with_days(schedule("weekly", (6, 0), from_date=start), created).days == (6,)
    assert with_days(schedule("monthly", (6, 0), days=[31]), created).days == (31,)
    assert with_days(schedule("daily", (6, 0)), created).days == ()


def test_a_stamp_is_that_of_the_offsets_and_not_of_the_name() -> None:
    prague = stamp(ZoneInfo("Europe/Prague"))

    assert stamp(ZoneInfo("Europe/Bratislava")) == prague
    assert stamp(ZoneInfo("Europe/London")) != prague
    assert prague.startswith("1-")


times = st.tuples(st.integers(0, 23), st.integers(0, 59))
night = st.tuples(st.integers(0, 3), st.sampled_from([0, 1, 15, 30, 59]))


@st.composite
def schedules(draw: st.DrawFn) -> ScheduledTrigger:
    """Draw a schedule of a frequency, of a restless zone or of any."""
    zone = draw(st.sampled_from(RESTLESS) | st.sampled_from(sorted(zones())))
    frequency = draw(st.sampled_from(["hourly", "daily", "weekly", "monthly"]))
    clock = draw(st.lists(times | night, min_size=1, max_size=6))
    weekly = frequency == "weekly"
    days = draw(st.lists(st.integers(0, 6) if weekly else st.integers(1, 31), min_size=1))
    minutes = draw(st.lists(st.integers(0, 59), min_size=1, max_size=2))
    return schedule(frequency, *clock, zone=zone, days=days, minutes=minutes)


def between(trigger: ScheduledTrigger, low: datetime, high: datetime) -> list[datetime]:
    """Return the instants of a schedule from `low` on and before `high`."""
    after = low - timedelta(microseconds=1)
    return [each.at for each in takewhile(lambda each: each.at < high, fires(trigger, after))]


@settings(max_examples=40)
@given(trigger=schedules(), day=st.integers(2, 25_000), span=st.integers(1, 30))
@example(trigger=schedule("daily", (10, 0), zone="Pacific/Apia"), day=15_320, span=30)
@example(trigger=schedule("hourly", zone="Australia/Lord_Howe", minutes=[0]), day=20_540, span=30)
def test_any_schedule_fires_as_the_rule_says(
    trigger: ScheduledTrigger, day: int, span: int
) -> None:
    low = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)
    high = low + timedelta(days=span)

    assert between(trigger, low, high) == Oracle.of(trigger.timezone, low, high).fires(trigger)


@settings(max_examples=40)
@given(trigger=schedules(), seconds=st.integers(0, 10**9))
def test_it_does_not_matter_from_where_one_looks(trigger: ScheduledTrigger, seconds: int) -> None:
    after = datetime(2005, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)

    ahead = [each.at for each in islice(fires(trigger, after), 5)]

    step_by_step = [after]
    for _ in range(5):
        fire = next_fire(trigger, step_by_step[-1])
        assert fire is not None
        step_by_step.append(fire.at)
    assert ahead == step_by_step[1:]


@pytest.mark.long
@pytest.mark.timeout(10_800)
@pytest.mark.parametrize("zone", sorted(zones()))
def test_for_ten_years_schedules_of_every_zone_fire_as_the_rule_says(zone: str) -> None:
    """Hourly is looked at around each change of the clocks, all else on every day."""
    chance = Random(zone)
    oracle = Oracle.of(ZoneInfo(zone), BEGIN, LAST)
    clock = [(chance.randrange(24), chance.randrange(60)), (2, chance.choice([0, 30]))]
    for trigger in (
        schedule("daily", *clock, zone=zone),
        schedule("weekly", *clock, zone=zone, days=chance.sample(range(7), 3)),
        schedule("monthly", *clock, zone=zone, days=[*chance.sample(range(1, 29), 2), 31]),
    ):
        assert between(trigger, BEGIN, LAST) == oracle.fires(trigger), trigger
    hourly = schedule("hourly", zone=zone, minutes=[chance.randrange(60)])
    expected = oracle.fires(hourly)
    for turn in oracle.turns():
        low, high = max(turn - DAY, BEGIN), min(turn + DAY, LAST)
        assert between(hourly, low, high) == [at for at in expected if low <= at < high], hourly
