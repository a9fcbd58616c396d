"""Finding the rows of one buffer, from its beginning on, many at a time.

In most text the quotes open and close fields in turn, so they can be counted, and a row ends where
a line ends that has an even number of them before it. From the first quote on that is out of turn
rows are found line by line, still with arrays; then quotes are counted again, and so on:

```
 counted                    by lines, a window of them       counted
├────────────────────────┼────────────────────────────────┼────────────
 1,a⏎ 2,"b"⏎ 3,"c⏎d"⏎     4,15" wide⏎ 5,"e"x⏎ 6,f⏎ … 90,g⏎  91,"h"⏎ …
                               └ the first quote out of turn
```

What follows a quote out of turn is mostly good. But where there is one there may be many: so each
window is twice the one before, and there are few of them whatever is in the buffer. If the very
first row has such a quote, it is likely that most have: then all rows are found by lines.
"""

from __future__ import annotations

import numpy as np

from definitions.arrays import Numbers
from definitions.batches import Position
from sources.formats.csv.block_builder import Block, BlockBuilder
from sources.formats.csv.checks import check
from sources.formats.csv.cuts import Cuts, Limits, cut_by_counting, cut_by_lines
from sources.formats.csv.feed import Tail
from sources.formats.csv.found import FoundRows
from sources.formats.csv.lazy_faults import Where
from sources.formats.csv.long_fields import is_long_field
from sources.formats.csv.problems import too_long, unended
from sources.formats.csv.row_terms import RowTerms
from sources.formats.csv.structural_index import Places, are_given_remarks, index_structure
from sources.formats.csv.turns import countable_until
from sources.gathering import Problem

FIRST_WINDOW = 1 << 14  # bytes


class RowFinder:
    """Takes the rows of a buffer that begins at a row border, for one block or several.

    `at` is how far it came; the row that begins there has the number `row`, on the line `line`.
    If the end of that row is out of sight and it was reported, the finder is done, and `tail` tells
    what of it is to be skipped, only its lines counted. `examined` is how many bytes were looked at
    for a block, counting those twice that were looked at twice.
    """

    def __init__(self, buffer: bytes, terms: RowTerms, begin: Position, *, final: bool) -> None:
        """Stand at the beginning of `buffer`, which is at `begin`; a `final` one ends the file."""
        self.at, self.row, self.line = 0, begin.row, begin.line
        self.tail: Tail | None = None
        self.examined = 0
        self._buffer, self._end, self._final = buffer, len(buffer), final
        self._terms, self._index = terms, index_structure(buffer, terms.dialect)
        self._builder = BlockBuilder(buffer, terms, begin.line)
        self._block_begin = 0
        self._most_faults = 0  # of the block that is being gathered
        self._found: FoundRows | None = None  # rows that wait for the next block
        self._window = FIRST_WINDOW

    @property
    def size(self) -> int:
        """Return how many bytes the buffer has."""
        return self._end

    @property
    def taken(self) -> int:
        """Return how many bytes were taken for the block."""
        return self.at - self._block_begin

    def gather(self, most_faults: int) -> None:
        """Take the rows of a block: all there are, or those up to the last of `most_faults`.

        What is left of the buffer if there are fewer is the beginning of a row that may yet end
        behind it.
        """
        self._most_faults = most_faults
        self._take_found()
        searched = self.at
        while searched < self._end and self._may_take():
            searched = self._search()
        if self._must_settle():
            self._report_line()

    def gather_another(self, most_faults: int) -> bool:
        """Gather another block; tell whether it has `most_faults`, and so is one.

        For so it would end too if the buffer began with it. Else more of it may follow behind the
        buffer: then discard this finder, and do not call `block`.
        """
        if self.tail or not self._is_full():
            return False
        self._builder.begin()
        self._block_begin, self.examined = self.at, 0
        self.gather(most_faults)
        return self._is_full() and self.tail is None

    def block(self, end: Position) -> Block:
        """Return the block that was gathered; `end` is where it ends in the file."""
        return self._builder.block(end, self.examined)

    def _search(self) -> int:
        """Take rows by counting quotes, then some by lines; return up to where all were taken.

        What may be left before that is the beginning of a row without end.
        """
        begin, end = self.at, self._end
        countable = countable_until(self._index, begin)
        self._take_counted(countable)
        is_rest_for_next_block = countable == end and not self._must_settle()
        if is_rest_for_next_block or not self._may_take():
            return end
        if is_long_field(self._index, self.at, self._terms):
            self._report_row()
            return end
        if self.at == 0 or countable in {begin, end}:  # counting again is of little use, or of none
            return self._take_lines(end)
        return self._take_window()

    def _take_counted(self, until: int) -> None:
        """Take the rows that end before `until`, where quotes are in turn up to that place."""
        self.examined += self._end - self.at  # to find that place, and what ends before it
        self._take(cut_by_counting(self._index, self.at, until, self._terms.max_row_bytes), 0)

    def _take_window(self) -> int:
        """Take the rows that end in the next window; if none does, the next is all the rest."""
        begin = self.at
        until = self._take_lines(min(begin + self._window, self._end))
        self._window = 2 * self._window if self.at > begin else self._end
        return until

    def _take_lines(self, until: int) -> int:
        """Take the rows that end before `until`, whatever the quotes do; return `until`."""
        begin, terms = self.at, self._terms
        self.examined += until - begin
        index = self._index
        if (begin, until) != (0, self._end):
            index = index_structure(self._buffer[begin:until], terms.dialect)
        limits = Limits(
            width=terms.width,
            max_row_bytes=terms.max_row_bytes,
            longest=terms.longest,
            final=self._final and until == self._end,
        )
        self._take(cut_by_lines(index, limits), begin)
        return until

    def _take(self, cuts: Cuts, base: int) -> None:
        """Check, number and take the rows in `cuts`, whose places count from `base`."""
        if not cuts.count:
            return
        checks = check(cuts, self._terms.width, self._terms.header)
        self._found = FoundRows(
            cuts=cuts,
            checks=checks,
            base=base,
            numbers=self.row + np.cumsum(checks.is_row) - 1,
            lines=self._lines_of(cuts.starts + base),
        )
        self._take_found()

    def _take_found(self) -> None:
        """Take rows that were found, up to the last fault that there is room for."""
        if self._found is None:
            return
        room = self._most_faults - self._builder.fault_count
        rows, self._found = self._found.through_fault(room)
        self._builder.take(rows)
        self.row, self.line = int(rows.numbers[-1]) + 1, int(self._lines_of(rows.end))
        self.at = rows.end

    def _report_line(self) -> None:
        """Report the row at `at`, whose line does not end in the buffer; it has no more lines."""
        self.tail = Tail.OF_LINE
        if are_given_remarks(self._index, np.array([self.at])).all():
            return
        self._report(unended(self._end - self.at - 1, self._terms))

    def _report_row(self) -> None:
        """Report the row at `at`, which has a field that is too long."""
        self.tail = Tail.OF_ROW
        self._report(too_long(self._terms.max_row_bytes))

    def _report(self, problem: Problem) -> None:
        where = Where(row=self.row, line=self.line, begin=self.at, end=self._end)
        self._builder.take_one(problem, where)
        self.row += 1

    def _is_full(self) -> bool:
        return self._builder.fault_count >= self._most_faults

    def _may_take(self) -> bool:
        return self.at < self._end and self.tail is None and not self._is_full()

    def _must_settle(self) -> bool:
        """Tell whether what is left cannot open the next block: it is too long, or the last."""
        is_enough = self._final or self._end - self.at > self._terms.longest
        return is_enough and self._may_take()

    def _lines_of(self, places: Places | int) -> Numbers:
        """Return the lines on which these places are, none of them before `at`."""
        breaks = self._index.breaks
        lines: Numbers = self.line + breaks.searchsorted(places) - breaks.searchsorted(self.at)
        return lines
