"""Where the bytes stand in a block of text that may mean something.

A place is an offset in the buffer; every array of places is in ascending order. Escapes are dealt
with here, once and for all: what an escape stands before has no place in any array.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np

from definitions.arrays import Bytes, Mask, Numbers
from sources.formats.csv.dialect import LETTERS_AND_DIGITS, Dialect

Places: TypeAlias = Numbers  # in a buffer

NEWLINE, RETURN = b"\n\r"
BOM = codecs.BOM_UTF8
NOWHERE: Places = np.empty(0, np.int64)
LETTER_OR_DIGIT: Mask = np.array(
    [
        re.match(rb"[" + LETTERS_AND_DIGITS + rb"]", bytes((code,))) is not None
        for code in range(256)
    ]
)


@dataclass(frozen=True, kw_only=True)
class StructuralIndex:
    """The places of one buffer that have a meaning in its dialect.

    `text` are its bytes; in `marked` an escape stands in the place of whatever is escaped. `places`
    are those of all quotes, of the first bytes of delimiters, none of which overlap, and of the
    last bytes of line ends, whether in quotes or not; one that is no quote's and no delimiter's is
    a line end's. `breaks` are the line ends and the escaped ones, by which lines are numbered.
    `escapes` are the bytes that escape the one behind.

    Some methods take or return the numbers of places: indices into `places`, and by that into
    `are_quotes`, `are_delimiters` and `counts`.
    """

    buffer: bytes
    dialect: Dialect
    text: Bytes
    marked: Bytes
    places: Places
    are_quotes: Mask
    are_delimiters: Mask
    breaks: Places
    escapes: Places

    @cached_property
    def counts(self) -> Bytes:
        """Return how many quotes there are up to each place, itself included.

        A count wraps at 256: what it tells for sure is whether the number is odd.
        """
        return np.cumsum(self.are_quotes.view(np.uint8), dtype=np.uint8)

    @cached_property
    def quotes(self) -> Places:
        """Return the places of quotes."""
        return self.places[self.are_quotes]

    @cached_property
    def delimiters(self) -> Places:
        """Return the places of delimiters."""
        return self.places[self.are_delimiters]

    @cached_property
    def ends(self) -> Places:
        """Return the places of line ends."""
        return self.places[~(self.are_quotes | self.are_delimiters)]

    @cached_property
    def boms(self) -> Places:
        """Return where lines begin with a byte order mark, as the second of joined files does."""
        if BOM[:1] not in self.buffer or BOM not in self.buffer:  # one byte is found much faster
            return NOWHERE
        starts = np.concatenate(([0], self.ends + 1))
        starts = starts[starts < len(self.text)]
        return starts[stands_at(self.text, starts, BOM)]

    def are_odd(self, numbers: slice | Numbers, first: int) -> Mask:
        """Tell of places whether there is an odd number of quotes up to each, itself included.

        They are counted from the place with the number `first` on.
        """
        before = self.counts[first - 1] if first else np.uint8(0)
        odd = (self.counts[numbers] - before) & np.uint8(1)
        return odd.view(np.bool_)

    def between(self, start: int, until: int) -> slice:
        """Return the numbers of the places from `start` on and before `until`."""
        return slice(*self.places.searchsorted((start, until)).tolist())

    def line_ends_among(self, numbers: slice) -> Numbers:
        """Return the numbers of those of some places that are line ends."""
        are_ends = ~(self.are_quotes[numbers] | self.are_delimiters[numbers])
        found: Numbers = numbers.start + np.flatnonzero(are_ends)
        return found

    def whole_lines(self) -> StructuralIndex:
        """Return the index without what is in a last line that has no end here."""
        numbers = self.between(0, int(self.ends[-1]) + 1 if len(self.ends) else 0)
        return replace(
            self,
            places=self.places[numbers],
            are_quotes=self.are_quotes[numbers],
            are_delimiters=self.are_delimiters[numbers],
        )


def index_structure(buffer: bytes, dialect: Dialect) -> StructuralIndex:
    """Find everything in `buffer`, which begins a line, that may mean something in `dialect`."""
    text, breaks = np.frombuffer(buffer, np.uint8), line_ends(buffer, dialect)
    escapes, marked, shown = _escapes(text, dialect), text, buffer
    if len(escapes):
        marked = _hidden(text, escapes)
        shown = marked.tobytes()
    places = _all_places(shown, dialect)
    codes = marked[places]
    are_delimiters = codes == dialect.delimiter[0]
    are_quotes = codes == dialect.quote[0] if dialect.quote else np.zeros_like(are_delimiters)
    return StructuralIndex(
        buffer=buffer,
        dialect=dialect,
        text=text,
        marked=marked,
        places=places,
        are_quotes=are_quotes,
        are_delimiters=are_delimiters,
        breaks=breaks,
        escapes=escapes,
    )


def _all_places(text: bytes, dialect: Dialect) -> Places:
    """Return where there is a quote, or a delimiter begins, or a line end ends."""
    are_places = _are_line_ends(text, dialect)
    are_places |= _are_delimiters(text, dialect)
    if dialect.quote:
        are_places |= np.frombuffer(text, np.uint8) == dialect.quote[0]
    return np.flatnonzero(are_places)


def line_ends(text: bytes, dialect: Dialect) -> Places:
    """Return the last byte of every line end; a CR at the very end is none, an LF may follow."""
    return np.flatnonzero(_are_line_ends(text, dialect))


def places_of(data: Bytes, byte: int) -> Places:
    """Return where `byte` stands."""
    return np.flatnonzero(data == byte)


def places_from(places: Places, start: int) -> Places:
    """Return the places that are not before `start`."""
    return places[places.searchsorted(start) :]


def stands_at(text: Bytes, places: Places, mark: bytes) -> Mask:
    """Tell for each place, none behind the text, whether `mark` stands there."""
    last = len(text) - 1
    found = places + len(mark) <= len(text)
    for offset, byte in enumerate(mark):
        found &= text[np.minimum(places + offset, last)] == byte
    return found


def are_given_remarks(index: StructuralIndex, starts: Places) -> Mask:
    """Tell for each line, given where it begins, whether it is a remark if it is outside quotes.

    Only where the definition gives the mark of remarks is that sure.
    """
    dialect = index.dialect
    if not dialect.remark_is_given or not dialect.remark:
        return np.zeros(len(starts), np.bool_)
    return stands_at(index.text, starts, dialect.remark)


def _escapes(text: Bytes, dialect: Dialect) -> Places:
    """Return which bytes escape the one behind: in a run of them every other one."""
    if dialect.escaping is None:
        return NOWHERE
    places = places_of(text[:-1], dialect.escaping[0])
    begins = np.diff(places, prepend=-2) != 1
    run_begins = np.maximum.accumulate(np.where(begins, places, 0))
    escapes: Places = places[(places - run_begins) % 2 == 0]
    escaped = ~LETTER_OR_DIGIT[text[escapes + 1]]
    for mark in dialect.escapable:
        escaped |= stands_at(text, escapes + 1, mark)
    found: Places = escapes[escaped]
    return found


def _hidden(text: Bytes, escapes: Places) -> Bytes:
    """Return the text with every escaped byte made an escape; CRLF is escaped as a whole."""
    marked, escaped = text.copy(), escapes + 1
    returns = escaped[(text[escaped] == RETURN) & (escaped + 1 < len(text))]
    escaped = np.concatenate((escaped, returns[text[returns + 1] == NEWLINE] + 1))
    marked[escaped] = text[escapes[0]]
    return marked


def _are_line_ends(text: bytes, dialect: Dialect) -> Mask:
    """Tell of each byte whether it is the last one of a line end."""
    data = np.frombuffer(text, np.uint8)
    ends: Mask = data == NEWLINE
    if dialect.returns_end and RETURN in text:
        ends[:-1] |= (data[:-1] == RETURN) & (data[1:] != NEWLINE)
    return ends


def _are_delimiters(text: bytes, dialect: Dialect) -> Mask:
    """Tell of each byte whether a delimiter begins with it, of overlapping ones the first."""
    data, size = np.frombuffer(text, np.uint8), len(dialect.delimiter)
    if size == 1:
        mask: Mask = data == dialect.delimiter[0]
        return mask
    without = text.replace(dialect.delimiter, b"\n" * size)  # none of its bytes is a line end
    begins = np.zeros(len(data), np.bool_)
    begins[np.flatnonzero(np.frombuffer(without, np.uint8) != data)[::size]] = True
    return begins
