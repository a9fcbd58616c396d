"""Writing rejected rows as delimited text: as they stand in their file, or for a spreadsheet.

Before the columns of the file stand those that say which row it is and what is wrong: before, as
nobody knows how many fields a malformed row has. Behind them a row stands byte by byte as it did in
its file, so that a person finds the very fault.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from definitions.faults import OF_ROWS, FaultCode
from definitions.masking import NOTHING_MASKED, Masking
from definitions.rejects import (
    FORM,
    MARKS,
    MASKED,
    PLAIN_FORM,
    SPREADSHEET,
    RejectedFile,
    RejectedRow,
    TextForm,
)
from definitions.spreadsheets import neutral
from sources.alphabets import WINDOWS_1252
from sources.encoding import WINDOWS_1252_TABLE
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.repair import repair
from sources.formats.csv.row_terms import RowTerms
from sources.formats.csv.whole_row import parse_whole_row
from sources.gathering import MAX_COLUMNS
from sources.utf_8 import UTF_8

WIDE = {"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"}
SPREADSHEET_FORM = replace(PLAIN_FORM, mark=True)
YES = "yes"
_CODES = {character: code for code, character in enumerate(WINDOWS_1252_TABLE)}


def original_lines(file: RejectedFile, rows: Iterable[RejectedRow]) -> Iterator[bytes]:
    """Yield the file that holds the rows as they stand in theirs, in its encoding and dialect."""
    form = file.form or PLAIN_FORM
    end = form.record_end.encode()
    yield _head(MARKS, file, form)
    for row in rows:
        marks, content = _joined(_marks(row), form), _content(row, form)
        if not content.endswith((b"\n", b"\r")):
            content += end
        yield encoded(marks + form.delimiter.encode() + content, form)


def masked_lines(
    file: RejectedFile, rows: Iterable[RejectedRow], masking: Masking
) -> Iterator[bytes]:
    """Yield the same with cells masked, to be looked at: nobody can hand that in."""
    form = file.form or PLAIN_FORM
    end = form.record_end.encode()
    yield _head((*MARKS, MASKED), file, form)
    for row in rows:
        told = (*_marks(row), YES, *masked_cells(row, file, masking))
        yield encoded(_joined(told, form) + end, form)


def spreadsheet_lines(
    file: RejectedFile, rows: Iterable[RejectedRow], masking: Masking = NOTHING_MASKED
) -> Iterator[bytes]:
    """Yield the rows as CSV that a spreadsheet opens, with no cell that could run."""
    form = SPREADSHEET_FORM
    end = form.record_end.encode()
    marks, said = (
        ((FORM, MASKED), (SPREADSHEET, YES)) if masking.applies else ((FORM,), (SPREADSHEET,))
    )
    yield _head((*MARKS, *marks), file, form)
    for row in rows:
        told = (*_marks(row), *said, *masked_cells(row, file, masking))
        yield _joined([neutral(cell) for cell in told], form) + end


def masked_cells(row: RejectedRow, file: RejectedFile, masking: Masking) -> list[str]:
    """Return the cells of a row as far as they may be seen: of a malformed one perhaps none."""
    if masking.applies and row.code in OF_ROWS:
        return masking.cells(file.header, ())
    return masking.cells(file.header, cells_of(row, file.form or PLAIN_FORM))


def cells_of(row: RejectedRow, form: TextForm) -> list[str]:
    """Return the cells of a row; of a malformed one as well as can be."""
    content = row.content or b""
    if row.as_cells:
        return [str(cell) for cell in json.loads(content)] if content else []
    line = content.rstrip(b"\r\n")
    dialect = dialect_of(form)
    parsed = parse_whole_row(line, dialect, MAX_COLUMNS)
    if parsed is None:
        code = FaultCode(row.code) if row.code in set(FaultCode) else FaultCode.UNCLOSED_QUOTE
        row_terms = RowTerms(file="", dialect=dialect, width=line.count(dialect.delimiter) + 1)
        fields = repair(line, code, row_terms).fields
    else:
        fields = parsed.fields
    return [field.decode(errors="replace") for field in fields]


def dialect_of(form: TextForm) -> Dialect:
    """Return how rows of the form are read."""
    return Dialect(
        delimiter=form.delimiter.encode(),
        quote=None if form.quote is None else form.quote.encode("latin-1"),
        escape=None if form.escape is None else form.escape.encode("latin-1"),
    )


def encoded(text: bytes, form: TextForm) -> bytes:
    """Return UTF-8 in the form's encoding; bytes that are no UTF-8 stay in a file of UTF-8.

    In another encoding they were lost when the file was read, and a question mark stands for them.
    """
    if form.encoding == UTF_8:
        return text
    characters = text.decode(errors="surrogatepass")
    if form.encoding == WINDOWS_1252:
        return bytes(_CODES.get(character, ord("?")) for character in characters)
    return characters.encode(form.encoding, errors="replace")


def _head(marks: Sequence[str], file: RejectedFile, form: TextForm) -> bytes:
    """Return the first line, with the byte order mark before it."""
    names = _joined((*marks, *file.header), form)
    return _mark(form) + encoded(names + form.record_end.encode(), form)


def _mark(form: TextForm) -> bytes:
    """Return the byte order mark; wide characters always have one, which tells what they are."""
    if form.encoding == UTF_8:
        return codecs.BOM_UTF8 if form.mark else b""
    return "\ufeff".encode(form.encoding) if form.encoding in WIDE else b""


def _marks(row: RejectedRow) -> tuple[str, ...]:
    """Return which row it is and what is wrong with it, in the order of `MARKS`."""
    return (str(row.line), str(row.row), row.code, row.column or "", row.message)


def _content(row: RejectedRow, form: TextForm) -> bytes:
    """Return the row behind the marks."""
    if row.as_cells and row.content:
        return _joined(cells_of(row, form), form)
    return row.content or b""


def _joined(cells: Sequence[str], form: TextForm) -> bytes:
    """Return a row of the cells, without its end."""
    return form.delimiter.join(_field(cell, form) for cell in cells).encode(errors="surrogatepass")


def _field(cell: str, form: TextForm) -> str:
    """Return a cell as it is written; what the form has no marks for becomes a space."""
    special = [form.delimiter, "\r", "\n", *(mark for mark in (form.quote, form.escape) if mark)]
    if not any(mark in cell for mark in special):
        return cell
    if form.quote is not None and form.escape is not None:
        for mark in dict.fromkeys((form.escape, form.quote)):  # the escape first
            cell = cell.replace(mark, form.escape + mark)
        return f"{form.quote}{cell}{form.quote}"
    if form.escape is not None:
        for mark in dict.fromkeys((form.escape, form.delimiter, "\r", "\n")):
            cell = cell.replace(mark, form.escape + mark)
        return cell
    if form.quote is not None:
        return f"{form.quote}{cell}{form.quote}"
    for mark in (form.delimiter, "\r", "\n"):
        cell = cell.replace(mark, " ")
    return cell
