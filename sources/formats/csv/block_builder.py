"""Building blocks of the rows of a buffer: good rows as text, bad ones as faults."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from definitions.arrays import Mask, Numbers
from definitions.batches import Position
from definitions.errors import ReconcileError
from definitions.faults import Fault, FaultCode
from definitions.model import MalformedRows
from sources.formats.csv.checks import is_text
from sources.formats.csv.cuts import Cuts
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.found import FoundRows
from sources.formats.csv.lazy_faults import LazyFaults, Malformed, Origin, Where, one_malformed
from sources.formats.csv.repair import repair
from sources.formats.csv.row_terms import RowTerms
from sources.formats.csv.strange_bytes import readable
from sources.formats.csv.structural_index import BOM
from sources.formats.csv.whole_row import parse_whole_row
from sources.formats.csv.writing import (
    QUOTED,
    Form,
    Text,
    form_as_it_stands,
    merged,
    need_quotes,
    ordinary_quotes,
    plain_form,
    write_all,
    write_row,
)
from sources.gathering import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Consecutive rows: the good ones as text, the others as faults.

    Every row in `texts` has the right number of fields; `rows` and `lines` number them. `end` is
    where the next block starts. `examined` is how many bytes were looked at to make the block,
    counting those twice that were looked at twice. The rows stand in `buffer`, which begins on the
    line `line`.
    """

    texts: tuple[Text, ...]
    rows: Numbers
    lines: Numbers
    faults: Sequence[Fault]
    end: Position
    examined: int
    buffer: bytes
    line: int


# what is rejected also where malformed rows are kept
NEVER_KEPT = frozenset({FaultCode.ROW_TOO_LONG, FaultCode.REPEATED_HEADER})
MOST_ANEW = 1 / 16  # of the rows; if there are more to be written anew, all are changed at once


class BlockBuilder:
    """Gathers the rows of one buffer, block by block."""

    def __init__(self, buffer: bytes, terms: RowTerms, line: int) -> None:
        """Begin a block; the `buffer` begins on the line `line`."""
        self._buffer, self._terms, self._line = buffer, terms, line
        self._origin = Origin(file=terms.file, buffer=buffer)
        self._pads = terms.malformed_rows is MalformedRows.PAD
        self.begin()

    def begin(self) -> None:
        """Begin another block, with nothing in it."""
        self.fault_count = 0
        self._taken: list[FoundRows | tuple[Problem, Where]] = []
        self._texts: list[Text] = []
        self._rows, self._lines = array("q"), array("q")
        self._faults: list[Fault] = []
        self._rejected: list[tuple[Origin, Malformed]] = []

    def take(self, rows: FoundRows) -> None:
        """Have rows in the block."""
        self.fault_count += int(rows.checks.faulty.sum())
        self._taken.append(rows)

    def take_one(self, problem: Problem, where: Where) -> None:
        """Have a malformed row in the block that was found by itself."""
        self.fault_count += 1
        self._taken.append((problem, where))

    def block(self, end: Position, examined: int) -> Block:
        """Return everything gathered; where malformed rows are not kept all are left out.

        Only now are rows written and repaired, for many that are taken come into no block: those
        behind its last fault.
        """
        taken_rows, self._taken = self._taken, []
        for taken in taken_rows:
            if isinstance(taken, FoundRows):
                self._add(taken)
            else:
                self._add_one(*taken)
        return Block(
            texts=tuple(merged(self._texts)),
            rows=np.frombuffer(self._rows, np.int64),
            lines=np.frombuffer(self._lines, np.int64),
            faults=LazyFaults(self._rejected) if self._rejected else tuple(self._faults),
            end=end,
            examined=examined,
            buffer=self._buffer,
            line=self._line,
        )

    def _add(self, rows: FoundRows) -> None:
        """Keep the good rows, and report the faulty ones.

        Most rows stay as they stand, or are changed all at once; those that are to be repaired, and
        the few that cannot be written like the others, are read and written anew one by one.
        """
        cuts, checks = rows.cuts, rows.checks
        form, anew = self._form_of(cuts)
        kept = checks.is_row & ~(checks.faulty | anew)
        singly = checks.is_row & anew & ~checks.faulty
        if checks.faulty.any():
            if self._pads:
                singly |= checks.is_row & checks.faulty
            else:
                self._reject(rows.malformed(self._terms))
        written = list(self._written(rows, np.flatnonzero(singly), form))
        text = Text(form=form, content=write_all(cuts, kept, written, form))
        kept[[i for i, _ in written]] = True
        self._keep(text, rows.numbers[kept], rows.lines[kept])

    def _add_one(self, problem: Problem, where: Where) -> None:
        """Report a malformed row that was found by itself, and keep it if it is repaired."""
        fields = self._repaired(problem, where)
        if fields is not None:
            form = self._changed_form
            text = Text(form=form, content=write_row(fields, form))
            self._keep(text, np.array([where.row]), np.array([where.line]))

    def _form_of(self, cuts: Cuts) -> tuple[Form, Mask]:
        """Return the form to write rows in, and which must be written anew one by one."""
        form, anew = self._usual_form(cuts)
        anew = anew | need_quotes(cuts, form)
        if len(cuts.index.boms):
            anew |= np.isin(cuts.starts, cuts.index.boms)
        return form, anew

    def _usual_form(self, cuts: Cuts) -> tuple[Form, Mask]:
        """Return the form that takes least work, and which rows cannot be had in it."""
        form = form_as_it_stands(cuts)
        if form is not None:
            anew = ordinary_quotes(cuts)
            if anew.sum() <= cuts.count * MOST_ANEW:
                return form, anew
        form = self._changed_form
        return form, np.full(cuts.count, form is QUOTED)

    @cached_property
    def _changed_form(self) -> Form:
        return plain_form(self._buffer) or QUOTED

    def _written(self, rows: FoundRows, which: Numbers, form: Form) -> Iterator[tuple[int, bytes]]:
        """Yield the rows that are written anew, with their places among all; report the faulty."""
        problems = iter(rows.problems(which, self._terms))
        faulty = rows.checks.faulty[which].tolist()
        for i, is_faulty, where in zip(which.tolist(), faulty, rows.where(which), strict=True):
            row = self._repaired(next(problems), where) if is_faulty else self._read_again(where)
            if row is not None:
                yield i, write_row(row, form)

    def _read_again(self, where: Where) -> list[bytes]:
        """Return the fields of a good row; raise `ReconcileError` if it is none after all."""
        width = self._terms.width
        row = parse_whole_row(self._content(where), self._terms.dialect, width)
        if row is None or row.width != width:
            found = "no row" if row is None else f"{row.width} fields"
            msg = (
                f"row {where.row} of {self._terms.file!r} (line {where.line}) was cut into {width} "
                f"fields but read as {found}; this is an error of importmgr, report it"
            )
            raise ReconcileError(msg)
        return row.fields

    def _repaired(self, problem: Problem, where: Where) -> list[bytes] | None:
        """Report a malformed row; return its repaired fields, None if it is left out."""
        if not self._pads:
            self._reject(one_malformed(problem, where))
            return None
        if problem.code in NEVER_KEPT:
            self._report(problem, where, rejects_row=True)
            return None
        content, how_read = _as_text(self._content(where))
        repaired = repair(content, problem.code, self._terms)
        message = "; ".join(filter(None, (problem.message, how_read, repaired.how)))
        self._report(Problem(code=problem.code, message=message), where, rejects_row=False)
        return repaired.fields

    def _content(self, where: Where) -> bytes:
        """Return a row without its line end, and without the mark of a file behind another."""
        line = self._buffer[where.begin : where.end]
        return _without_end(line, self._terms.dialect).removeprefix(BOM)

    def _keep(self, text: Text, rows: Numbers, lines: Numbers) -> None:
        self._texts.append(text)
        self._rows.frombytes(rows.tobytes())
        self._lines.frombytes(lines.tobytes())

    def _reject(self, malformed: Malformed) -> None:
        self._rejected.append((self._origin, malformed))

    def _report(self, problem: Problem, where: Where, *, rejects_row: bool) -> None:
        self._faults.append(self._origin.fault(problem, where, rejects_row=rejects_row))


def _as_text(content: bytes) -> tuple[bytes, str]:
    """Return a row as UTF-8, and a word on how bytes are read that are none, if there are any."""
    return (content, "") if is_text(content) else readable(content)


def _without_end(line: bytes, dialect: Dialect) -> bytes:
    """Return a row without its line end."""
    for end in (b"\r\n", b"\n", *((b"\r",) if dialect.returns_end else ())):
        if line.endswith(end):
            return line[: -len(end)]
    return line
