"""How much of a table was read, as the benchmark Pollock counts it.

Whether the file was read at all, and precision, recall and F1 of the header, of records and of
cells, each as a multiset: ten figures of 0 to 1, whose sum is the score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.polluted.sheets import Cells, Sheet

WORST, BEST = 0.0, 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a party read in a file: its header, empty if it saw none, and its rows."""

    header: Cells
    rows: Sequence[Cells]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How much of what was found is right, and how much of what is right was found."""

    precision: float = 0.0
    recall: float = 0.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    @property
    def total(self) -> float:
        """Return the sum of the three."""
        return self.precision + self.recall + self.f1


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What was read of one file."""

    success: bool = False
    header: Measure = Measure()
    records: Measure = Measure()
    cells: Measure = Measure()

    @property
    def total(self) -> float:
        """Return the score, from 0 to 10."""
        return self.success + self.header.total + self.records.total + self.cells.total

    @property
    def is_perfect(self) -> bool:
        """Tell whether everything is as it should be."""
        return self.total > BEST - 1e-9


def score(sheet: Sheet, read: Read | None) -> Score:
    """Compare what was read with what there is; None was not read at all."""
    if read is None:
        return Score()
    header = tuple(map(_stripped, sheet.table.header))
    found = _with_free_names(header, tuple(map(_stripped, read.header)))
    rows = [_normal(row, trimmed=sheet.trimmed) for row in sheet.table.rows]
    found_rows = [_normal(row, trimmed=sheet.trimmed) for row in read.rows]
    return Score(
        success=True,
        header=_measure(header, found),
        records=_measure(rows, found_rows),
        cells=_measure(_each(rows), _each(found_rows)),
    )


def _with_free_names(header: Cells, found: Cells) -> Cells:
    """Return the names that were found with those of nameless and repeated columns as they are.

    Each party calls these as it likes, since names must differ.
    """
    if len(header) != len(found):
        return found
    pairs = enumerate(zip(header, found, strict=True))
    return tuple(
        name if not name or name in header[:place] else other for place, (name, other) in pairs
    )


def _measure(wanted: Iterable[Hashable], found: Iterable[Hashable]) -> Measure:
    right, there = Counter(wanted), Counter(found)
    if not right and not there:
        return Measure(precision=1.0, recall=1.0)
    both = (right & there).total()
    if not both:
        return Measure()
    return Measure(precision=both / there.total(), recall=both / right.total())


def _each(rows: Sequence[Cells]) -> Iterable[str]:
    return (cell for row in rows for cell in row)


def _normal(row: Cells, *, trimmed: bool) -> Cells:
    cells = (cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row)
    return tuple(cell.strip() for cell in cells) if trimmed else tuple(cells)


def _stripped(name: str) -> str:
    return name.strip()
