"""Reading rejected rows that a person has corrected: by the columns that say which row each is.

The file is what `sources.formats.csv.rejected` wrote, as it came back from an editor or a
spreadsheet: perhaps with another delimiter, in another encoding, with columns in another order. How
it is written is told by its first line, which begins with names that are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import polars as pl

from definitions.batches import Batch, Position
from definitions.errors import FormatError
from definitions.faults import SHOWN_CHARACTERS, Fault, FaultCode
from definitions.model import FileFormat, MalformedRows, RecordEnd
from definitions.rejects import (
    ACCEPTED,
    CODE,
    FORM,
    LINE,
    MARKS,
    MASKED,
    ROW,
    CorrectedRows,
    RejectedFile,
    StillMalformed,
    TextForm,
)
from sources.base import ReadTerms
from sources.columns import unique_names
from sources.encoding import TextKind, open_text, text_kind
from sources.formats.csv.dialect import MAX_COLUMNS
from sources.formats.csv.reader import CsvFormat, CsvReader
from sources.formats.csv.record import Record, read_record
from sources.formats.csv.rejected import WIDE, dialect_of

HEAD = 1 << 16
QUOTE = b'"'
USUAL_PLACE = MARKS.index(ROW)
_WIDTHS = re.compile(r"expected \d+ fields, found (\d+)")
_BEGIN = re.compile(rb"(['\"]?)_line\1(.{1,16}?)\1_row\1")


class CorrectedFile:
    """An open file of corrected rows."""

    def __init__(self, path: Path, name: str, file: RejectedFile, terms: ReadTerms) -> None:
        """Open the corrected rows of `file`; raise `FormatError` if they are not told by number."""
        try:
            layout = _layout(path, file.form, terms)
        except FormatError as exc:  # it speaks of sources, which have options
            reason = str(exc).partition(";")[0]
            msg = f"{name!r} cannot be read as corrected rows: {reason}; save it as CSV"
            raise FormatError(msg) from exc
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
            for each in self._malformed(batch):
                cells = self._quoted(each)
                if cells is None:
                    malformed.append(each)
                else:
                    row = pl.DataFrame([cells], schema=found.schema, orient="row")
                    found = found.vstack(row)
            is_wide = self._is_wide(found)
            malformed += self._too_wide(found.filter(is_wide))
            found = found.filter(~is_wide)
            yield CorrectedRows(
                frame=self._cells(found),
                rows=_numbers(found[ROW]),
                malformed=tuple(malformed),
                end=batch.end,
                accepted=self._accepted(found),
            )

    def _cells(self, found: pl.DataFrame) -> pl.DataFrame:
        """Return the cells of rows under the header of their file."""
        columns = zip(self._names, self._file.header, strict=True)
        frame = found.select(pl.col(name).alias(old) for name, old in columns)
        return _undone(frame) if self._is_spreadsheet else frame

    def _is_wide(self, found: pl.DataFrame) -> pl.Series:
        """Tell of each row whether it has cells that are not empty behind the last column.

        A spreadsheet fills up the header, too, to the width of the widest row.
        """
        cells = (pl.col(name).str.strip_chars() != "" for name in self._reader.unnamed)
        return found.select(pl.any_horizontal(pl.lit(value=False), *cells).alias("")).to_series()

    def _too_wide(self, found: pl.DataFrame) -> Iterator[StillMalformed]:
        """Yield rows that have more cells than there are columns."""
        width = len(self._names)
        surplus = found.select(self._reader.unnamed).rows()
        parted = zip(_numbers(found[ROW]), self._cells(found).rows(), surplus, strict=True)
        for number, cells, others in parted:
            last = max(place for place, cell in enumerate(others, start=1) if cell.strip())
            fault = Fault(
                file="",
                row=number,
                line=0,
                column=None,
                value=",".join((*cells, *others[:last]))[:SHOWN_CHARACTERS],
                code=FaultCode.TOO_MANY_FIELDS,
                message=f"expected {width} fields, found {width + last}",
                rejects_row=True,
            )
            yield StillMalformed(row=number, fault=fault, cells=(*cells, *others), text=b"")

    def _accepted(self, found: pl.DataFrame) -> frozenset[int]:
        """Return the numbers of rows whose code a person replaced: they are right as they are."""
        if CODE not in found.columns:
            return frozenset()
        is_accepted = found[CODE].str.strip_chars().str.to_lowercase() == ACCEPTED
        return frozenset(_numbers(found.filter(is_accepted)[ROW]))

    def _malformed(self, batch: Batch) -> Iterator[StillMalformed]:
        """Yield rows that are malformed still, with their numbers as far as they tell them."""
        faults = [fault for fault in batch.faults if fault.rejects_row]
        if not faults or batch.originals is None:
            return
        dialect = dialect_of(batch.originals.form)
        texts = batch.originals.texts([(fault.line, fault.code) for fault in faults])
        for fault, text in zip(faults, texts, strict=True):
            line = (text or b"").rstrip(b"\r\n") + b"\n"
            record = read_record(line, 0, dialect, MAX_COLUMNS)
            fields = [] if record is None else _decoded(record)
            unquoted = read_record(line, 0, replace(dialect, quote=None, escape=None), MAX_COLUMNS)
            begin = [] if unquoted is None else _decoded(unquoted)
            yield StillMalformed(
                row=self._number(begin, fields),
                fault=self._without_marks(fault),
                cells=None if record is None or record.end != len(line) else self._parted(fields),
                text=text or b"",
            )

    def _number(self, begin: list[str], fields: list[str]) -> int:
        """Return the number of a row: at its beginning it is known whatever its quotes do."""
        place = self._reader.header.index(ROW)
        known = begin if place <= USUAL_PLACE else fields
        with suppress(ValueError, IndexError):
            return int(known[place].strip("'\""))
        return 0

    def _parted(self, fields: list[str]) -> tuple[str, ...]:
        """Return the cells of a row under the header of its file, and those that are too many."""
        header = self._reader.header
        named = dict(zip(header, fields, strict=False))
        surplus = (named.get(name, "") for name in self._reader.unnamed)
        return (*(named.get(name, "") for name in self._names), *surplus, *fields[len(header) :])

    def _quoted(self, malformed: StillMalformed) -> list[str] | None:
        """Return the cells of a row in which a person put quotes around a delimiter.

        Where no quotes were found in a file, a delimiter too many is all the more likely to be
        corrected that way. None if it is no such row.
        """
        form, width = self._file.form, len(self._reader.header)
        is_wide = malformed.fault.code is FaultCode.TOO_MANY_FIELDS
        if form is None or form.quote is not None or not is_wide:
            return None
        dialect = replace(dialect_of(form), quote=QUOTE, escape=QUOTE)
        line = malformed.text.rstrip(b"\r\n") + b"\n"
        record = read_record(line, 0, dialect, width)
        if record is None or record.stray_quote or (record.width, record.end) != (width, len(line)):
            return None
        return _decoded(record)

    def _without_marks(self, fault: Fault) -> Fault:
        """Return a fault that counts the fields of the row, not those that tell which row it is."""
        width = len(self._names)
        marks = len(self._reader.header) - width - len(self._reader.unnamed)

        def less(found: re.Match[str]) -> str:
            return f"expected {width} fields, found {int(found[1]) - marks}"

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


def _decoded(record: Record) -> list[str]:
    return [field.decode(errors="replace") for field in record.fields]


def _layout(path: Path, form: TextForm | None, terms: ReadTerms) -> FileFormat:
    """Return how the file is written, as its first line tells; what it does not is found out."""
    encoding, head = _beginning(path, form, terms)
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
    if form is None or delimiter != form.delimiter or _is_for_spreadsheet(head):
        return replace(layout, delimiter=delimiter, quote='"', escape='"')
    end = RecordEnd.CR if form.record_end == "\r" else RecordEnd.LF
    quote, escape = form.quote or "", form.escape or ""
    return replace(layout, delimiter=delimiter, quote=quote, escape=escape, record_end=end)


def _beginning(path: Path, form: TextForm | None, terms: ReadTerms) -> tuple[str | None, bytes]:
    """Return the encoding of rows that stand as in their file, None if it is to be found out.

    And the beginning of the text. What went through a spreadsheet, or an editor that writes UTF-8,
    is in whatever that writes, and so is what begins with a byte order mark.
    """
    found = text_kind(path, terms.limits)
    head = _head(path, found, terms)
    tells_itself = found.mark_size > 0 or found.encoding in WIDE
    if form is None or tells_itself or _is_for_spreadsheet(head):
        return None, head
    is_narrow = head.lstrip(b"'\"").startswith(LINE.encode())
    if is_narrow and form.encoding in WIDE:
        return None, head
    kind = text_kind(path, terms.limits, None, form.encoding)
    return form.encoding, _head(path, kind, terms)


def _head(path: Path, kind: TextKind, terms: ReadTerms) -> bytes:
    with closing(open_text(path, kind, 0, terms.limits)) as text:
        return text.read(HEAD)


def _is_for_spreadsheet(head: bytes) -> bool:
    """Tell whether the first line is that of rows handed out for a spreadsheet."""
    return FORM.encode() in head.partition(b"\n")[0]
