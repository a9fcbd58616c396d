"""Records that do not end: a list in them is never closed, and takes in the records behind it.

As in XML, such a record ends where the next one begins, but only where no whole record in the first
megabyte holds an object that begins as records do. The last record of a file that was cut off looks
alike; but such a file does not end with the bracket that closes all.
"""

from __future__ import annotations

import re
from bisect import bisect_right

import numpy as np

from definitions.faults import FaultCode
from sources.formats.json.item import parse_item
from sources.formats.json.layout import Layout
from sources.formats.json.structure import find_borders, find_brackets
from sources.gathering import MAX_RECORD, Problem

COMMA, FEWEST = ",", 2
NOTHING = re.compile(rb"[\s}]*+\Z")  # but what closes the objects around the list
MOST_SPACE = 1 << 12  # at the end of a file

NOT_ENDED = Problem(
    code=FaultCode.BROKEN_RECORD, message="is no JSON: the next record begins before its end"
)


def are_apart(beginning: bytes, next_record: re.Pattern[str] | None) -> bool:
    """Tell whether `next_record` matches between the whole records in `beginning`, and only there.

    There must be several of them.
    """
    commas = find_borders(beginning).commas
    if next_record is None or len(commas) < FEWEST:
        return False
    text, sign = str(beginning, "latin-1"), next_record.pattern
    if sign.startswith(COMMA):  # there may be but one in the list of a record
        next_record = re.compile(rf"[,\[]{sign.removeprefix(COMMA)}")
    for found in next_record.finditer(text, 0, commas[-1]):
        before = bisect_right(commas, found.start())
        between = text[commas[before - 1] + 1 if before else 0 : found.start()]
        if between.strip() or text[found.start()] == "[":
            return False
    return True


class Endless:
    """What tells of the records in a block that do not end; `text` is the block as characters."""

    def __init__(self, block: bytes, text: str, layout: Layout) -> None:
        self._block, self._text = block, text
        self._next_record = layout.next_record if layout.are_apart else None
        closing = b"}" if layout.depth else layout.bracket
        self._is_closed = block[-MOST_SPACE:].rstrip().endswith(closing)
        self._ends: _Ends | None = None

    def behind(self, begin: int, *, final: bool) -> tuple[int | None, bool]:
        """Return where the next record begins if the one at `begin` does not end before.

        Tell also whether that is not to be seen yet.
        """
        pattern, text = self._next_record, self._text
        found = None if pattern is None else pattern.search(text, begin + 1, begin + MAX_RECORD)
        if found is None or not _may_go_on(text[begin : found.start()]):
            return None, False
        self._ends = self._ends or _Ends(self._block)
        end = self._ends.behind(begin)
        size, is_closed = end - begin, end <= len(text)
        if size > MAX_RECORD:
            return found.end(), False
        if not final:
            return None, not is_closed
        is_last = self._is_closed and NOTHING.match(self._block, end) is not None
        return (found.end() if is_last else None), False


def _may_go_on(piece: str) -> bool:
    """Tell whether a piece of text is the beginning of an item, up to a comma or its place."""
    item = parse_item(piece, 0)
    return item.is_cut and not piece[item.end :].strip(" \t\r\n,")


class _Ends:
    """Where what the brackets in a block open ends; no matter of which kind they are."""

    def __init__(self, block: bytes) -> None:
        found = find_brackets(block, inside=False)
        closers = np.flatnonzero(found.steps < 0)
        self._is_whole, self._size = not found.has_anomaly, len(block)
        self._places, self._depths = found.places, np.cumsum(found.steps)
        self._keys = np.sort(self._depths[closers] * self._size + closers)

    def behind(self, begin: int) -> int:
        """Return what is behind the end of what opens at `begin`.

        That is one more than the block's size if it is not in it, and `begin` where it is not
        known, as quotes are missing.
        """
        number = int(self._places.searchsorted(begin))
        if number == len(self._places) or self._places[number] != begin:
            return begin
        outside = int(self._depths[number]) - 1
        after = int(self._keys.searchsorted(outside * self._size + number))
        if after < len(self._keys) and self._keys[after] // self._size == outside:
            return int(self._places[self._keys[after] % self._size]) + 1
        return self._size + 1 if self._is_whole else begin
