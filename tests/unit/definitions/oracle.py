"""What a cell must become, said again in slow and simple Python, one cell at a time."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from enum import Enum
from zoneinfo import ZoneInfo

from definitions.model import TargetType

SPACE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
WORDS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Prague",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "America/Santiago",
    )
]


class Outcome(Enum):
    """What may become of a cell instead of a value."""

    EMPTY = "empty"
    BAD = "bad"


def expected(cell: str, target: TargetType, zone: ZoneInfo) -> object:
    """Return the value of the property that a cell must become, or why there is none."""
    if target in (TargetType.STRING, TargetType.LONG_TEXT):
        return (Outcome.BAD if "\0" in cell else cell) if cell else Outcome.EMPTY
    text = cell.strip(SPACE)
    if not text:
        return Outcome.EMPTY
    try:
        return VALUES[target](text, zone)
    except (ValueError, InvalidOperation, OverflowError):
        return Outcome.BAD


def number(text: str, _: ZoneInfo) -> Decimal:
    if not text.isascii() or "_" in text or not re.search(r"[0-9][.]?([eE]|$)", text):
        raise ValueError(text)
    exponent = re.search(r"[eE][+-]?([0-9]+)$", text)
    if len(text) > 400 or (exponent and len(exponent[1]) > 3) or abs(float(text)) == float("inf"):
        raise ValueError(text)
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError(text)
    return value


def boolean(text: str, _: ZoneInfo) -> bool:
    if text.lower() not in WORDS:
        raise ValueError(text)
    return WORDS[text.lower()]


def date(text: str, _: ZoneInfo) -> str:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(text)
    year, month, day = map(int, text.split("-"))
    return f"{datetime(year, month, day, tzinfo=UTC):%Y-%m-%d}".zfill(10)


def instant(text: str, zone: ZoneInfo) -> datetime:
    split = re.fullmatch(
        r"(\d{4})-(\d\d)-(\d\d)"
        r"(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?([Zz]|[+-].*))?)?",
        text,
        re.ASCII,
    )
    if split is None:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(part or 0) for part in split.groups()[:6])
    micros = int(((split[7] or "") + "000000")[:6])
    naive = datetime(year, month, day, hour, minute, second, micros)  # noqa: DTZ001  as in the cell
    if split[8] is None:
        return localised(naive, zone)
    return naive.replace(tzinfo=offset_zone(split[8])).astimezone(UTC)


def offset_zone(text: str) -> timezone:
    if text in "Zz":
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


def utc_text(text: str, zone: ZoneInfo) -> str:
    moment = instant(text, zone)
    unit = "seconds"
    if moment.microsecond:
        unit = "microseconds" if moment.microsecond % 1000 else "milliseconds"
    return moment.isoformat(timespec=unit).replace("+00:00", "Z")


def timestamp(text: str, zone: ZoneInfo) -> Decimal:
    try:
        value = number(text, zone)
    except (ValueError, InvalidOperation):
        return Decimal((instant(text, zone) - EPOCH) // MICROSECOND) / 1_000_000
    if not -62_135_596_800 <= float(value) < 253_402_300_800:
        raise ValueError(text)
    return value


def any_json(text: str, _: ZoneInfo) -> object:
    value = json.loads(text, parse_float=finite, parse_int=finite, parse_constant=refuse)
    json.dumps(value, default=str, ensure_ascii=False).encode()  # no lone surrogates
    if "\0" in written(value) or depth(value) > 200:
        raise ValueError(text)
    return value


def a_list(text: str, zone: ZoneInfo) -> object:
    if text.startswith("["):
        return any_json(text, zone)
    if "\0" in text:
        raise ValueError(text)
    return [part.strip(SPACE) for part in text.split(",") if part.strip(SPACE)]


def url(text: str, _: ZoneInfo) -> str:
    if not re.match(r"https?://[^/?#]", text, re.IGNORECASE | re.ASCII):
        raise ValueError(text)
    if any(character in SPACE or ord(character) < 32 or character == "\x7f" for character in text):
        raise ValueError(text)
    return text


def finite(text: str) -> Decimal:
    if abs(float(text)) == float("inf"):
        raise ValueError(text)
    return Decimal(text)


def refuse(text: str) -> object:
    raise ValueError(text)


def written(value: object) -> str:
    match value:
        case dict():
            return "".join(map(written, [*value, *value.values()]))
        case list():
            return "".join(map(written, value))
        case _:
            return value if isinstance(value, str) else ""


def depth(value: object) -> int:
    match value:
        case dict():
            return 1 + max(map(depth, value.values()), default=0)
        case list():
            return 1 + max(map(depth, value), default=0)
        case _:
            return 0


VALUES = {
    TargetType.NUMBER: number,
    TargetType.BOOLEAN: boolean,
    TargetType.DATE: date,
    TargetType.DATETIME: utc_text,
    TargetType.TIMESTAMP: timestamp,
    TargetType.LIST: a_list,
    TargetType.JSON: any_json,
    TargetType.URL: url,
}
