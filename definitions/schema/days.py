"""The days of a trigger: weekdays by name or number, days of the month by number."""

from __future__ import annotations

from definitions.schema.rules import as_whole, suggestion
from definitions.shown import shown

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LAST_MONTHDAY = 31
_SUNDAY = 6


def weekday_number(day: str | int) -> int | None:
    """Return the number of a weekday from 0 for Monday to 6; None if it is none."""
    if isinstance(day, str):
        name = day.casefold()
        return WEEKDAYS.index(name) if name in WEEKDAYS else None
    return day if 0 <= day <= _SUNDAY else None


def weekday_problems(days: list[object]) -> dict[int, list[str]]:
    """Return what is wrong with each weekday, by its place."""
    numbers = [_known_day(day) for day in days]
    found = [None if day is None else weekday_number(day) for day in numbers]
    wrong = {
        place: [_weekday_text(day)]
        for place, (day, number) in enumerate(zip(numbers, found, strict=True))
        if day is not None and number is None
    }
    return wrong | repeats(found)


def monthday_problems(days: list[object]) -> dict[int, list[str]]:
    """Return what is wrong with each day of the month, by its place."""
    found = [as_whole(day) for day in days]
    wrong = {
        place: [f"must be a day of the month from 1 to {LAST_MONTHDAY}, not {_day_text(day)}"]
        for place, day in enumerate(map(_known_day, days))
        if day is not None and not (isinstance(day, int) and 1 <= day <= LAST_MONTHDAY)
    }
    return wrong | repeats(found)


def _known_day(day: object) -> str | int | None:
    """Return a day as a name or a number; None for what its own field has already refused."""
    return day if isinstance(day, str) else as_whole(day)


def _weekday_text(day: str | int) -> str:
    """Return the message about a day that is no weekday."""
    near = suggestion(day, WEEKDAYS) if isinstance(day, str) else ""
    return f"must be a weekday such as 'monday', or 0 (Monday) to 6, not {_day_text(day)}{near}"


def _day_text(day: str | int) -> str:
    """Return a day as a message shows it."""
    return shown(day) if isinstance(day, str) else str(day)


def repeats(numbers: list[int | None]) -> dict[int, list[str]]:
    """Return a message for each number that stood before, by its place."""
    first: dict[int | None, int] = {None: -1}
    again: dict[int, list[str]] = {}
    for place, number in enumerate(numbers):
        before = first.setdefault(number, place)
        if number is not None and before != place:
            again[place] = [f"repeats element {before}; give each one once"]
    return again
