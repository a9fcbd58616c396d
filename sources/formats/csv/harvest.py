"""What a walk over a block gathers: good records as text, bad ones as faults."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

import numpy as np

from definitions.batches import Position
from definitions.faults import Fault, FaultCode
from sources.formats.csv.marks import Places
from sources.formats.csv.record import Shape

SHOWN_CHARACTERS = 200
LONGEST_CHARACTER = 4  # bytes of UTF-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Consecutive records: the good ones as text, the others as faults.

    Every record in `text` has the right number of fields and ends with a line end; `rows` and
    `lines` number them. `end` is where the next block starts. `examined` is how many bytes were
    looked at to make the block, counting those twice that were looked at twice.
    """

    text: bytes
    rows: Places
    lines: Places
    faults: tuple[Fault, ...]
    end: Position
    examined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which record: its numbers, and its place in the buffer."""

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
    code=FaultCode.STRAY_QUOTE, message="has text after a closing quote; double a quote in a cell"
)
UNCLOSED_QUOTE = Problem(
    code=FaultCode.UNCLOSED_QUOTE,
    message="opens a quote that is not closed; only this line is left out",
)


def wrong_width(expected: int, found: int) -> Problem:
    """Return the problem of a record with another number of fields than the header."""
    code = FaultCode.TOO_FEW_FIELDS if found < expected else FaultCode.TOO_MANY_FIELDS
    return Problem(code=code, message=f"expected {expected} fields, found {found}")


def too_long(limit: int) -> Problem:
    """Return the problem of a record that is longer than `limit` bytes."""
    return Problem(code=FaultCode.ROW_TOO_LONG, message=f"is longer than {limit} bytes")


class Harvest:
    """Gathers records and faults in file order."""

    def __init__(self, buffer: bytes, shape: Shape) -> None:
        self._buffer, self._file = buffer, shape.file
        self._texts: list[bytes] = []
        self._rows, self._lines = array("q"), array("q")
        self._faults: list[Fault] = []

    @property
    def fault_count(self) -> int:
        """Return how many faults were reported."""
        return len(self._faults)

    def keep_all(self, text: bytes, rows: Places, lines: Places) -> None:
        """Take good records."""
        self._texts.append(text)
        self._rows.frombytes(rows.tobytes())
        self._lines.frombytes(lines.tobytes())

    def keep(self, text: bytes, where: Where) -> None:
        """Take one good record."""
        self._texts.append(text)
        self._rows.append(where.row)
        self._lines.append(where.line)

    def report(self, problem: Problem, where: Where) -> None:
        """Take one bad record."""
        shown = self._buffer[where.begin : where.end][: SHOWN_CHARACTERS * LONGEST_CHARACTER]
        text = shown.decode(errors="replace").rstrip("\r\n")[:SHOWN_CHARACTERS]
        fault = Fault(
            file=self._file,
            row=where.row,
            line=where.line,
            column=None,
            value=text,
            code=problem.code,
            message=problem.message,
            rejects_row=True,
        )
        self._faults.append(fault)

    def block(self, end: Position, examined: int) -> Block:
        """Return everything gathered."""
        return Block(
            text=b"".join(self._texts),
            rows=np.frombuffer(self._rows, np.int64),
            lines=np.frombuffer(self._lines, np.int64),
            faults=tuple(self._faults),
            end=end,
            examined=examined,
        )
