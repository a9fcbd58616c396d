"""What a cell must become, said again in slow and simple Python, one cell at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from enum import Enum
from zoneinfo import ZoneInfo

from definitions.model import TargetType
from tests.unit.definitions.oracle_columns import PLAIN, Column
from tests.unit.definitions.oracle_dates import (
    END,
    EPOCH,
    FIRST,
    MICROSECOND,
    clock,
    date,
    is_compact,
    is_counted_day,
    is_unclear,
    millis,
    utc_text,
)
from tests.unit.definitions.oracle_numbers import (
    decimal_marks,
    number_in,
    number_style,
    says_numbers,
)

SPACE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
DATES = frozenset({TargetType.DATE, TargetType.DATETIME, TargetType.TIMESTAMP})
CODES = {
    TargetType.NUMBER: "not_a_number",
    TargetType.BOOLEAN: "not_a_boolean",
    TargetType.DATE: "not_a_date",
    TargetType.DATETIME: "not_a_datetime",
    TargetType.TIMESTAMP: "not_a_timestamp",
    TargetType.LIST: "not_a_list",
    TargetType.JSON: "not_json",
    TargetType.URL: "not_a_url",
}
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
        "Africa/Casablanca",
    )
]


class Outcome(Enum):
    """What may become of a cell instead of a value."""

    EMPTY = "empty"
    BAD = "bad"


def expected(cell: str, target: TargetType, zone: ZoneInfo, column: Column = PLAIN) -> object:
    """Return the value of the property that a cell must become, or why there is none."""
    if target in (TargetType.STRING, TargetType.LONG_TEXT):
        return (Outcome.BAD if "\0" in cell else cell) if cell else Outcome.EMPTY
    text = cell.strip(SPACE)
    if not text:
        return Outcome.EMPTY
    try:
        return VALUES[target](text, zone, column)
    except (ValueError, InvalidOperation, OverflowError):
        return Outcome.BAD


def fault_code(cell: str, target: TargetType, column: Column = PLAIN) -> str:
    """Return the code of the fault that a cell which cannot be used must be."""
    text = cell.strip(SPACE)
    if "\0" in cell or (target in (TargetType.LIST, TargetType.JSON) and spells_nul(cell)):
        return "nul_character"
    if target is TargetType.NUMBER and set(text) <= set("0123456789+-.eE"):
        return CODES[target]  # such a number has one reading, and is too large
    if target is TargetType.NUMBER and not says_numbers(column) and len(decimal_marks(text)) > 1:
        return "ambiguous_number"
    if target in DATES and column.format is None and is_unclear(text, target, column):
        return "ambiguous_date"
    return CODES[target]


def spells_nul(cell: str) -> bool:
    return any(len(run) % 2 for run in re.findall(r"(\\+)u0000", cell))


def number(text: str, _: ZoneInfo, column: Column) -> Decimal:
    return number_in(text, *number_style(column))


def timestamp(text: str, zone: ZoneInfo, column: Column) -> Decimal:
    try:
        moment = clock(text, column).utc(zone)
    except ValueError:
        return seconds(text, column)
    return Decimal((moment - EPOCH) // MICROSECOND) / 1_000_000


def seconds(text: str, column: Column) -> Decimal:
    if column.format is not None:
        raise ValueError(text)
    value = number_in(text, ".", ())
    if is_compact(f"{value:.0f}") and value == int(value):
        raise ValueError(text)
    if is_counted_day(value):
        raise ValueError(text)
    return value if FIRST <= float(value) < END else millis(text)


def boolean(text: str, *_: object) -> bool:
    if text.lower() not in WORDS:
        raise ValueError(text)
    return WORDS[text.lower()]


def any_json(text: str, *_: object) -> object:
    value = json.loads(text, parse_float=finite, parse_int=finite, parse_constant=refuse)
    json.dumps(value, default=str, ensure_ascii=False).encode()  # no lone surrogates
    if "\0" in written(value) or depth(value) > 200:
        raise ValueError(text)
    return value


def a_list(text: str, _: ZoneInfo, column: Column) -> object:
    if text.startswith("["):
        return any_json(text)
    if "\0" in text:
        raise ValueError(text)
    parts = text.split(column.separator or ",")
    return [part.strip(SPACE) for part in parts if part.strip(SPACE)]


def url(text: str, *_: object) -> str:
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


VALUES: dict[TargetType, Callable[[str, ZoneInfo, Column], object]] = {
    TargetType.NUMBER: number,
    TargetType.BOOLEAN: boolean,
    TargetType.DATE: date,
    TargetType.DATETIME: utc_text,
    TargetType.TIMESTAMP: timestamp,
    TargetType.LIST: a_list,
    TargetType.JSON: any_json,
    TargetType.URL: url,
}
