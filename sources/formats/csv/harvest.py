"""What a walk over a block gathers: good records as text, bad ones as faults."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from definitions.batches import Position
from definitions.faults import Fault, FaultCode
from definitions.model import MalformedRows
from sources.formats.csv.checks import is_text
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.leftout import Found, LeftOut, Origin, Where, only
from sources.formats.csv.marks import ORDER, Places
from sources.formats.csv.problems import Problem
from sources.formats.csv.record import Shape
from sources.formats.csv.repair import repair, reread
from sources.formats.csv.writing import Text, merged


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
    faults: Sequence[Fault]
    end: Position
    examined: int
    buffer: bytes
    line: int


# what is rejected also where malformed records are kept
NEVER_KEPT = frozenset({FaultCode.ROW_TOO_LONG, FaultCode.REPEATED_HEADER})


class Harvest:
    """Gathers records and faults in file order."""

    def __init__(self, buffer: bytes, shape: Shape, line: int) -> None:
        self._buffer, self._shape, self._line = buffer, shape, line
        self._texts: list[Text] = []
        self._rows, self._lines = array("q"), array("q")
        self._origin = Origin(file=shape.file, buffer=buffer)
        self._faults: list[Fault] = []
        self._left: list[tuple[Origin, Found]] = []
        self.fault_count = 0

    @property
    def pads(self) -> bool:
        """Tell whether malformed records are read as well as can be, and kept."""
        return self._shape.malformed_rows is MalformedRows.PAD

    def keep(self, text: Text, rows: Places, lines: Places) -> None:
        """Take good records."""
        self._texts.append(text)
        self._rows.frombytes(rows.tobytes())
        self._lines.frombytes(lines.tobytes())

    def leave_out(self, found: Found) -> None:
        """Leave out records that are malformed and not repaired, however many."""
        self._left.append((self._origin, found))
        self.fault_count += len(found.rows)

    def treat(self, problem: Problem | None, where: Where) -> list[bytes] | None:
        """Return the fields of a record, None if it is left out; report its problem if any."""
        if problem is not None and not self.pads:
            self.leave_out(only(problem, where))
            return None
        if problem is not None and problem.code in NEVER_KEPT:
            self._report(problem, where, rejects_row=True)
            return None
        content = _content(self._buffer[where.begin : where.end], self._shape.dialect)
        content = content.removeprefix(ORDER)  # of a file that was put behind another
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
        """Return everything gathered; where malformed records are not kept all are left out."""
        return Block(
            texts=tuple(merged(self._texts)),
            rows=np.frombuffer(self._rows, np.int64),
            lines=np.frombuffer(self._lines, np.int64),
            faults=LeftOut(self._left) if self._left else tuple(self._faults),
            end=end,
            examined=examined,
            buffer=self._buffer,
            line=self._line,
        )

    def _report(self, problem: Problem, where: Where, *, rejects_row: bool) -> None:
        self._faults.append(self._origin.fault(problem, where, rejects_row=rejects_row))
        self.fault_count += 1


def _content(line: bytes, dialect: Dialect) -> bytes:
    """Return a record without its line end."""
    for end in (b"\r\n", b"\n", *((b"\r",) if dialect.returns_end else ())):
        if line.endswith(end):
            return line[: -len(end)]
    return line
