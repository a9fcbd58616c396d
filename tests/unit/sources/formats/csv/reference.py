"""Delimited text read character by character: slow, plain, and independent of the splitter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from definitions.faults import FaultCode
from sources.formats.csv.dialect import Dialect

BOM = "\ufeff"
END_MARK = "\x1a"
STROKES, BETWEEN_STROKES = set("-=_"), set("+|: \t,;~^\x1f")
COUNT = re.compile(
    r"[ \t\r]*(\(\d+ rows?( affected)?\)|\d+ rows? in set(, \d+ warnings?)? \([\d.,]+ sec\)"
    r"|\d+ rows? selected\.)"
)


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


@dataclass(frozen=True)
class Cut:
    """What may be a row: its cells, None if nobody knows them; what is wrong with it; its end."""

    cells: tuple[str, ...] | None
    code: FaultCode | None
    end: int


class Reference:
    """Reads a text in a dialect; rows that are written as the `header` name the columns again."""

    def __init__(self, text: str, dialect: Dialect, width: int, header: str = "") -> None:
        self.text = _ended(text)
        self.delimiter = dialect.delimiter.decode()
        self.quote = (dialect.quote or b"").decode()
        self.doubles = bool(self.quote) and dialect.quote == dialect.escape
        self.escape = "" if self.doubles else (dialect.escape or b"").decode()
        self.returns = dialect.record_end.value in {"cr", "any"}
        self.remark = (dialect.remark or b"").decode()
        self.is_remark_given = bool(self.remark) and dialect.remark_is_given
        self.has_rules, self.has_counts = dialect.has_rules, dialect.has_counts
        self.width, self.header = width, header

    def rows(self) -> list[Row]:
        found: list[Row] = []
        at, line = 0, 1
        while at < len(self.text):
            cut = self._cut(at)
            if not self._is_none(at, cut):
                code = FaultCode.REPEATED_HEADER if self._is_header(at, cut) else cut.code
                found.append(Row(len(found) + 1, line, None if code else cut.cells, code))
            line += self._breaks(at, cut.end)
            at = cut.end
        return found

    def _is_none(self, at: int, cut: Cut) -> bool:
        """Tell whether that is no row, and has no number."""
        line = self._content(at, cut)
        if line == END_MARK or self._is_given_remark(at) or (not line and self.width > 1):
            return True
        if self.has_rules and _is_rule(line):
            return True
        is_count = self.has_counts and COUNT.fullmatch(line) is not None
        if is_count and self.delimiter == " ":
            return True
        if cut.code is None or self.width == 1:
            return False
        is_blank = cut.cells == (line,) and not line.strip(" \t")
        return is_blank or is_count or self._may_be_remark(at, cut)

    def _is_given_remark(self, at: int) -> bool:
        return self.is_remark_given and self.text.startswith(self.remark, at)

    def _may_be_remark(self, at: int, cut: Cut) -> bool:
        """Tell whether that is one line, one that ends, and begins as remarks do."""
        is_line = self._breaks(at, cut.end) == 1 and self._ends_at(at) is not None
        return bool(self.remark) and is_line and self.text.startswith(self.remark, at)

    def _is_header(self, at: int, cut: Cut) -> bool:
        """Tell whether that is written as the header, perhaps behind its mark."""
        content, header = self._content(at, cut), self.header
        if not header.startswith(BOM):
            content = content.removeprefix(BOM)
        bare, names = (text.replace(self.quote or "\n", "") for text in (content, header))
        return content == header != "" or (cut.code is None and bare == names != "")

    def _content(self, at: int, cut: Cut) -> str:
        """Return what stands there, without its line end."""
        text = self.text[at : cut.end]
        return text[:-2] if text.endswith("\r\n") else text[:-1]

    def _cut(self, at: int) -> Cut:
        if self._is_given_remark(at):
            return Cut((), None, self._next_line(at))
        row = self._row(at)
        if row is None:
            return Cut(None, FaultCode.UNCLOSED_QUOTE, self._next_line(at))
        if row.strays:
            torn = len(row.cells) != self.width or self._swallows_a_row(row, at)
            if torn and self._next_line(at) < row.end:
                return Cut(None, FaultCode.UNCLOSED_QUOTE, self._next_line(at))
            return Cut(None, FaultCode.STRAY_QUOTE, self._next_line(at) if torn else row.end)
        if len(row.cells) != self.width:
            few = len(row.cells) < self.width
            code = FaultCode.TOO_FEW_FIELDS if few else FaultCode.TOO_MANY_FIELDS
            return Cut(row.cells, code, row.end)
        return Cut(row.cells, None, row.end)

    def _swallows_a_row(self, found: Found, begin: int) -> bool:
        """Tell whether text follows a field of several lines, in which a good row is found.

        The last line may also begin one that has more lines.
        """
        lines = list(self._lines(self._next_line(begin), found.end))
        return any(place >= self._next_line(begin) for place in found.strays) and (
            any(self._is_good(at, found.end) for at in lines)
            or self._is_good(lines[-1], len(self.text))
        )

    def _lines(self, at: int, end: int) -> Iterator[int]:
        while at < end:
            yield at
            at = self._next_line(at)

    def _is_good(self, at: int, until: int) -> bool:
        """Tell whether a row begins there that has nothing wrong, and ends in time."""
        found = self._row(at)
        if found is None or found.strays or found.end > until:
            return False
        return len(found.cells) == self.width > 1

    def _row(self, i: int) -> Found | None:
        cells: list[str] = []
        strays: list[int] = []
        text, cell, state = self.text, "", "start"
        i += text.startswith(BOM, i)  # it begins another file
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
        end = self._ends_at(i)
        return len(self.text) if end is None else end

    def _ends_at(self, i: int) -> int | None:
        """Return the same, None if the line has no end."""
        while i < len(self.text):
            if self.escape and self.text[i] == self.escape:
                i += 3 if self.text.startswith("\r\n", i + 1) else 2
            elif size := self._line_end(i):
                return i + size
            else:
                i += 1
        return None

    def _breaks(self, begin: int, end: int) -> int:
        count = 0
        while begin < end:
            size = self._line_end(begin)
            count += size > 0
            begin += max(size, 1)
        return count


def _ended(text: str) -> str:
    """Return a text that ends with a line feed; the mark with which DOS ends a file is one."""
    if text.endswith(END_MARK) and text[-2:-1] not in {"", "\r", "\n"}:
        return text[:-1] + "\n"
    return text if not text or text.endswith("\n") else text + "\n"


def _is_rule(line: str) -> bool:
    """Tell whether a line is drawn: three strokes, and nothing but what stands between strokes."""
    strokes = [character for character in line if character in STROKES]
    return len(strokes) >= 3 and set(line) <= STROKES | BETWEEN_STROKES
