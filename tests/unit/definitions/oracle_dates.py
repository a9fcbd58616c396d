"""Dates and times as the guide describes them, read piece by piece."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from definitions.model import TargetType
from tests.unit.definitions.oracle_columns import Column

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
FIRST, END = -62_135_596_800, 253_402_300_800
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
NAMES = dict(
    zip(
        MONTHS,
        ["uary", "ruary", "ch", "il", "", "e", "y", "ust", "tember", "ober", "ember", "ember"],
        strict=True,
    )
)


class Clock(NamedTuple):
    """What a text shows: a wall clock and perhaps its zone; `timed` unless it is a date alone."""

    wall: datetime
    zone: timezone | None
    timed: bool

    def utc(self, zone: ZoneInfo) -> datetime:
        if self.zone is None:
            return localised(self.wall, zone)
        return self.wall.replace(tzinfo=self.zone).astimezone(UTC)


def date(text: str, _: ZoneInfo, column: Column) -> str:
    shown = clock(text, column)
    if not is_date(text, shown):
        raise ValueError(text)
    return shown.wall.date().isoformat()


def is_date(text: str, shown: Clock) -> bool:
    """Tell whether a text is a date alone, or ends in a midnight that no zone follows."""
    midnight = r"[Tt ](0?0|12(?=.*[Aa][Mm]$)):00(:00([.,]0+)?)?( ?[Aa][Mm])?"
    return not shown.timed or re.search(midnight + "$", text, re.ASCII) is not None


def utc_text(text: str, zone: ZoneInfo, column: Column) -> str:
    try:
        moment = clock(text, column).utc(zone)
    except ValueError:
        seconds = epoch(text, column)
        if len(text.lstrip("-").partition(".")[0]) < 9:
            raise
        moment = EPOCH + int(seconds * 1_000_000) * MICROSECOND
    unit = "seconds"
    if moment.microsecond:
        unit = "microseconds" if moment.microsecond % 1000 else "milliseconds"
    return moment.isoformat(timespec=unit).replace("+00:00", "Z")


def epoch(text: str, column: Column) -> Decimal:
    """Return the seconds that digits mean, without exponent or marks."""
    if column.format is not None or not re.fullmatch(r"-?[1-9]\d*(\.\d{1,9})?", text, re.ASCII):
        raise ValueError(text)
    if is_compact(text):
        raise ValueError(text)
    if FIRST <= int(text.partition(".")[0]) < END:
        return Decimal(text)
    return millis(text)


def millis(text: str) -> Decimal:
    if not re.fullmatch(r"-?[1-9]\d{11,13}", text, re.ASCII) or FIRST <= int(text) < END:
        raise ValueError(text)
    seconds = Decimal(int(text)) / 1000
    if not FIRST <= seconds < END:
        raise ValueError(text)
    return seconds


def is_compact(text: str) -> bool:
    """Tell whether digits are those of a date of the years 1900 to 2199, perhaps with a time."""
    if not re.fullmatch(r"\d{8}(\d{4}|\d{6})?", text, re.ASCII):
        return False
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
    hour, minute, second = (int(text[place : place + 2] or 0) for place in (8, 10, 12))
    in_range = 1900 <= year <= 2199 and 1 <= month <= 12 and 1 <= day <= 31
    return in_range and hour <= 23 and minute <= 59 and second <= 59


def is_counted_day(value: Decimal) -> bool:
    """Tell whether a number is a day of our time as spreadsheets count them, from 1900 on."""
    return 32_000 <= value < 55_000


def is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", text, re.ASCII) is not None


def digits_of(text: str) -> str:
    """Return the digits of a number that has no others but for zeros behind its point."""
    if not is_number(text):
        return text
    value = Decimal(text)
    return f"{value:.0f}" if value == value.to_integral_value() else text


def is_unclear(text: str, target: TargetType, column: Column) -> bool:
    """Tell whether a text that was refused would be a date if somebody said how it is written."""
    if target is not TargetType.DATE and is_compact(digits_of(text)):
        return True
    if target is TargetType.TIMESTAMP and is_number(text) and is_counted_day(Decimal(text)):
        return True
    if column.first is not None:
        return False
    return any(target is not TargetType.DATE or is_date(text, shown) for shown in readings(text))


def clock(text: str, column: Column) -> Clock:
    """Return what a text shows, ISO 8601 first; raise ValueError if it shows nothing."""
    if column.format is None:
        return next_of(text, iso(text), *clear(text), *ordered(text, column.first))
    like_iso = not column.format.startswith("%Y-%d")
    return next_of(text, iso(text) if like_iso else None, by_codes(text, column.format))


def next_of(text: str, *found: Clock | None) -> Clock:
    shown = next((one for one in found if one is not None), None)
    if shown is None:
        raise ValueError(text)
    return shown


def iso(text: str) -> Clock | None:
    pieces = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d:.*))?", text, re.ASCII)
    if pieces is None or re.search("[AaPp][Mm]", text):
        return None
    return assembled(*pieces.groups()[:3], rest=pieces[4])


def clear(text: str) -> Iterator[Clock | None]:
    """Yield the readings that need no proof: dots with the day first, or the year first."""
    pieces = re.fullmatch(r"(\d\d?)\. ?(\d\d?)\. ?(\d{4})(?:(?:,? |[Tt])(\d.*))?", text, re.ASCII)
    yield pieces and assembled(pieces[3], pieces[2], pieces[1], rest=pieces[4])
    pieces = re.fullmatch(r"(\d{4})([-./])(\d\d?)\2(\d\d?)(?:(?:,? |[Tt])(\d.*))?", text, re.ASCII)
    yield pieces and assembled(pieces[1], pieces[3], pieces[4], rest=pieces[5])


def ordered(text: str, first: str | None) -> Iterator[Clock | None]:
    """Yield the reading of slashes or hyphens, if it is known what is first."""
    pieces = re.fullmatch(r"(\d\d?)([-/])(\d\d?)\2(\d{4})(?:(?:,? |[Tt])(\d.*))?", text, re.ASCII)
    if pieces and first:
        day, month = (pieces[1], pieces[3]) if first == "day" else (pieces[3], pieces[1])
        yield assembled(pieces[4], month, day, rest=pieces[5])


def readings(text: str) -> list[Clock]:
    """Return what a text may show where it matters what is first."""
    return [shown for first in ("day", "month") for shown in ordered(text, first) if shown]


def firsts(text: str) -> tuple[str, ...]:
    """Return what may be first in a text where that matters."""
    return tuple(first for first in ("day", "month") if any(ordered(text, first)))


def assembled(year: str, month: str, day: str, *, rest: str | None) -> Clock | None:
    """Return a date with the time of day that the rest of its text shows."""
    try:
        midnight = datetime(int(year), int(month), int(day))  # noqa: DTZ001  as in the cell
        return Clock(midnight, None, timed=False) if rest is None else timed(midnight, rest)
    except ValueError:
        return None


def timed(midnight: datetime, rest: str) -> Clock:
    pieces = re.fullmatch(
        r"(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?([AaPp][Mm]))?"
        r"(?: ?([Zz]|(?i:utc|gmt)|[+-].*))?",
        rest,
        re.ASCII,
    )
    if pieces is None:
        raise ValueError(rest)
    hour = halved(int(pieces[1]), pieces[5])
    micros = int(((pieces[4] or "") + "000000")[:6])
    wall = midnight.replace(
        hour=hour, minute=int(pieces[2]), second=int(pieces[3] or 0), microsecond=micros
    )
    return Clock(wall, offset_zone(pieces[6]) if pieces[6] else None, timed=True)


def halved(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half.lower() == "pm" else 0)


def offset_zone(text: str) -> timezone:
    if text.lower() in {"z", "utc", "gmt"}:
        return UTC
    split = re.fullmatch(r"([+-])(\d\d)(?::?(\d\d))?", text, re.ASCII)
    if split is None or int(split[2]) > 23 or int(split[3] or 0) > 59:
        raise ValueError(text)
    size = timedelta(hours=int(split[2]), minutes=int(split[3] or 0))
    return timezone(-size if split[1] == "-" else size)


def localised(naive: datetime, zone: ZoneInfo) -> datetime:
    """Read a wall clock: the first of two occurrences, the end of the gap when it shows no such."""
    utc = naive.replace(tzinfo=zone).astimezone(UTC)
    if utc.astimezone(zone).replace(tzinfo=None) == naive:
        return utc
    after = utc.astimezone(zone).utcoffset()
    turn = utc.replace(microsecond=0)
    for step in (timedelta(minutes=10), timedelta(seconds=1)):
        while (turn - step).astimezone(zone).utcoffset() == after:
            turn -= step
    return turn


def by_codes(text: str, form: str) -> Clock | None:
    """Return what a text shows that is written as the codes of `strptime` say."""
    found: dict[str, str] = {}
    place = 0
    codes = re.findall(r"%.|[^%]", form)
    for number, code in enumerate(codes):
        before, after = codes[number - 1] if number else "", (*codes, "")[number + 1]
        piece = taken(text[place:], code, touching=any(map(is_digit, (before, after))))
        if piece is None:
            return None
        found[code[1:]] = piece
        place += len(piece)
    return shown_by(found) if place == len(text) else None


def is_digit(code: str) -> bool:
    return code.isdigit() or (code[:1] == "%" and code[1] in "dmYyHIMSf")


def taken(text: str, code: str, *, touching: bool) -> str | None:
    """Return the beginning of a text that a code takes."""
    if code[0] != "%":
        return code if text.startswith(code) else None
    two = r"\d\d" if touching else r"\d\d?"
    patterns = {"Y": r"\d{4}", "y": r"\d\d", "f": r"\d{1,9}", "p": "[AaPp][Mm]"}
    patterns |= {"z": r"[Zz]|(?i:utc|gmt)|[+-]\d\d:?\d\d|[+-]\d\d"}
    patterns |= {"b": "(?i:{})".format("|".join(MONTHS))}
    patterns |= {"B": "(?i:{})".format("|".join(short + more for short, more in NAMES.items()))}
    begins = re.match(patterns.get(code[1], two), text, re.ASCII)
    return begins and begins[0]


def shown_by(found: dict[str, str]) -> Clock | None:
    year = int(found["Y"]) if "Y" in found else full_year(int(found["y"]))
    name = found.get("b") or found.get("B")
    month = MONTHS.index(name[:3].lower()) + 1 if name else int(found["m"])
    hour = found.get("H") or found.get("I")
    try:
        wall = datetime(  # noqa: DTZ001  as in the cell
            year,
            month,
            int(found["d"]),
            halved(int(hour or 0), found.get("p")),
            int(found.get("M", 0)),
            int(found.get("S", 0)),
            int((found.get("f", "") + "000000")[:6]),
        )
        zone = offset_zone(found["z"]) if "z" in found else None
    except ValueError:
        return None
    return Clock(wall, zone, timed=hour is not None)


def full_year(short: int) -> int:
    return short + (1900 if short >= 69 else 2000)
