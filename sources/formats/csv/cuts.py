"""The rows of a block of text, and what is wrong with which.

Usually quotes open and close fields in turn, and rows are found by counting them (`cut_in_turn`).
Otherwise the lines are read as `quoting` does (`cut_by_lines`). A row begins outside quotes, and
each further line of it inside, so for every line it is known where a row that begins there ends,
how many fields it has and whether a quote in it is stray. Some rows are given only their first
line:

- a *torn* one, with a stray quote and several lines: its end is a guess. (The guess is good if it
  has the right number of fields, unless it swallowed good rows);
- an *unclosed* one, that does not end in time;
- a *remark*, where the mark that begins one is given: quotes in it are text.

So each line tells where the next row begins, and rows are found by following that: the only loop,
over the rows of a block with quotes out of order, and one step each, whatever is in them.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace

import numpy as np

from sources.formats.csv.marks import (
    NEWLINE,
    NOWHERE,
    RETURN,
    Marks,
    Mask,
    Places,
    begin_remarks,
    places_between,
)
from sources.formats.csv.quoting import Quoting, Reading, outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many fields a row has, and how long it may be.

    Its end must be seen within `longest` bytes, unless the buffer is the `final` one.
    """

    width: int
    max_record: int
    longest: int
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """Rows that follow each other in a buffer.

    Row `i` begins at `starts[i]` and the last byte of its line end is `ends[i]`. `turns` are the
    quotes that open and close fields, `strays` those of them that close and have text behind them,
    `delimiters` those that part fields. `torn` and `unclosed` rows are first lines only, and so are
    given remarks, in which none of these marks is one.
    `in_turn` tells that every quote opens or closes a field.
    """

    marks: Marks
    starts: Places
    ends: Places
    turns: Places
    strays: Places
    delimiters: Places
    torn: Mask
    unclosed: Mask
    in_turn: bool

    @property
    def count(self) -> int:
        """Return how many rows there are."""
        return len(self.ends)

    def part(self, some: slice) -> Cuts:
        """Return some of the rows."""
        return replace(
            self,
            starts=self.starts[some],
            ends=self.ends[some],
            torn=self.torn[some],
            unclosed=self.unclosed[some],
        )

    @property
    def content_ends(self) -> Places:
        """Return the first byte of the line end of each row."""
        text = self.marks.text
        pairs = (text[self.ends] == NEWLINE) & (text[self.ends - 1] == RETURN)
        places: Places = self.ends - (pairs & (self.ends > self.starts))
        return places


def cut_in_turn(marks: Marks, start: int, until: int, max_record: int) -> Cuts:
    """Find the rows from the border `start` on by counting quotes, which are in turn `until` there.

    They end before the first row that is too long.
    """
    quotes, ends, delimiters = (
        places_between(places, start, until)
        for places in (marks.quotes, marks.ends, marks.delimiters)
    )
    ends = outside(ends, quotes)
    starts = np.concatenate(([start], ends + 1))[:-1]
    fitting = slice(count_before(ends - starts > max_record, 0))
    fine = np.zeros(len(ends), np.bool_)[fitting]
    return Cuts(
        marks=marks,
        starts=starts[fitting],
        ends=ends[fitting],
        turns=quotes,
        strays=NOWHERE,
        delimiters=outside(delimiters, quotes),
        torn=fine,
        unclosed=fine,
        in_turn=True,
    )


def cut_by_lines(marks: Marks, limits: Limits) -> Cuts:
    """Find the rows, whatever the quotes do.

    A row that may yet end behind the buffer is left, with all that follows; so is a last line
    without end.
    """
    marks = marks.whole_lines()
    quoting = Quoting(marks)
    alone, inside = quoting.read(inside=False), quoting.read(inside=True)
    starts = np.concatenate(([0], marks.ends + 1))[:-1]
    lines = np.arange(len(starts))
    remarks = begin_remarks(marks, starts)
    lasts = np.where(remarks, lines, _last_lines(lines, alone, inside))
    endless = lasts == len(lines)
    lasts = np.where(endless, lines, lasts)
    unclosed = endless | (marks.ends[lasts] - starts > limits.max_record)
    strays = _count(alone.strays, inside.strays, marks.ends, lasts)
    widths = _count(alone.delimiters, inside.delimiters, marks.ends, lasts) + 1
    good_guess = (widths == limits.width) & ~_swallow_rows(
        alone, inside, marks.ends, lasts, limits.width
    )
    torn = ~unclosed & (strays > 0) & (lasts > lines) & ~good_guess
    lasts = np.where(unclosed | torn, lines, lasts)
    is_open = endless & (len(marks.text) - starts <= limits.longest) & (not limits.final)
    rows = _followed(np.where(is_open, -1, lasts + 1))
    good = rows[~(unclosed | torn | remarks)[rows]]
    parts = _Parts(marks.ends, good, lasts[good])
    return Cuts(
        marks=marks,
        starts=starts[rows],
        ends=marks.ends[lasts[rows]],
        turns=parts.chosen(alone.turns, inside.turns),
        strays=parts.chosen(alone.strays, inside.strays),
        delimiters=parts.chosen(alone.delimiters, inside.delimiters),
        torn=torn[rows],
        unclosed=unclosed[rows],
        in_turn=False,
    )


def _last_lines(lines: Places, alone: Reading, inside: Reading) -> Places:
    """Return the last line of a row that begins on each line; one too many if it has no end."""
    closing = np.flatnonzero(~inside.open_ends)
    following = np.append(closing, len(lines))[closing.searchsorted(lines, side="right")]
    return np.where(alone.open_ends, following, lines)


def _count(alone: Places, inside: Places, ends: Places, lasts: Places) -> Places:
    """Return how many places there are in a row that begins on each line."""
    until = inside.searchsorted(ends)
    places: Places = np.diff(alone.searchsorted(ends), prepend=0) + until[lasts] - until
    return places


def _swallow_rows(alone: Reading, inside: Reading, ends: Places, lasts: Places, width: int) -> Mask:
    """Tell for a row that begins on each line whether it ends where another row would be torn.

    So it is if text follows the quote that closes a field of several lines, and one of these would
    be a good row by itself.
    """
    good = (count_fields(alone.delimiters, ends) == width) & ~alone.open_ends & (width > 1)
    good[ends.searchsorted(alone.strays)] = False
    until, strays = np.cumsum(good), inside.strays.searchsorted(ends)
    mask: Mask = (until[lasts] > until) & (strays[lasts] > strays)
    return mask


def _followed(follow: Places) -> Places:
    """Return the lines that are come by from the first on, each followed by what `follow` says."""
    rows, steps, line = array("q"), follow.tolist(), 0
    while line < len(steps) and steps[line] >= 0:
        rows.append(line)
        line = steps[line]
    return np.frombuffer(rows, np.int64)


class _Parts:
    """Which lines are the first of a row, and which go on with one."""

    def __init__(self, ends: Places, firsts: Places, lasts: Places) -> None:
        self._ends = ends
        self._is_first = np.zeros(len(ends) + 1, np.bool_)
        self._is_first[firsts] = True
        steps = np.zeros(len(ends) + 1, np.int64)
        several = lasts > firsts
        steps[firsts[several] + 1] += 1
        steps[lasts[several] + 1] -= 1
        self._goes_on = np.cumsum(steps) > 0

    def chosen(self, alone: Places, inside: Places) -> Places:
        """Return what stands in first lines, read alone, and in others, read from inside."""
        first = alone[self._is_first[self._ends.searchsorted(alone)]]
        other = inside[self._goes_on[self._ends.searchsorted(inside)]]
        return np.sort(np.concatenate((first, other)))


def count_fields(delimiters: Places, ends: Places) -> Places:
    """Return how many fields each row has."""
    return np.diff(delimiters.searchsorted(ends), prepend=0) + 1


def count_before(mask: Mask, allowed: int) -> int:
    """Return how many items stand before the one that is true after `allowed` others are."""
    return int((np.cumsum(mask) <= allowed).sum())


def count_through(mask: Mask, number: int) -> int:
    """Return how many items there are up to the `number`th that is true, that one included."""
    return min(int(np.cumsum(mask).searchsorted(number)) + 1, len(mask))
