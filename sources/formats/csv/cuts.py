"""The records of a block of text, and what is wrong with which."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sources.formats.csv.marks import NEWLINE, RETURN, Marks, Mask, Places, places_from
from sources.formats.csv.quoting import Turns, find_turns, outside

HIGHEST_ASCII = 0x7F


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """The records that end in a buffer, one behind the other.

    Record `i` begins at `starts[i]` and the last byte of its line end is `ends[i]`. `delimiters`
    are those that part fields.
    """

    marks: Marks
    starts: Places
    ends: Places
    delimiters: Places
    turns: Turns

    @property
    def count(self) -> int:
        """Return how many records there are."""
        return len(self.ends)

    def first(self, count: int) -> Cuts:
        """Return the first `count` records."""
        return replace(self, starts=self.starts[:count], ends=self.ends[:count])

    @property
    def content_ends(self) -> Places:
        """Return the first byte of the line end of each record."""
        text = self.marks.text
        pairs = (text[self.ends] == NEWLINE) & (text[self.ends - 1] == RETURN)
        places: Places = self.ends - (pairs & (self.ends > self.starts))
        return places


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What was found out about each record; those that are faulty are no good rows."""

    widths: Places
    blank: Mask
    stray: Mask
    undecodable: Mask
    faulty: Mask


def cut(marks: Marks, start: int, max_record: int) -> Cuts:
    """Find the records from the border `start` on, up to the first that is too long."""
    turns = find_turns(marks, start)
    ends = outside(places_from(marks.ends, start), turns.places)
    starts = np.concatenate(([start], ends + 1))[:-1]
    fitting = count_before(ends - starts > max_record, 0)
    return Cuts(
        marks=marks,
        starts=starts[:fitting],
        ends=ends[:fitting],
        delimiters=outside(places_from(marks.delimiters, start), turns.places),
        turns=turns,
    )


def check(cuts: Cuts, width: int) -> Checks:
    """Look at every record of `cuts`, of which there is at least one."""
    widths = count_fields(cuts.delimiters, cuts.ends)
    undecodable = are_undecodable(cuts.marks.buffer, cuts.starts, cuts.ends)
    blank = are_blank(cuts) & (width > 1)
    stray = np.zeros_like(blank)
    strays = cuts.ends.searchsorted(cuts.turns.strays)
    stray[strays[strays < len(stray)]] = True
    faulty = (undecodable | stray | (widths != width)) & ~blank
    return Checks(widths=widths, blank=blank, stray=stray, undecodable=undecodable, faulty=faulty)


def count_untorn(cuts: Cuts, checks: Checks, width: int) -> int:
    """Return how many records stand before the first whose end is a guess.

    That is one with a stray quote and several lines. If it has the right number of fields, the
    guess is good.
    """
    suspects = np.flatnonzero(checks.stray & (checks.widths != width))
    breaks = cuts.marks.breaks
    first_breaks = breaks[breaks.searchsorted(cuts.starts[suspects])]
    torn = suspects[first_breaks < cuts.ends[suspects]]
    return int(torn[0]) if len(torn) else len(cuts.ends)


def count_fields(delimiters: Places, ends: Places) -> Places:
    """Return how many fields each record has."""
    return np.diff(delimiters.searchsorted(ends), prepend=0) + 1


def count_before(mask: Mask, allowed: int) -> int:
    """Return how many items stand before the one that is true after `allowed` others are."""
    return int((np.cumsum(mask) <= allowed).sum())


def are_blank(cuts: Cuts) -> Mask:
    """Tell for each record whether there is nothing on its line."""
    lengths = cuts.ends - cuts.starts
    mask: Mask = (lengths == 0) | ((lengths == 1) & (cuts.marks.text[cuts.starts] == RETURN))
    return mask


def are_undecodable(buffer: bytes, starts: Places, ends: Places) -> Mask:
    """Tell for each record whether it is not UTF-8."""
    bad = np.zeros(len(ends), dtype=np.bool_)
    begin, end = int(starts[0]), int(ends[-1])
    if is_text(buffer, begin, end):
        return bad
    beyond_ascii = np.flatnonzero(np.frombuffer(buffer, np.uint8)[begin:end] > HIGHEST_ASCII)
    for record in np.unique(ends.searchsorted(beyond_ascii + begin)):
        bad[record] = not is_text(buffer, int(starts[record]), int(ends[record]))
    return bad


def is_text(buffer: bytes, begin: int, end: int) -> bool:
    """Tell whether a part of `buffer` is UTF-8."""
    try:
        str(memoryview(buffer)[begin:end], "utf-8")
    except UnicodeDecodeError:
        return False
    return True
