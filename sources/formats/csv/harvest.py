"""What a walk over a block gathers: good records as text, bad ones as faults."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from definitions.batches import Position
from definitions.faults import Fault, FaultCode
from definitions.model import MalformedRows
from sources.formats.csv.checks import is_text
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.marks import Places
from sources.formats.csv.record import Shape
from sources.formats.csv.repair import repair, reread
from sources.formats.csv.writing import Text, merged

SHOWN_CHARACTERS = 200
LONGEST_CHARACTER = 4  # bytes of UTF-8
KNOWN_PROBLEMS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Consecutive records: the good ones as text, the others as faults.

    Every record in `texts` has the right number of fields; `rows` and `lines` number them. `end` is
    where the next block starts. `examined` is how many bytes were looked at to make the block,
    counting those twice that were looked at twice. The records stand in `buffer`, which begins on
    the line `line`.
    """

    texts: tuple[Text, ...]
    rows: Places
    lines: Places
    faults: tuple[Fault, ...]
    end: Position
    examined: int
    buffer: bytes = b""
    line: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which record: its numbers, and its place in the buffer, with its line end."""

    row: int
    line: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a record cannot be used."""

    code: FaultCode
    message: str


NOT_TEXT = Problem(
    code=FaultCode.BAD_ENCODING, message="has bytes that are no text in the file's encoding"
)
STRAY_QUOTE = Problem(
    code=FaultCode.STRAY_QUOTE, message="has text after a closing quote; mark a quote in a cell"
)
UNCLOSED_QUOTE = Problem(
    code=FaultCode.UNCLOSED_QUOTE,
    message="has a quote that is not closed, or an escaped end; it is taken for one line",
)


@lru_cache(maxsize=KNOWN_PROBLEMS)
def wrong_width(expected: int, found: int) -> Problem:
    """Return the problem of a record with another number of fields than the header."""
    code = FaultCode.TOO_FEW_FIELDS if found < expected else FaultCode.TOO_MANY_FIELDS
    return Problem(code=code, message=f"expected {expected} fields, found {found}")


def too_long(limit: int) -> Problem:
    """Return the problem of a record that is longer than `limit` bytes."""
    return Problem(code=FaultCode.ROW_TOO_LONG, message=f"is longer than {limit} bytes")


class Harvest:
    """Gathers records and faults in file order."""

    def __init__(self, buffer: bytes, shape: Shape, line: int = 1) -> None:
        self._buffer, self._shape, self._line = buffer, shape, line
        self._texts: list[Text] = []
        self._rows, self._lines = array("q"), array("q")
        self._faults: list[Fault] = []

    @property
    def fault_count(self) -> int:
        """Return how many faults were reported."""
        return len(self._faults)

    def keep(self, text: Text, rows: Places, lines: Places) -> None:
        """Take good records."""
        self._texts.append(text)
        self._rows.frombytes(rows.tobytes())
        self._lines.frombytes(lines.tobytes())

    def treat(self, problem: Problem | None, where: Where) -> list[bytes] | None:
        """Return the fields of a record, None if it is left out; report its problem if any."""
        pads = self._shape.malformed_rows is MalformedRows.PAD
        if problem is not None and (not pads or problem.code is FaultCode.ROW_TOO_LONG):
            self._report(problem, where, rejects_row=True)
            return None
        content = _content(self._buffer[where.begin : where.end], self._shape.dialect)
        if problem is None:
            return reread(content, self._shape)
        if not is_text(content, 0, len(content)):
            self._report(problem, where, rejects_row=True)
            return None
        repaired = repair(content, problem.code, self._shape)
        told = Problem(code=problem.code, message=f"{problem.message}; {repaired.how}")
        self._report(told, where, rejects_row=False)
        return repaired.fields

    def block(self, end: Position, examined: int) -> Block:
        """Return everything gathered."""
        return Block(
            texts=tuple(merged(self._texts)),
            rows=np.frombuffer(self._rows, np.int64),
            lines=np.frombuffer(self._lines, np.int64),
            faults=tuple(self._faults),
            end=end,
            examined=examined,
            buffer=self._buffer,
            line=self._line,
        )

    def _report(self, problem: Problem, where: Where, *, rejects_row: bool) -> None:
        end = min(where.end, where.begin + SHOWN_CHARACTERS * LONGEST_CHARACTER)
        shown = self._buffer[where.begin : end]
        text = shown.decode(errors="replace").rstrip("\r\n")[:SHOWN_CHARACTERS]
        fault = Fault(
            file=self._shape.file,
            row=where.row,
            line=where.line,
            column=None,
            value=text,
            code=problem.code,
            message=problem.message,
            rejects_row=rejects_row,
        )
        self._faults.append(fault)


def _content(line: bytes, dialect: Dialect) -> bytes:
    """Return a record without its line end."""
    for end in (b"\r\n", b"\n", *((b"\r",) if dialect.returns_end else ())):
        if line.endswith(end):
            return line[: -len(end)]
    return line
