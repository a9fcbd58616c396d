"""Cutting delimited UTF-8 text into records, a block of bytes at a time, without a loop over rows.

**The idea.** In well-formed text a line end closes a record exactly if an even number of quotes
stands before it. So the record ends of a whole block are found with a few array operations: the
positions of all quotes, the positions of all line ends, and a count of the former before each of
the latter.

**The doubt.** That holds only as long as quotes stand where they may: the 1st, 3rd, 5th … after a
record border open a field, so they follow a delimiter, a line end or the quote before them
(a doubled quote inside a field is a closing and an opening one); the 2nd, 4th, 6th … close it, so
they are followed by a delimiter, a line end or the quote behind them. The first quote that breaks
this rule is the *anomaly*; counts are right up to it and worthless after it.

**One block** is taken like this (`_Walk.run`):

1. Take all records that end before the anomaly at once.
2. The record with the anomaly is read by `record.read_record`: perhaps it is fine (`15" wide` is
   an ordinary unquoted field), perhaps it is a fault. Then go on with 1 behind it.
3. After a few anomalies the rest of the block is read record by record. Otherwise a quote in every
   row would mean as many passes over the block as it has rows.
4. What is left is the beginning of a record. It opens the next block.

**Records taken** (`_Walk._take`) are checked at once too: UTF-8, number of fields (delimiters
with an even number of quotes before them), length. Those that fail become faults and are left
out of the text; their neighbours stay. Lines without any character are not rows, except in files
with a single column, where they are an empty cell.

**Records without an end** come from a quote that is never closed or a line that never ends. Only
`max_record` bytes of one are looked at: then, or at the end of the file, its first line alone is
reported, and reading goes on behind that line (`_Walk._give_up`).

A block starts at a record border and has a fixed size, doubled as long as no record ends in it. So
where a block ends depends only on where it starts, and reading on from the end of any block gives
the blocks that would have followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from definitions.batches import Position
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
from sources.formats.csv.marks import (
    Places,
    are_blank,
    are_undecodable,
    count_before,
    count_fields,
    first_anomaly,
    is_text,
    joined,
    outside_quotes,
    places_from,
    places_of,
)
from sources.formats.csv.record import NEWLINE, QUOTE, Record, Shape, read_record, write_record

BLOCK_SIZE = 1 << 20  # small enough to stay in the processor's cache
MANY_ANOMALIES = 16
MANY_FAULTS = 10_000


def split(
    read: Callable[[int], bytes], shape: Shape, begin: Position, block_size: int = BLOCK_SIZE
) -> Iterator[Block]:
    """Yield the records that `read` brings, which are the file's from `begin` on."""
    feed, size, end = _Feed(read), block_size, begin
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


class _Feed:
    """The bytes not taken yet; a last line without line end is lent one."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._pending = b""
        self._ended = False
        self._lent = 0

    def peek(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer only at the end, and keep them."""
        if len(self._pending) < size and not self._ended:
            self._fetch(size - len(self._pending))
        return self._pending[:size]

    def is_last(self, buffer: bytes) -> bool:
        """Tell whether nothing comes behind the bytes just peeked at."""
        return self._ended and len(buffer) == len(self._pending)

    def drop(self, count: int) -> int:
        """Forget `count` bytes and return how many of them are the file's own."""
        self._pending = self._pending[count:]
        return count - (self._lent if self._ended and not self._pending else 0)

    def drop_line(self, size: int) -> int:
        """Forget everything up to the next line end and return how much that was."""
        dropped = 0
        while (newline := self._pending.find(b"\n")) < 0 and not self._ended:
            dropped += self.drop(len(self._pending))
            self._fetch(size)
        return dropped + self.drop(newline + 1)

    def _fetch(self, size: int) -> None:
        data = self._read(size)
        self._ended = len(data) < size
        self._pending += data
        if self._ended and self._pending and not self._pending.endswith(b"\n"):
            self._pending += b"\n"
            self._lent = 1


class _Walk:
    """One walk over one buffer that begins at a record border; `at` is how far it came."""

    def __init__(self, buffer: bytes, shape: Shape, begin: Position, *, final: bool) -> None:
        self.at, self.row, self.line = 0, begin.row, begin.line
        self.line_is_cut = False  # the line that was given up goes on behind the buffer
        self.examined = 0
        self.harvest = Harvest(buffer, shape)
        self._buffer, self._shape, self._final = buffer, shape, final
        self._data = np.frombuffer(buffer, np.uint8)
        self._quotes = places_of(self._data, QUOTE)
        self._newlines = places_of(self._data, NEWLINE)
        self._delimiters = places_of(self._data, shape.delimiter[0])

    def run(self) -> None:
        """Take every record that is whole and report every one that cannot become so.

        A walk also ends after many faults, so that a batch of them stays small.
        """
        anomalies = 0
        while self.harvest.fault_count < MANY_FAULTS and not self.line_is_cut:
            is_more = anomalies >= MANY_ANOMALIES or self._take_clean()
            if not ((is_more and self._take_next()) or self._give_up()):
                return
            anomalies += 1

    def _take_clean(self) -> bool:
        """Take the records before the first anomaly, or before the first that is too long.

        Tell whether there is one; if not, what is left does not end in this buffer.
        """
        self.examined += len(self._buffer) - self.at
        quotes = places_from(self._quotes, self.at)
        ends = places_from(self._newlines, self.at)
        anomaly = first_anomaly(self._data, quotes, self.at, self._shape.delimiter[0])
        ends = outside_quotes(ends[: ends.searchsorted(anomaly)], quotes)
        starts = np.concatenate(([self.at], ends + 1))[:-1]
        fitting = count_before(ends - starts > self._shape.max_record, 0)
        taken = self._take(starts[:fitting], ends[:fitting], quotes) if fitting else 0
        return taken < len(ends) or anomaly < len(self._buffer)

    def _take(self, starts: Places, ends: Places, quotes: Places) -> int:
        """Check, number and take records whose quotes are in order, up to `MANY_FAULTS` faults.

        Return how many were taken.
        """
        delimiters = outside_quotes(places_from(self._delimiters, self.at), quotes)
        widths = count_fields(delimiters, ends)
        undecodable = are_undecodable(self._buffer, starts, ends)
        blank = are_blank(self._data, starts, ends) & (self._shape.width > 1)
        faulty = (undecodable | (widths != self._shape.width)) & ~blank
        some = slice(count_before(faulty, MANY_FAULTS))
        starts, ends, blank, faulty = starts[some], ends[some], blank[some], faulty[some]
        newlines = places_from(self._newlines, self.at)
        rows = self.row + np.cumsum(~blank) - 1
        lines = self.line + newlines.searchsorted(starts)
        for i in np.flatnonzero(faulty).tolist():
            where = Where(
                row=int(rows[i]), line=int(lines[i]), begin=int(starts[i]), end=int(ends[i])
            )
            width = wrong_width(self._shape.width, int(widths[i]))
            self.harvest.report(NOT_TEXT if undecodable[i] else width, where)
        good = ~(blank | faulty)
        self.harvest.keep_all(joined(self._data, starts, ends, good), rows[good], lines[good])
        self.row = int(rows[-1]) + 1
        self._go_on_at(int(ends[-1]) + 1)
        return len(ends)

    def _take_next(self) -> bool:
        """Read the next record with care; tell whether it is whole."""
        record = read_record(self._buffer, self.at, self._shape)
        end = len(self._buffer) if record is None else record.end
        self.examined += end - self.at
        if record is None or end - self.at - 1 > self._shape.max_record:
            return False
        if self._shape.width > 1 and self._buffer[self.at : end] in {b"\n", b"\r\n"}:
            self._go_on_at(end)
            return True
        problem = self._problem_of(record)
        if problem is STRAY_QUOTE and len(record.fields) != self._shape.width:
            end = self._buffer.find(b"\n", self.at) + 1  # its end is a guess; the line's is not
        where = Where(row=self.row, line=self.line, begin=self.at, end=end)
        if problem is None:
            self.harvest.keep(write_record(record.fields, self._shape), where)
        else:
            self.harvest.report(problem, where)
        self.row += 1
        self._go_on_at(end)
        return True

    def _problem_of(self, record: Record) -> Problem | None:
        if record.stray_quote:
            return STRAY_QUOTE
        if not is_text(self._buffer, self.at, record.end):
            return NOT_TEXT
        width = len(record.fields)
        return None if width == self._shape.width else wrong_width(self._shape.width, width)

    def _give_up(self) -> bool:
        """Report the first line of a record that does not end in time; tell whether it is one."""
        rest = len(self._buffer) - self.at
        if rest == 0 or not (self._final or rest > self._shape.max_record):
            return False
        newline = self._buffer.find(b"\n", self.at)
        self.line_is_cut = newline < 0
        end = len(self._buffer) if self.line_is_cut else newline + 1
        too_much = end - self.at - 1 > self._shape.max_record
        problem = (
            too_long(self._shape.max_record) if too_much or self.line_is_cut else UNCLOSED_QUOTE
        )
        self.harvest.report(problem, Where(row=self.row, line=self.line, begin=self.at, end=end))
        self.row += 1
        self.line += self.line_is_cut  # its line end is behind the buffer
        self._go_on_at(end)
        return True

    def _go_on_at(self, place: int) -> None:
        self.line += self._buffer.count(b"\n", self.at, place)
        self.at = place
