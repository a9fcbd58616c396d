"""Cutting delimited UTF-8 text into records, a block of bytes at a time, without a loop over rows.

**The idea.** A line end closes a row exactly if an even number of quotes that open or close a
field stands before it. So the rows of a whole block are found with a few array operations: the
places of all quotes and line ends (`marks`), and a count of the former before each of the latter
(`cuts`). In most text all quotes open and close in turn, which is quickly seen; otherwise what each
of them does is found out, also without a loop (`quoting`).

**One block** is taken like this (`_Walk.run`):

1. Take all rows at once that end before the first quote that is out of turn.
2. Behind it take rows line by line, which is still done with arrays: each line tells where a row
   ends that begins on it. A row that is *torn* (text behind a closing quote makes its end a guess)
   or *unclosed* (a quote is never closed) loses its first line only, and the next line begins a
   row. After a window of such lines go on with 1; each window is twice the one before, so that
   there are few.
3. What is left is the beginning of a row. It opens the next block.

**Rows taken** (`_Walk._take`) are checked at once too: UTF-8, number of fields (delimiters with an
even number of such quotes before them), length, and whether they are the header once more
(`checks`). Those that fail become faults and are left out of the text (`leftout`), or are repaired
if that is wanted (`repair`); their neighbours stay. Lines without any character are not rows,
except in files with a single column, where they are an empty cell; neither are remarks, the mark
that ends a file of DOS, and what databases draw between rows and write below them.

**Good rows** are handed on as text in a form that is quick to read (`writing`), most of them as
they stand.

**Rows without an end** come from a quote that is never closed or a line that never ends. Only
`max_record` bytes of one are looked at: then, or at the end of the file, its first line alone is
reported. The rest of a line longer than that is dropped unseen (`_Walk._cut_line`), and so is that
of a row if its lines are the text of a field and no rows (`_Walk._cut_row`).

A block starts at a row border and has a fixed size, doubled as long as no row ends in it. It ends
earlier at the last of a fixed number of faults; the rows behind it are not looked at again, but
become blocks too where they have as many. So where a block ends depends only on where it starts,
and reading on from the end of any block gives the blocks that would have followed. No byte is
looked at more than a few times, whatever is in them. Small examples: `SMALL` in its test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from definitions.batches import Position
from sources.formats.csv.checks import Checks, check
from sources.formats.csv.cuts import Cuts, Limits, count_through, cut_by_lines, cut_in_turn
from sources.formats.csv.feed import Feed
from sources.formats.csv.harvest import Block, Harvest
from sources.formats.csv.leftout import Found, Where
from sources.formats.csv.long_fields import is_long_field
from sources.formats.csv.marks import Mask, Places, begin_remarks, mark
from sources.formats.csv.problems import kinds_of, problem_of, too_long, unended
from sources.formats.csv.quoting import countable_until
from sources.formats.csv.record import Shape
from sources.formats.csv.writing import (
    QUOTED,
    Form,
    Text,
    form_as_it_stands,
    need_quotes,
    ordinary_quotes,
    plain_form,
    write_all,
    write_record,
)

BLOCK_SIZE = 1 << 20  # small enough to stay in the processor's cache
FIRST_WINDOW = 1 << 14
FEW = 1 / 16  # rows to write anew, so that their neighbours can stay as they are
MANY_FAULTS = 10_000  # of one block
MOST_GROWTH = 5


def split(
    read: Callable[[int], bytes],
    shape: Shape,
    begin: Position,
    block_size: int = BLOCK_SIZE,
    most_faults: int = MANY_FAULTS,
) -> Iterator[Block]:
    """Yield the rows that `read` brings, which are the file's from `begin` on.

    `read` brings fewer bytes than it is asked for only at the end of the file.
    A block ends at the last of `most_faults`, or a few times so many if it had to grow.
    """
    feed, size, end, examined = Feed(read, shape.dialect), block_size, begin, 0
    while buffer := feed.peek(size):
        walk = _Walk(buffer, shape, end, final=feed.is_last(buffer))
        # A large buffer may have more faults: so less of it has to be looked at again.
        walk.run(most_faults * min(size // block_size, MOST_GROWTH))
        examined += walk.examined
        if walk.at == 0 and walk.drop_rest is None:  # not one row ends in so little
            size = min(2 * size, shape.longest + block_size)
            continue
        byte, line = end.byte + feed.drop(walk.at), walk.line
        if walk.drop_rest:
            dropped, lines = walk.drop_rest(feed, block_size)
            byte, line = byte + dropped, line + lines
        end = Position(byte=byte, row=walk.row, line=line)
        yield walk.harvest.block(end, examined)
        examined, walked = 0, walk.at
        while len(buffer) <= block_size and walk.goes_on(most_faults):
            byte = end.byte + feed.drop(walk.at - walked)
            end, walked = Position(byte=byte, row=walk.row, line=walk.line), walk.at
            yield walk.harvest.block(end, walk.examined)
        size = block_size


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rest:
    """Rows that were found and checked and are yet to be taken; places count from `base`."""

    cuts: Cuts
    checks: Checks
    base: int


class _Walk:
    """One walk over one buffer that begins at a row border; `at` is how far it came."""

    def __init__(self, buffer: bytes, shape: Shape, begin: Position, *, final: bool) -> None:
        self.at, self.row, self.line = 0, begin.row, begin.line
        # What drops the rest of the line or row at `at`, which is reported; None if none is cut.
        self.drop_rest: Callable[[Feed, int], tuple[int, int]] | None = None
        self.examined = self._most_faults = 0
        self.harvest = Harvest(buffer, shape, begin.line)
        self._buffer, self._shape, self._first_line = buffer, shape, begin.line
        self._final = final
        self._marks = mark(buffer, shape.dialect)
        self._window = FIRST_WINDOW
        self._rest: _Rest | None = None

    def run(self, most_faults: int) -> None:
        """Take every row that is whole and report every one that cannot become so.

        A walk also ends at the last of `most_faults`, so that a batch of them stays small. It can
        be run again from there.
        """
        self._most_faults, end = most_faults, len(self._buffer)
        self._take_rest()
        while self._may_take():
            start, until = self.at, countable_until(self._marks, self.at)
            self.examined += end - start
            self._take(cut_in_turn(self._marks, start, until, self._shape.max_record), 0)
            if not self._may_take() or (until == end and not self._must_settle()):
                return
            if is_long_field(self._marks, self.at, self._shape):
                self._cut_row()
                return
            begin = self.at
            stop = min(begin + self._window, end) if start < until < end else end
            self._take_lines(stop)
            if stop == end:
                if self._must_settle():
                    self._cut_line()
                return
            self._window = 2 * self._window if self.at > begin else end

    def goes_on(self, most_faults: int) -> bool:
        """Gather a block of its own from the next rows, and tell whether it can stand.

        It can if it has `most_faults`: so it would end too if the buffer began with it. Else more
        may follow behind the buffer; then this walk is over, and what it gathered is void.
        """
        if not self._is_full() or self.drop_rest:
            return False
        self.examined, self.harvest = 0, Harvest(self._buffer, self._shape, self._first_line)
        self.run(most_faults)
        return self._is_full() and self.drop_rest is None

    def _is_full(self) -> bool:
        return self.harvest.fault_count >= self._most_faults

    def _may_take(self) -> bool:
        return self.at < len(self._buffer) and not self._is_full()

    def _must_settle(self) -> bool:
        """Tell whether what is left cannot open the next block: it is too long, or the last."""
        is_enough = self._final or len(self._buffer) - self.at > self._shape.longest
        return self._may_take() and is_enough

    def _take_lines(self, stop: int) -> None:
        """Take the rows up to `stop`, whatever the quotes do."""
        base, shape = self.at, self._shape
        self.examined += stop - base
        marks = self._marks if base == 0 else mark(self._buffer[base:stop], shape.dialect)
        final = self._final and stop == len(self._buffer)
        limits = Limits(
            width=shape.width, max_record=shape.max_record, longest=shape.longest, final=final
        )
        self._take(cut_by_lines(marks, limits), base)

    def _take(self, cuts: Cuts, base: int) -> None:
        """Take the rows in `cuts`, whose places are counted from `base`."""
        if cuts.count:
            checks = check(cuts, self._shape.width, self._shape.header)
            self._rest = _Rest(cuts=cuts, checks=checks, base=base)
            self._take_rest()

    def _take_rest(self) -> None:
        """Take rows that were found, up to the last fault that there is room for."""
        if self._rest is None:
            return
        cuts, checks, base = self._rest.cuts, self._rest.checks, self._rest.base
        count = count_through(checks.faulty, self._most_faults - self.harvest.fault_count)
        some, others = slice(count), slice(count, None)
        left = _Rest(cuts=cuts.part(others), checks=checks.part(others), base=base)
        self._rest = left if count < cuts.count else None
        self._treat(cuts.part(some), checks.part(some), base)

    def _treat(self, cuts: Cuts, checks: Checks, base: int) -> None:
        """Keep the rows that are good, with their numbers, and report those that are not."""
        blank, faulty = checks.blank, checks.faulty
        rows = self.row + np.cumsum(~blank) - 1
        lines = self.line + self._breaks_before(cuts.starts + base) - self._breaks_before(self.at)
        form, rewritten = self._form_of(cuts)
        if len(cuts.marks.orders):
            rewritten = rewritten | np.isin(cuts.starts, cuts.marks.orders)
        if faulty.any() and not self.harvest.pads:
            self._leave_out(cuts, checks, base, rows, lines)
            blank = blank | faulty
        odd = np.flatnonzero((faulty | rewritten) & ~blank)
        places = (numbers[odd].tolist() for numbers in (rows, lines, cuts.starts, cuts.ends))
        written = []
        for i, row, line, begin, end in zip(odd.tolist(), *places, strict=True):
            where = Where(row=row, line=line, begin=base + begin, end=base + end + 1)
            problem = problem_of(i, cuts, checks, self._shape) if faulty[i] else None
            fields = self.harvest.treat(problem, where)
            if fields is not None:
                written.append((i, write_record(fields, form)))
        kept = ~(blank | faulty | rewritten)
        text = Text(form=form, content=write_all(cuts, kept, written, form))
        kept[[i for i, _ in written]] = True
        self.harvest.keep(text, rows[kept], lines[kept])
        self.row = int(rows[-1]) + 1
        self._go_on_at(base + int(cuts.ends[-1]) + 1)

    def _leave_out(
        self, cuts: Cuts, checks: Checks, base: int, rows: Places, lines: Places
    ) -> None:
        """Report the faulty rows, whose numbers and lines are given, and keep none of them."""
        which = np.flatnonzero(checks.faulty)
        kinds, problems = kinds_of(which, cuts, checks, self._shape)
        found = Found(
            rows=rows[which],
            lines=lines[which],
            begins=cuts.starts[which] + base,
            ends=cuts.ends[which] + base + 1,
            kinds=kinds,
            problems=problems,
        )
        self.harvest.leave_out(found)

    def _form_of(self, cuts: Cuts) -> tuple[Form, Mask]:
        """Return the form to write rows in, and which must be written anew one by one."""
        form = form_as_it_stands(cuts)
        if form is not None:
            changed = ordinary_quotes(cuts)
            if changed.sum() <= cuts.count * FEW:
                return form, changed | need_quotes(cuts, form)
        form = self._changed_form
        return form, np.ones(cuts.count, np.bool_) if form is QUOTED else need_quotes(cuts, form)

    @cached_property
    def _changed_form(self) -> Form:
        return plain_form(self._buffer) or QUOTED

    def _cut_line(self) -> None:
        """Treat a line that has no end in the buffer; it is dropped wherever it ends."""
        end, self.drop_rest = len(self._buffer), Feed.drop_line
        if begin_remarks(self._marks, np.array([self.at])).all():
            return
        where = Where(row=self.row, line=self.line, begin=self.at, end=end)
        fields = self.harvest.treat(unended(end - self.at - 1, self._shape), where)
        if fields is not None:
            form = self._changed_form
            text = Text(form=form, content=write_record(fields, form))
            self.harvest.keep(text, np.array([self.row]), np.array([self.line]))
        self.row += 1

    def _cut_row(self) -> None:
        """Report a row that is too long for its quoted field; all of it is dropped."""
        where = Where(row=self.row, line=self.line, begin=self.at, end=len(self._buffer))
        self.drop_rest = Feed.drop_row
        self.harvest.treat(too_long(self._shape.max_record), where)
        self.row += 1

    def _breaks_before(self, places: Places | int) -> Places:
        found: Places = self._marks.breaks.searchsorted(places)
        return found

    def _go_on_at(self, place: int) -> None:
        self.line += int(self._breaks_before(place) - self._breaks_before(self.at))
        self.at = place
