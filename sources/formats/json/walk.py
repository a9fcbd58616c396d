"""One walk over a block of JSON text: its whole records are taken, what is broken is reported.

In well-formed text the borders of all items are found at once (`structure`). Where that ends, or an
item is no JSON, the rest of the block is walked *with care*: a parser tells where each item ends.
Where it fails, the record is given up, and reading goes on where the next one seems to begin
(`layout.record_beginning`). Either way every byte is looked at a bounded number of times.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable
from functools import partial
from typing import Any

from definitions.batches import Position
from definitions.faults import FaultCode
from definitions.model import MalformedRows
from sources.formats.json.item import (
    Item,
    has_match_inside_string,
    parse_item,
    suspicious_from,
)
from sources.formats.json.layout import LINE_END, Layout
from sources.formats.json.mending import is_begun, mended_item, mended_record
from sources.formats.json.record import NotARecordError, read_record, read_row, read_value
from sources.formats.json.remarks import BEHIND, BETWEEN, is_open_remark
from sources.formats.json.structure import find_borders
from sources.gathering import MAX_RECORD, TOO_LONG, Gathering, Place, Problem, shown

GAP = re.compile(rb"[ \t\r\n]*+")
REMARKS = frozenset({b"/", b"#"})  # what comments begin with
NO_PART = re.compile(rb"\s*+(?:(?://|\#).*+)?", re.DOTALL)
NO_EVENT = re.compile(rb"\s*+(?:(?:event|id|retry)?:.*+|data:\s*+(?:\[DONE\]\s*+)?)?", re.DOTALL)
EVENT_DATA = re.compile(rb"data:[ \t]*+")
SPACE = re.compile(BETWEEN)
BEHIND_ITEM = re.compile(rf"{BETWEEN},?+")
MOST_SPACE = 1 << 16

CUT = Problem(code=FaultCode.FILE_CUT, message="is cut: the file ends in the middle of it")
EMPTY = Problem(code=FaultCode.BROKEN_RECORD, message="is empty: there is no value")
NOT_CLOSED = Problem(
    code=FaultCode.FILE_CUT, message="is missing: the file ends before its list of records does"
)


class Walk:
    """What walks over parts and over items share; `at` is how far the walk came.

    `ended`: there is nothing more to read behind `at`. `overlong`: the record there is longer than
    is taken; it was reported and is yet to be skipped: `balanced` tells that its end can be found
    by its brackets.
    """

    def __init__(
        self, buffer: bytes, begin: Position, layout: Layout, gathering: Gathering[dict[str, Any]]
    ) -> None:
        self.at, self.row = 0, begin.row
        self.ended = self.overlong = self.balanced = False
        self._buffer, self._layout, self._gathering = buffer, layout, gathering
        self._counted, self._line = 0, begin.line
        self._pads = gathering.policy is MalformedRows.PAD
        self._read = _reader_of(layout)

    def line_at(self, place: int) -> int:
        """Return the line of `place`, which is not before that of the last call."""
        self._line += self._buffer.count(b"\n", self._counted, place)
        self._counted = place
        return self._line

    def _take(self, begin: int, end: int, line: int) -> Problem | None:
        """Take a record; return why not, for the caller to report."""
        if end - begin > MAX_RECORD:
            return TOO_LONG
        if begin == end:
            return EMPTY
        text, place = self._buffer[begin:end], Place(row=self.row, line=line)
        try:
            self._gathering.keep(self._read(text), place)
        except NotARecordError as exc:
            return self._take_mended(text, place, exc.problem) if self._pads else exc.problem
        self.row += 1
        return None

    def _take_mended(self, text: bytes, place: Place, problem: Problem) -> Problem | None:
        """Take a record that is read as well as can be; return why not."""
        mended = mended_record(text, problem, self._layout.names)
        if mended is None:
            return problem
        self._gathering.keep(mended[0], place)
        self._gathering.note(mended[1], place, shown(text))
        self.row += 1
        return None

    def _reject(self, problem: Problem, begin: int, end: int, line: int) -> None:
        text = shown(self._buffer[begin:end]).rstrip(" \t\r\n,")
        self._gathering.reject(problem, Place(row=self.row, line=line), text)
        self.row += 1

    def _behind_gap(self, start: int) -> int:
        return GAP.match(self._buffer, start).end()  # type: ignore[union-attr]


class PartedWalk(Walk):
    """A walk over text of which each part is a record: a line, or what is between two marks.

    Parts with nothing in them are none.
    """

    def run(self, *, final: bool) -> None:
        """Take every whole part; `final` tells that the file ends where the buffer does."""
        mark = self._layout.parted_by
        no_part = NO_EVENT if self._layout.are_events else NO_PART
        while self.at < len(self._buffer) and not self._gathering.is_full:
            border = self._buffer.find(mark, self.at)
            if border < 0 and not final:
                self.overlong = len(self._buffer) - self.at > MAX_RECORD
                if self.overlong:
                    self._reject(TOO_LONG, self.at, len(self._buffer), self.line_at(self.at))
                return
            end = len(self._buffer) if border < 0 else border
            if not no_part.fullmatch(self._buffer, self.at, end):
                self._take_part(end, cut=border < 0)
            self.at = min(end + 1, len(self._buffer))

    def _take_part(self, end: int, *, cut: bool) -> None:
        self.at += len(BOM_UTF8) * self._buffer.startswith(BOM_UTF8, self.at)
        if self._layout.parted_by != LINE_END:
            self.at = self._behind_gap(self.at)
        line = self.line_at(self.at)
        if self._layout.are_events and (data := EVENT_DATA.match(self._buffer, self.at, end)):
            self.at = data.end()
        problem = self._take(self.at, end, line)
        if problem is None:
            return
        if cut and problem.code is FaultCode.BROKEN_RECORD and self._goes_on(end):
            problem = CUT
        self._reject(problem, self.at, end, line)

    def _goes_on(self, end: int) -> bool:
        text = str(self._buffer[self.at : end], "latin-1").strip()
        return parse_item(text, 0).is_cut


class ItemWalk(Walk):
    """A walk over the items of an array, or over values that stand one behind the other."""

    def run(self, *, final: bool) -> None:
        """Take every whole item; `final` tells that the file ends where the buffer does."""
        if self._take_clean(final=final):
            self._take_with_care(final=final)
        if final and self.at == len(self._buffer) and self._layout.bracketed and not self.ended:
            self._reject(NOT_CLOSED, self.at, self.at, self.line_at(self.at))
            self.ended = True

    def _take_clean(self, *, final: bool) -> bool:
        """Take the items whose borders are certain; tell whether the rest needs care."""
        borders = find_borders(self._buffer)
        for end in borders.commas.tolist():
            if self._gathering.is_full:
                return False
            if not self._take_item(self._behind_gap(self.at), end):
                return True
            self.at = end + 1
        if self._gathering.is_full:
            return False
        if borders.closing < len(self._buffer):
            return not self._end_at(self._behind_gap(self.at), borders.closing)
        size = len(self._buffer)
        return final or borders.anomaly < size or size > MAX_RECORD

    def _take_item(self, begin: int, end: int) -> bool:
        """Take or report an item; tell whether it ends where it seems to."""
        if self._buffer[begin : begin + 1] in REMARKS:
            return False
        line = self.line_at(begin)
        problem = self._take(begin, end, line)
        if problem is None:
            return True
        is_broken = problem.code is FaultCode.BROKEN_RECORD and begin < end
        if is_broken and self._hides_border(begin, end):
            return False
        self._reject(problem, begin, end, line)
        return True

    def _hides_border(self, begin: int, end: int) -> bool:
        """Tell whether a broken item seems to be several."""
        text = str(self._buffer[begin:end], "latin-1")
        parsed = parse_item(text, 0)
        if parsed.failure is None:
            return parsed.end < len(text.rstrip())
        if self._pads and is_begun(text):
            return True
        next_record, start = self._layout.next_record, suspicious_from(text, 0, parsed.end)
        if next_record is None:
            return False
        if next_record.pattern.startswith(r"\n"):
            return next_record.search(text, start) is not None
        return has_match_inside_string(text, next_record, start)

    def _end_at(self, begin: int, closing: int) -> bool:
        """Take the last item, before the bracket that closes the array; tell whether it is that."""
        if self._buffer[closing] != ord("]") or not self._layout.bracketed:
            return False
        if begin < closing and not self._take_item(begin, closing):
            return False
        self.at, self.ended = closing, True
        return True

    def _take_with_care(self, *, final: bool) -> None:
        text = str(self._buffer, "latin-1")  # a character per byte; what JSON is made of is ASCII
        while not (self._gathering.is_full or self.ended):
            self.at = begin = SPACE.match(text, self.at).end()  # type: ignore[union-attr]
            if begin == len(text):
                return
            if text[begin] == "]" and self._layout.bracketed:
                self.ended = True
                return
            if text[begin] == ",":
                self._reject(EMPTY, begin, begin, self.line_at(begin))
                self.at = begin + 1
                continue
            if not final and is_open_remark(text, begin) and len(text) - begin < MAX_RECORD:
                return
            if final and BEHIND.fullmatch(text, begin):
                self.at = len(text)
                return
            item = self._item(text, begin, final=final)
            behind = _behind_item(text, item.end)
            if item.failure is None and (final or _is_certain(text, begin, item.end, behind)):
                self._take_whole(begin, item.end)
                self.at = behind
            elif item.failure is None or not self._go_on_behind(item, text, final=final):
                return

    def _item(self, text: str, begin: int, *, final: bool) -> Item:
        item = parse_item(text, begin)
        is_whole = item.failure is None or not self._pads
        return item if is_whole else mended_item(item, text, begin, final=final)

    def _take_whole(self, begin: int, end: int) -> None:
        line = self.line_at(begin)
        problem = self._take(begin, end, line)
        if problem is not None:
            self._reject(problem, begin, end, line)

    def _go_on_behind(self, item: Item, text: str, *, final: bool) -> bool:
        """Report the broken record at `at` and go on behind it; tell whether that is possible."""
        begin, line = self.at, self.line_at(self.at)
        pattern = None if item.is_cut else self._layout.next_record
        start = suspicious_from(text, begin, item.end)
        found = None if pattern is None else pattern.search(text, start)
        if found is not None:
            self.at = found.end()
        elif final:
            self.at, self.ended = len(text), True
        elif len(text) - begin < MAX_RECORD:
            return False
        else:
            self.overlong, self.balanced = True, item.is_cut
            self._reject(TOO_LONG, begin, len(text), line)
            return False
        self._reject(CUT if item.is_cut else item.problem(begin), begin, self.at, line)
        return True


def _reader_of(layout: Layout) -> Callable[[bytes], dict[str, Any]]:
    """Return what reads a record that lies so."""
    if layout.are_values:
        return partial(read_value, name=layout.names[0])
    return partial(read_row, names=layout.names) if layout.names else read_record


def _behind_item(text: str, end: int) -> int:
    """Return what is behind the comma that follows an item; of very much space only a part."""
    return BEHIND_ITEM.match(text, end, end + MOST_SPACE).end()  # type: ignore[union-attr]


def _is_certain(text: str, begin: int, end: int, behind: int) -> bool:
    """Tell whether the comma behind the item from `begin` to `end` was seen, or that none comes."""
    if behind == len(text):
        return behind > end and text[behind - 1] == ","
    return len(text) - begin >= MAX_RECORD or not is_open_remark(text, behind)
