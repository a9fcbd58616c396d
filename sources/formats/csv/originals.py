"""The rows of a batch as they stand in their file, for those few that somebody asks for.

The blocks of a batch still have the text that they were cut from. A row is found by the line on
which it begins, and it ends where it was found to end: a malformed row whose quotes are out of
place is one line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from definitions.faults import FaultCode
from definitions.model import RecordEnd
from definitions.rejects import TextForm
from sources.encoding import TextKind
from sources.formats.csv.block_builder import Block
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.repair import QUOTES_OUT_OF_PLACE
from sources.formats.csv.row_parser import parse_row
from sources.formats.csv.structural_index import Places, index_structure

ENDS = {RecordEnd.CRLF: "\r\n", RecordEnd.CR: "\r"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How a file is written: its marks, its encoding."""

    dialect: Dialect
    kind: TextKind


class CsvOriginals:
    """The rows of the blocks of one batch."""

    def __init__(self, blocks: Sequence[Block], written: Written) -> None:
        """Take the blocks, in file order, and how their file is written."""
        self._blocks = blocks
        self._written = written

    @property
    def form(self) -> TextForm:
        """Return how the file is written."""
        dialect, kind = self._written.dialect, self._written.kind
        return TextForm(
            encoding=kind.encoding,
            mark=kind.mark_size > 0,
            delimiter=dialect.delimiter.decode(),
            quote=None if dialect.quote is None else dialect.quote.decode("latin-1"),
            escape=None if dialect.escape is None else dialect.escape.decode("latin-1"),
            record_end=ENDS.get(dialect.record_end) or self._usual_end(),
        )

    def texts(self, wanted: Sequence[tuple[int, FaultCode | None]]) -> list[bytes | None]:
        """Return the text of rows that begin on these lines, in ascending order."""
        return list(self._texts(wanted))

    def _texts(self, wanted: Sequence[tuple[int, FaultCode | None]]) -> Iterator[bytes | None]:
        blocks = iter(self._blocks)
        lines = _Lines(next(blocks), self._written.dialect)
        for line, code in wanted:
            while line >= lines.block.end.line:
                following = next(blocks, None)
                if following is None:
                    break
                lines = _Lines(following, self._written.dialect)
            yield None if code is FaultCode.ROW_TOO_LONG else lines.row(line, code)

    def _usual_end(self) -> str:
        """Return what ends the lines, where it may be anything: as the first one here does."""
        buffer = self._blocks[0].buffer
        first = min((at for at in (buffer.find(b"\n"), buffer.find(b"\r")) if at >= 0), default=0)
        end = buffer[first : first + 2]
        return "\r\n" if end == b"\r\n" else "\r" if end[:1] == b"\r" else "\n"


class _Lines:
    """The lines of a block's text."""

    def __init__(self, block: Block, dialect: Dialect) -> None:
        self.block = block
        self._dialect = dialect
        self._breaks: Places = index_structure(block.buffer, dialect).breaks

    def row(self, line: int, code: FaultCode | None) -> bytes:
        """Return the row that begins on a line."""
        number = line - self.block.line
        start = int(self._breaks[number - 1]) + 1 if number else 0
        if code not in QUOTES_OUT_OF_PLACE:
            row = parse_row(self.block.buffer, start, self._dialect, 1)
            if row is not None:
                return self.block.buffer[start : row.end]
        end = int(self._breaks[number]) + 1 if number < len(self._breaks) else None
        return self.block.buffer[start:end]
