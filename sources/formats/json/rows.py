"""Records that are arrays: the first one names the columns, if it holds nothing but texts.

Or they are single values, in one column without a name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from definitions.batches import Position
from sources.columns import unique_names
from sources.formats.json.arrays import FoundArray
from sources.formats.json.beside import names_beside
from sources.formats.json.item import parse_item
from sources.formats.json.layout import LINE_END, Layout
from sources.formats.json.quoted import are_quoted_records
from sources.formats.json.record import NotARecordError, read_cells, text_of
from sources.formats.json.remarks import BETWEEN
from sources.gathering import MAX_COLUMNS

VALUES_SEEN = 1 << 12
GAP = re.compile(BETWEEN)
BEHIND_ROW = re.compile(rf"{BETWEEN},?+{BETWEEN}")


def rows_in(beginning: bytes, begin: Position) -> Layout | None:
    """Return how the arrays lie in a list whose text is the `beginning`; None if there are none."""
    return _rows(beginning, begin, parted_by=b"")


def values_in(beginning: bytes, begin: Position) -> Layout | None:
    """Return how single values lie in a list whose text is the `beginning`.

    None if there are none, or others among the first ones.
    """
    letters = str(beginning[:VALUES_SEEN], "latin-1")
    at = GAP.match(letters).end()  # type: ignore[union-attr]
    items: list[object] = []
    while at < len(letters) and letters[at] != "]":
        item = parse_item(letters, at)
        if letters[at] in "{[":
            return None
        if item.failure is not None:
            break
        items.append(json.loads(beginning[at : item.end].decode(errors="replace")))
        at = BEHIND_ROW.match(letters, item.end).end()  # type: ignore[union-attr]
    if not items:
        return None
    if are_quoted_records(items):
        return Layout(where="", begin=begin, bracketed=True, are_quoted=True)
    names = unique_names([""])
    return Layout(
        where="", begin=begin, bracketed=True, names=names, is_named=False, are_values=True
    )


def rows_by_line(text: bytes, begin: Position) -> Layout | None:
    """Return how arrays lie of which each is on a line; None unless the first two lines are such.

    A single list of arrays whose first one is on the first line is none, nor are lists of records.
    """
    lines = [_cells(line.strip()) for line in text.split(b"\n", 2)[:2]]
    if len(lines) < 2 or any(cells is None or _are_rows(cells) for cells in lines):  # noqa: PLR2004
        return None
    return _rows(text, begin, parted_by=LINE_END)


def named_beside(
    rows: Layout, array: FoundArray, arrays: Sequence[FoundArray], sample: bytes, start: int
) -> Layout:
    """Return how the arrays lie, with the names that a list beside theirs holds, if any does."""
    names = names_beside(array, arrays, sample, start)
    if not names:
        return rows
    return replace(rows, names=names, is_named=True, begin=array.begin, are_beside=True)


def _rows(text: bytes, begin: Position, *, parted_by: bytes) -> Layout | None:
    letters = str(text, "latin-1")
    start = GAP.match(letters).end()  # type: ignore[union-attr]
    if letters[start : start + 1] != "[":
        return None
    item = parse_item(letters, start)
    first = _cells(text[start : item.end]) if item.failure is None else None
    if not first or len(first) > MAX_COLUMNS:
        return None
    is_named = all(type(cell) is str and cell.strip() for cell in first)
    names = unique_names([text_of(cell) if is_named else "" for cell in first])
    end = BEHIND_ROW.match(letters, item.end).end() if is_named else 0  # type: ignore[union-attr]
    place = Position(byte=begin.byte + end, row=1, line=begin.line + letters.count("\n", 0, end))
    return Layout(
        where="",
        begin=place,
        parted_by=parted_by,
        bracketed=not parted_by,
        names=names,
        is_named=is_named,
    )


def _are_rows(cells: Sequence[Any]) -> bool:
    """Tell whether the items of an array are rows themselves, as those of a page of them are."""
    kinds = set(map(type, cells))
    return kinds in ({dict}, {list})


def _cells(text: bytes) -> list[Any] | None:
    try:
        return read_cells(text)
    except NotARecordError:
        return None
