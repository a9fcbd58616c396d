"""XML as column batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from definitions.batches import Batch, Position
from definitions.model import MalformedRows
from sources.base import ReadTerms
from sources.declared import declared_kind
from sources.formats.xml.cells import Node, cells_of
from sources.formats.xml.plan import Document, Plan, declared_encoding, find_plan
from sources.formats.xml.records import Found, Records
from sources.formats.xml.text import RecordText
from sources.gathering import Gathering, Place, Problem, cells_of_records

START = Position(byte=0, row=1, line=1)


@dataclass(frozen=True, slots=True)
class XmlFormat:
    """Reads XML, plain or compressed, in the encoding that it declares."""

    terms: ReadTerms = field(default_factory=ReadTerms)

    def open(self, file: Path, name: str) -> XmlReader:
        """Return a reader of the spooled `file`, calling it `name` in faults.

        Raise `FormatError` when it is no XML, or has no element that can be a record.
        """
        kind = declared_kind(file, self.terms, declared_encoding)
        document = Document(file=file, name=name, kind=kind, terms=self.terms)
        return XmlReader(document, find_plan(document))


class XmlReader:
    """An open XML file.

    It is always read from its beginning: `byte` of a position counts what was read of its UTF-8
    text, and resuming goes by the row.
    """

    def __init__(self, document: Document, plan: Plan) -> None:
        self._document, self._plan = document, plan

    @property
    def header(self) -> tuple[str, ...]:
        """Return the names of the cells in the first megabyte, and those that are looked for."""
        return self._plan.header

    @property
    def named(self) -> bool:
        """Tell that the elements name the columns."""
        return True

    @property
    def evidence(self) -> dict[str, str]:
        """Return what was detected about the file."""
        return dict(self._plan.evidence)

    def batches(self, resume: Position | None = None) -> Iterator[Batch]:
        """Yield batches in file order from `resume` (or the first record), in bounded memory."""
        return _Reading(self._document, self._plan, resume or START).batches()


class _Reading:
    """One pass over a document."""

    def __init__(self, document: Document, plan: Plan, begin: Position) -> None:
        self._document, self._plan, self._begin = document, plan, begin
        terms, header = document.terms, plan.header
        made = partial(cells_of_records, names=header)
        policy = terms.layout.malformed_rows
        self._gathering = Gathering(document.name, made, len(header), policy)
        note = self._note if policy is MalformedRows.PAD else None
        found = Found(record=self._keep, problem=self._reject, note=note)
        self._records = Records(plan.kind, begin.row, found, document.name)
        self._text = RecordText(self._records, document.name)
        self._byte = 0
        self._full: list[Batch] = []

    def batches(self) -> Iterator[Batch]:
        """Yield the batches of the pass."""
        last = self._begin.byte
        for piece in self._document.pieces():
            self._text.take(piece)
            self._byte += len(piece)
            yield from self._take_full()
            if self._byte - last >= self._document.terms.batch_size:
                yield from self._gathering.flush(self._end())
                last = max(self._byte, self._begin.byte)
        self._text.finish()
        yield from self._take_full()
        yield from self._gathering.flush(self._end())

    def _take_full(self) -> Iterator[Batch]:
        yield from self._full
        self._full.clear()

    def _keep(self, record: Node, place: Place) -> None:
        self._gathering.keep(cells_of(record, self._plan.shape), place)
        self._flush_if_full(place)

    def _reject(self, problem: Problem, place: Place, text: str) -> None:
        self._gathering.reject(problem, place, text)
        self._flush_if_full(place)

    def _note(self, problem: Problem, place: Place, text: str) -> None:
        self._gathering.note(problem, place, text)

    def _flush_if_full(self, place: Place) -> None:
        if self._gathering.is_full:
            end = Position(byte=self._byte, row=place.row + 1, line=self._text.line)
            self._full += self._gathering.flush(end)

    def _end(self) -> Position:
        return Position(byte=self._byte, row=self._records.row, line=self._text.line)
