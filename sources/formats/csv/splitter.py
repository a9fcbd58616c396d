"""Cutting delimited UTF-8 text into records, a block of bytes at a time, without a loop over rows.

**The idea.** A line end closes a record exactly if an even number of quotes that open or close a
field stands before it. So the record ends of a whole block are found with a few array operations:
the places of those quotes (`quoting`), the places of all line ends (`marks`), and a count of the
former before each of the latter (`cuts`). In most text all quotes open and close in turn, which
is quickly seen; otherwise `quoting` finds out what each of them does, also without a loop.

**One block** is taken like this (`_Walk.run`):

1. Take all records that end in the buffer at once (`_Walk._take_all`).
2. Text behind a closing quote makes the end of its record a guess. If the record has the right
   number of fields, the guess is good, and it is one faulty row. If it has not, and covers
   several lines, the first of these is the faulty row, and reading goes on behind it with 1.
3. After a few of those the rest of the block is read record by record (`record`). Otherwise one in
   every row would mean as many passes over the block as it has rows.
4. What is left is the beginning of a record. It opens the next block.

**Records taken** (`_Walk._take`) are checked at once too: UTF-8, number of fields (delimiters with
an even number of such quotes before them), length. Those that fail become faults and are left
out of the text, or are repaired if that is wanted (`repair`); their neighbours stay. Lines without
any character are not rows, except in files with a single column, where they are an empty cell.

**Good records** are handed on as text in a form that is quick to read (`writing`), most of them as
they stand.

**Records without an end** come from a quote that is never closed or a line that never ends. Only
`max_record` bytes of one are looked at: then, or at the end of the file, its first line alone is
reported, and reading goes on behind that line (`_Walk._give_up`).

A block starts at a record border and has a fixed size, doubled as long as no record ends in it. So
where a block ends depends only on where it starts, and reading on from the end of any block gives
the blocks that would have followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TypeAlias

import numpy as np

from definitions.batches import Position
from sources.formats.csv.cuts import Checks, Cuts, check, count_before, count_untorn, cut, is_text
from sources.formats.csv.feed import Feed
from sources.formats.csv.harvest import (
    NOT_TEXT,
    STRAY_QUOTE,
    UNCLOSED_QUOTE,
    Block,
    Harvest,
    Problem,
    Where,
    too_long,
    wrong_width,
)
from sources.formats.csv.marks import Mask, Places, mark
from sources.formats.csv.record import Record, Shape, read_record
from sources.formats.csv.writing import (
    QUOTED,
    Form,
    Text,
    form_as_it_stands,
    need_quotes,
    plain_form,
    write_all,
    write_record,
)

BLOCK_SIZE = 1 << 20  # small enough to stay in the processor's cache
LINE_ENDS = {b"\n", b"\r\n", b"\r"}
MANY_PASSES = 16
MANY_FAULTS = 10_000

Fields: TypeAlias = list[bytes]


def split(
    read: Callable[[int], bytes], shape: Shape, begin: Position, block_size: int = BLOCK_SIZE
) -> Iterator[Block]:
    """Yield the records that `read` brings, which are the file's from `begin` on."""
    feed, size, end = Feed(read, shape.dialect), block_size, begin
    while buffer := feed.peek(size):
        walk = _Walk(buffer, shape, end, final=feed.is_last(buffer))
        walk.run()
        if walk.at == 0:  # not one record ends in so little
            size = min(2 * size, shape.max_record + block_size)
            continue
        size = block_size
        byte = end.byte + feed.drop(walk.at)
        if walk.line_is_cut:
            byte += feed.drop_line(block_size)
        end = Position(byte=byte, row=walk.row, line=walk.line)
        yield walk.harvest.block(end, walk.examined)


class _Walk:
    """One walk over one buffer that begins at a record border; `at` is how far it came."""

    def __init__(self, buffer: bytes, shape: Shape, begin: Position, *, final: bool) -> None:
        self.at, self.row, self.line = 0, begin.row, begin.line
        self.line_is_cut = False  # the line that was given up goes on behind the buffer
        self.examined = 0
        self.harvest = Harvest(buffer, shape)
        self._buffer, self._shape, self._final = buffer, shape, final
        self._marks = mark(buffer, shape.dialect)

    def run(self) -> None:
        """Take every record that is whole and report every one that cannot become so.

        A walk also ends after many faults, so that a batch of them stays small.
        """
        passes = 0
        while self.harvest.fault_count < MANY_FAULTS and not self.line_is_cut:
            is_more = self._take_next() if passes >= MANY_PASSES else self._take_all()
            if not (is_more or self._give_up()):
                return
            passes += 1

    def _take_all(self) -> bool:
        """Take the records up to the first that is torn or too long, or up to many faults.

        Tell whether more can be taken.
        """
        self.examined += len(self._buffer) - self.at
        cuts = cut(self._marks, self.at, self._shape.max_record)
        if not cuts.count:
            return False
        checks = check(cuts, self._shape.width)
        untorn = count_untorn(cuts, checks, self._shape.width)
        some = min(untorn, count_before(checks.faulty, MANY_FAULTS))
        if some:
            self._take(cuts.first(some), checks)
        if some == untorn < cuts.count:
            self._take_one(STRAY_QUOTE, self._line_end())
        return some < cuts.count

    def _take(self, cuts: Cuts, checks: Checks) -> None:
        """Keep the records that are good, with their numbers, and treat those that are not."""
        blank, faulty = checks.blank[: cuts.count], checks.faulty[: cuts.count]
        rows = self.row + np.cumsum(~blank) - 1
        lines = self.line + self._breaks_before(cuts.starts) - self._breaks_before(self.at)
        form, rewritten = self._form_of(cuts)
        written = []
        for i in np.flatnonzero((faulty | rewritten) & ~blank).tolist():
            begin, end = int(cuts.starts[i]), int(cuts.ends[i]) + 1
            where = Where(row=int(rows[i]), line=int(lines[i]), begin=begin, end=end)
            problem = self._problem_at(i, checks) if faulty[i] else None
            fields = self.harvest.treat(problem, where)
            if fields is not None:
                written.append((i, write_record(fields, form)))
        kept = ~(blank | faulty | rewritten)
        text = Text(form=form, content=write_all(cuts, kept, written, form))
        kept[[i for i, _ in written]] = True
        self.harvest.keep(text, rows[kept], lines[kept])
        self.row = int(rows[-1]) + 1
        self._go_on_at(int(cuts.ends[-1]) + 1)

    def _form_of(self, cuts: Cuts) -> tuple[Form, Mask]:
        """Return the form to write records in, and which must be written anew one by one."""
        form = form_as_it_stands(cuts) or self._changed_form
        return form, np.ones(cuts.count, np.bool_) if form is QUOTED else need_quotes(cuts, form)

    @cached_property
    def _changed_form(self) -> Form:
        return plain_form(self._buffer) or QUOTED

    def _problem_at(self, i: int, checks: Checks) -> Problem:
        if checks.stray[i]:
            return STRAY_QUOTE
        if checks.undecodable[i]:
            return NOT_TEXT
        return wrong_width(self._shape.width, int(checks.widths[i]))

    def _take_next(self) -> bool:
        """Read the next record with care; tell whether it is whole."""
        shape, buffer = self._shape, self._buffer
        record = read_record(buffer, self.at, shape.dialect, shape.width)
        end = len(buffer) if record is None else record.end
        self.examined += end - self.at
        if record is None or end - self.at - 1 > shape.max_record:
            return False
        if shape.width > 1 and buffer[self.at : min(end, self.at + 3)] in LINE_ENDS:
            self._go_on_at(end)
            return True
        problem = self._problem_of(record)
        if problem is STRAY_QUOTE and record.width != shape.width:
            end = self._line_end()  # the end of the record is a guess; that of the line is not
        self._take_one(problem, end, record.fields)
        return True

    def _problem_of(self, record: Record) -> Problem | None:
        if record.stray_quote:
            return STRAY_QUOTE
        if not is_text(self._buffer, self.at, record.end):
            return NOT_TEXT
        width = self._shape.width
        return None if record.width == width else wrong_width(width, record.width)

    def _give_up(self) -> bool:
        """Treat the first line of a record that does not end in time; tell whether it is one."""
        rest = len(self._buffer) - self.at
        if rest == 0 or not (self._final or rest > self._shape.max_record):
            return False
        end = self._line_end()
        self.line_is_cut = end == 0
        if self.line_is_cut:  # a CR at the end may be half a CRLF: it is left to the next buffer
            end = len(self._buffer.removesuffix(b"\r")) if rest > 1 else len(self._buffer)
        too_much = end - self.at - 1 > self._shape.max_record
        is_long = too_much or self.line_is_cut
        self._take_one(too_long(self._shape.max_record) if is_long else UNCLOSED_QUOTE, end)
        self.line += self.line_is_cut  # its line end is behind the buffer
        return True

    def _take_one(self, problem: Problem | None, end: int, fields: Fields | None = None) -> None:
        """Keep or treat the record before `end`, which is good unless there is a `problem`."""
        where = Where(row=self.row, line=self.line, begin=self.at, end=end)
        if problem is not None or fields is None:
            fields = self.harvest.treat(problem, where)
        if fields is not None:
            form = self._changed_form
            text = Text(form=form, content=write_record(fields, form))
            self.harvest.keep(text, np.array([self.row]), np.array([self.line]))
        self.row += 1
        self._go_on_at(end)

    def _line_end(self) -> int:
        """Return where the next line begins, 0 if this one does not end in the buffer."""
        breaks = self._marks.breaks
        number = self._breaks_before(self.at)
        return int(breaks[number]) + 1 if number < len(breaks) else 0

    def _breaks_before(self, places: Places | int) -> Places:
        found: Places = self._marks.breaks.searchsorted(places)
        return found

    def _go_on_at(self, place: int) -> None:
        self.line += int(self._breaks_before(place) - self._breaks_before(self.at))
        self.at = place
