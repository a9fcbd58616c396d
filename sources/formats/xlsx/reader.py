"""A sheet of a workbook as column batches."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path

from definitions.batches import Batch, Position
from definitions.model import MalformedRows
from sources.base import ReadTerms
from sources.columns import told_renamed
from sources.compression import refuse_bomb, told_behind
from sources.footers import check_footer
from sources.formats.xlsx.archive import Archive
from sources.formats.xlsx.choice import ROWS_LOOKED_AT, choose_sheet
from sources.formats.xlsx.footer import count_notes
from sources.formats.xlsx.header import Header, HeaderTerms, find_header, told_of_header
from sources.formats.xlsx.merged import spans_of
from sources.formats.xlsx.plain import SheetText
from sources.formats.xlsx.problems import NOT_COMPUTED, REPEATED, breaks, shown, shows, wrong_with
from sources.formats.xlsx.sheet import SheetRow, SheetRows, held
from sources.formats.xlsx.tables import behind_gap, told_of_tables
from sources.formats.xlsx.totals import ends_with_totals
from sources.formats.xlsx.workbook import Sheet, Workbook, read_workbook
from sources.gathering import Gathering, Place, cells_of_rows
from sources.markup import BrokenMarkupError, Markup, Told

SHORT_SHEET = 1 << 20  # bytes of XML: it is looked at up to its end
MOST_TEXT = 16 << 20  # characters of shared texts that rows hold at once, where some are long
LEAST_CELL = 24  # bytes of XML of a cell with a shared text
START = Position(byte=0, row=1, line=1)


@dataclass(frozen=True, slots=True)
class XlsxFormat:
    """Reads one sheet of an Excel workbook (.xlsx, .xlsm)."""

    terms: ReadTerms = field(default_factory=ReadTerms)

    def open(self, file: Path, name: str) -> XlsxReader:
        """Return a reader of the spooled `file`, calling it `name` in faults.

        Raise `FormatError` when it is no workbook, lacks the sheet or has no header.
        """
        with closing(Archive(file, self.terms.limits)) as archive:
            workbook = read_workbook(archive)
            sheet = workbook.sheet(self.terms.layout.sheet)
            opened = Opened(file=file, name=name, workbook=workbook, sheet=sheet, terms=self.terms)
            if self.terms.layout.sheet is None:
                opened = _chosen(opened, archive)
            with closing(Rows(opened, archive)) as rows:
                header = find_header(rows.readable(), _header_terms(opened, archive))
            notes, gap_row = _below(opened, archive, header.last_row)
        return XlsxReader(replace(opened, notes=notes, gap_row=gap_row), header)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A workbook, the sheet that is read, and how.

    `why` is said where it is not the first sheet; `notes` are so many rows at its end. `gap_row` is
    the first one behind an empty one, 0 if there is none.
    """

    file: Path
    name: str
    workbook: Workbook
    sheet: Sheet
    terms: ReadTerms
    why: str = ""
    notes: int = 0
    gap_row: int = 0


def _chosen(opened: Opened, archive: Archive) -> Opened:
    """Return the workbook with the sheet that is meant where nobody says it."""
    sheets = [sheet for sheet in opened.workbook.sheets if sheet.is_visible]
    if len(sheets) <= 1:
        return opened

    def beginning_of(sheet: Sheet) -> list[SheetRow]:
        with closing(Rows(replace(opened, sheet=sheet), archive)) as rows:
            return list(islice(rows.readable(), ROWS_LOOKED_AT))

    sheet, why = choose_sheet(sheets, opened.terms.wanted_in_file, beginning_of)
    return replace(opened, sheet=sheet, why=why)


def _header_terms(opened: Opened, archive: Archive) -> HeaderTerms:
    """Return what is known of the header of the sheet that is read."""
    return HeaderTerms(
        layout=opened.terms.layout,
        file=opened.name,
        others=opened.workbook.others(opened.sheet),
        wanted=opened.terms.wanted_in_file,
        merged_in=lambda rows: spans_of(archive.pieces(opened.sheet.member), rows),
    )


def _below(opened: Opened, archive: Archive, last_row: int) -> tuple[int, int]:
    """Return how many rows at the end of a short sheet are notes or totals, and its `gap_row`.

    If somebody says how many are no data, none is found out.
    """
    if archive.size(opened.sheet.member) > SHORT_SHEET:
        return 0, 0
    with closing(Rows(opened, archive)) as rows:
        behind = (row for row in rows.readable() if row.number > last_row)
        below = held(behind, 4 * MOST_TEXT)
    said = opened.terms.layout.footer_rows
    if said is not None:
        return 0, behind_gap(below[: max(0, len(below) - said)])
    notes = count_notes(below)
    notes += ends_with_totals(below[: len(below) - notes])
    return notes, behind_gap(below[: len(below) - notes])


class Rows:
    """One pass over the rows of a sheet; `byte` is how much of its XML was read."""

    def __init__(self, opened: Opened, archive: Archive) -> None:
        self.byte = 0
        self._opened, self._pieces = opened, archive.pieces(opened.sheet.member)
        self._listener = SheetRows(opened.workbook)
        self._step = max(1, LEAST_CELL * MOST_TEXT // max(1, opened.workbook.texts.longest))
        told = Told(begin=self._listener.begin, end=self._listener.end, text=self._listener.text)
        self._text = SheetText(Markup(told, opened.name), self._listener)

    def each(self) -> Iterator[SheetRow]:
        """Yield the rows that have something in them; raise `BrokenMarkupError` where it breaks."""
        for piece in self._parts():
            self._opened.terms.heartbeat()
            try:
                self._text.take(piece)
            finally:
                yield from self._listener.found
                self._listener.found.clear()
            self.byte += len(piece)
        try:
            self._text.finish()
        finally:
            yield from self._listener.found
            self._listener.found.clear()

    def readable(self) -> Iterator[SheetRow]:
        """Yield the rows before the sheet breaks, if it does."""
        try:
            yield from self.each()
        except BrokenMarkupError:
            return

    def _parts(self) -> Iterator[bytes]:
        """Yield the XML in parts so small that the rows in one do not hold too much text."""
        for piece in self._pieces:
            for begin in range(0, len(piece), self._step):
                yield piece[begin : begin + self._step]

    def close(self) -> None:
        """Let go of the sheet."""
        self._pieces.close()  # type: ignore[attr-defined]


class XlsxReader:
    """An open workbook.

    A sheet is always read from its beginning: `byte` of a position counts what was read of its
    XML, and resuming goes by the row. The line of a row is its number in the sheet.
    """

    def __init__(self, opened: Opened, header: Header) -> None:
        self._opened, self._header = opened, header
        self._behind = told_behind(opened.file)

    @property
    def header(self) -> tuple[str, ...]:
        """Return the column names in file order, unique and not empty."""
        return self._header.names

    @property
    def named(self) -> bool:
        """Tell whether the sheet or the definition names the columns; else they are numbered."""
        return self._header.named

    @property
    def evidence(self) -> dict[str, str]:
        """Return what was detected: which sheet is read, where its data begins, what is renamed."""
        sheet, workbook = self._opened.sheet, self._opened.workbook
        others = ", ".join(map(repr, workbook.others(sheet)))
        found = {"sheet": sheet.name} | ({"other_sheets": f"not read: {others}"} if others else {})
        found |= {"sheet_chosen": self._opened.why} if self._opened.why else {}
        found |= told_of_header(self._header)
        if self._opened.notes:
            told = f"{self._opened.notes} found: notes and totals below the table are no rows"
            found["footer_rows"] = told
        found |= self._behind | told_of_tables(self._opened.gap_row, self._header.gap)
        return found | told_renamed(self._header.renamed)

    def batches(self, resume: Position | None = None) -> Iterator[Batch]:
        """Yield batches in file order from `resume` (or the first data row), in bounded memory."""
        with closing(Archive(self._opened.file, self._opened.terms.limits)) as archive:
            yield from _Reading(self._opened, self._header, resume or START).batches(archive)


class _Reading:
    """One pass over a sheet from row `begin.row` on."""

    def __init__(self, opened: Opened, header: Header, begin: Position) -> None:
        self._opened, self._header, self._begin = opened, header, begin
        self._next, self._line = 1, header.last_row + 1
        self._size = self._given = 0  # characters of texts in what is gathered, and before
        is_telling = header.named and len(header.names) > 1
        self._names = [*header.names] if is_telling else []
        made = partial(cells_of_rows, names=header.names)
        policy = opened.terms.layout.malformed_rows
        self._gathering = Gathering(opened.name, made, len(header.names), policy)

    def batches(self, archive: Archive) -> Iterator[Batch]:
        """Yield the batches; the last `footer_rows` rows are left out."""
        size, said = self._opened.terms.batch_size, self._opened.terms.layout.footer_rows
        footer = self._opened.notes if said is None else said
        held: deque[SheetRow] = deque()
        last, broken = self._begin.byte, None
        with closing(Rows(self._opened, archive)) as rows:
            try:
                for row in rows.each():
                    if row.number > self._header.last_row:
                        held.append(row)
                    if len(held) > footer:
                        self._take(held.popleft())
                    is_full = self._gathering.is_full or self._size > MOST_TEXT
                    if rows.byte - last >= size or is_full:
                        yield from self._gathering.flush(self._end(rows.byte))
                        last = max(rows.byte, self._begin.byte)
                        self._refuse_growth(rows.byte)
            except BrokenMarkupError as exc:
                broken = exc
            if broken is not None:
                self._report(broken)
            check_footer(self._opened.name, self._next - 1 + len(held), said or 0)
            yield from self._gathering.flush(self._end(rows.byte))

    def _refuse_growth(self, byte: int) -> None:
        """Raise `FormatError` if long texts are repeated too often, so many bytes being read."""
        self._given, self._size = self._given + self._size, 0
        what, limits = f"the sheet of {self._opened.name!r}", self._opened.terms.limits
        refuse_bomb(self._given, byte, what, limits)

    def _end(self, byte: int) -> Position:
        return Position(byte=byte, row=self._next, line=self._line)

    def _take(self, row: SheetRow) -> None:
        """Take a row, if it is not before the first that is asked for."""
        place = Place(row=self._next, line=row.number)
        self._next, self._line = self._next + 1, row.number + 1
        if place.row < self._begin.row:
            return
        self._size += row.size
        width, first = len(self._header.names), self._header.first_column
        if row.cells[first:] == self._names:
            self._gathering.reject(REPEATED, place, shown(row))
            return
        problem = wrong_with(row, first, width)
        is_padded = self._gathering.policy is MalformedRows.PAD
        if problem is not None and not (is_padded and not row.too_long):
            self._gathering.reject(problem, place, shown(row))
            return
        cells, typed = row.cells[first : first + width], row.typed[first : first + width]
        missing = width - len(cells)
        self._gathering.keep([*cells, *[""] * missing, typed + bytes(missing)], place)
        if problem is not None:
            self._gathering.note(problem, place, shown(row))
        for column, error in row.errors.items():
            if 0 <= column - first < width:
                self._note_error(column - first, error, place)
        for column in row.uncomputed:
            if 0 <= column - first < width:
                name = self._header.names[column - first]
                self._gathering.note_cell(NOT_COMPUTED, place, name, "")

    def _note_error(self, column: int, error: str, place: Place) -> None:
        self._gathering.note_cell(shows(error), place, self._header.names[column], error)

    def _report(self, error: BrokenMarkupError) -> None:
        """Report where the sheet breaks, as the row that would have come."""
        place = Place(row=self._next, line=self._line)
        self._next += 1
        if place.row < self._begin.row:
            return
        self._gathering.reject(breaks(error), place, "")
