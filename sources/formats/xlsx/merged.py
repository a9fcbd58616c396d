"""Cells of a sheet that are merged with others beside or below them.

A sheet lists them behind its rows. They are asked for only where the header may have such cells, as
the whole sheet has to be unpacked for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from sources.formats.xlsx.sheet import column_number

LISTED = re.compile(
    rb"<(?:\w{1,20}:)?mergeCell\s[^<>]{0,200}?"
    rb"\bref=[\"']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})[0-9]{1,7}[\"']"
)
LONGEST = 300  # bytes of what is looked for


@dataclass(frozen=True, slots=True)
class Span:
    """Columns, from 0, of one row whose cells are merged into the first one."""

    row: int
    first: int
    last: int


MergedIn: TypeAlias = Callable[[Collection[int]], list[Span]]


def spans_of(pieces: Iterable[bytes], rows: Collection[int]) -> list[Span]:
    """Return the cells that are merged with others beside them and begin in one of these rows."""
    found, before = list[Span](), b""
    for piece in pieces:
        text = before + piece
        end = 0
        for listed in LISTED.finditer(text):
            end = listed.end()
            row, first, last = int(listed[2]), *map(_column, listed.group(1, 3))
            if row in rows and last > first:
                found.append(Span(row, first, last))
        before = text[max(end, len(text) - LONGEST) :]
    return sorted(found, key=lambda span: (span.row, span.first))


def _column(letters: bytes) -> int:
    return column_number(letters.decode())
