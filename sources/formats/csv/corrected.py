"""Reading rejected rows that a person has corrected: by the columns that say which row each is.

The file is what `sources.formats.csv.rejected` wrote, as it came back from an editor or a
spreadsheet: perhaps with another delimiter, in another encoding, with columns in another order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import polars as pl

from definitions.batches import Batch, Position
from definitions.errors import FormatError
from definitions.faults import Fault, FaultCode, cut
from definitions.rejects import (
    ACCEPTED,
    CODE,
    FORM,
    GIVEN_UP,
    MARKS,
    MASKED,
    PLAIN_FORM,
    ROW,
    CorrectedRows,
    RejectedFile,
    StillMalformed,
    TextForm,
)
from definitions.spreadsheets import original
from sources.base import ReadTerms
from sources.columns import unique_names
from sources.formats.csv.dialect import QUOTE
from sources.formats.csv.handed_in import layout_of
from sources.formats.csv.reader import CsvFormat, CsvReader
from sources.formats.csv.rejected import dialect_of
from sources.formats.csv.row_parser import ParsedRow, behind, parse_row
from sources.gathering import MAX_COLUMNS

_WIDTHS = re.compile(r"expected \d+ fields, found (\d+)")
_WHOLE = r"\.0+$"  # what some programs put behind whole numbers


class CorrectedFile:
    """An open file of corrected rows."""

    def __init__(self, path: Path, name: str, file: RejectedFile, terms: ReadTerms) -> None:
        """Open the corrected rows of `file`; raise `FormatError` if they are not told by number."""
        try:
            layout = layout_of(path, file.form, terms)
            self._reader: CsvReader = CsvFormat(replace(terms, layout=layout), exact=True).open(
                path, name
            )
        except FormatError as exc:  # it speaks of sources, which have options
            reason = str(exc).partition(";")[0]
            msg = f"{name!r} cannot be read as corrected rows: {reason}; save it as CSV"
            raise FormatError(msg) from exc
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
            found, malformed, words = self._parted_rows(batch)
            said = self._words(found)
            given_up = said == GIVEN_UP
            accepted = [row for row, word in words if word == ACCEPTED]
            dropped = [row for row, word in words if word == GIVEN_UP]
            is_wide = self._is_wide(found)
            parted = found.filter(~is_wide & ~given_up)
            yield CorrectedRows(
                frame=self._cells(parted),
                rows=_numbers(parted[ROW]),
                malformed=(*malformed, *self._too_wide(found.filter(is_wide & ~given_up))),
                end=batch.end,
                accepted=frozenset((*accepted, *_numbers(found.filter(said == ACCEPTED)[ROW]))),
                given_up=(*dropped, *_numbers(found.filter(given_up)[ROW])),
            )

    def _parted_rows(
        self, batch: Batch
    ) -> tuple[pl.DataFrame, list[StillMalformed], list[tuple[int, str]]]:
        """Return the rows that can be parted, those that cannot, and what is said of the latter."""
        found, malformed, words = batch.frame, [], []
        for each, word in self._malformed(batch):
            cells = self._quoted(each)
            if cells is None:
                words.append((each.row, word))
                malformed += [] if word == GIVEN_UP else [each]
            else:
                found = found.vstack(pl.DataFrame([cells], schema=found.schema, orient="row"))
        return found, malformed, words

    def _words(self, found: pl.DataFrame) -> pl.Series:
        """Return what stands in the place of the code of each row."""
        if CODE not in found.columns:
            return pl.repeat("", found.height, eager=True)
        return found[CODE].str.strip_chars().str.to_lowercase()

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
                value=cut(",".join((*cells, *others[:last]))),
                code=FaultCode.TOO_MANY_FIELDS,
                message=f"expected {width} fields, found {width + last}",
                rejects_row=True,
            )
            all_cells = (*cells, *others)
            yield StillMalformed(
                row=number,
                fault=fault,
                cells=all_cells,
                text=b"",
                content=_as_json((*cells, *others[:last])),
                as_cells=True,
            )

    def _malformed(self, batch: Batch) -> Iterator[tuple[StillMalformed, str]]:
        """Yield rows that are malformed still, by their numbers as far as they tell them.

        With each comes what stands in the place of its code.
        """
        faults = [fault for fault in batch.faults if fault.rejects_row]
        if not faults or batch.originals is None:
            return
        dialect = dialect_of(batch.originals.form)
        texts = batch.originals.texts([(fault.line, fault.code) for fault in faults])
        for fault, text in zip(faults, texts, strict=True):
            line = (text or b"").rstrip(b"\r\n") + b"\n"
            parsed = parse_row(line, 0, dialect, MAX_COLUMNS)
            fields = [] if parsed is None else _decoded(parsed)
            unquoted = parse_row(line, 0, replace(dialect, quote=None, escape=None), MAX_COLUMNS)
            begin = [] if unquoted is None else _decoded(unquoted)
            is_whole = parsed is not None and parsed.end == len(line)
            cells = self._parted(fields) if is_whole else None
            content = self._as_it_stands(line, batch.originals.form)
            row = StillMalformed(
                row=_number(self._mark(ROW, begin, fields)),
                fault=self._without_marks(fault),
                cells=cells,
                text=text or b"",
                content=content or _as_json(cells or self._parted(begin)),
                as_cells=content is None,
            )
            yield row, self._mark(CODE, begin, fields).strip().lower()

    def _mark(self, name: str, begin: list[str], fields: list[str]) -> str:
        """Return a mark of a row: at its beginning it is known whatever its quotes do."""
        header = self._reader.header
        place = header.index(name) if name in header else len(header)
        known = begin if place <= MARKS.index(name) else fields
        return known[place].strip("'\"") if place < len(known) else ""

    def _as_it_stands(self, line: bytes, form: TextForm) -> bytes | None:
        """Return a row as it would stand in its file; None unless that is how it was handed in."""
        of = self._file.form or PLAIN_FORM
        written, before = ((each.delimiter, each.quote, each.escape) for each in (form, of))
        if written != before or tuple(self._reader.header) != (*MARKS, *self._names):
            return None
        content = behind(line.rstrip(b"\n"), dialect_of(form), len(MARKS))
        return None if content is None else content + of.record_end.encode()

    def _parted(self, fields: list[str]) -> tuple[str, ...]:
        """Return the cells of a row under the header of its file, and those that are too many."""
        header = self._reader.header
        named = dict(zip(header, fields, strict=False))
        surplus = (named.get(name, "") for name in self._reader.unnamed)
        cells = (*(named.get(name, "") for name in self._names), *surplus, *fields[len(header) :])
        return tuple(map(original, cells)) if self._is_spreadsheet else cells

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
        parsed = parse_row(line, 0, dialect, width)
        if parsed is None or parsed.stray_quote or (parsed.width, parsed.end) != (width, len(line)):
            return None
        return _decoded(parsed)

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
    numbers = cells.str.strip_chars().str.replace(_WHOLE, "").cast(pl.Int64, strict=False)
    found: list[int] = numbers.fill_null(0).to_list()
    return found


def _number(mark: str) -> int:
    """Return the number of a row, 0 if it is none."""
    with suppress(ValueError):
        return int(re.sub(_WHOLE, "", mark))
    return 0


def _as_json(cells: Sequence[str]) -> bytes:
    """Return cells as they are kept."""
    return json.dumps(list(cells), ensure_ascii=False).encode()


def _decoded(parsed: ParsedRow) -> list[str]:
    return [field.decode(errors="replace") for field in parsed.fields]
