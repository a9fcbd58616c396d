"""One walk over a block of JSON text of which each part is a record: a line, or what marks part."""

from __future__ import annotations

import re
from codecs import BOM_UTF8

from definitions.faults import FaultCode
from sources.formats.json.actions import ACTION, needs_document, with_action
from sources.formats.json.events import data_of_event, end_of_event
from sources.formats.json.item import parse_item
from sources.formats.json.layout import LINE_END
from sources.formats.json.record import NotARecordError
from sources.formats.json.walk import CUT, Walk
from sources.gathering import MAX_RECORD, TOO_LONG, Place, Problem

NO_PART = re.compile(rb"\s*+(?:(?://|\#).+)?", re.DOTALL)
NO_EVENT = re.compile(rb"\s*+(?:(?:event|id|retry)?:.*+|data:\s*+(?:\[DONE\]\s*+)?)?", re.DOTALL)
EVENT_DATA = re.compile(rb"data:[ \t]*+")


class PartedWalk(Walk):
    """A walk over text of which each part is a record: a line, or what is between two marks.

    Parts with nothing in them are none. The data of an event may be on several lines: they are
    looked for where one alone is no JSON, but for those up to `_alone`, which are not to be joined.
    """

    _alone = 0

    def run(self, *, final: bool) -> None:
        """Take every whole part; `final` tells that the file ends where the buffer does."""
        mark = self._layout.parted_by
        no_part = NO_EVENT if self._layout.are_events else NO_PART
        while self.at < len(self._buffer) and not self._gathering.is_full:
            begin, border = self.at, self._buffer.find(mark, self.at)
            if border < 0 and not final:
                self.overlong = len(self._buffer) - self.at > MAX_RECORD
                if self.overlong:
                    self._reject(TOO_LONG, self.at, len(self._buffer), self.line_at(self.at))
                return
            end = len(self._buffer) if border < 0 else border
            if not no_part.fullmatch(self._buffer, self.at, end):
                behind = self._take_part(end, final=final)
                if behind is None:
                    self.at = begin
                    return
                end = behind
            self.at = min(end + 1, len(self._buffer))

    def _take_part(self, end: int, *, final: bool) -> int | None:
        """Take or report a part, and return where it ends; None if that is behind the buffer."""
        begin = self.at
        self.at += len(BOM_UTF8) * self._buffer.startswith(BOM_UTF8, self.at)
        if self._layout.are_documents and ACTION.fullmatch(self._buffer, self.at, end):
            return self._take_document(end, final=final)
        if self._layout.parted_by != LINE_END:
            self.at = self._behind_gap(self.at)
        line = self.line_at(self.at)
        data = EVENT_DATA.match(self._buffer, self.at, end) if self._layout.are_events else None
        self.at = data.end() if data else self.at
        problem = self._take(self.at, end, line)
        if problem is None:
            return end
        if data and problem.code is FaultCode.BROKEN_RECORD and begin >= self._alone:
            return self._take_event(data.start(), end, problem, final=final)
        self._reject_part(problem, end, line)
        return end

    def _take_document(self, end: int, *, final: bool) -> int | None:
        """Take what is on the line behind an action, which ends at `end`, if that is a document.

        Return where it ends, `end` if it is none, which is read for itself; None if its end is
        behind the buffer.
        """
        border = self._buffer.find(LINE_END, end + 1)
        size = (border if border >= 0 else len(self._buffer)) - end
        if size > MAX_RECORD:
            return end
        if border < 0 and not final:
            return None
        is_last, border = border < 0, end + size
        text = with_action(self._buffer[self.at : end], self._buffer[end + 1 : border])
        try:
            record = None if text is None else self._read(text)
        except NotARecordError:
            record = None
        if is_last and needs_document(self._buffer[self.at : end], self._buffer[end + 1 : border]):
            self._reject(CUT, self.at, end, self.line_at(self.at))
        if record is None:
            return end
        self._gathering.keep(record, Place(row=self.row, line=self.line_at(end + 1)))
        self.row += 1
        return border

    def _reject_part(self, problem: Problem, end: int, line: int) -> None:
        is_last = end == len(self._buffer)
        if is_last and problem.code is FaultCode.BROKEN_RECORD and self._goes_on(end):
            problem = CUT
        self._reject(problem, self.at, end, line)

    def _take_event(self, begin: int, end: int, problem: Problem, *, final: bool) -> int | None:
        """Take or report the event of which the first line has the problem, or that line alone.

        Return where it ends, None if that is behind the buffer.
        """
        line, border = self.line_at(begin), end_of_event(self._buffer, end)
        if border is None and not final and len(self._buffer) - begin <= MAX_RECORD:
            return None
        border = len(self._buffer) if border is None else border
        is_short = border - begin <= MAX_RECORD
        data = data_of_event(self._buffer[begin:border]) if is_short else None
        if data is None:
            self._alone = border
            self._reject_part(problem, end, line)
            return end
        broken = self._take_text(data, Place(row=self.row, line=line))
        if broken is not None:
            is_cut = border == len(self._buffer) and parse_item(str(data, "latin-1"), 0).is_cut
            self._reject(CUT if is_cut else broken, begin, border, line)
        return border

    def _goes_on(self, end: int) -> bool:
        text = str(self._buffer[self.at : end], "latin-1").strip()
        return parse_item(text, 0).is_cut
