"""One walk over a block of JSON text: its whole records are taken, what is broken is reported.

In well-formed text the borders of all items are found at once (`structure`). Where that ends, or an
item is no JSON, the rest of the block is walked *with care*: a parser tells where each item ends.
Where it fails, the record is given up, and reading goes on at the border that is near, or where the
next one seems to begin (`layout.record_beginning`). Either way every byte is looked at a bounded
number of times, and what becomes of an item depends on what follows it, not on the way it is in.
"""

from __future__ import annotations

import re
from typing import Any

from definitions.batches import Position
from definitions.faults import FaultCode
from definitions.model import MalformedRows
from sources.formats.json.endless import NOT_ENDED, Endless
from sources.formats.json.item import (
    Item,
    has_match_inside_string,
    parse_item,
    suspicious_from,
)
from sources.formats.json.layout import Layout
from sources.formats.json.mending import is_begun, mended_item, mended_record
from sources.formats.json.reading import reader_of
from sources.formats.json.record import NotARecordError
from sources.formats.json.remarks import BEHIND, BETWEEN, is_open_remark
from sources.formats.json.structure import find_borders, near_border
from sources.gathering import MAX_RECORD, TOO_LONG, Gathering, Place, Problem, shown

GAP = re.compile(rb"[ \t\r\n]*+")
REMARKS = frozenset({b"/", b"#"})  # what comments begin with
SPACE = re.compile(BETWEEN)
BEHIND_ITEM = re.compile(rf"{BETWEEN},?+")
MOST_SPACE = 1 << 16
NEAR = 1 << 15  # so far away the border behind a broken item is looked for

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
        self._pads, self._closing = gathering.policy is MalformedRows.PAD, "]"
        self._read = reader_of(layout)

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
        return self._take_text(self._buffer[begin:end], Place(row=self.row, line=line))

    def _take_text(self, text: bytes, place: Place) -> Problem | None:
        """Take a record; return why not, for the caller to report."""
        try:
            record = self._read(text)
        except NotARecordError as exc:
            return self._take_mended(text, place, exc.problem) if self._pads else exc.problem
        if record is not None:
            self._gathering.keep(record, place)
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
        for end in borders.commas:
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

    def _parse(self, text: str, begin: int) -> Item:
        return parse_item(text, begin)

    def _value_at(self, text: str, begin: int) -> int:
        """Return where the value of the item at `begin` begins."""
        del text
        return begin

    def _take_item(self, begin: int, end: int) -> bool:
        """Take or report an item; tell whether it ends where it seems to."""
        if self._buffer[begin : begin + 1] in REMARKS:
            return False
        line = self.line_at(begin)
        problem = self._take(begin, end, line)
        if problem is None:
            return True
        if problem is TOO_LONG and self._layout.are_apart:
            return False
        is_broken = problem.code is FaultCode.BROKEN_RECORD and begin < end
        if is_broken and (end - begin >= NEAR or self._hides_border(begin, end)):
            return False
        self._reject(problem, begin, end, line)
        return True

    def _hides_border(self, begin: int, end: int) -> bool:
        """Tell whether a broken item seems to be several."""
        text = str(self._buffer[begin:end], "latin-1")
        parsed = self._parse(text, 0)
        if parsed.failure is None:
            return parsed.end < len(text.rstrip())
        if self._pads and is_begun(text[self._value_at(text, 0) :]):
            return True
        next_record, start = self._layout.next_record, suspicious_from(text, 0, parsed.end)
        if next_record is None:
            return False
        if next_record.pattern.startswith(r"\n"):
            return next_record.search(text, start) is not None
        return has_match_inside_string(text, next_record, start)

    def _end_at(self, begin: int, closing: int) -> bool:
        """Take the last item, before the bracket that closes the array; tell whether it is that."""
        if self._buffer[closing] != ord(self._closing) or not self._layout.bracketed:
            return False
        if begin < closing and not self._take_item(begin, closing):
            return False
        self.at, self.ended = closing, True
        return True

    def _take_with_care(self, *, final: bool) -> None:
        text = str(self._buffer, "latin-1")  # a character per byte; what JSON is made of is ASCII
        endless = Endless(self._buffer, text, self._layout)
        while not (self._gathering.is_full or self.ended):
            self.at = begin = SPACE.match(text, self.at).end()  # type: ignore[union-attr]
            if begin == len(text):
                return
            if text[begin] == self._closing and self._layout.bracketed:
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
            behind, is_open = endless.behind(begin, final=final)
            if is_open:
                return
            if behind is not None:
                self._reject(NOT_ENDED, begin, behind, self.line_at(begin))
                self.at = behind
                continue
            item = self._parse(text, begin)
            take = self._take_parsed if item.failure is None else self._take_broken
            if not take(item, text, begin, final=final):
                return

    def _take_parsed(self, item: Item, text: str, begin: int, *, final: bool) -> bool:
        """Take the item at `begin`; tell whether it is certain that it ends there."""
        behind = _behind_item(text, item.end)
        is_certain = final or _is_certain(text, begin, item.end, behind)
        if is_certain:
            self._take_whole(begin, item.end)
            self.at = behind
        return is_certain

    def _take_broken(self, item: Item, text: str, begin: int, *, final: bool) -> bool:
        """Mend or report the item at `begin` and go on behind it; tell whether that is possible."""
        border, may_come = self._border_of(item, text, begin, final=final)
        if may_come:
            return False
        if border is not None and self._take_up_to(begin, border):
            return True
        if self._pads:
            item = mended_item(item, text, self._value_at(text, begin), final=final)
        step = self._take_parsed if item.failure is None else self._go_on_behind
        return step(item, text, begin, final=final)

    def _border_of(
        self, item: Item, text: str, begin: int, *, final: bool
    ) -> tuple[int | None, bool]:
        """Return the border behind a broken item, and whether one may come behind the text."""
        pattern = self._layout.next_record
        found = None
        if pattern is not None and pattern.pattern.startswith(r"\n"):
            found = pattern.search(text, suspicious_from(text, begin, item.end))
        end = begin + NEAR if found is None else min(found.start(), begin + NEAR)
        border, may_come = near_border(self._buffer, begin, end)
        return border, may_come and not final

    def _take_up_to(self, begin: int, border: int) -> bool:
        """Take or report an item whose border was found near; tell whether it ends there."""
        if self._buffer[border] != ord(","):
            return self._end_at(begin, border)
        is_taken = self._take_item(begin, border)
        self.at = border + 1 if is_taken else begin
        return is_taken

    def _take_whole(self, begin: int, end: int) -> None:
        line = self.line_at(begin)
        problem = self._take(begin, end, line)
        if problem is not None:
            self._reject(problem, begin, end, line)

    def _go_on_behind(self, item: Item, text: str, begin: int, *, final: bool) -> bool:
        """Report the broken item at `begin` and go on behind it; tell whether that is possible."""
        line = self.line_at(begin)
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


def _behind_item(text: str, end: int) -> int:
    """Return what is behind the comma that follows an item; of very much space only a part."""
    return BEHIND_ITEM.match(text, end, end + MOST_SPACE).end()  # type: ignore[union-attr]


def _is_certain(text: str, begin: int, end: int, behind: int) -> bool:
    """Tell whether the comma behind the item from `begin` to `end` was seen, or that none comes."""
    if behind == len(text):
        return behind > end and text[behind - 1] == ","
    return len(text) - begin >= MAX_RECORD or not is_open_remark(text, behind)
