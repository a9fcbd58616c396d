"""Delimited text read character by character: slow, plain, and independent of the splitter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from definitions.faults import FaultCode
from sources.formats.csv.dialect import Dialect


@dataclass(frozen=True)
class Row:
    """A row with its numbers: its cells, or the fault that it is."""

    number: int
    line: int
    cells: tuple[str, ...] | None
    code: FaultCode | None = None


@dataclass(frozen=True)
class Found:
    cells: tuple[str, ...]
    strays: tuple[int, ...]  # where text stands behind closing quotes
    end: int


class Reference:
    """Reads a text in a dialect."""

    def __init__(self, text: str, dialect: Dialect, width: int) -> None:
        self.text = text if not text or text.endswith("\n") else text + "\n"
        self.delimiter = dialect.delimiter.decode()
        self.quote = (dialect.quote or b"").decode()
        self.doubles = bool(self.quote) and dialect.quote == dialect.escape
        self.escape = "" if self.doubles else (dialect.escape or b"").decode()
        self.returns = dialect.record_end.value in {"cr", "any"}
        self.width = width

    def rows(self) -> list[Row]:
        found: list[Row] = []
        at, line = 0, 1
        while at < len(self.text):
            cells, code, end = self._row(at)
            if self.width == 1 or not (self._line_end(at) or self._is_space(at, cells, code)):
                found.append(Row(len(found) + 1, line, None if code else cells, code))
            line += self._breaks(at, end)
            at = end
        return found

    def _is_space(self, at: int, cells: tuple[str, ...] | None, code: FaultCode | None) -> bool:
        """Tell whether a row that is not as it should be is a line of spaces."""
        line = self.text[at : self._next_line(at)].rstrip("\r\n")
        return code is not None and cells == (line,) and not line.strip(" \t")

    def _row(self, at: int) -> tuple[tuple[str, ...] | None, FaultCode | None, int]:
        record = self._record(at)
        if record is None:
            return None, FaultCode.UNCLOSED_QUOTE, self._next_line(at)
        if record.strays:
            torn = len(record.cells) != self.width or self._swallows_a_row(record, at)
            return None, FaultCode.STRAY_QUOTE, self._next_line(at) if torn else record.end
        if len(record.cells) != self.width:
            few = len(record.cells) < self.width
            code = FaultCode.TOO_FEW_FIELDS if few else FaultCode.TOO_MANY_FIELDS
            return record.cells, code, record.end
        return record.cells, None, record.end

    def _swallows_a_row(self, found: Found, begin: int) -> bool:
        """Tell whether text follows a field of several lines, one of them a good row by itself."""
        first = self._next_line(begin)
        return any(place >= first for place in found.strays) and any(
            self._is_good(at) for at in self._lines(first, found.end)
        )

    def _lines(self, at: int, end: int) -> Iterator[int]:
        while at < end:
            yield at
            at = self._next_line(at)

    def _is_good(self, at: int) -> bool:
        found = self._record(at)
        if found is None or found.strays or found.end != self._next_line(at):
            return False
        return len(found.cells) == self.width > 1

    def _record(self, i: int) -> Found | None:
        cells: list[str] = []
        strays: list[int] = []
        text, cell, state = self.text, "", "start"
        i += text.startswith("\ufeff", i)  # it begins another file
        while i < len(text):
            if state == "start":
                state = "quoted" if self.quote and text[i] == self.quote else "plain"
                i += state == "quoted"
            elif self.escape and text[i] == self.escape:
                size = 2 if state != "quoted" and text[i + 1 : i + 3] == "\r\n" else 1
                behind = text[i + 1 : i + 2]
                marks = (self.delimiter[0], self.quote, self.escape)
                is_content = behind not in marks and (behind.isalnum() or behind > "\x7f")
                cell += text[i if is_content else i + 1 : i + 1 + size]
                strays += [i] * (state == "behind")
                i += 1 + size
                if i > len(text):
                    return None
            elif state == "quoted":
                size = self._closing(i)
                cell += text[i] if size != 1 else ""
                state = "behind" if size == 1 else state
                i += max(size, 1)
            elif size := self._line_end(i):
                return Found((*cells, cell), tuple(strays), i + size)
            elif text.startswith(self.delimiter, i):
                cells.append(cell)
                cell, state = "", "start"
                i += len(self.delimiter)
            else:
                cell += text[i]
                strays += [i] * (state == "behind")
                i += 1
        return None

    def _closing(self, i: int) -> int:
        """Return 1 for a closing quote, 2 for a doubled one, 0 for anything else."""
        if self.text[i] != self.quote:
            return 0
        if self.doubles:
            return 2 if self.text[i + 1 : i + 2] == self.quote else 1
        may_end = self._line_end(i + 1) or self.text.startswith(self.delimiter, i + 1)
        return 1 if self.escape or may_end else 0

    def _line_end(self, i: int) -> int:
        """Return the size of the line end at `i`, 0 if there is none."""
        if self.text.startswith("\r\n", i):
            return 2
        return int(self.text[i : i + 1] == "\n" or (self.returns and self.text[i : i + 1] == "\r"))

    def _next_line(self, i: int) -> int:
        """Return where the line ends that begins at `i`; an escaped line end is none."""
        while i < len(self.text):
            if self.escape and self.text[i] == self.escape:
                i += 3 if self.text.startswith("\r\n", i + 1) else 2
            elif size := self._line_end(i):
                return i + size
            else:
                i += 1
        return len(self.text)

    def _breaks(self, begin: int, end: int) -> int:
        count = 0
        while begin < end:
            size = self._line_end(begin)
            count += size > 0
            begin += max(size, 1)
        return count
