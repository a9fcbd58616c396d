"""Notes below a table: lines at the end of a text that are no rows of it.

They are seen where a blank line, or more of them than anywhere between rows, parts them from the
rows, but for one below the header, or where a sentence is directly below rows of which none begins
with a cell of several words, or with nearly as many words as the sentence has, or words below rows
that begin with numbers, dates and the like. A line that has the fields of a row is one, also where
they are directly below the rows and lost their delimiters (`run_together`); so are lines that make
another table. Notes may have empty cells behind them: below rows of empty cells, if
there are no others of these; or directly below rows that all begin with numbers, dates and the like
and have more cells filled, if one note has several words. Each is then a sentence, or unlike the
first cells of the rows. Behind the blank line a note may have a label, and its sentence as a second
cell, where rows have five cells or more. A last line `EOF` or `END` is a note wherever it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, groupby, takewhile

from sources.formats.csv.detection.delimiters import USUAL
from sources.formats.csv.detection.kinds import Kind, kind_of
from sources.formats.csv.detection.lines import LINE
from sources.formats.csv.detection.reading import MOST_CELLS, Marks, Row, read_rows
from sources.formats.csv.detection.run_together import is_run_together, kinds_of_columns

TAIL = 1 << 13  # bytes
MOST_LINES = 30
ENOUGH_ROWS = 2
MANY_WORDS, WORDS_OF_PROSE = 2, 4
TIMES_AS_MANY, LEAST_BEYOND = 2, 5  # words of a note, and of the first cell of any row
END_MARK = b"\x1a"
ENDS = (("EOF",), ("END",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Footer:
    """How many lines at the end hold notes, and the place of the first byte behind the rows."""

    begin: int
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    begin: int
    row: Row
    is_spaced: bool  # in rows of the table, too, there are spaces behind delimiters

    def has(self, width: int) -> bool:
        """Tell whether the line is a row of the table."""
        return len(self.row.cells) == width and not self.row.stray and not self.is_prose

    def is_empty(self, width: int) -> bool:
        """Tell whether the line is a row of empty cells."""
        return len(self.row.cells) == width and not self.row.filled

    @property
    def is_alone(self) -> bool:
        """Tell whether no cell but the first one holds something."""
        return not any(map(str.strip, self.row.cells[1:]))

    @property
    def is_prose(self) -> bool:
        """Tell whether the line is one cell, or the parts of a sentence, none of them empty."""
        cells = self.row.cells
        are_parts = _is_spaced(self.row) and all(map(str.strip, cells)) and not self.is_spaced
        return len(cells) == 1 or are_parts

    def is_note(self, width: int) -> bool:
        """Tell whether the line is prose, or a label and a sentence where rows have far more."""
        cells = self.row.cells
        is_labelled = len(cells) == 2 < width / 2 and not self.row.stray  # noqa: PLR2004
        return self.is_prose or (is_labelled and len(cells[1].split()) >= WORDS_OF_PROSE)


def find_footer(sample: bytes, marks: Marks, width: int, names: int = 1) -> Footer | None:
    """Return where the notes are below the table of `width` columns, all of which is `sample`.

    Its header has so many rows of `names`, of which the last is looked at only.
    """
    lines = _last_lines(sample, marks, width)[max(0, names - 1) :]
    if width > 1 and (found := _with_empty_cells(lines, width)):
        return found
    notes = list(takewhile(lambda line: line.is_note(width), reversed(lines)))[::-1]
    table = list(dropwhile(lambda line: not line.has(width), lines[: len(lines) - len(notes)]))
    rows = [line for line in table if not line.row.is_blank]
    filled = [line for line in notes if not line.row.is_blank]
    if width < 2 or len(rows) < ENOUGH_ROWS or not 0 < len(filled) <= MOST_LINES:  # noqa: PLR2004
        return None
    begin = notes[0].begin
    if _is_end(filled):
        return Footer(begin=begin, lines=1)
    gap = _longest_gap(table[2:])  # below the header may be a blank line
    is_apart = all(line.row.is_blank for line in notes[: gap + 1]) and len(notes) > gap
    if _may_be_cut(filled) and not (is_apart and _is_unlike(filled[0], rows)):
        return None
    has_marks = any(
        mark and mark.encode() in sample[begin:] for mark in (marks.quote, marks.escape)
    )
    if has_marks and not (is_apart and _are_whole_cells(filled)):
        return None
    is_told = is_apart or (
        not any(_is_parted(note, width) for note in filled)
        and not _are_run_together(filled, rows, width)
        and (_speak(filled, rows) or (rows[-1].has(width) and _tell(filled, rows)))
    )
    return Footer(begin=begin, lines=len(filled)) if is_told else None


def _is_end(notes: Sequence[_Line]) -> bool:
    """Tell whether a single word says that the file ends."""
    return len(notes) == 1 and notes[0].row.cells in ENDS


def _longest_gap(lines: Sequence[_Line]) -> int:
    """Return how many blank lines follow each other at most."""
    runs = groupby(lines, key=lambda line: line.row.is_blank)
    return max((len(list(run)) for is_blank, run in runs if is_blank), default=0)


def _with_empty_cells(lines: Sequence[_Line], width: int) -> Footer | None:
    """Return the notes with empty cells behind them: below rows of empty cells, or sentences."""
    lines = _without_even_gaps(lines)
    notes = list(takewhile(lambda line: line.is_alone, reversed(lines)))[::-1]
    rows = [line for line in lines[: len(lines) - len(notes)] if line.has(width)]
    gap = list(takewhile(lambda line: line.is_empty(width), notes))
    filled = notes[len(gap) :]
    if len(rows) < ENOUGH_ROWS or not 0 < len(filled) <= MOST_LINES:
        return None
    if not all(line.row.filled and _is_unlike(line, rows) for line in filled):
        return None
    has_gaps = any(line.is_empty(width) for line in rows)
    are_notes = not has_gaps if gap else _are_below_all(filled, rows, width)
    return Footer(begin=notes[0].begin, lines=len(filled)) if are_notes else None


def _without_even_gaps(lines: Sequence[_Line]) -> Sequence[_Line]:
    """Return lines without blank ones if there are such between all of them."""
    filled = [line for line in lines if not line.row.is_blank]
    return filled if len(filled) * 2 <= len(lines) + 1 else lines


def _are_below_all(notes: Sequence[_Line], rows: Sequence[_Line], width: int) -> bool:
    """Tell whether notes, one of them a sentence, are directly below rows that are all unlike."""
    kinds = {kind_of(line.row.cells[0]) for line in rows[1:]}
    are_full = all(line.row.filled > 1 for line in rows)
    are_padded = all(len(note.row.cells) == width > MANY_WORDS for note in notes)
    are_told = any(len(note.row.cells[0].split()) >= WORDS_OF_PROSE for note in notes)
    return are_padded and are_told and are_full and Kind.WORDS not in kinds


def _last_lines(sample: bytes, marks: Marks, width: int) -> list[_Line]:
    """Return the last rows, without blank ones at the very end, and where each begins."""
    begin = max(0, len(sample) - TAIL)
    starts = [match.start() for match in LINE.finditer(sample, begin)][int(begin > 0) :]
    tail = sample[starts[0] :] if starts else b""
    rows = read_rows(tail.rstrip(END_MARK).decode(errors="replace"), marks, most=TAIL)
    if sum(len(row.cells) for row in rows) >= MOST_CELLS:  # more may follow
        return []
    full = [row for row in rows if len(row.cells) == width]
    is_spaced = sum(map(_is_spaced, full)) * 2 > len(full)
    lines = [_Line(begin=starts[row.line], row=_bare(row), is_spaced=is_spaced) for row in rows]
    while lines and lines[-1].row.is_blank:
        lines.pop()
    return lines


def _bare(row: Row) -> Row:
    """Return a row that is blank if its line has nothing but spaces on it."""
    is_bare = len(row.cells) == 1 and not row.cells[0].strip() and not row.quoted[0]
    return replace(row, cells=("",)) if is_bare else row


def _is_spaced(row: Row) -> bool:
    return all(cell.startswith(" ") for cell in row.cells[1:])


def _may_be_cut(notes: Sequence[_Line]) -> bool:
    """Tell whether a single word below the table may be what is left of a row."""
    words = notes[0].row.cells[0].split()
    return len(notes) == len(notes[0].row.cells) == 1 and len(words) < MANY_WORDS


def _are_whole_cells(notes: Sequence[_Line]) -> bool:
    """Tell whether notes have whole cells, on lines of their own, with quotes only around them."""
    return all(
        not note.row.stray
        and not any('"' in cell for cell in note.row.cells)
        and all(LINE.fullmatch(cell.encode()) for cell in note.row.cells)
        for note in notes
    )


def _is_unlike(note: _Line, rows: Sequence[_Line]) -> bool:
    """Tell whether a note is a sentence, or a word where rows begin with something else."""
    cell = note.row.cells[0]
    kinds = {kind_of(line.row.cells[0]) for line in rows[1:]}
    return len(_words(cell)) >= MANY_WORDS or not kinds & {Kind.WORDS, Kind.EMPTY, kind_of(cell)}


def _is_parted(note: _Line, width: int) -> bool:
    """Tell whether a line may be a row of several fields that has another delimiter."""
    parted = (note.row.cells[0].split(mark) for mark in USUAL)
    is_row = any(len(cells) == width and any(map(str.strip, cells[1:])) for cells in parted)
    return width > 2 and len(note.row.cells) == 1 and is_row  # noqa: PLR2004


def _are_run_together(notes: Sequence[_Line], rows: Sequence[_Line], width: int) -> bool:
    """Tell whether the first note may be a row that lost its delimiters."""
    cells = [line.row.cells for line in rows[1:] if line.has(width)]
    return bool(cells) and is_run_together(notes[0].row.cells[0], kinds_of_columns(cells))


def _speak(notes: Sequence[_Line], rows: Sequence[_Line]) -> bool:
    """Tell whether all notes are of one cell and unlike rows, of which none begins with words."""
    return all(len(note.row.cells) == 1 and _is_unlike(note, rows) for note in notes) and not any(
        len(line.row.cells[0].split()) >= MANY_WORDS for line in rows
    )


def _tell(notes: Sequence[_Line], rows: Sequence[_Line]) -> bool:
    """Tell whether each note is one cell with far more words than rows begin with."""
    most = max(len(line.row.cells[0].split()) for line in rows)
    least = max(LEAST_BEYOND, TIMES_AS_MANY * most)
    return all(len(note.row.cells) == 1 <= least < len(_words(note.row.cells[0])) for note in notes)


def _words(cell: str) -> list[str]:
    """Return the words of a sentence, which are on one line: no tab is between them either."""
    return [word for word in cell.split(" ") if any(map(str.isalnum, word))]
