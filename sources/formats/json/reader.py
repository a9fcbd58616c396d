"""JSON as column batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from definitions.batches import Batch, Position
from definitions.model import MalformedRows
from sources.base import ReadTerms
from sources.compression import ByteStream
from sources.declared import declared_kind, no_declaration
from sources.encoding import SAMPLE_SIZE, TextKind, open_text
from sources.formats.json.actions import TOLD as ABOUT_DOCUMENTS
from sources.formats.json.arrays import WHOLE
from sources.formats.json.document import find_layout
from sources.formats.json.layout import LINE_END, SEQUENCE_MARK, Layout
from sources.formats.json.quoted import may_be_quoted, unquoted
from sources.formats.json.record import cells_of
from sources.formats.json.reshaping import may_be_reshaped, refuse_pieces, reshaped
from sources.formats.json.splitter import BLOCK_SIZE, split
from sources.formats.json.text import Text, before_text
from sources.formats.json.turning import LONGEST, Turned, may_be_columns, turned
from sources.gathering import MAX_COLUMNS, Gathering, columns_of

QUOTED = {"packed": "as a text of JSON, with JSON in it; lines are those of that"}
PROBE, MOST_LISTED = 1 << 10, 10
SHAPES = {LINE_END: "lines", SEQUENCE_MARK: "sequence"}


@dataclass(frozen=True, slots=True)
class JsonFormat:
    """Reads JSON, plain or compressed: an array of objects, or one object per line."""

    terms: ReadTerms = field(default_factory=ReadTerms)
    block_size: int = BLOCK_SIZE

    def open(self, file: Path, name: str) -> JsonReader:
        """Return a reader of the spooled `file`, calling it `name` in faults.

        Raise `FormatError` when there is no place in it where records can be.
        """
        kind = declared_kind(file, self.terms, no_declaration)
        opened = _unpacked(_Opened(file=file, kind=kind, terms=self.terms))
        with closing(opened.at(0)) as stream:
            sample = stream.read(SAMPLE_SIZE + 1)
        complete = len(sample) <= SAMPLE_SIZE
        begin, told, is_dump = before_text(sample)
        text = Text(
            name=name,
            sample=sample[begin.byte : SAMPLE_SIZE],
            begin=begin,
            complete=complete,
            open_at=opened.at,
            is_dump=is_dump,
        )
        told |= QUOTED if opened.lines is not None else {}
        layout = find_layout(text, self.terms)
        table = _table_in(text, layout, self.terms)
        if table is not None:
            opened = replace(opened, lines=table.lines)
            layout = Layout(where=".".join(table.path), begin=WHOLE, parted_by=LINE_END)
            told |= table.told
        if layout.names:
            header = layout.names
        else:
            size = min(self.block_size, self.terms.batch_size)
            records, complete = _beginning(opened, layout, name, size)
            header = columns_of(records, self.terms.wanted, complete=complete, file=name)
        found = _evidence(kind, layout, complete=complete) | told
        return JsonReader(self, opened, layout, _Table(name=name, header=header, evidence=found))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A file and how it is read."""

    file: Path
    kind: TextKind
    terms: ReadTerms
    lines: bytes | None = None  # what is read in place of the file's own text

    def at(self, byte: int) -> ByteStream:
        """Open its text at `byte`; the caller closes it."""
        if self.lines is not None:
            return BytesIO(self.lines[byte:])
        terms = self.terms
        return open_text(self.file, self.kind, byte, terms.limits, terms.heartbeat)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """What the reader tells about the file."""

    name: str
    header: tuple[str, ...]
    evidence: dict[str, str]


class JsonReader:
    """An open JSON file; positions count bytes of its UTF-8 text."""

    def __init__(
        self, settings: JsonFormat, opened: _Opened, layout: Layout, table: _Table
    ) -> None:
        self._settings, self._opened = settings, opened
        self._layout, self._table = layout, table

    @property
    def header(self) -> tuple[str, ...]:
        """Return the names of the cells in the first megabyte, and those that are looked for."""
        return self._table.header

    @property
    def named(self) -> bool:
        """Tell whether the records name their cells, or a row of names those of arrays."""
        return self._layout.is_named

    @property
    def evidence(self) -> dict[str, str]:
        """Return what was detected about the file."""
        return dict(self._table.evidence)

    def batches(self, resume: Position | None = None) -> Iterator[Batch]:
        """Yield batches in file order from `resume` (or the first record), in bounded memory."""
        begin, terms = resume or self._layout.begin, self._settings.terms
        cells = partial(cells_of, names=self.header)
        gathering = Gathering(
            self._table.name, cells, len(self.header), terms.layout.malformed_rows
        )
        end, size = begin, min(self._settings.block_size, terms.batch_size)
        with closing(self._opened.at(begin.byte)) as text:
            for end in split(text.read, self._layout, begin, gathering, size):
                terms.heartbeat()
                if end.byte - begin.byte >= terms.batch_size or gathering.is_full:
                    yield from gathering.flush(end)
                    begin = end
        yield from gathering.flush(end)


def _beginning(
    opened: _Opened, layout: Layout, name: str, size: int
) -> tuple[Sequence[dict[str, Any]], bool]:
    """Return the records in the first megabyte from the first on, and whether they are all.

    Those that hold nothing are passed over. Blocks are of the `size` in which records are read
    later, as what becomes of a broken one may depend on it. Where every name is asked for it is one
    record with the names of all that there are.
    """
    said = opened.terms.layout.malformed_rows
    policy = MalformedRows.PAD if said is MalformedRows.PAD else MalformedRows.REJECT
    gathering: Gathering[dict[str, Any]] = Gathering(name, partial(cells_of, names=()), 1, policy)
    names: dict[str, Any] = {}
    every_name, begin, seen = opened.terms.every_name, layout.begin, 0
    with closing(opened.at(begin.byte)) as text:
        blocks = split(text.read, layout, begin, gathering, size)
        for end in blocks:
            opened.terms.heartbeat()
            seen += len(gathering.kept)
            for record in gathering.kept:
                names.update(dict.fromkeys(record))
            gathering.clear()
            is_enough = 2 * (end.byte - begin.byte) > SAMPLE_SIZE and not every_name
            if (names and is_enough) or len(names) > MAX_COLUMNS:
                break
        complete = next(blocks, None) is None
    return [names] if seen else [], complete


def _unpacked(opened: _Opened) -> _Opened:
    """Return the file with the JSON in it as its text, if all of it is one text of JSON."""
    with closing(opened.at(0)) as stream:
        start = stream.read(PROBE)
        if not may_be_quoted(start):
            return opened
        lines = unquoted(start + stream.read(LONGEST + 1 - PROBE))
    return opened if lines is None else replace(opened, lines=lines)


def _table_in(text: Text, layout: Layout, terms: ReadTerms) -> Turned | None:
    """Return the table that a single object holds column by column, or in pieces, if any."""
    if not terms.layout.records and may_be_reshaped(text.sample):
        with closing(text.open_at(text.begin.byte)) as stream:
            whole = stream.read(LONGEST + 1)
        found = reshaped(whole, terms.wanted)
        if found is not None:
            return found
        refuse_pieces(whole, text.name)
    is_object = not (layout.bracketed or layout.parted_by or terms.layout.records)
    if not is_object or not may_be_columns(text.sample, complete=text.complete):
        return None
    with closing(text.open_at(text.begin.byte)) as stream:
        return turned(stream.read(LONGEST + 1), terms.wanted, text.name)


def _evidence(kind: TextKind, layout: Layout, *, complete: bool) -> dict[str, str]:
    shape = SHAPES.get(layout.parted_by) or ("array" if layout.bracketed else "object")
    shape = "members" if layout.key else shape
    found = kind.packing.told | {"encoding": kind.told, "layout": shape}
    where = {"records": layout.where} if layout.where else {}
    if layout.others:
        listed = ", ".join(map(repr, layout.others[:MOST_LISTED]))
        where["other_arrays"] = f"not read: {listed}"
    if layout.are_events:
        found["events"] = "the data of each is a record; their names and numbers are left out"
    if layout.are_values:
        return (
            found | where | {"records_are": "single values", "header": "none: they have no names"}
        )
    if layout.names:
        said = "a list beside that of the records" if layout.are_beside else "the first array"
        said = said if layout.is_named else "none: the first array holds no names"
        are = "arrays, without the empty cells at their end" if layout.are_of_sheet else "arrays"
        return found | where | {"records_are": are, "header": said}
    if layout.are_quoted:
        where["records_are"] = "objects, each as a text with JSON in it"
    if layout.are_documents:
        where["records_are"] = ABOUT_DOCUMENTS
    if layout.key:
        where["records_are"] = f"values by key; the key is in the column {layout.key!r}"
    columns = {} if complete else {"columns": "those of the first megabyte"}
    return found | where | columns
