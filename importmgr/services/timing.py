"""From a definition as stored to when it fires."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from definitions.model import ScheduledTrigger
from definitions.schedule import next_fire, stamp, with_days
from definitions.schema import to_trigger
from importmgr.store.schedules import Timing

NO_SCHEDULE = "none"  # the stamp of what does not fire by the clock
UNREADABLE = "unreadable"  # the stamp of a schedule whose zone is not known here


def schedule_of(document: Mapping[str, Any], created_at: datetime) -> ScheduledTrigger | None:
    """Return the schedule of a definition's document, its days known; None if it has none.

    Raise `ZoneInfoNotFoundError` if this machine does not know its time zone (any more).
    """
    trigger = to_trigger(document["trigger"])
    return with_days(trigger, created_at) if isinstance(trigger, ScheduledTrigger) else None


def timing_of(document: Mapping[str, Any], created_at: datetime, decided_until: datetime) -> Timing:
    """Return when a definition fires, every instant up to `decided_until` being decided."""
    try:
        schedule = schedule_of(document, created_at)
    except ZoneInfoNotFoundError:
        return silent(decided_until, UNREADABLE)
    if schedule is None:
        return silent(decided_until, NO_SCHEDULE)
    fire = next_fire(schedule, decided_until)
    return Timing(
        next_fire_at=None if fire is None else fire.at,
        decided_until=decided_until,
        timezone=schedule.timezone.key,
        stamp=stamp(schedule.timezone),
    )


def silent(decided_until: datetime, why: str) -> Timing:
    """Return the timing of what does not fire."""
    return Timing(next_fire_at=None, decided_until=decided_until, timezone=None, stamp=why)


def present_stamp(timezone: str | None) -> str:
    """Return the stamp that definitions of a time zone have when nothing has changed."""
    if timezone is None:
        return NO_SCHEDULE
    try:
        return stamp(ZoneInfo(timezone))
    except ZoneInfoNotFoundError:
        return UNREADABLE
