"""An object that holds a table column by column, turned into lines of a record each.

`{"id": [1, 2], "name": ["Jana", "Petr"]}`, or as pandas writes it if not told otherwise:
`{"id": {"0": 1, "1": 2}, "name": {"0": "Jana", "1": "Petr"}}`. All of it must be in memory for
that. Positions in such a file are those in the lines, and a row's line is its number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from definitions.errors import FormatError
from sources.formats.json.item import CUT_WORD
from sources.formats.json.record import EXACT, NotARecordError, read_record, verbatim
from sources.formats.json.remarks import BEHIND

LONGEST = 8 << 20  # bytes of a text that is turned
FEWEST_COLUMNS, FEWEST_ROWS, FEWEST_ROWS_INSIDE = 2, 2, 10
DEEPEST = 4
TOLD = {
    "layout": "columns",
    "records_are": "columns; each was turned into the cells of rows, whose lines are their numbers",
}
BY_COLUMN = re.compile(rb'\s*+\{\s*+"(?:[^"\\]++|\\.)*+"\s*+:\s*+(?:\[|\{\s*+"0"\s*+:)', re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """The lines of records, their names, the path to what held them, and what to tell of it."""

    lines: bytes
    names: tuple[str, ...]
    path: tuple[str, ...]
    told: Mapping[str, str]


def may_be_columns(beginning: bytes, *, complete: bool) -> bool:
    """Tell whether the text with this beginning is worth reading as a whole."""
    return complete or BY_COLUMN.match(beginning) is not None


def turned(text: bytes, wanted: frozenset[str], file: str) -> Turned | None:
    """Return the table in a text, None if there is none, or if the object has more wanted names.

    Raise `FormatError` for one that is too long.
    """
    try:
        letters = text.decode()
        document, end = EXACT.raw_decode(letters, len(letters) - len(letters.lstrip()))
    except json.JSONDecodeError as exc:
        _refuse_too_long(text, letters, exc, file)
        return None
    except (UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(document, dict) or not BEHIND.fullmatch(letters, end):
        return None
    found = next(_tables(document, ()), None)
    if found is None or _has_more(text, found[1], wanted):
        return None
    path, columns = found
    rows = zip(*columns.values(), strict=True)
    option = orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_SUBCLASS
    try:
        lines = [
            orjson.dumps(dict(zip(columns, row, strict=True)), verbatim, option) for row in rows
        ]
    except orjson.JSONEncodeError:
        return None
    return Turned(lines=b"".join(lines), names=tuple(columns), path=path, told=TOLD)


def _tables(
    value: Mapping[str, Any], path: tuple[str, ...], *, has_units: bool = False
) -> Iterator[tuple[tuple[str, ...], dict[str, Sequence[Any]]]]:
    """Yield the tables in an object, the outermost first, as their columns.

    Few rows inside of another object may be lists of one record, unless that has the units of all
    columns: `"daily_units": {"time": "iso8601", "rain": "mm"}, "daily": {"time": […], …}`.
    """
    columns = {name: _cells(column) for name, column in value.items()}
    fewest = FEWEST_ROWS_INSIDE if path and not has_units else FEWEST_ROWS
    sizes = {len(column) for column in columns.values()}
    if len(columns) >= FEWEST_COLUMNS and len(sizes) == 1 and min(sizes) >= fewest:
        yield path, columns
    for name, inner in value.items():
        if isinstance(inner, dict) and len(path) < DEEPEST:
            units = value.get(f"{name}_units")
            has_units = isinstance(units, dict) and units.keys() == inner.keys()
            yield from _tables(inner, (*path, name), has_units=has_units)


def _cells(column: object) -> Sequence[Any]:
    """Return the cells of a list of single values, or of such values by their numbers from 0."""
    if isinstance(column, dict) and all(map(str.__eq__, column, map(str, range(len(column))))):
        column = list(column.values())
    is_plain = isinstance(column, list) and not any(
        isinstance(cell, dict | list) for cell in column
    )
    return column if is_plain and isinstance(column, list) else ()


def _has_more(text: bytes, columns: Mapping[str, object], wanted: frozenset[str]) -> bool:
    """Tell whether the object as one record has more of the wanted names than its columns."""
    if not wanted:
        return False
    try:
        own = read_record(text)
    except NotARecordError:
        return False
    return len(wanted & own.keys()) > len(wanted & columns.keys())


def _refuse_too_long(text: bytes, letters: str, exc: json.JSONDecodeError, file: str) -> None:
    is_cut = exc.msg.startswith("Unterminated") or CUT_WORD.fullmatch(letters, exc.pos)
    if len(text) > LONGEST and is_cut and BY_COLUMN.match(text):
        msg = (
            f"{file!r} holds its table column by column, in more than {LONGEST} bytes; "
            'write it row by row, with pandas as `to_json(…, orient="records", lines=True)`'
        )
        raise FormatError(msg)
