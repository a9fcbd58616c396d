"""Where the bytes stand in a block of text that may mean something.

Every array of places is in ascending order and counts from the beginning of the buffer. Escapes are
dealt with here, once and for all: what an escape stands before has no place in any array.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from sources.formats.csv.dialect import LETTERS_AND_DIGITS, Dialect

Bytes: TypeAlias = npt.NDArray[np.uint8]
Places: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]

NEWLINE, RETURN = b"\n\r"
BOM = codecs.BOM_UTF8
NOWHERE: Places = np.empty(0, np.int64)
LETTER_OR_DIGIT: Mask = np.array(
    [
        re.match(rb"[" + LETTERS_AND_DIGITS + rb"]", bytes((code,))) is not None
        for code in range(256)
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The places of one buffer, as its dialect has it.

    `text` are its bytes; in `marked` an escape stands in the place of whatever is escaped.
    `delimiters` are the first bytes of delimiters, none of which overlap. `ends` are the last bytes
    of line ends, whether in quotes or not; `breaks` are those and the escaped ones, by which lines
    are numbered. `escapes` are the bytes that escape the one behind. At `boms` lines begin with a
    byte order mark, as the second of two files does that were made one.
    """

    buffer: bytes
    dialect: Dialect
    text: Bytes
    marked: Bytes
    quotes: Places
    delimiters: Places
    ends: Places
    breaks: Places
    escapes: Places
    boms: Places

    def whole_lines(self) -> Marks:
        """Return the marks without those of a last line that has no end here."""
        end = int(self.ends[-1]) if len(self.ends) else 0
        return replace(
            self,
            quotes=self.quotes[: self.quotes.searchsorted(end)],
            delimiters=self.delimiters[: self.delimiters.searchsorted(end)],
        )


def mark(buffer: bytes, dialect: Dialect) -> Marks:
    """Find everything in `buffer`, which begins a line, that may mean something in `dialect`."""
    text = np.frombuffer(buffer, np.uint8)
    breaks = ends = line_ends(buffer, dialect)
    escapes, marked, shown = _escapes(text, dialect), text, buffer
    if len(escapes):
        marked = _hidden(text, escapes)
        shown = marked.tobytes()
        ends = line_ends(shown, dialect)
    return Marks(
        buffer=buffer,
        dialect=dialect,
        text=text,
        marked=marked,
        quotes=places_of(marked, dialect.quote[0]) if dialect.quote else NOWHERE,
        delimiters=_delimiters(shown, dialect),
        ends=ends,
        breaks=breaks,
        escapes=escapes,
        boms=_boms(text, buffer, ends),
    )


def _boms(text: Bytes, buffer: bytes, ends: Places) -> Places:
    if BOM[:1] not in buffer or BOM not in buffer:  # one byte is looked for much faster
        return NOWHERE
    starts = np.concatenate(([0], ends + 1))
    starts = starts[starts < len(text)]
    return starts[stands_at(text, starts, BOM)]


def line_ends(text: bytes, dialect: Dialect) -> Places:
    """Return the last byte of every line end; a CR at the very end is none, an LF may follow."""
    data = np.frombuffer(text, np.uint8)
    ends = data == NEWLINE
    if dialect.returns_end and RETURN in text:
        ends[:-1] |= (data[:-1] == RETURN) & (data[1:] != NEWLINE)
    return np.flatnonzero(ends)


def places_of(data: Bytes, byte: int) -> Places:
    """Return where `byte` stands."""
    return np.flatnonzero(data == byte)


def places_from(places: Places, start: int) -> Places:
    """Return the places that are not before `start`."""
    return places[places.searchsorted(start) :]


def places_between(places: Places, start: int, until: int) -> Places:
    """Return the places from `start` on that are before `until`."""
    return places[slice(*places.searchsorted((start, until)))]


def stands_at(text: Bytes, places: Places, mark: bytes) -> Mask:
    """Tell for each place, none behind the text, whether `mark` stands there."""
    last = len(text) - 1
    found = places + len(mark) <= len(text)
    for offset, byte in enumerate(mark):
        found &= text[np.minimum(places + offset, last)] == byte
    return found


def are_given_remarks(marks: Marks, starts: Places) -> Mask:
    """Tell for each line, given where it begins, whether it surely is a remark outside quotes."""
    dialect = marks.dialect
    if not dialect.remark_is_given or not dialect.remark:
        return np.zeros(len(starts), np.bool_)
    return stands_at(marks.text, starts, dialect.remark)


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


def _delimiters(text: bytes, dialect: Dialect) -> Places:
    """Return where delimiters begin, of overlapping ones the first."""
    data, size = np.frombuffer(text, np.uint8), len(dialect.delimiter)
    if size == 1:
        return places_of(data, dialect.delimiter[0])
    without = text.replace(dialect.delimiter, b"\n" * size)  # none of its bytes is a line end
    return np.flatnonzero(np.frombuffer(without, np.uint8) != data)[::size]
