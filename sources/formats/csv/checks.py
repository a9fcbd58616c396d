"""What is wrong with which of the rows that were cut, and which of them are none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from definitions.arrays import Mask, Numbers
from sources.formats.csv.cuts import Cuts, count_fields
from sources.formats.csv.dialect import (
    BETWEEN_STROKES,
    COUNT_OF_ROWS,
    END_MARK,
    ENDS_OF_COUNT,
    LETTERS_BEFORE_END,
    LONGEST_COUNT,
    STROKES,
)
from sources.formats.csv.structural_index import BOM, RETURN, Places, are_given_remarks, stands_at

FEWEST_STROKES = 3
SPACES = np.zeros(256, np.bool_)
SPACES[list(b" \t")] = True
ENDING = np.zeros(256, np.bool_)
ENDING[list(ENDS_OF_COUNT)] = True
BEFORE_END = np.zeros(256, np.bool_)
BEFORE_END[list(LETTERS_BEFORE_END)] = True
DRAWN = np.zeros(256, np.uint8)
DRAWN[list(BETWEEN_STROKES)] = 1
DRAWN[list(STROKES)] = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What was found out about all that was cut: whether it is a row, and if so, a `faulty` one.

    What is none is a blank line, a remark or the like. `widths` are the numbers of fields; `stray`
    are rows with text behind a closing quote; rows that repeat the header are faulty too.
    """

    is_row: Mask
    widths: Numbers
    stray: Mask
    undecodable: Mask
    repeats_header: Mask
    faulty: Mask

    def part(self, some: slice) -> Checks:
        """Return what was found out about some of the rows."""
        return Checks(
            is_row=self.is_row[some],
            widths=self.widths[some],
            stray=self.stray[some],
            undecodable=self.undecodable[some],
            repeats_header=self.repeats_header[some],
            faulty=self.faulty[some],
        )


def check(cuts: Cuts, width: int, header: bytes = b"") -> Checks:
    """Hold every row of `cuts`, of which there is one at least, against what it should be.

    It should have `width` fields and, unless that is empty, not name them again as the `header`.
    """
    widths = count_fields(cuts.delimiters, cuts.ends)
    undecodable = are_undecodable(cuts.index.buffer, cuts.starts, cuts.ends)
    stray = cuts.torn.copy()
    stray[cuts.ends.searchsorted(cuts.strays)] = True
    is_row = ~_are_surely_none(cuts, width)
    faulty = (undecodable | stray | cuts.unclosed | (widths != width)) & is_row
    if width > 1 and faulty.any():
        none = faulty & (_may_be_none(cuts) | are_spaces(cuts, widths))
        is_row, faulty = is_row & ~none, faulty & ~none
    repeats_header = are_repeated_headers(cuts, header, faulty) & is_row
    return Checks(
        is_row=is_row,
        widths=widths,
        stray=stray,
        undecodable=undecodable,
        repeats_header=repeats_header,
        faulty=faulty | repeats_header,
    )


def _are_surely_none(cuts: Cuts, width: int) -> Mask:
    """Tell of what is no row, whatever is in it."""
    none = are_given_remarks(cuts.index, cuts.starts) | are_end_marks(cuts)
    if width > 1:
        none |= are_blank(cuts)
    if cuts.index.dialect.has_rules:
        none |= are_rules(cuts)
    if cuts.index.dialect.has_counts and cuts.index.dialect.delimiter == b" ":
        none |= are_counts(cuts)  # whose words may be as many as columns
    return none


def _may_be_none(cuts: Cuts) -> Mask:
    """Tell of what is no row unless it is a good one."""
    none, dialect = np.zeros(cuts.count, np.bool_), cuts.index.dialect
    if dialect.remark:
        none |= _may_be_remarks(cuts, dialect.remark)
    if dialect.has_counts:
        none |= are_counts(cuts)
    return none


def are_repeated_headers(cuts: Cuts, header: bytes, faulty: Mask) -> Mask:
    """Tell for each row whether it is written as the `header` is, perhaps behind its mark.

    There may be quotes around other names than in that, unless the row is `faulty`.
    """
    again, dialect = np.zeros(cuts.count, np.bool_), cuts.index.dialect
    names = _bare(header, dialect.quote)
    if not names:
        return again
    text, buffer, starts, ends = cuts.index.text, cuts.index.buffer, cuts.starts, cuts.content_ends
    if len(cuts.index.boms) and not header.startswith(BOM):
        starts = starts + len(BOM) * np.isin(starts, cuts.index.boms)
    sizes, most_quotes = ends - starts - len(names), 2 * (names.count(dialect.delimiter) + 1)
    alike = np.flatnonzero((sizes >= 0) & (sizes <= most_quotes))
    edges = (names[:1] + (dialect.quote or b""), names[-1:] + (dialect.quote or b""))
    alike = alike[np.isin(text[starts[alike]], list(edges[0]))]
    alike = alike[np.isin(text[ends[alike] - 1], list(edges[1]))]
    places = (each[alike].tolist() for each in (starts, ends, faulty))
    again[alike] = [
        (written := buffer[start:end]) == header
        or (not is_faulty and _bare(written, dialect.quote) == names)
        for start, end, is_faulty in zip(*places, strict=True)
    ]
    return again


def _bare(row: bytes, quote: bytes | None) -> bytes:
    return row.replace(quote, b"") if quote else row


def are_blank(cuts: Cuts) -> Mask:
    """Tell for each row whether there is nothing on its line."""
    lengths = cuts.ends - cuts.starts
    mask: Mask = (lengths == 0) | ((lengths == 1) & (cuts.index.text[cuts.starts] == RETURN))
    return mask


def are_spaces(cuts: Cuts, widths: Numbers) -> Mask:
    """Tell for each row whether it is one field of nothing but spaces and tabs."""
    text, starts, ends = cuts.index.text, cuts.starts, cuts.content_ends
    mask: Mask = (widths == 1) & SPACES[text[starts]] & (ends > starts)
    if mask.any():
        first, last = int(starts[0]), int(ends[-1])
        others = np.concatenate(([0], np.cumsum(~SPACES[text[first:last]], dtype=np.int64)))
        mask &= others[ends - first] == others[starts - first]
    return mask


def are_end_marks(cuts: Cuts) -> Mask:
    """Tell for each row whether nothing is on its line but the mark that ends a file of DOS."""
    sizes, firsts = cuts.content_ends - cuts.starts, cuts.index.text[cuts.starts]
    mask: Mask = (sizes == 1) & (firsts == END_MARK[0])
    return mask


def are_rules(cuts: Cuts) -> Mask:
    """Tell for each row whether it is a line that is drawn between rows."""
    text = cuts.index.text
    drawn, strokes = (
        np.concatenate(([0], np.cumsum(DRAWN[text] >= least, dtype=np.int64))) for least in (1, 2)
    )
    starts, ends = cuts.starts, cuts.content_ends
    is_drawn = drawn[ends] - drawn[starts] == ends - starts
    mask: Mask = is_drawn & (strokes[ends] - strokes[starts] >= FEWEST_STROKES)
    return mask


def are_counts(cuts: Cuts) -> Mask:
    """Tell for each row whether it is a count of rows, as databases write it below them."""
    text, starts, ends = cuts.index.text, cuts.starts, cuts.content_ends
    before_last = np.maximum(ends - 2, 0)  # there may be a single byte
    mask: Mask = ENDING[text[ends - 1]] & BEFORE_END[text[before_last]] & (ends > starts + 1)
    mask &= ends - starts <= LONGEST_COUNT
    for row in np.flatnonzero(mask).tolist():
        line = cuts.index.buffer[starts[row] : ends[row]]
        mask[row] = COUNT_OF_ROWS.fullmatch(line.strip()) is not None
    return mask


def _may_be_remarks(cuts: Cuts, remark: bytes) -> Mask:
    """Tell for each row whether it is one line that begins with `remark`."""
    breaks = cuts.index.breaks
    is_line = breaks.searchsorted(cuts.starts) == breaks.searchsorted(cuts.ends)
    mask: Mask = stands_at(cuts.index.text, cuts.starts, remark) & is_line
    return mask


def are_undecodable(buffer: bytes, starts: Places, ends: Places) -> Mask:
    """Tell for each row whether it is not UTF-8; the rows follow each other."""
    bad = np.zeros(len(ends), np.bool_)
    if buffer.isascii():
        return bad
    begin, end = int(starts[0]), int(ends[-1])
    first = None if _is_utf8(buffer[begin:end]) else _first_undecodable(buffer, begin, end)
    if first is not None:
        # All bad bytes at once: an error for each would copy the rest of the buffer every time.
        # Each becomes half a surrogate, and that a question mark.
        part = memoryview(buffer)[first:end]
        shown = str(part, "utf-8", "surrogateescape").encode(errors="replace")
        places = np.flatnonzero(np.frombuffer(shown, np.uint8) != np.frombuffer(part, np.uint8))
        bad[ends.searchsorted(places + first)] = True
    return bad


def _is_utf8(block: bytes) -> bool:
    """Tell whether all of it is UTF-8, ten times as fast as Python tells where it is not."""
    try:
        pl.Series([block]).cast(pl.String)
    except pl.exceptions.ComputeError:
        return False
    return True


def _first_undecodable(buffer: bytes, begin: int, end: int) -> int | None:
    """Return where the first byte stands that is no UTF-8 in its place."""
    try:
        str(memoryview(buffer)[begin:end], "utf-8")
    except UnicodeDecodeError as exc:
        return begin + exc.start
    return None


def is_text(row: bytes) -> bool:
    """Tell whether a row is UTF-8."""
    return _first_undecodable(row, 0, len(row)) is None
