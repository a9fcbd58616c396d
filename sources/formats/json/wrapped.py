"""Rows whose cells are each in an object, as Google's services answer, the names in another list.

BigQuery: `"schema": {"fields": [{"name": "id"}]}, "rows": [{"f": [{"v": "1"}]}]`; sheets:
`"table": {"cols": [{"id": "A", "label": "id"}], "rows": [{"c": [{"v": 1, "f": "1"}, null]}]}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from definitions.faults import FaultCode
from sources.columns import unique_names
from sources.formats.json.arrays import FoundArray
from sources.formats.json.beside import NAMES_OF_LISTS, items_at
from sources.formats.json.layout import Layout
from sources.formats.json.record import NotARecordError, read_value_of
from sources.gathering import Problem

CELLS, VALUE = ("f", "c"), "v"
NAMES = ("name", "label", "id")  # the first one that is not empty
DATE = re.compile(
    r"Date\((\d{1,4}),(\d{1,2}),(\d{1,2})(?:,(\d{1,2}),(\d{1,2}),(\d{1,2})(?:,\d+)?)?\)"
)
NOT_A_ROW = Problem(
    code=FaultCode.NOT_AN_OBJECT, message="is no row of cells, as the rows before it are"
)


def wrapped_rows(arrays: Sequence[FoundArray], sample: bytes, start: int) -> Layout | None:
    """Return how such rows lie among the arrays of a text, None if there are none.

    `sample` begins at the byte `start` of the file.
    """
    lists = [each for each in arrays if each.opens_with == b"{" and each.path]
    described = [each for each in lists if each.path[-1].lower() in NAMES_OF_LISTS]
    for rows in lists if described else ():
        first = (items_at(rows, sample, start, most=1) or [None])[0]
        within = _within(first)
        for columns in described if within else ():
            items = items_at(columns, sample, start) or []
            if len(items) >= len(first[within]):
                names = unique_names([_name(item) for item in items])
                return Layout(
                    where=rows.where,
                    begin=rows.begin,
                    bracketed=True,
                    depth=len(rows.path),
                    names=names,
                    within=within,
                    are_beside=True,
                )
    return None


def read_wrapped(text: bytes, names: Sequence[str], within: str) -> dict[str, Any]:
    """Return the cells of a row; those that are missing at its end are empty.

    Raise `NotARecordError` if it is none.
    """
    value = read_value_of(text)
    cells = value.get(within) if isinstance(value, dict) else None
    if not isinstance(cells, list):
        raise NotARecordError(NOT_A_ROW)
    if len(cells) > len(names):
        message = f"expected {len(names)} fields, found {len(cells)}"
        raise NotARecordError(Problem(code=FaultCode.TOO_MANY_FIELDS, message=message))
    return dict(zip(names, map(_value, cells), strict=False))


def _within(row: object) -> str:
    """Return under which name the cells of a row are, nothing if it is no such row."""
    name = next((name for name in CELLS if isinstance(row, dict) and name in row), "")
    cells = row[name] if name and isinstance(row, dict) else None
    is_row = isinstance(cells, list) and any(isinstance(cell, dict) for cell in cells)
    are_cells = is_row and all(cell is None or VALUE in cell or not cell for cell in cells or ())
    return name if are_cells else ""


def _name(column: object) -> str:
    cells = column if isinstance(column, Mapping) else {}
    return next((str(cells[name]) for name in NAMES if cells.get(name)), "")


def _value(cell: object) -> object:
    value = cell.get(VALUE) if isinstance(cell, dict) else cell
    found = DATE.fullmatch(value) if isinstance(value, str) else None
    return value if found is None else _date(*found.groups())


def _date(year: str, month: str, day: str, *clock: str | None) -> str:
    """Return a date as JavaScript counts it, whose first month is 0."""
    time = "T" + ":".join(f"{part:0>2}" for part in clock if part is not None)
    return f"{year:0>4}-{int(month) + 1:02}-{day:0>2}{time if clock[0] is not None else ''}"
