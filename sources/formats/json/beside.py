"""Names of columns that stand in a list of their own, apart from the rows, which are arrays.

`{"columns": ["id", "name"], "data": [[1, "Jana"]]}`, or a list of what the columns are, wherever it
is: `{"meta": {"columns": [{"name": "id"}, {"name": "name"}]}, "data": [[1, "Jana"]]}`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sources.columns import unique_names
from sources.formats.json.arrays import FoundArray
from sources.formats.json.item import DECODER

NAMES_OF_LISTS = frozenset(
    [
        "cols",
        "column_names",
        "columnheaders",
        "columnnames",
        "columns",
        "fields",
        "header",
        "headers",
        "rowtype",
    ]
)
# Lists called so may be anything; beside the rows, they hold columns if each has a name and a type.
NAMES_OF_DESCRIPTIONS, NAME_AND_TYPE = frozenset({"meta", "schema"}), frozenset({"name", "type"})
MOST_LISTS = 8  # are looked at, as each may be as long as the sample
NAMES_OF_NAMES = ("name", "title", "label", "field", "columnname", "column", "id")
NAMES_OF_ROWS = frozenset(
    [
        "aadata",
        "data",
        "data_array",
        "datarows",
        "items",
        "records",
        "result",
        "results",
        "rows",
        "values",
    ]
)


def names_beside(
    array: FoundArray, arrays: Sequence[FoundArray], sample: bytes, start: int
) -> tuple[str, ...]:
    """Return the names for the columns of a list of arrays that another list holds.

    There are as many as cells in the first array. `sample` begins at the byte `start` of the file.
    """
    others = [other for other in arrays if array.opens_with == b"[" and _may_name(other, array)]
    first = _first_cells(array, sample, start) if others else None
    for other in others[:MOST_LISTS] if first else ():
        items = _items(other.begin.byte - 1, sample, start) or ()
        names = [_name_in(item) for item in items]
        are_columns = other.path[-1].lower() in NAMES_OF_LISTS or all(map(_is_described, items))
        if are_columns and all(names) and len(names) == len(first or ()):
            return unique_names([name or "" for name in names])
    return ()


def _may_name(other: FoundArray, array: FoundArray) -> bool:
    """Tell whether a list may hold the names for the columns of another one."""
    name = other.path[-1].lower() if other.path else ""
    are_near = other.path[:-1] == array.path[:-1]
    if other.path == array.path or not (are_near or other.opens_with == b"{"):
        return False
    return name in NAMES_OF_LISTS or (are_near and name in NAMES_OF_DESCRIPTIONS)


def _is_described(item: object) -> bool:
    return isinstance(item, dict) and item.keys() >= NAME_AND_TYPE


def are_called_rows(array: FoundArray, sample: bytes, start: int) -> bool:
    """Tell whether a list of arrays is called as rows are, and has a text in the first of them.

    Numbers alone may be one value of a record, as coordinates are.
    """
    name = array.path[-1] if array.path else ""
    if array.opens_with != b"[" or name.lower() not in NAMES_OF_ROWS:
        return False
    return any(isinstance(cell, str) for cell in _first_cells(array, sample, start) or ())


def are_of_sheet(array: FoundArray, sample: bytes, start: int) -> bool:
    """Tell whether a list holds rows of a sheet as Google answers with them.

    `{"range": "A1:C3", "majorDimension": "ROWS", "values": [["id", "name", "note"], ["1"], []]}`:
    empty cells at the end of a row are left out there.
    """
    if array.path != ("values",):
        return False
    try:
        around = json.loads(sample[: array.begin.byte - start] + b"]}")
    except (ValueError, RecursionError):
        return False
    return "range" in around and around.get("majorDimension") == "ROWS"


def items_at(
    array: FoundArray, sample: bytes, start: int, most: int | None = None
) -> Sequence[Any] | None:
    """Return the items of an array if it is whole in the sample, or the first one of it."""
    if most is None:
        return _items(array.begin.byte - 1, sample, start)
    letters = str(sample[array.begin.byte - start :], "latin-1").lstrip()
    try:
        end = DECODER.raw_decode(letters)[1]
        return [json.loads(letters[:end].encode("latin-1"))]
    except (ValueError, RecursionError):
        return None


def _first_cells(array: FoundArray, sample: bytes, start: int) -> Sequence[Any] | None:
    at = array.begin.byte - start
    return _items(start + sample.find(b"[", at), sample, start)


def _items(byte: int, sample: bytes, start: int) -> Sequence[Any] | None:
    """Return the items of the array whose bracket is at a byte of the file, if it is whole."""
    letters = str(sample[byte - start :], "latin-1")
    try:
        end = DECODER.raw_decode(letters)[1]
        items = json.loads(letters[:end].encode("latin-1"))
    except (ValueError, RecursionError):
        return None
    return items if isinstance(items, list) else None


def _name_in(item: object) -> str | None:
    """Return the name of a column: a text, or that in what describes it."""
    if isinstance(item, str):
        return item
    if not isinstance(item, Mapping):
        return None
    cells = {str(name).lower(): text for name, text in item.items()}
    found = next((cells[name] for name in NAMES_OF_NAMES if name in cells), None)
    return _name_in(found) if isinstance(found, str) else None
