"""What the footer of a Parquet file says of its columns and polars does not tell: which are UUIDs.

Columns are the second field of the footer. What follows, which may be long, is not read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from sources.formats.parquet.compact import fields

_Element: TypeAlias = Mapping[int, Any]

_LENGTH_BYTES, _MARK_BYTES = 4, 4  # behind the footer
_COLUMNS = 2
_TYPE, _LENGTH, _CHILDREN, _LOGICAL_TYPE = 1, 2, 5, 10  # of a column
_FIXED_BYTES, _UUID_LENGTH, _UUID = 7, 16, 14


def uuids_in(file: Path) -> list[tuple[bool, ...]]:
    """Tell of each column of a file which of the values that it is made of are UUIDs, in order.

    Raise `ValueError` for a footer that is damaged.
    """
    with file.open("rb") as stream:
        behind = stream.seek(-_LENGTH_BYTES - _MARK_BYTES, io.SEEK_END)
        stream.seek(behind - int.from_bytes(stream.read(_LENGTH_BYTES), "little"))
        columns = next((value for number, value in fields(stream) if number == _COLUMNS), None)
    elements: Iterator[_Element] = iter(columns if isinstance(columns, list) else ())
    try:
        root: _Element = next(elements, {})
        return [tuple(_values(elements)) for _ in range(root.get(_CHILDREN, 0))]
    except (AttributeError, TypeError) as exc:
        msg = "what it says of a column is of another kind"
        raise ValueError(msg) from exc


def _values(elements: Iterator[_Element]) -> Iterator[bool]:
    """Tell of the next column's values whether they are UUIDs: of its own, or of those in it."""
    left = 1
    while left:
        element = next(elements, None)
        if element is None:
            msg = "it has fewer columns than it says"
            raise ValueError(msg)
        left -= 1
        if _TYPE in element:
            yield _is_uuid(element)
        else:
            left += element.get(_CHILDREN, 0)


def _is_uuid(element: _Element) -> bool:
    form = (element[_TYPE], element.get(_LENGTH))
    return form == (_FIXED_BYTES, _UUID_LENGTH) and _UUID in element.get(_LOGICAL_TYPE, {})
