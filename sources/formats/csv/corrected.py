"""Reading rejected rows that a person has corrected: by the columns that say which row each is.

The file is what `sources.formats.csv.rejected` wrote, as it came back from an editor or a
spreadsheet: perhaps with another delimiter, in another encoding, with columns in another order. How
it is written is told by its first line, which begins with names that are known.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import polars as pl

from definitions.batches import Batch, Position
from definitions.errors import FormatError
from definitions.faults import Fault, FaultCode
from definitions.model import FileFormat, MalformedRows, RecordEnd
from definitions.rejects import (
    FORM,
    LINE,
    MARKS,
    MASKED,
    ROW,
    CorrectedRows,
    RejectedFile,
    TextForm,
)
from sources.base import ReadTerms
from sources.columns import unique_names
from sources.encoding import open_text, text_kind
from sources.formats.csv.reader import CsvFormat, CsvReader
from sources.formats.csv.record import read_record
from sources.formats.csv.rejected import WIDE, dialect_of

HEAD = 1 << 16
QUOTE = b'"'
_WIDTHS = re.compile(r"expected (\d+) fields, found (\d+)")
_BEGIN = re.compile(rb"(['\"]?)_line\1(.{1,16}?)\1_row\1")


class CorrectedFile:
    """An open file of corrected rows."""

    def __init__(self, path: Path, name: str, file: RejectedFile, terms: ReadTerms) -> None:
        """Open the corrected rows of `file`; raise `FormatError` if they are not told by number."""
        layout = _layout(path, file.form, terms)
        self._reader: CsvReader = CsvFormat(replace(terms, layout=layout), exact=True).open(
            path, name
        )
        self._file = file
        found = self._reader.header
        if MASKED in found and MASKED not in file.header:
            msg = (
                f"{name!r} holds masked cells, which nobody may load: correct the rows that "
                "`runs rejects --unmasked` hands out"
            )
            raise FormatError(msg)
        self._is_spreadsheet = FORM in found
        marks = (*MARKS, FORM) if self._is_spreadsheet else MARKS
        self._names = unique_names((*marks, *file.header))[len(marks) :]
        if missing := [name for name in (ROW, *self._names) if name not in found]:
            msg = (
                f"{name!r} lacks the columns {', '.join(map(repr, missing))}: correct cells of the "
                "file that was handed out, and leave all its columns in"
            )
            raise FormatError(msg)

    def batches(self, resume: Position | None = None) -> Iterator[CorrectedRows]:
        """Yield the corrected rows in the order of the file."""
        for batch in self._reader.batches(resume):
            found, malformed = batch.frame, []
            for number, fault, text in _malformed(batch):
                cells = self._quoted(fault, text)
                if cells is None:
                    malformed.append((number, self._without_marks(fault)))
                else:
                    row = pl.DataFrame([cells], schema=found.schema, orient="row")
                    found = found.vstack(row)
            frame = found.select(
                pl.col(name).alias(old)
                for name, old in zip(self._names, self._file.header, strict=True)
            )
            yield CorrectedRows(
                frame=_undone(frame) if self._is_spreadsheet else frame,
                rows=_numbers(found[ROW]),
                malformed=tuple(malformed),
                end=batch.end,
            )

    def _quoted(self, fault: Fault, text: bytes) -> list[str] | None:
        """Return the cells of a row in which a person put quotes around a delimiter.

        Where no quotes were found in a file, a delimiter too many is all the more likely to be
        corrected that way. None if it is no such row.
        """
        form, width = self._file.form, len(self._reader.header)
        if form is None or form.quote is not None or fault.code is not FaultCode.TOO_MANY_FIELDS:
            return None
        dialect = replace(dialect_of(form), quote=QUOTE, escape=QUOTE)
        line = text.rstrip(b"\r\n") + b"\n"
        record = read_record(line, 0, dialect, width)
        if record is None or record.stray_quote or (record.width, record.end) != (width, len(line)):
            return None
        return [field.decode(errors="replace") for field in record.fields]

    def _without_marks(self, fault: Fault) -> Fault:
        """Return a fault that counts the fields of the row, not those that tell which row it is."""
        marks = len(self._reader.header) - len(self._names)

        def less(found: re.Match[str]) -> str:
            return f"expected {int(found[1]) - marks} fields, found {int(found[2]) - marks}"

        return replace(fault, message=_WIDTHS.sub(less, fault.message))


def _undone(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the cells without the apostrophes that `definitions.spreadsheets` put before some."""
    cells = pl.all()
    is_neutral = cells.str.contains(r"^'+[=+\-@\t\r]")
    return frame.select(pl.when(is_neutral).then(cells.str.slice(1)).otherwise(cells))


def _numbers(cells: pl.Series) -> list[int]:
    """Return the numbers of rows; 0, which no row has, for what is none."""
    numbers = cells.str.strip_chars().cast(pl.Int64, strict=False)
    found: list[int] = numbers.fill_null(0).to_list()
    return found


def _malformed(batch: Batch) -> Iterator[tuple[int, Fault, bytes]]:
    """Yield rows that are malformed still, with their numbers as far as their beginnings tell."""
    faults = [fault for fault in batch.faults if fault.rejects_row]
    if not faults or batch.originals is None:
        return
    dialect = dialect_of(batch.originals.form)
    texts = batch.originals.texts([(fault.line, fault.code) for fault in faults])
    for fault, text in zip(faults, texts, strict=True):
        number = 0
        line = (text or b"").rstrip(b"\r\n") + b"\n"
        record = read_record(line, 0, replace(dialect, quote=None, escape=None), 2)
        with suppress(ValueError, IndexError):
            number = int(record.fields[1].strip(b"'\"")) if record else 0
        yield number, fault, text or b""


def _layout(path: Path, form: TextForm | None, terms: ReadTerms) -> FileFormat:
    """Return how the file is written, as its first line tells; what it does not is found out."""
    encoding = _encoding(path, form)
    kind = text_kind(path, terms.limits, None, encoding)
    with closing(open_text(path, kind, 0, terms.limits)) as text:
        head = text.read(HEAD)
    begin = _BEGIN.match(head)
    layout = FileFormat(
        type="csv",
        encoding=encoding,
        header_rows=1,
        skip_rows=0,
        malformed_rows=MalformedRows.REJECT,
    )
    if begin is None:
        return layout
    delimiter = begin[2].decode(errors="replace")
    is_spreadsheet = FORM.encode() in head.partition(b"\n")[0]
    if form is None or delimiter != form.delimiter or is_spreadsheet:
        return replace(layout, delimiter=delimiter, quote='"', escape='"')
    end = RecordEnd.CR if form.record_end == "\r" else RecordEnd.LF
    quote, escape = form.quote or "", form.escape or ""
    return replace(layout, delimiter=delimiter, quote=quote, escape=escape, record_end=end)


def _encoding(path: Path, form: TextForm | None) -> str | None:
    """Return the encoding of rows that stand as in their file; None: it is to be found out.

    What went through a spreadsheet, or an editor that writes UTF-8, is in whatever that writes.
    """
    with path.open("rb") as stream:
        begin = stream.read(HEAD).removeprefix(codecs.BOM_UTF8)
    line = begin.partition(b"\n")[0]
    if form is None or FORM.encode() in line:
        return None
    is_narrow = begin.lstrip(b"'\"").startswith(LINE.encode())
    return None if is_narrow and form.encoding in WIDE else form.encoding
