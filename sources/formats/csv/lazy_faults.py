"""Malformed rows and the faults they become, which are made when somebody looks at them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from definitions.arrays import Numbers
from definitions.faults import SHOWN_BYTES, Fault, shown_row
from sources.formats.csv.structural_index import Places
from sources.gathering import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which row: its numbers, and its place in the buffer, with its line end."""

    row: int
    line: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Malformed:
    """Malformed rows of one buffer: where each is, and which of the `problems` it has.

    Row `i` is from `begins[i]` to before `ends[i]`, with its line end, and has
    `problems[kinds[i]]`.
    """

    rows: Numbers
    lines: Numbers
    begins: Places
    ends: Places
    kinds: Numbers
    problems: Sequence[Problem]


def one_malformed(problem: Problem, where: Where) -> Malformed:
    """Return a single malformed row."""
    numbers = np.array([(where.row, where.line, where.begin, where.end, 0)]).T
    rows, lines, begins, ends, kinds = numbers
    return Malformed(
        rows=rows, lines=lines, begins=begins, ends=ends, kinds=kinds, problems=(problem,)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The file and the part of it in which rows were malformed."""

    file: str
    buffer: bytes

    def fault(self, problem: Problem, where: Where, *, rejects_row: bool) -> Fault:
        """Return what is reported of a row."""
        end = min(where.end, where.begin + SHOWN_BYTES + 2)  # a line end is not shown
        return Fault(
            file=self.file,
            row=where.row,
            line=where.line,
            column=None,
            value=shown_row(self.buffer[where.begin : end]),
            code=problem.code,
            message=problem.message,
            rejects_row=rejects_row,
        )


class LazyFaults(Sequence[Fault]):
    """The faults of rows that are left out, in file order.

    There may be as many as there are rows, and most are only counted: so a fault is made when
    somebody looks at it.
    """

    def __init__(self, parts: Sequence[tuple[Origin, Malformed]]) -> None:
        """Take what was found in each part of a file."""
        self._parts = tuple(parts)
        self._ends = np.cumsum(
            [len(malformed.rows) for _, malformed in self._parts], dtype=np.int64
        )

    def __len__(self) -> int:
        """Return how many there are."""
        return int(self._ends[-1]) if len(self._ends) else 0

    @overload
    def __getitem__(self, index: int) -> Fault: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Fault]: ...
    def __getitem__(self, index: int | slice) -> Fault | Sequence[Fault]:
        """Make one fault, or some of them."""
        numbers = range(len(self))[index]
        if isinstance(numbers, int):
            return self._fault(numbers)
        return tuple(map(self._fault, numbers))

    def __iter__(self) -> Iterator[Fault]:
        """Make all of them, one after the other."""
        return map(self._fault, range(len(self)))

    @classmethod
    def joined(cls, several: Sequence[LazyFaults]) -> LazyFaults:
        """Return the faults of consecutive parts."""
        return cls([part for left in several for part in left._parts])  # noqa: SLF001 - its own

    def _fault(self, number: int) -> Fault:
        part = int(self._ends.searchsorted(number, side="right"))
        origin, malformed = self._parts[part]
        i = number - (int(self._ends[part - 1]) if part else 0)
        where = Where(
            row=int(malformed.rows[i]),
            line=int(malformed.lines[i]),
            begin=int(malformed.begins[i]),
            end=int(malformed.ends[i]),
        )
        return origin.fault(malformed.problems[int(malformed.kinds[i])], where, rejects_row=True)
