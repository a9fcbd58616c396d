"""How dates and times may be written, as regular expressions with a group for each part.

They are of the column engine and of Python alike. A time of day may follow each date; where it is
absent, so are its groups. Numbers in them may still be too large for a calendar or a clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from definitions.patterns import ZONE
from definitions.written import DateOrder, Written

_CLOCK = (
    r"(?:(?:,? |[Tt])(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    rf"(?: ?(?P<half>(?i:am|pm)))?(?: ?{ZONE})?)?"
)
_YEAR = "(?P<year>[0-9]{4})"
_MONTH = "(?P<month>[0-9]{1,2})"
_DAY = "(?P<day>[0-9]{1,2})"

ISO = (
    r"^(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"(?:[Tt ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    rf"(?: ?{ZONE})?)?$"
)
# one reading only: the year first, or dots, where the day is first all over the world
CLEAR = (
    rf"^{_DAY}\. ?{_MONTH}\. ?{_YEAR}{_CLOCK}$",
    *(f"^{_YEAR}{mark}{_MONTH}{mark}{_DAY}{_CLOCK}$" for mark in ("/", "-", r"\.")),
)
DAY_FIRST = tuple(f"^{_DAY}{mark}{_MONTH}{mark}{_YEAR}{_CLOCK}$" for mark in "/-")
MONTH_FIRST = tuple(f"^{_MONTH}{mark}{_DAY}{mark}{_YEAR}{_CLOCK}$" for mark in "/-")
OF_ORDER = {
    DateOrder.DAY_FIRST: DAY_FIRST,
    DateOrder.MONTH_FIRST: MONTH_FIRST,
    DateOrder.UNKNOWN: (),
}


def forms(written: Written) -> tuple[str, ...]:
    """Return the ways in which the dates of a column may be written, ISO 8601 first."""
    if written.pattern is None:
        return (ISO, *CLEAR, *OF_ORDER[written.dates])
    has_iso = written.always_iso or written.pattern.beside_iso
    return (*((ISO,) if has_iso else ()), written.pattern.regex)


def orders(text: str, *, timed: bool) -> tuple[DateOrder, ...]:
    """Return in which orders a text is a date, where the order matters.

    Only one that is `timed` may have a time of day other than midnight.
    """
    found = next((match for form in DAY_FIRST if (match := re.fullmatch(form, text))), None)
    if found is None or not (_is_clock(found) if timed else is_day(found.groupdict())):
        return ()
    first, second, year = int(found["day"]), int(found["month"]), int(found["year"])
    readings = {DateOrder.DAY_FIRST: (second, first), DateOrder.MONTH_FIRST: (first, second)}
    return tuple(order for order, (month, day) in readings.items() if _exists(year, month, day))


def has_clock(text: str, written: Written) -> bool:
    """Tell whether a text has a time of day behind its date."""
    found = (re.fullmatch(form, text) for form in forms(written))
    return any(part.groupdict().get("hour") for part in found if part)


def is_day(part: Mapping[str, str | None]) -> bool:
    """Tell whether the parts of a text are a date alone, or with midnight and no zone."""
    if part.get("sign") or part.get("zulu"):
        return False
    half = part.get("half")
    midnight = 0 if half is None else 12 if half.lower() == "am" else None
    rest = (part.get(name) for name in ("minute", "second", "fraction"))
    hour = part.get("hour")
    return hour is None or (int(hour) == midnight and not any(int(one or 0) for one in rest))


def _is_clock(found: re.Match[str]) -> bool:
    """Tell whether the time of day, if there is one, is that of a clock."""
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    hours = range(24) if found["half"] is None else range(1, 13)
    return hour in hours and minute in range(60) and second in range(60)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
