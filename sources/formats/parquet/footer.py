"""What the footer of a Parquet file says and polars does not tell.

It is which bytes are UUIDs or JSON, and which are intervals, as polars does not read these.

Columns are the second field of the footer. What follows, which may be long, is not read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from pathlib import Path
from typing import Any, TypeAlias

from sources.formats.parquet.compact import fields

_Element: TypeAlias = Mapping[int, Any]

_LENGTH_BYTES, _MARK_BYTES = 4, 4  # behind the footer
_COLUMNS = 2
_TYPE, _LENGTH, _CHILDREN, _OLD_KIND, _KIND = 1, 2, 5, 6, 10  # of a column
_BYTES, _FIXED_BYTES, _UUID_LENGTH, _INTERVAL_LENGTH = 6, 7, 16, 12
_UUID, _JSON, _OLD_JSON, _OLD_INTERVAL = 14, 12, 19, 21  # kinds; writers tell those of old or both


class Meaning(Enum):
    """What bytes are, other than bytes."""

    UUID = auto()
    JSON = auto()
    INTERVAL = auto()


def meanings_in(file: Path) -> list[tuple[Meaning | None, ...]]:
    """Tell of each column of a file what the values that it is made of are, in order.

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


def _values(elements: Iterator[_Element]) -> Iterator[Meaning | None]:
    """Tell of the next column's values what they are: of its own, or of those in it."""
    left = 1
    while left:
        element = next(elements, None)
        if element is None:
            msg = "it has fewer columns than it says"
            raise ValueError(msg)
        left -= 1
        if _TYPE in element:
            yield _meaning(element)
        else:
            left += element.get(_CHILDREN, 0)


def _meaning(element: _Element) -> Meaning | None:
    kinds, fixed = element.get(_KIND, {}), (element[_TYPE], element.get(_LENGTH))
    if fixed == (_FIXED_BYTES, _UUID_LENGTH) and _UUID in kinds:
        return Meaning.UUID
    if fixed == (_FIXED_BYTES, _INTERVAL_LENGTH) and element.get(_OLD_KIND) == _OLD_INTERVAL:
        return Meaning.INTERVAL
    if element[_TYPE] == _BYTES and (_JSON in kinds or element.get(_OLD_KIND) == _OLD_JSON):
        return Meaning.JSON
    return None
