"""One walk over a block of JSON text of which each part is a record: a line, or what marks part."""

from __future__ import annotations

import re
from codecs import BOM_UTF8

from definitions.faults import FaultCode
from sources.formats.json.item import parse_item
from sources.formats.json.layout import LINE_END
from sources.formats.json.walk import CUT, Walk
from sources.gathering import MAX_RECORD, TOO_LONG

NO_PART = re.compile(rb"\s*+(?:(?://|\#).+)?", re.DOTALL)
NO_EVENT = re.compile(rb"\s*+(?:(?:event|id|retry)?:.*+|data:\s*+(?:\[DONE\]\s*+)?)?", re.DOTALL)
EVENT_DATA = re.compile(rb"data:[ \t]*+")


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
