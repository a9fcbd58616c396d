"""Rows whose cells are each in an object, as Google's services answer, the names in other lists.

BigQuery: `"schema": {"fields": [{"name": "id"}]}, "rows": [{"f": [{"v": "1"}]}]`; sheets:
`"table": {"cols": [{"id": "A", "label": "id"}], "rows": [{"c": [{"v": 1, "f": "1"}, null]}]}`;
Analytics: `"dimensionHeaders": [{"name": "day"}], "metricHeaders": [{"name": "users"}], "rows":
[{"dimensionValues": [{"value": "20260101"}], "metricValues": [{"value": "12"}]}]`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from definitions.faults import FaultCode
from sources.columns import unique_names
from sources.formats.json.arrays import FoundArray
from sources.formats.json.beside import NAMES_OF_LISTS, items_at
from sources.formats.json.layout import CellList, Layout
from sources.formats.json.record import NotARecordError, read_value_of
from sources.gathering import Problem

CELLS, VALUE = ("f", "c"), "v"
NAMES = ("name", "label", "id")  # the first one that is not empty
HEADERS = {"dimensionHeaders": "dimensionValues", "metricHeaders": "metricValues"}
MAY_BE_WRAPPED = re.compile(rb'"v"|"(?:dimension|metric)Headers"')
DATE = re.compile(
    r"Date\((\d{1,4}),(\d{1,2}),(\d{1,2})(?:,(\d{1,2}),(\d{1,2}),(\d{1,2})(?:,\d+)?)?\)"
)
NOT_A_ROW = Problem(
    code=FaultCode.NOT_AN_OBJECT, message="is no row of cells, as the rows before it are"
)


class Moment(str):
    """A date or time that is no text in the file."""

    __slots__ = ()


def wrapped_rows(arrays: Sequence[FoundArray], sample: bytes, start: int) -> Layout | None:
    """Return how such rows lie among the arrays of a text, None if there are none.

    `sample` begins at the byte `start` of the file.
    """
    lists = [each for each in arrays if each.opens_with == b"{" and each.path]
    described = [each for each in lists if each.path[-1].lower() in NAMES_OF_LISTS]
    headed = any(each.path[-1] in HEADERS for each in lists)
    for rows in lists if described or headed else ():
        first = (items_at(rows, sample, start, most=1) or [None])[0]
        if not isinstance(first, dict):
            continue
        within = _headed_cells(first, rows, lists, sample, start)
        within = within or _described_cells(first, described, sample, start)
        if within:
            return Layout(
                where=rows.where,
                begin=rows.begin,
                bracketed=True,
                depth=len(rows.path),
                names=tuple(name for each in within for name in each.names),
                within=within,
                are_beside=True,
            )
    return None


def read_wrapped(text: bytes, within: Sequence[CellList]) -> dict[str, Any]:
    """Return the cells of a row; those that are missing at the end of a list are empty, if any may.

    Raise `NotARecordError` if it is none.
    """
    value = read_value_of(text)
    row: dict[str, Any] = {}
    for each in within:
        cells = value.get(each.name) if isinstance(value, dict) else None
        if not isinstance(cells, list):
            raise NotARecordError(NOT_A_ROW)
        is_short = len(cells) < len(each.names)
        if len(cells) > len(each.names) or (is_short and not each.may_end_early):
            code = FaultCode.TOO_FEW_FIELDS if is_short else FaultCode.TOO_MANY_FIELDS
            message = f"expected {len(each.names)} fields, found {len(cells)}"
            raise NotARecordError(Problem(code=code, message=message))
        row |= zip(each.names, (_value(cell, each.value) for cell in cells), strict=False)
    return row


def _described_cells(
    first: Mapping[str, Any], described: Sequence[FoundArray], sample: bytes, start: int
) -> tuple[CellList, ...]:
    """Return the list of cells in the first row, with the names in a list that describes columns.

    Nothing if it is no such row, or no list describes so many.
    """
    name = next((name for name in CELLS if name in first), "")
    cells = first[name] if name else None
    if not isinstance(cells, list) or not all(map(_is_cell, cells)) or not _has_cell(cells):
        return ()
    for columns in described:
        items = items_at(columns, sample, start) or []
        if len(items) >= len(cells):
            return (CellList(name, unique_names([_name(item) for item in items]), VALUE),)
    return ()


def _headed_cells(
    first: Mapping[str, Any],
    rows: FoundArray,
    lists: Sequence[FoundArray],
    sample: bytes,
    start: int,
) -> tuple[CellList, ...]:
    """Return the lists of cells in the first row, each with the names that its headers hold.

    Nothing if the row holds anything else.
    """
    near = {each.path[-1]: each for each in lists if each.path[:-1] == rows.path[:-1]}
    headers = {
        values: [_name(item) for item in items_at(near[header], sample, start) or ()]
        for header, values in HEADERS.items()
        if header in near
    }
    if not headers or first.keys() - headers or not all(all(names) for names in headers.values()):
        return ()
    names = iter(unique_names([name for names in headers.values() for name in names]))
    return tuple(
        CellList(values, tuple(next(names) for _ in said), "value", may_end_early=False)
        for values, said in headers.items()
    )


def _has_cell(cells: Sequence[object]) -> bool:
    return any(cell is not None for cell in cells)


def _is_cell(cell: object) -> bool:
    return cell is None or (isinstance(cell, dict) and (VALUE in cell or not cell))


def _name(column: object) -> str:
    cells = column if isinstance(column, Mapping) else {}
    return next((str(cells[name]) for name in NAMES if cells.get(name)), "")


def _value(cell: object, name: str) -> object:
    value = cell.get(name) if isinstance(cell, dict) else cell
    found = DATE.fullmatch(value) if isinstance(value, str) else None
    return value if found is None else _date(*found.groups())


def _date(year: str, month: str, day: str, *clock: str | None) -> Moment:
    """Return a date as JavaScript counts it, whose first month is 0."""
    time = "T" + ":".join(f"{part:0>2}" for part in clock if part is not None)
    return Moment(f"{year:0>4}-{int(month) + 1:02}-{day:0>2}{time if clock[0] is not None else ''}")
