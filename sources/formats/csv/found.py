"""Rows that were found in a buffer: where each stands, what is wrong with which, their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from definitions.arrays import Numbers
from sources.formats.csv.checks import Checks
from sources.formats.csv.cuts import Cuts
from sources.formats.csv.lazy_faults import Malformed, Where
from sources.formats.csv.problems import kinds_of
from sources.formats.csv.row_terms import RowTerms
from sources.formats.csv.structural_index import Places
from sources.gathering import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRows:
    """Rows that follow each other in a buffer, at least one.

    The places in `cuts` are those in the part of the buffer that begins at `base`. `numbers` and
    `lines` number the rows; one that is none has the number of the row before it.
    """

    cuts: Cuts
    checks: Checks
    base: int
    numbers: Numbers
    lines: Numbers

    @property
    def end(self) -> int:
        """Return where the last row ends, with its line end, in the buffer."""
        return self.base + int(self.cuts.ends[-1]) + 1

    def through_fault(self, number: int) -> tuple[FoundRows, FoundRows | None]:
        """Return the rows up to the one with the fault of that number (from 1), and the others."""
        count = int(np.cumsum(self.checks.faulty).searchsorted(number)) + 1
        if count >= self.cuts.count:
            return self, None
        return self._part(slice(count)), self._part(slice(count, None))

    def where(self, which: Numbers) -> Iterator[Where]:
        """Yield where some of the rows are."""
        columns = (self.numbers[which], self.lines[which], *self._borders(which))
        for row, line, begin, end in zip(*(column.tolist() for column in columns), strict=True):
            yield Where(row=row, line=line, begin=begin, end=end)

    def problems(self, which: Numbers, terms: RowTerms) -> list[Problem]:
        """Return what is wrong with those of some rows that are faulty."""
        kinds, problems = kinds_of(which[self.checks.faulty[which]], self.cuts, self.checks, terms)
        return [problems[kind] for kind in kinds.tolist()]

    def malformed(self, terms: RowTerms) -> Malformed:
        """Return the faulty rows, and what is wrong with each."""
        which = np.flatnonzero(self.checks.faulty)
        kinds, problems = kinds_of(which, self.cuts, self.checks, terms)
        begins, ends = self._borders(which)
        return Malformed(
            rows=self.numbers[which],
            lines=self.lines[which],
            begins=begins,
            ends=ends,
            kinds=kinds,
            problems=problems,
        )

    def _borders(self, which: Numbers) -> tuple[Places, Places]:
        cuts = self.cuts
        return cuts.starts[which] + self.base, cuts.ends[which] + self.base + 1

    def _part(self, some: slice) -> FoundRows:
        return FoundRows(
            cuts=self.cuts.part(some),
            checks=self.checks.part(some),
            base=self.base,
            numbers=self.numbers[some],
            lines=self.lines[some],
        )
