"""Delimited text as column batches: what the splitter cuts goes through polars, as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from definitions.batches import Batch, Position
from definitions.model import MalformedRows
from sources.base import ReadTerms
from sources.columns import told_renamed
from sources.compression import refuse_web_page
from sources.encoding import SAMPLE_SIZE, TextKind, open_text, text_kind
from sources.formats.csv.batching import batch_of, without_footer
from sources.formats.csv.block_builder import Block
from sources.formats.csv.detection import (
    Detection,
    detect,
    told_of_changes,
    with_line_ends,
    without_notes,
    without_what_is_around,
)
from sources.formats.csv.dialect import END_MARK
from sources.formats.csv.header import Header, HeaderTerms, find_line, read_header
from sources.formats.csv.originals import Written
from sources.formats.csv.row_terms import RowTerms
from sources.formats.csv.splitter import BLOCK_SIZE, split
from sources.formats.csv.structural_index import BOM
from sources.gathering import MOST_FAULTS, Place, malformed

FIRST_SIZE = BLOCK_SIZE // 2  # bytes that are enough for the first batch: one block has more
END_SIZE = 1 << 14  # bytes in which notes are looked for below the table of a long file
MANY_ROWS = 20_000  # that are enough for a batch, however short: each costs memory of its own
EMPTY_NAMES = "names in it are empty and no column has them; they are left out"
STRAY_QUOTES = "quotes in it are out of place; its line is read as well as can be"


@dataclass(frozen=True, slots=True)
class CsvFormat:
    """Reads delimited text, plain or packed, in any encoding and dialect."""

    terms: ReadTerms = field(default_factory=ReadTerms)
    block_size: int = BLOCK_SIZE
    exact: bool = False  # the header names every column, however wide most rows are

    def open(self, file: Path, name: str) -> CsvReader:
        """Return a reader of the spooled `file`, calling it `name` in faults.

        Raise `FormatError` when there is no readable header.
        """
        layout = self.terms.layout
        kind = text_kind(file, self.terms.limits, layout.member, layout.encoding)
        sample = self._sample(file, kind, 0)
        refuse_web_page(sample)
        kind, sample = self._changed(file, kind, sample)
        complete = len(sample) < SAMPLE_SIZE
        found = detect(sample, layout, self.terms.wanted_in_file, complete=complete)
        if not complete and kind.seekable:
            found = self._with_end(file, kind, found)
        begin = self._header_begin(file, kind, found)
        if begin.byte:
            sample = self._sample(file, kind, begin.byte)
        terms = HeaderTerms(
            file=name,
            dialect=replace(
                found.dialect, delimiter=found.header_delimiter or found.dialect.delimiter
            ),
            rows=found.header_rows,
            width=0 if self.exact else found.width,
            names_rows=found.names_rows and not self.exact,
            has_empty_names=found.has_empty_names and not self.exact,
            lenient=layout.malformed_rows is not MalformedRows.FAIL,
            given=layout.column_names,
        )
        header = read_header(sample, begin, terms, complete=len(sample) < SAMPLE_SIZE)
        row_terms = RowTerms(
            file=name,
            dialect=found.dialect,
            width=len(header.names),
            header=_repeated_header(sample[: header.data.byte - begin.byte], found),
            traits=found.traits,
            malformed_rows=layout.malformed_rows,
        )
        opened = Opened(file=file, kind=kind, found=found, header=header, row_terms=row_terms)
        return CsvReader(self, opened)

    def _sample(self, file: Path, kind: TextKind, begin: int) -> bytes:
        """Return the first megabyte from `begin` on, less if it is all, without the end of DOS."""
        with closing(open_text(file, kind, begin, self.terms.limits)) as text:
            sample = text.read(SAMPLE_SIZE)
        return sample if len(sample) == SAMPLE_SIZE else sample.removesuffix(END_MARK)

    def _changed(self, file: Path, kind: TextKind, sample: bytes) -> tuple[TextKind, bytes]:
        """Return how the text is read with line ends, and without what is around its rows."""
        layout, lined = self.terms.layout, with_line_ends(kind, sample, self.terms.layout)
        if lined != kind:
            sample = self._sample(file, lined, 0)
        complete = len(sample) < SAMPLE_SIZE
        bare = without_what_is_around(lined, sample, layout, complete=complete)
        return bare, sample if bare == lined else self._sample(file, bare, 0)

    def _with_end(self, file: Path, kind: TextKind, found: Detection) -> Detection:
        """Return what was found with the notes at the end of a file of which any place is near."""
        begin = max(0, file.stat().st_size - kind.mark_size - END_SIZE)
        with closing(open_text(file, kind, begin, self.terms.limits)) as text:
            return without_notes(found, self.terms.layout, text.read(END_SIZE), begin)

    def _header_begin(self, file: Path, kind: TextKind, found: Detection) -> Position:
        """Return where the header begins, behind the lines that are skipped."""
        with closing(open_text(file, kind, 0, self.terms.limits)) as text:
            return find_line(text.read, found.skip_rows, found.dialect)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Everything that is known about a file before its rows are read."""

    file: Path
    kind: TextKind
    found: Detection
    header: Header
    row_terms: RowTerms


class CsvReader:
    """An open delimited file."""

    def __init__(self, settings: CsvFormat, opened: Opened) -> None:
        self._settings, self._opened = settings, opened

    @property
    def header(self) -> tuple[str, ...]:
        """Return the column names in file order, unique and not empty."""
        return self._opened.header.names

    @property
    def named(self) -> bool:
        """Tell whether the file or the definition names the columns."""
        return self._opened.header.named

    @property
    def unnamed(self) -> tuple[str, ...]:
        """Return those of the columns for which the file has no name."""
        return tuple(new for new, old in self._opened.header.renamed.items() if not old)

    @property
    def evidence(self) -> dict[str, str]:
        """Return what was detected: how the file is written, and which columns were renamed."""
        opened = self._opened
        encoding = f"{opened.kind.encoding} {opened.kind.why}"
        found = opened.kind.packing.told | {"encoding": encoding}
        if not opened.kind.makes_sense:
            found["characters"] = (
                f"words make little sense in {opened.kind.encoding}, which is assumed; say in "
                "'source.format.encoding' what the file is written in, such as 'cp1250'"
            )
        if opened.kind.contradicted:
            found["characters"] = (
                f"{opened.kind.encoding} is given, but {opened.kind.contradicted}; leave out "
                "'source.format.encoding', or say there what the file is written in"
            )
        found |= told_of_changes(opened.kind)
        found |= told_renamed(opened.header.renamed) | _told_of_header(opened.header)
        return found | dict(opened.found.evidence)

    def batches(self, resume: Position | None = None) -> Iterator[Batch]:
        """Yield batches in file order from `resume` (or the first data row), in bounded memory.

        Raise `FormatError` at the first malformed row where the definition wants that.
        """
        layout, batches = self._settings.terms.layout, self._batches(resume)
        if layout.footer_rows:  # given; a footer that is found is not read at all
            whole_file = self._opened.row_terms.file if resume is None else None
            batches = without_footer(batches, layout.footer_rows, whole_file)
        for batch in batches:
            if batch.faults and layout.malformed_rows is MalformedRows.FAIL:
                fault = batch.faults[0]
                place = Place(row=fault.row, line=fault.line)
                raise malformed(fault.file, place, fault.message)
            yield batch

    def _batches(self, resume: Position | None) -> Iterator[Batch]:
        """Yield batches of all rows, the last ones of the file included.

        The first of a long file is small: the sooner there is something to write, the better.
        """
        opened, terms = self._opened, self._settings.terms
        begin = resume or opened.header.data
        written = Written(dialect=opened.found.dialect, kind=opened.kind)
        stream = open_text(opened.file, opened.kind, begin.byte, terms.limits, terms.heartbeat)
        with closing(stream) as text:
            blocks: list[Block] = []
            size = min(self._settings.block_size, terms.batch_size)
            read = _until(text.read, opened.found.end, begin.byte)
            wanted = terms.batch_size if resume else min(FIRST_SIZE, terms.batch_size)
            for block in split(read, opened.row_terms, begin, size):
                blocks.append(block)
                if self._is_enough(blocks, begin, wanted):
                    wanted = terms.batch_size
                    yield from batch_of(blocks, opened.row_terms.file, self.header, written)
                    blocks, begin = [], block.end
            yield from batch_of(blocks, opened.row_terms.file, self.header, written)

    def _is_enough(self, blocks: list[Block], begin: Position, wanted: int) -> bool:
        """Tell whether blocks from `begin` on make a batch, which ends with the last of them."""
        size = blocks[-1].end.byte - begin.byte
        rows = sum(len(block.rows) for block in blocks)
        faults = sum(len(block.faults) for block in blocks)
        return size >= wanted or rows >= MANY_ROWS or faults >= MOST_FAULTS


def _told_of_header(header: Header) -> dict[str, str]:
    """Return what a person reads about names that were not taken as they stand."""
    told = [EMPTY_NAMES] * header.shortened + [STRAY_QUOTES] * header.mended
    return {"header": "; ".join(told)} if told else {}


def _repeated_header(text: bytes, found: Detection) -> bytes:
    """Return how a row is written that is the header `text` again; empty: every row is data.

    Where the header is not sure to be one, only with the mark before it that begins a file.
    """
    header = text.strip(b"\r\n")
    if found.header_rows != 1 or found.width == 1 or not header:
        return b""
    return header if found.is_header_sure else BOM + header


def _until(read: Callable[[int], bytes], end: int | None, begin: int) -> Callable[[int], bytes]:
    """Return what reads from the offset `begin` no further than to the offset `end`, if any."""
    if end is None:
        return read
    left = max(0, end - begin)

    def read_some(size: int) -> bytes:
        nonlocal left
        data = read(min(size, left))
        left -= len(data)
        return data

    return read_some
