"""What the footer of a Parquet file says and polars does not tell.

It is which bytes are UUIDs or JSON, and where intervals or times from 24:00:00 on are, as polars
does not read these.

Columns are the second field of the footer. What follows, which may be long, is read only where
there are times.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, auto
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

from sources.formats.parquet.compact import fields
from sources.formats.parquet.times import day_of, late_columns

_Element: TypeAlias = Mapping[int, Any]

_LENGTH_BYTES, _MARK_BYTES = 4, 4  # behind the footer
_COLUMNS, _GROUPS = 2, 4
_TYPE, _LENGTH, _CHILDREN, _OLD_KIND, _KIND = 1, 2, 5, 6, 10  # of a column
_BYTES, _FIXED_BYTES, _UUID_LENGTH, _INTERVAL_LENGTH = 6, 7, 16, 12
_UUID, _JSON, _OLD_JSON, _OLD_INTERVAL = 14, 12, 19, 21  # kinds; writers tell those of old or both


class Meaning(Enum):
    """What values are, other than what polars makes of them."""

    UUID = auto()
    JSON = auto()
    UNREADABLE = auto()


def meanings_in(file: Path) -> list[tuple[Meaning | None, ...]]:
    """Tell of each column of a file what the values that it is made of are, in order.

    Raise `ValueError` for a footer that is damaged.
    """
    with file.open("rb") as stream:
        behind = stream.seek(-_LENGTH_BYTES - _MARK_BYTES, io.SEEK_END)
        stream.seek(behind - int.from_bytes(stream.read(_LENGTH_BYTES), "little"))
        told = fields(stream)
        columns = next((value for number, value in told if number == _COLUMNS), None)
        try:
            return _meanings(columns if isinstance(columns, list) else [], told)
        except (AttributeError, TypeError) as exc:
            msg = "what it says of a column is of another kind"
            raise ValueError(msg) from exc


def _meanings(
    columns: Sequence[_Element], rest: Iterator[tuple[int, Any]]
) -> list[tuple[Meaning | None, ...]]:
    """Return what the values of each column are; `rest` is what the footer tells behind them."""
    elements = iter(columns)
    root: _Element = next(elements, {})
    leaves = [[*_leaves(elements)] for _ in range(root.get(_CHILDREN, 0))]
    days = [day_of(leaf) for each in leaves for leaf in each]
    groups = next((value for number, value in rest if any(days) and number == _GROUPS), ())
    late, places = late_columns(groups, days), count()
    return [
        tuple(Meaning.UNREADABLE if next(places) in late else _meaning(leaf) for leaf in each)
        for each in leaves
    ]


def _leaves(elements: Iterator[_Element]) -> Iterator[_Element]:
    """Yield the next column, or those in it that have values of their own."""
    left = 1
    while left:
        element = next(elements, None)
        if element is None:
            msg = "it has fewer columns than it says"
            raise ValueError(msg)
        left -= 1
        if _TYPE in element:
            yield element
        else:
            left += element.get(_CHILDREN, 0)


def _meaning(element: _Element) -> Meaning | None:
    kinds, fixed = element.get(_KIND, {}), (element[_TYPE], element.get(_LENGTH))
    if fixed == (_FIXED_BYTES, _UUID_LENGTH) and _UUID in kinds:
        return Meaning.UUID
    if fixed == (_FIXED_BYTES, _INTERVAL_LENGTH) and element.get(_OLD_KIND) == _OLD_INTERVAL:
        return Meaning.UNREADABLE
    if element[_TYPE] == _BYTES and (_JSON in kinds or element.get(_OLD_KIND) == _OLD_JSON):
        return Meaning.JSON
    return None
