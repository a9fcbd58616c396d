"""Reading the beginning of a text in one of the ways it may be written, whatever is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

MOST_ROWS = 250
MOST_CELLS = 6_000
LONGEST_QUOTED = 1 << 16
BUDGET = 4  # so often the text may be looked through for closing quotes that are not there
LINE_END = re.compile(r"\r\n|\r|\n")
ANYHOW = "?"  # an escape: quotes inside may be written in each of the ways


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """One way in which a text may be written; None: there is no such mark.

    With the escape `ANYHOW` a quote closes its field only where the field may end.
    """

    delimiter: str
    quote: str | None = '"'
    escape: str | None = ANYHOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cells of a row, and for each whether it was in quotes.

    `line` counts from 0, `end` is what ended the row (empty at the end of the text), `stray`
    tells that text followed a closing quote or that a quote was not closed.
    """

    cells: tuple[str, ...]
    quoted: tuple[bool, ...]
    line: int
    end: str
    stray: bool = False

    @property
    def is_blank(self) -> bool:
        """Tell whether there is nothing on the line."""
        return self.cells == ("",) and not self.quoted[0]

    @property
    def filled(self) -> int:
        """Return how many cells hold something."""
        return sum(1 for cell in self.cells if cell.strip())


def read_rows(text: str, marks: Marks, *, most: int = MOST_ROWS) -> list[Row]:
    """Return the first rows of `text`, in time proportional to what is looked at."""
    reading = _Reading(text, marks)
    rows: list[Row] = []
    cells = 0
    while reading.at < len(text) and len(rows) < most and cells < MOST_CELLS:
        rows.append(reading.next_row())
        cells += len(rows[-1].cells)
    return rows


def closing_of(marks: Marks) -> re.Pattern[str]:
    """Return what matches the rest of a quoted field, its closing quote included.

    Every repetition is possessive: no character is looked at twice.
    """
    quote = re.escape(marks.quote or "")
    spaces = "" if marks.delimiter.startswith(" ") else " *+"
    border = rf"(?={spaces}(?:{re.escape(marks.delimiter)}|[\r\n]|\Z))"
    inside: Mapping[str | None, str] = {
        marks.quote: rf"[^{quote}]++|{quote}{quote}",
        None: rf"[^{quote}]++|{quote}(?!{border})",
        ANYHOW: rf"[^{quote}\\]++|\\(?!{quote}).|\\{quote}(?!{border})|{quote}{quote}"
        rf"|{quote}(?!{border})|\\(?={quote})",
    }
    other = re.escape(marks.escape or "")
    pattern = inside.get(marks.escape, rf"[^{quote}{other}]++|{other}.|{quote}{quote}")
    return re.compile(f"((?:{pattern})*+){quote}", re.DOTALL)


def _unquoted(delimiter: str, escape: str | None, border: str) -> re.Pattern[str]:
    """Return what matches a field that is not quoted, and what ends it; there always is one.

    No character is looked at twice, and runs of those that mean nothing are taken as a whole.
    """
    first = re.escape(delimiter[0])
    plain = rf"[^{first}\r\n]*+"
    text = rf"{plain}(?:(?!{re.escape(delimiter)}){first}{plain})*+"
    if escape:
        mark = re.escape(escape)
        text = rf"(?:{mark}(?:\r\n|.|\Z)|(?!{border})[^{mark}])*+"
    return re.compile(f"({text})({border})", re.DOTALL)


class _Reading:
    """A place in the text that moves on row by row."""

    def __init__(self, text: str, marks: Marks) -> None:
        self._text, self._marks = text, marks
        self._budget, self._line = BUDGET * len(text), 0
        self.at = 0
        border = rf"{re.escape(marks.delimiter)}|\r\n|\r|\n|\Z"
        self._border = re.compile(border)
        self._escape = marks.escape if marks.escape not in {marks.quote, ANYHOW} else None
        self._unquoted = _unquoted(marks.delimiter, self._escape, border)
        self._closing = closing_of(marks) if marks.quote else None
        is_spaced = marks.quote is None or " " in marks.delimiter
        self._padding = None if is_spaced else re.compile(rf" ++(?={re.escape(marks.quote or '')})")
        self._padded_end = re.compile(rf" *+(?:{border})")

    def next_row(self) -> Row:
        """Return the row that begins here, and go behind it."""
        text, quote, line = self._text, self._marks.quote, self._line
        found = LINE_END.search(text, self.at)
        stop = found.start() if found else len(text)
        if any(mark and text.find(mark, self.at, stop) >= 0 for mark in (quote, self._escape)):
            return self._row_with_marks()
        cells = tuple(text[self.at : stop].split(self._marks.delimiter))
        self.at = found.end() if found else len(text)
        self._line += 1
        end = found.group() if found else ""
        return Row(cells=cells, quoted=(False,) * len(cells), line=line, end=end)

    def _row_with_marks(self) -> Row:
        cells: list[str] = []
        quoted: list[bool] = []
        line, stray, end = self._line, False, self._marks.delimiter
        text, quote, delimiter = self._text, self._marks.quote or "\n", self._marks.delimiter
        while end == delimiter:
            start = self.at
            content = self._quoted_content() if text.startswith(quote, self.at) else None
            if content is None:
                self._pass_padded()
            padded = text[start : self.at] if content is None else content
            rest, end = self._rest()
            stray |= rest.startswith(quote) if content is None else rest.strip(" ") != ""
            cells.append(padded + rest)
            quoted.append(content is not None and not rest)
            end = "" if len(cells) >= MOST_CELLS else end
        self._line += 1
        return Row(cells=tuple(cells), quoted=tuple(quoted), line=line, end=end, stray=stray)

    def _pass_padded(self) -> None:
        """Go behind a whole quoted field that has spaces before it, if there is one here."""
        found = self._padding.match(self._text, self.at) if self._padding else None
        if found is None:
            return
        start, line, self.at = self.at, self._line, found.end()
        if self._quoted_content() is None or not self._padded_end.match(self._text, self.at):
            self._budget -= self.at - start
            self.at, self._line = start, line

    def _rest(self) -> tuple[str, str]:
        """Go behind the field, of which there is no quoted part any more; return it and its end."""
        found = self._unquoted.match(self._text, self.at)
        rest, end = found.groups() if found else ("", "")
        self.at += len(rest) + len(end)
        if self._escape:
            self._line += len(LINE_END.findall(rest))
        return rest, end

    def _quoted_content(self) -> str | None:
        """Go behind the field whose quote is here; return None if it does not end well."""
        text, quote = self._text, self._marks.quote
        if self._closing is None or quote is None:
            return None
        limit = min(len(text), self.at + min(LONGEST_QUOTED, self._budget))
        found = self._closing.match(text, self.at + 1, limit)
        if found is None:
            self._budget -= limit - self.at
            return None
        content = found.group(1)
        over_lines = "\n" in content or "\r" in content
        if over_lines and not self._may_end(found.end()):
            self._budget -= len(content)
            return None
        self.at = found.end()
        self._line += len(LINE_END.findall(content)) if over_lines else 0
        return content.replace(quote * 2, quote)

    def _may_end(self, place: int) -> bool:
        """Tell whether a field may end at `place`."""
        return self._border.match(self._text, place) is not None
