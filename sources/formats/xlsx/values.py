"""What is in a cell, as text: numbers in the shortest exact way, dates as ISO 8601.

A workbook keeps a date as a number of days; only the cell's number format tells that it is one.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from math import isfinite

DAY_MS = 86_400_000
LAST_DAY = 2_958_465  # 9999-12-31
LEAP_BUG = 60  # the 29th of February 1900, which never was
EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook's times have no zone
EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 - as above
BUILT_IN_DATES = frozenset({14, 15, 16, 17, *range(27, 32), 34, 35, 36, *range(50, 59)})
BUILT_IN_TIMES = frozenset({18, 19, 20, 21, 32, 33, 45, 47})
BUILT_IN_DATETIMES = frozenset({22})
BUILT_IN_DURATIONS = frozenset({46})
NOT_A_PLACEHOLDER = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
MOST_PADDING = 20
MIDNIGHT = re.compile(r"00:00(?::00(?:\.0+)?)?Z?")
FIRST_DAYS = frozenset({"1899-12-30", "1899-12-31", "1900-01-00", "1904-01-01"})  # of mere times


class Kind(Enum):
    """What a number means."""

    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    DURATION = "duration"


def kind_of_format(number: int, code: str | None) -> Kind:
    """Return what numbers mean that are shown with a format, built in or with its own `code`."""
    if code is not None:
        return _kind_of_code(code)
    if number in BUILT_IN_DATES:
        return Kind.DATE
    if number in BUILT_IN_TIMES:
        return Kind.TIME
    if number in BUILT_IN_DATETIMES:
        return Kind.DATETIME
    return Kind.DURATION if number in BUILT_IN_DURATIONS else Kind.NUMBER


def _kind_of_code(code: str) -> Kind:
    plain = NOT_A_PLACEHOLDER.sub("", code.partition(";")[0]).lower().replace("general", "")
    if ELAPSED.search(plain):
        return Kind.DURATION
    has_time = "h" in plain or "s" in plain
    has_date = "y" in plain or "d" in plain or ("m" in plain and not has_time)
    if has_date:
        return Kind.DATETIME if has_time else Kind.DATE
    return Kind.TIME if has_time else Kind.NUMBER


def text_of_iso(raw: str, kind: Kind) -> str:
    """Return the text of a cell that holds a date or time as ISO 8601 writes it."""
    day, mark, clock = raw.strip().partition("T")
    if not mark:
        return day
    if kind is Kind.DATE and MIDNIGHT.fullmatch(clock):
        return day
    is_clock = not day or (kind is Kind.TIME and day in FIRST_DAYS)
    return clock if is_clock else f"{day}T{clock}"


@lru_cache(maxsize=1 << 14)
def text_of_number(raw: str, kind: Kind, epoch: datetime) -> str | None:
    """Return the text of a cell that holds the number `raw`, of another kind than `NUMBER`.

    A date that is out of range is the number; None of what is no number at all.
    """
    try:
        days = float(raw)
    except ValueError:
        return None
    if not 0 <= days < LAST_DAY + 1:
        return shortest(raw)
    if kind is Kind.DURATION or (kind is Kind.TIME and days < 1):
        return _clock(round(days * DAY_MS))
    return _moment(days, kind, epoch) or shortest(raw)


def shortest(raw: str) -> str | None:
    """Return the shortest decimal that is the same number: `1`, not `1.0`; None if it is none."""
    if raw.isdecimal():
        return raw
    try:
        number = float(raw)
    except ValueError:
        return None
    if not isfinite(number):
        return None
    text = repr(number)
    if "e" in text:
        text = f"{Decimal(text):f}"
    if len(text) > MOST_PADDING + 4 or not text.lstrip("-")[:1].isdecimal():
        return repr(number)
    plain = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if plain in {"-0", ""} else plain


def unescaped(text: str) -> str:
    """Return text with `_x000D_` and the like as the characters they stand for."""
    return ESCAPE.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found.group(1), 16)
    return found.group() if 0xD800 <= code <= 0xDFFF else chr(code)  # noqa: PLR2004 - surrogates


def _moment(days: float, kind: Kind, epoch: datetime) -> str | None:
    """Return a date or date and time, None for the day that never was."""
    if epoch == EPOCH_1900 and days < LEAP_BUG + 1:
        if days >= LEAP_BUG:
            return None
        epoch += timedelta(days=1)
    try:
        moment = epoch + timedelta(milliseconds=round(days * DAY_MS))
    except OverflowError:
        return None
    if kind is Kind.DATE and days == int(days):
        return moment.date().isoformat()
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    fraction = f".{rest:03}" if rest else ""
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}{fraction}"
