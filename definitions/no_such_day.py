"""What there is not in the calendar or on a clock, of a text that is written as a date or time."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import MINYEAR

from definitions.forms import forms, is_day
from definitions.written import Written

_MONTHS, _HALF = 12, range(1, 13)


def missing_part(text: str, written: Written, *, timed: bool) -> str | None:
    """Return which part of a date or time does not exist, and what would; None if that is unknown.

    Only one that is `timed` may have a time of day other than midnight.
    """
    found = [part for form in forms(written) if (part := re.fullmatch(form, text))]
    told = [_of(part.groupdict()) for part in found if timed or is_day(part.groupdict())]
    return next((reason for reason in told if reason), None)


def _of(part: dict[str, str | None]) -> str | None:
    return _of_calendar(part) or _of_clock(part)


def _of_calendar(part: dict[str, str | None]) -> str | None:
    year, month, day = (part.get(name) for name in ("year", "month", "day"))
    if year is not None and int(year) < MINYEAR:
        return "there is no year 0000: use 0001 to 9999"
    if month is not None and not 1 <= int(month) <= _MONTHS:
        return f"there is no month {month}: use 01 to {_MONTHS}"
    if day is None or year is None or month is None:
        return None
    last = monthrange(int(year), int(month))[1]
    if 1 <= int(day) <= last:
        return None
    return f"there is no day {day} in {year}-{month:0>2}: use 01 to {last}"


def _of_clock(part: dict[str, str | None]) -> str | None:
    hour, half = part.get("hour"), part.get("half")
    if hour is not None and half and int(hour) not in _HALF:
        return f"there is no hour {hour} {half}: use 1 to 12"
    if hour is not None and int(hour) > 23:  # noqa: PLR2004
        return f"there is no hour {hour}: use 00 to 23"
    for name in ("minute", "second"):
        value = part.get(name)
        if value is not None and int(value) > 59:  # noqa: PLR2004
            return f"there is no {name} {value}: use 00 to 59"
    return None
