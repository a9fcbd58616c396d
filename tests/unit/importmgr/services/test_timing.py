"""From a stored document to when it fires."""

from __future__ import annotations

from datetime import timedelta

import pytest

from importmgr.services.timing import (
    NO_SCHEDULE,
    UNREADABLE,
    present_stamp,
    schedule_of,
    silent,
    timing_of,
)
from tests.acceptance.documents import DAILY
from tests.stores import NOW

LONG_AGO = NOW - timedelta(days=900)


def test_days_that_a_document_leaves_out_are_those_of_its_creation() -> None:
    document = {"trigger": {**DAILY, "frequency": "weekly", "days": []}}

    schedule = schedule_of(document, LONG_AGO)

    assert schedule is not None
    assert schedule.days == (LONG_AGO.weekday(),)


@pytest.mark.parametrize("trigger_type", ["now", "on_new_file"])
def test_other_triggers_never_fire_by_the_clock(trigger_type: str) -> None:
    document = {"trigger": {"trigger_type": trigger_type}}

    assert schedule_of(document, NOW) is None
    assert timing_of(document, NOW, NOW) == silent(NOW, NO_SCHEDULE)
    assert present_stamp(None) == NO_SCHEDULE


def test_a_timing_is_stamped_with_the_rules_it_was_computed_by() -> None:
    timing = timing_of({"trigger": DAILY}, LONG_AGO, NOW)

    assert timing.next_fire_at is not None
    assert NOW < timing.next_fire_at < NOW + timedelta(days=1)
    assert (timing.timezone, timing.decided_until) == ("Europe/Prague", NOW)
    assert timing.stamp == present_stamp("Europe/Prague")


def test_a_zone_that_this_machine_does_not_know_is_unreadable() -> None:
    document = {"trigger": {**DAILY, "timezone": "Mars/Base"}}

    assert timing_of(document, NOW, NOW) == silent(NOW, UNREADABLE)
    assert present_stamp("Mars/Base") == UNREADABLE
