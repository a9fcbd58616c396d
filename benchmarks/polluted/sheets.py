"""How a table is written into a file, and what a person reads there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

Cells = tuple[str, ...]
NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
SPACE = " "


class UnfitError(Exception):
    """A table cannot be written so without becoming another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A clean table.

    `header` is empty where a file has none. `has_words_only` tells that its rows are written like
    its header, so that nobody could tell whether it has one. `delimiter` is what people part its
    columns by.
    """

    header: Cells
    rows: tuple[Cells, ...]
    has_words_only: bool = False
    delimiter: str = ","

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return len(self.rows[0]) if self.rows else len(self.header)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How cells become fields: an empty `quote` never stands, an empty `escape` marks no quote."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = '"'
    end: str = "\r\n"
    quoted: re.Pattern[str] | None = None  # cells that are in quotes without need, too

    def line(self, cells: Sequence[str]) -> str:
        """Return a record without its end."""
        return self.delimiter.join(map(self.field, cells))

    def field(self, cell: str) -> str:
        """Return a cell as a field; raise `UnfitError` where that cannot be read again."""
        if not self.quote:
            return self._bare(cell)
        if not self._needs_quotes(cell) and not (self.quoted and self.quoted.fullmatch(cell)):
            return cell
        return self.in_quotes(cell)

    def in_quotes(self, cell: str) -> str:
        """Return a cell as a field in quotes."""
        if self.escape == "\\" and "\\" in cell:
            raise UnfitError
        if not self.escape and (self.quote + self.delimiter in cell or cell.endswith(self.quote)):
            raise UnfitError
        escaped = cell.replace(self.quote, self.escape + self.quote) if self.quote else cell
        return self.quote + escaped + self.quote

    def _needs_quotes(self, cell: str) -> bool:
        marks = (self.delimiter, self.delimiter.strip() or SPACE, self.quote, "\n")
        return any(mark in cell for mark in marks) or cell != cell.strip()

    def _bare(self, cell: str) -> str:
        if "\n" in cell or cell.startswith(('"', "'")) or (self.escape and "\\" in cell):
            raise UnfitError
        if self.delimiter in cell and not self.escape:
            raise UnfitError
        return cell.replace(self.delimiter, self.escape + self.delimiter)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table as the lines of a file, and what a person reads in it, which is `table`.

    `lines` are header and rows; `ends` are their ends in turns, where they differ. `trimmed` tells
    that spaces around cells are no part of them. `is_given` tells that the way can be said.
    """

    table: Table
    way: Way
    lines: tuple[str, ...]
    ends: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    header_rows: int = 1
    encoding: str = "utf-8"
    begins_with: str = ""
    ends_with: str = ""
    is_closed: bool = True
    trimmed: bool = False
    is_given: bool = True

    @classmethod
    def of(cls, table: Table, way: Way) -> Sheet:
        """Return a table written in a way; raise `UnfitError` where that is impossible."""
        records = (table.header, *table.rows)
        return cls(table=table, way=way, lines=tuple(map(way.line, records)))

    @cached_property
    def data(self) -> bytes:
        """Return the file; raise `UnfitError` where the encoding lacks a character."""
        end = self.way.end
        body = [
            line + (self.ends[place % len(self.ends)] if self.ends else end)
            for place, line in enumerate(self.lines)
        ]
        parts = [*(line + end for line in self.above), *body, *(line + end for line in self.below)]
        if not self.is_closed:
            parts[-1] = parts[-1].removesuffix(end)
        text = f"{self.begins_with}{''.join(parts)}{self.ends_with}"
        try:
            return text.encode(self.encoding)
        except UnicodeEncodeError:
            raise UnfitError from None

    @property
    def options(self) -> dict[str, Any]:
        """Return what somebody would say who knows how the file is written."""
        told = {
            "encoding": self.encoding,
            "header_rows": self.header_rows,
            "skip_rows": len(self.above),
        }
        if self.is_given:
            told |= {
                "delimiter": self.way.delimiter,
                "quote": self.way.quote,
                "escape": self.way.escape,
            }
        return told

    def written(self, **changes: Any) -> Sheet:  # noqa: ANN401 - parts of a way
        """Return the same table written in another way."""
        return Sheet.of(self.table, replace(self.way, **changes))

    def with_rows(self, rows: Sequence[Cells], lines: Sequence[str]) -> Sheet:
        """Return the sheet with other lines in which these rows are to be read."""
        table = replace(self.table, rows=tuple(rows))
        return replace(self, table=table, lines=tuple(lines))

    @property
    def place(self) -> int:
        """Return the place among `lines` of a row in the midst of the table."""
        if len(self.table.rows) < 3:  # noqa: PLR2004
            raise UnfitError
        return 1 + len(self.table.rows) // 2

    def with_row(self, line: str, cells: Cells | None = None) -> Sheet:
        """Return the sheet with another line for the row in its midst, which reads as `cells`."""
        place, rows, lines = self.place, list(self.table.rows), list(self.lines)
        lines[place] = line
        rows[place - 1] = rows[place - 1] if cells is None else cells
        return self.with_rows(rows, lines)

    def with_line(self, line: str, place: int | None = None) -> Sheet:
        """Return the sheet with one more line, before the row in its midst or at a place."""
        at = self.place if place is None else place
        return replace(self, lines=(*self.lines[:at], line, *self.lines[at:]))

    @property
    def row(self) -> Cells:
        """Return the row in the midst of the table."""
        return self.table.rows[self.place - 1]
