"""The trigger: BR14-BR18."""

from __future__ import annotations

from typing import Any

import pytest

from definitions.schema import normalise
from tests.unit.definitions.documents import document, problems

DAILY: dict[str, Any] = {
    "trigger_type": "scheduled",
    "frequency": "daily",
    "times": [{"hour": 2, "minute": 30}],
    "minutes": [],
    "timezone": "Europe/Prague",
}


def echo(trigger: object) -> dict[str, Any]:
    """Return a trigger as it is read back."""
    found: dict[str, Any] = normalise(document(trigger=trigger))["trigger"]
    return found


def refused(trigger: object) -> dict[str, list[str]]:
    """Return what is wrong with a trigger."""
    return problems(document(trigger=trigger))


@pytest.mark.parametrize("word", ["now", "on_new_file"])
def test_a_simple_trigger_ignores_every_schedule_key(word: str) -> None:
    """BR14."""
    full = DAILY | {"trigger_type": word, "days": "x", "from_date": None, "frequency": None}

    assert echo(full) == {"trigger_type": word}


def test_another_word_needs_a_frequency() -> None:
    """BR14."""
    assert refused({"trigger_type": "sometimes"}) == {
        "trigger.trigger_type": ["must be one of now, on_new_file, scheduled, not 'sometimes'"]
    }
    assert refused({"trigger_type": "sometimes", "frequency": None}) == refused(
        {"trigger_type": "sometimes"}
    )
    assert echo(DAILY | {"trigger_type": "sometimes"})["trigger_type"] == "sometimes"


def test_a_near_miss_is_answered_with_a_suggestion() -> None:
    [text] = refused({"trigger_type": "on_new_fil"})["trigger.trigger_type"]

    assert text.endswith("not 'on_new_fil'; did you mean 'on_new_file'?")
    assert refused(DAILY | {"frequency": "dayly"}) == {
        "trigger.frequency": [
            "must be one of daily, hourly, monthly, weekly, not 'dayly'; did you mean 'daily'?"
        ]
    }


def test_the_canonical_word_without_a_frequency_misses_it() -> None:
    assert refused({"trigger_type": "scheduled"}) == {
        "trigger.frequency": ["is required"],
        "trigger.timezone": ["is required"],
    }


@pytest.mark.parametrize("word", [None, "", 5, True])
def test_the_type_must_be_a_word(word: object) -> None:
    assert set(refused(DAILY | {"trigger_type": word})) == {"trigger.trigger_type"}


def test_a_schedule_is_read_back_as_it_was_sent_nulls_included() -> None:
    sent = DAILY | {"days": None, "from_date": None, "to_date": 1798761600.5, "minutes": None}

    assert echo(sent) == sent


@pytest.mark.parametrize(
    ("time", "path"),
    [
        ({"hour": 24, "minute": 0}, "trigger.times.0.hour"),
        ({"hour": -1, "minute": 0}, "trigger.times.0.hour"),
        ({"hour": 0, "minute": 60}, "trigger.times.0.minute"),
        ({"hour": True, "minute": 0}, "trigger.times.0.hour"),
        ({"hour": "2", "minute": 0}, "trigger.times.0.hour"),
        ({"hour": 2.5, "minute": 0}, "trigger.times.0.hour"),
        ({"hour": 2}, "trigger.times.0.minute"),
        ("02:30", "trigger.times.0"),
        (None, "trigger.times.0"),
    ],
)
def test_a_time_of_day_is_two_whole_numbers_of_a_clock(time: object, path: str) -> None:
    """BR15."""
    assert set(refused(DAILY | {"times": [time]})) == {path}


def test_a_number_without_a_fraction_is_whole() -> None:
    time = echo(DAILY | {"times": [{"hour": 2.0, "minute": 30}]})["times"][0]

    assert (time["hour"], type(time["hour"])) == (2, int)


def test_up_to_48_times_are_taken() -> None:
    """BR15."""
    times = [{"hour": n % 24, "minute": n} for n in range(49)]

    assert len(echo(DAILY | {"times": times[:48]})["times"]) == 48
    assert refused(DAILY | {"times": times}) == {
        "trigger.times": ["must have at most 48 elements, not 49"]
    }


@pytest.mark.parametrize("frequency", ["daily", "weekly", "monthly"])
@pytest.mark.parametrize("times", [[], None])
def test_all_but_hourly_need_times(frequency: str, times: object) -> None:
    """BR15."""
    assert refused(DAILY | {"frequency": frequency, "times": times}) == {
        "trigger.times": [f"is required, with one element or more, as frequency is {frequency!r}"]
    }


@pytest.mark.parametrize("minutes", [[], None])
def test_hourly_needs_minutes(minutes: object) -> None:
    """BR16."""
    sent = DAILY | {"frequency": "hourly", "minutes": minutes}

    assert set(refused(sent)) == {"trigger.minutes"}


def test_hourly_needs_no_times() -> None:
    """BR16."""
    sent = DAILY | {"frequency": "hourly", "minutes": [0, 30]}
    del sent["times"]

    assert echo(sent) == sent


@pytest.mark.parametrize(
    ("minutes", "path"),
    [([60], "minutes.0"), ([-1], "minutes.0"), ([True], "minutes.0"), ([5, 5], "minutes.1")],
)
def test_minutes_are_those_of_an_hour_each_once(minutes: object, path: str) -> None:
    """BR16."""
    assert set(refused(DAILY | {"frequency": "hourly", "minutes": minutes})) == {f"trigger.{path}"}


@pytest.mark.parametrize(
    ("frequency", "days"),
    [
        ("weekly", ["monday", "thursday"]),
        ("weekly", ["MONDAY", "Thursday", 6]),
        ("weekly", []),
        ("weekly", None),
        ("monthly", [1, 31]),
        ("daily", []),
        ("daily", ["monday", 99]),
    ],
)
def test_days_are_read_back_as_sent(frequency: str, days: object) -> None:
    """BR17."""
    assert echo(DAILY | {"frequency": frequency, "days": days})["days"] == days


@pytest.mark.parametrize(
    ("frequency", "days", "path"),
    [
        ("weekly", ["someday"], "days.0"),
        ("weekly", [7], "days.0"),
        ("weekly", [True], "days.0"),
        ("weekly", ["monday", 1, 0], "days.2"),
        ("monthly", [0], "days.0"),
        ("monthly", [32], "days.0"),
        ("monthly", ["monday"], "days.0"),
        ("monthly", [3, 3], "days.1"),
        ("monthly", "monday", "days"),
    ],
)
def test_days_must_fit_the_frequency(frequency: str, days: object, path: str) -> None:
    """BR17."""
    assert set(refused(DAILY | {"frequency": frequency, "days": days})) == {f"trigger.{path}"}


def test_too_many_days_are_one_problem() -> None:
    assert refused(DAILY | {"frequency": "weekly", "days": ["someday"] * 32}) == {
        "trigger.days": ["must have at most 31 elements, not 32"]
    }


@pytest.mark.parametrize("zone", ["Mars/Base", "", "/etc/passwd", "../UTC", "Factory", "Europe"])
def test_an_unknown_time_zone_is_refused(zone: str) -> None:
    """BR17."""
    assert set(refused(DAILY | {"timezone": zone})) == {"trigger.timezone"}


def test_a_missing_time_zone_is_named() -> None:
    """BR17."""
    sent = DAILY.copy()
    del sent["timezone"]

    assert refused(sent) == {"trigger.timezone": ["is required"]}


def test_bounds_may_have_fractions_and_meet() -> None:
    """BR18."""
    sent = DAILY | {"from_date": 1767225600, "to_date": 1798761600.5}

    assert echo(sent) == sent
    assert echo(DAILY | {"from_date": 5, "to_date": 5.0})["to_date"] == 5.0


def test_bounds_must_not_be_swapped() -> None:
    """BR18."""
    assert refused(DAILY | {"from_date": 1798761600.5, "to_date": 1767225600}) == {
        "trigger.to_date": ["must not lie before from_date 1798761600.5, but is 1767225600"]
    }


@pytest.mark.parametrize(
    "bound", ["2026-01-01", True, float("nan"), float("inf"), 10**400, 1767225600000]
)
def test_a_bound_is_a_number_of_seconds(bound: object) -> None:
    """BR18."""
    assert set(refused(DAILY | {"from_date": bound})) == {"trigger.from_date"}


def test_milliseconds_are_answered_with_the_remedy() -> None:
    [text] = refused(DAILY | {"to_date": 1767225600000})["trigger.to_date"]

    assert text.endswith("not 1767225600000; divide milliseconds by 1000")


def test_every_problem_of_a_schedule_is_reported() -> None:
    sent = {
        "trigger_type": "scheduled",
        "frequency": "weekly",
        "times": [],
        "minutes": [60],
        "days": ["mon"],
        "timezone": "x",
        "from_date": 2,
        "to_date": 1,
    }

    assert set(refused(sent)) == {
        f"trigger.{path}" for path in ("times", "minutes.0", "days.0", "timezone", "to_date")
    }
