"""Looking at a file as an import would read it, without a definition, a database or a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from definitions.faults import Fault
from definitions.model import FileFormat, MalformedRows
from importmgr.services.doubts import doubts_in
from importmgr.services.local_files import LocalFile
from importmgr.services.reading import expand_limits
from importmgr.settings import Settings
from sources.base import Reader, ReadTerms

if TYPE_CHECKING:
    from definitions.batches import Batch
    from definitions.profile import ColumnProfile

MOST_FAULTS = 100  # that are kept of a file; all are counted
LOOKED_AT = 2 << 20  # bytes that a profile is made from, unless everything is wanted
_PADDED: Mapping[str, Any] = {"malformed_rows": "pad"}


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectTerms:
    """What is wanted of a file: how it is written, how many rows are shown, and whether all of it.

    `everything` profiles, or copies, every row.
    """

    layout: FileFormat
    rows: int
    everything: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A row as it was read, with its number and the line it begins on."""

    row: int
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was seen in a file.

    `columns` and `fault_count` are about the rows that were read, which are all of the file if
    `is_whole`. `faults` are the first of them.
    """

    name: str
    size: int
    format: str
    evidence: Mapping[str, str]
    header: tuple[str, ...]
    named: bool
    rows_read: int
    is_whole: bool
    columns: tuple[ColumnProfile, ...]
    rows: tuple[ShownRow, ...]
    faults: tuple[Fault, ...]
    fault_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """How many rows were written, and what was wrong with rows; `faults` are the first.

    `doubt` says why the file may have been read wrongly as a whole; empty if nothing does.
    """

    rows: int
    faults: tuple[Fault, ...]
    fault_count: int
    doubt: str = ""


def layout_of(given: object) -> FileFormat:
    """Return how files are written, as a person says who looks at them.

    Unless told otherwise a malformed row is read as well as can be: who looks wants to see it.
    Raise `InvalidError` for what is no `source.format`.
    """
    said = given
    if isinstance(given, Mapping):
        said = {**_PADDED, **{name: value for name, value in given.items() if value is not None}}
        if said == _PADDED:
            return FileFormat(malformed_rows=MalformedRows.PAD)
    from definitions.schema import to_format  # noqa: PLC0415 - light start: only for what is said

    return to_format(said)


class Inspector:
    """Looks at files with the readers, and within the limits, that imports have."""

    def __init__(self, settings: Settings) -> None:
        self._limits = expand_limits(settings)
        self._batch_size = settings.batch_bytes

    def inspect(self, file: LocalFile, terms: InspectTerms) -> Inspection:
        """Return what is in the file, from its beginning or from all of it, in bounded memory.

        Raise `FormatError` for a file that cannot be read.
        """
        from definitions.profile import Profile  # noqa: PLC0415 - the column engine takes its time
        from sources.opening import format_of  # noqa: PLC0415 - as above

        read_terms = self._read_terms(terms)
        reader = _open(file, read_terms)
        seen, profile = _Seen(terms.rows), Profile(reader.header)
        batches = reader.batches()
        for batch in batches:
            profile.add(batch.frame, batch.typed)
            seen.add(batch)
            if not terms.everything and seen.is_enough:
                break
        return Inspection(
            name=file.name,
            size=file.size,
            format=format_of(file.path, read_terms),
            evidence=reader.evidence,
            header=reader.header,
            named=reader.named,
            rows_read=seen.read,
            is_whole=next(batches, None) is None,
            columns=profile.columns,
            rows=tuple(seen.rows),
            faults=tuple(seen.faults),
            fault_count=seen.fault_count,
        )

    def copy(
        self, file: LocalFile, terms: InspectTerms, write: Callable[[bytes], object]
    ) -> Copied:
        """Write rows as RFC 4180 in UTF-8, the first ones or all, in bounded memory.

        The names of the columns come first if the file or the layout names them. An empty file has
        no rows. Raise `FormatError` for a file that cannot be read.
        """
        if file.is_empty:
            return Copied(rows=0, faults=(), fault_count=0)
        from definitions.rfc4180 import header_line, record_lines  # noqa: PLC0415 - as above

        reader = _open(file, self._read_terms(terms))
        if reader.named:
            write(header_line(reader.header))
        seen, written = _Seen(0), 0
        for batch in _wanted(reader, terms):
            write(record_lines(batch.frame))
            written += batch.frame.height
            seen.add(batch)
        return Copied(
            rows=written,
            faults=tuple(seen.faults),
            fault_count=seen.fault_count,
            doubt="; ".join(doubts_in(reader.evidence)),
        )

    def _read_terms(self, terms: InspectTerms) -> ReadTerms:
        size = self._batch_size if terms.everything else min(self._batch_size, LOOKED_AT)
        return ReadTerms(
            layout=terms.layout,
            limits=self._limits,
            batch_size=size,
            every_name=terms.everything,
        )


class _Seen:
    """What is kept of the batches that were read."""

    def __init__(self, rows: int) -> None:
        self._wanted = rows
        self.read = self.fault_count = 0
        self.rows: list[ShownRow] = []
        self.faults: list[Fault] = []

    @property
    def is_enough(self) -> bool:
        """Tell whether there is something to make a profile of, and as many rows as wanted."""
        return len(self.rows) >= self._wanted

    def add(self, batch: Batch) -> None:
        """Keep the first rows and the first faults."""
        some = batch.frame.head(self._wanted - len(self.rows))
        for number, cells in enumerate(some.iter_rows()):
            row, line = int(batch.rows[number]), int(batch.lines[number])
            self.rows.append(ShownRow(row=row, line=line, cells=cells))
        self.read += batch.read
        self.faults += batch.faults[: MOST_FAULTS - len(self.faults)]
        self.fault_count += len(batch.faults)


def _open(file: LocalFile, terms: ReadTerms) -> Reader:
    from sources.opening import open_reader  # noqa: PLC0415 - the formats take their time

    return open_reader(file.path, file.name, terms)


def _wanted(reader: Reader, terms: InspectTerms) -> Iterator[Batch]:
    """Yield the batches of all rows, or of the first ones."""
    left = terms.rows
    for batch in reader.batches():
        if terms.everything or batch.frame.height < left:
            yield batch
        else:
            yield _beginning(batch, left)
            return
        left -= batch.frame.height


def _beginning(batch: Batch, rows: int) -> Batch:
    """Return the first rows of a batch, and the faults up to the last of them."""
    last = int(batch.rows[rows - 1]) if rows else 0
    faults = tuple(fault for fault in batch.faults if fault.row <= last)
    typed = {name: cells[:rows] for name, cells in batch.typed.items()}
    return replace(
        batch, frame=batch.frame.head(rows), typed=typed, faults=faults, rejected_count=None
    )
