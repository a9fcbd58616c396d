"""Tables in lists of an answer, as services write them that can answer several questions at once.

- Power BI: `{"results": [{"tables": [{"rows": [{…}]}]}]}`.
- Azure Monitor and Data Explorer: `{"tables": [{"name": "PrimaryResult", "columns": [{"name": …}],
  "rows": [[…]]}]}`, of which the first table is the answer and others tell about it.
- Superset: `{"result": [{…, "colnames": […], "data": [{…}]}]}`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

MARKS = (
    rb'|\s*+(?:"informationProtectionLabel".{0,1000}?)?"results"\s*+:\s*+\[\s*+\{\s*+"tables"\s*+:'
    rb'|\s*+"[Tt]ables"\s*+:\s*+\[\s*+\{\s*+"(?:TableN|n)ame"\s*+:\s*+"[^"\\]*+"\s*+,'
    rb'\s*+"[Cc]olumns"\s*+:|\s*+"result"\s*+:\s*+\[\s*+\{.{0,100000}?"colnames"\s*+:'
)
NAMES_OF_COLUMNS = ("name", "ColumnName")

_Object = Mapping[str, Any]


def rows_of_table(document: _Object) -> Sequence[_Object] | None:
    """Return the rows of the table that an answer holds, None if it holds none, or several."""
    table = _only(_only(document.get("results")).get("tables"))
    if table:
        return _objects(table.get("rows"))
    result = _only(document.get("result"))
    if isinstance(result.get("colnames"), list):
        return _objects(result.get("data"))
    tables = _objects(document.get("tables", document.get("Tables")))
    return _named(tables[0]) if tables else None


def _named(table: _Object) -> Sequence[_Object] | None:
    """Return the rows of a table with the names that its columns have."""
    table = {name.lower(): value for name, value in table.items()}
    columns, rows = _objects(table.get("columns")) or (), table.get("rows")
    names = [str(each[name]) for each in columns for name in NAMES_OF_COLUMNS if name in each]
    if not names or len(set(names)) < len(columns) or not isinstance(rows, list):
        return None
    if not all(isinstance(row, list) and len(row) == len(names) for row in rows):
        return None
    return [dict(zip(names, row, strict=True)) for row in rows]


def _only(value: object) -> _Object:
    """Return the only object of a list; one with nothing in it for anything else."""
    items = _objects(value) or ()
    return items[0] if len(items) == 1 else {}


def _objects(value: object) -> Sequence[_Object] | None:
    are_objects = isinstance(value, list) and all(isinstance(item, dict) for item in value)
    return value if are_objects and isinstance(value, list) else None
