"""Where the rows of a block of text begin and end, and in which of them quotes are out of place.

**By counting** (`cut_by_counting`), where quotes open and close fields in turn: a row ends at each
line end with an even number of quotes before it. The same tells which delimiters part fields.

**By lines** (`cut_by_lines`), whatever the quotes do. A row begins outside quotes, and each further
line of it inside. So every line is read twice (`quoting`): *as the first* of a row, from outside,
and *as a further* one, from inside. Then it is known for every line where a row would end that
began there, how many fields it would have, and whether a quote in it would be stray:

```
line        as the first    as a further one    so a row that begins here
            it ends         it ends             ends on line    has fields
0   1,a     outside         inside              0               2
1   2,"b    inside          outside             3               2
2   c,d     outside         inside              2               2
3   e"      outside         outside             3               1
```

Rows are those that are come by from line 0 on, each followed by the one that begins behind it: here
line 0, and lines 1 to 3. That is the only loop, one step for each row, whatever is in it.

Some rows are given only their first line, and the next line begins another:

- a *torn* one, with a stray quote and several lines: its end is a guess. (The guess is good if it
  has the right number of fields, unless it swallowed a good row, or the beginning of one);
- an *unclosed* one, that does not end in time;
- a *remark*, where the mark that begins one is given: quotes in it are text.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace

import numpy as np

from definitions.arrays import Mask, Numbers
from sources.formats.csv.quoting import Quoting
from sources.formats.csv.structural_index import (
    NEWLINE,
    NOWHERE,
    RETURN,
    Places,
    StructuralIndex,
    are_given_remarks,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many fields a row has, and how long it may be.

    Its end must be seen within `longest` bytes, unless the buffer is the `final` one.
    """

    width: int
    max_row_bytes: int
    longest: int
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """Rows that follow each other in a buffer.

    Row `i` begins at `starts[i]` and the last byte of its line end is `ends[i]`. `toggles` are the
    quotes that open and close fields, `strays` those of them that close and have text behind them,
    `delimiters` those that part fields. `torn` and `unclosed` rows are first lines only, and so are
    given remarks; in all of these no mark is one. Rows that were `counted` have no quotes but
    toggles.
    """

    index: StructuralIndex
    starts: Places
    ends: Places
    toggles: Places
    strays: Places
    delimiters: Places
    torn: Mask
    unclosed: Mask
    counted: bool

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
        text = self.index.text
        pairs = (text[self.ends] == NEWLINE) & (text[self.ends - 1] == RETURN)
        places: Places = self.ends - (pairs & (self.ends > self.starts))
        return places


def cut_by_counting(index: StructuralIndex, start: int, until: int, max_row_bytes: int) -> Cuts:
    """Find the rows from the row border `start` on by counting quotes, which are in turn `until`.

    Only those are found that end before `until`, and before the first row that is too long.
    """
    numbers = index.between(start, until)
    first = numbers.start
    line_ends = index.line_ends_among(numbers)
    row_ends = line_ends[~index.are_odd(line_ends, first)]
    ends = index.places[row_ends]
    in_rows = slice(first, int(row_ends[-1]) if len(row_ends) else first)
    outside = ~index.are_odd(in_rows, first)
    delimiters = np.flatnonzero(outside & index.are_delimiters[in_rows])
    starts = np.concatenate(([start], ends + 1))[:-1]
    fitting = slice(_first_true(ends - starts > max_row_bytes))
    fine = np.zeros(len(ends), np.bool_)[fitting]
    return Cuts(
        index=index,
        starts=starts[fitting],
        ends=ends[fitting],
        toggles=index.places[in_rows][index.are_quotes[in_rows]],
        strays=NOWHERE,
        delimiters=index.places[in_rows][delimiters],
        torn=fine,
        unclosed=fine,
        counted=True,
    )


def _first_true(mask: Mask) -> int:
    """Return how many items stand before the first that is true."""
    return int(mask.argmax()) if mask.any() else len(mask)


def cut_by_lines(index: StructuralIndex, limits: Limits) -> Cuts:
    """Find the rows, whatever the quotes do.

    A row that may yet end behind the buffer is left, with all that follows; so is a last line
    without end.
    """
    lines = _Lines(index.whole_lines(), limits)
    rows = _followed(lines.next_rows())
    good = rows[~(lines.unclosed | lines.torn | lines.remarks)[rows]]
    roles = _Roles(lines.ends, good, lines.lasts[good])
    first, further = lines.as_first, lines.as_further
    return Cuts(
        index=lines.index,
        starts=lines.starts[rows],
        ends=lines.ends[lines.lasts[rows]],
        toggles=roles.pick(first.toggles, further.toggles),
        strays=roles.pick(first.strays, further.strays),
        delimiters=roles.pick(first.delimiters, further.delimiters),
        torn=lines.torn[rows],
        unclosed=lines.unclosed[rows],
        counted=False,
    )


class _Lines:
    """What a row would be that began on each line of a buffer.

    It would end with the line `lasts`: its own if it is a remark, unclosed or torn. Undecided is
    one that is torn if the row that begins on its last line turns out to be good.
    """

    def __init__(self, index: StructuralIndex, limits: Limits) -> None:
        quoting = Quoting(index)
        self.as_first, self.as_further = quoting.read(inside=False), quoting.read(inside=True)
        self.index, self.ends = index, index.ends
        self.starts = np.concatenate(([0], index.ends + 1))[:-1]
        self._limits, self._own = limits, np.arange(len(self.starts))
        self.remarks = are_given_remarks(index, self.starts)
        lasts = np.where(self.remarks, self._own, self._last_lines())
        self._endless = lasts == len(lasts)
        lasts = np.where(self._endless, self._own, lasts)
        too_long = self.ends[lasts] - self.starts > limits.max_row_bytes
        self.unclosed = self._endless | too_long
        strays = self._count(self.as_first.strays, self.as_further.strays, lasts)
        widths = self._count(self.as_first.delimiters, self.as_further.delimiters, lasts) + 1
        are_guessed = ~self.unclosed & (strays > 0) & (lasts > self._own)
        good = ~self.unclosed & (strays == 0) & (widths == limits.width) & (limits.width > 1)
        # Text behind a quote in a further line: so the quote rather opens a field of another row.
        may_swallow = self._have_text_behind(lasts)
        swallow = may_swallow & self._hold_rows(lasts, good)
        self.torn = are_guessed & ((widths != limits.width) | swallow)
        self._undecided = are_guessed & ~self.torn & may_swallow & self._endless[lasts]
        self.lasts = np.where(self.unclosed | self.torn, self._own, lasts)

    def next_rows(self) -> Numbers:
        """Return the line behind a row, -1 if what follows the buffer may yet tell another one."""
        left = len(self.index.text) - self.starts
        may_change = (self._endless | self._undecided) & (not self._limits.final)
        return np.where(may_change & (left <= self._limits.longest), -1, self.lasts + 1)

    def _last_lines(self) -> Numbers:
        """Return on which line a row ends, one too many if on none.

        That is the first line behind its own that, as a further one, ends outside quotes.
        """
        closing = np.flatnonzero(~self.as_further.open_ends)
        behind = closing.searchsorted(self._own, side="right")
        following = np.append(closing, len(self._own))[behind]
        return np.where(self.as_first.open_ends, following, self._own)

    def _count(self, in_first: Places, in_further: Places, lasts: Numbers) -> Numbers:
        """Return how many places are in a row: in its first line and in the further ones."""
        until = in_further.searchsorted(self.ends)
        own = np.diff(in_first.searchsorted(self.ends), prepend=0)
        counts: Numbers = own + until[lasts] - until
        return counts

    def _have_text_behind(self, lasts: Numbers) -> Mask:
        """Tell of a row whether text follows the quote that closes a field of several lines."""
        until = self.as_further.strays.searchsorted(self.ends)
        mask: Mask = until[lasts] > until
        return mask

    def _hold_rows(self, lasts: Numbers, good: Mask) -> Mask:
        """Tell whether further lines of a row are a `good` one, or the last of them begins one."""
        good_ends = np.where(good, lasts, len(lasts))
        first_end = np.minimum.accumulate(good_ends[::-1])[::-1]  # of good rows from a line on
        first_end_behind = np.append(first_end[1:], len(lasts))
        end_in_time = self.ends[lasts[lasts]] - self.starts <= self._limits.max_row_bytes
        mask: Mask = (first_end_behind <= lasts) | (good[lasts] & end_in_time)
        return mask


def _followed(follow: Numbers) -> Numbers:
    """Return the lines that are come by from line 0 on, each followed by what `follow` says.

    That goes on up to the last line, or to one that is followed by -1.
    """
    rows, steps, line = array("q"), follow.tolist(), 0
    while line < len(steps) and steps[line] >= 0:
        rows.append(line)
        line = steps[line]
    return np.frombuffer(rows, np.int64)


class _Roles:
    """Which lines are the first of a row, and which are further ones."""

    def __init__(self, ends: Places, firsts: Numbers, lasts: Numbers) -> None:
        self._ends = ends
        self._is_first = np.zeros(len(ends) + 1, np.bool_)
        self._is_first[firsts] = True
        steps = np.zeros(len(ends) + 1, np.int64)  # up behind a first line, down behind a last one
        several = lasts > firsts
        steps[firsts[several] + 1] += 1
        steps[lasts[several] + 1] -= 1
        self._is_further = np.cumsum(steps) > 0

    def pick(self, in_first: Places, in_further: Places) -> Places:
        """Return the places that are in first lines, read as such, and those in further ones."""
        first = in_first[self._is_first[self._ends.searchsorted(in_first)]]
        further = in_further[self._is_further[self._ends.searchsorted(in_further)]]
        return np.sort(np.concatenate((first, further)))


def count_fields(delimiters: Places, ends: Places) -> Numbers:
    """Return how many fields each row has, by the places of marks or by the numbers of these."""
    return np.diff(delimiters.searchsorted(ends), prepend=0) + 1
