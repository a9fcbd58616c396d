"""What stands behind the end of a list: a further one, an object with one in it, or a fault.

Programs that fetch a list page by page write the pages one behind the other: `[…][…]`, or
`{"items": […], "next": 2}{"items": […]}`, each on a line or not. They are read on as one list. An
object that is broken, or holds no such list, is one fault.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import Any

from definitions.batches import Position
from definitions.faults import FaultCode
from sources.formats.json.arrays import find_list
from sources.formats.json.feed import Feed, Trail
from sources.formats.json.layout import Layout
from sources.formats.json.leaving import End, Leaving
from sources.formats.json.remarks import BEHIND
from sources.formats.json.structure import find_brackets
from sources.formats.json.walk import NOT_CLOSED
from sources.gathering import MAX_RECORD, MOST_FAULTS, Gathering, Place, Problem, shown

PIECE = 1 << 16
FIRST_LOOK = 1 << 10  # for a list in an object, or its end; then four times as far
GAP = re.compile(rb"[\s,\x1e]*+(?:" + BOM_UTF8 + rb"[\s,\x1e]*+)*+")
FURTHER_LIST = re.compile(rb"\][\s,]*+(?:" + BOM_UTF8 + rb")?\s*+\[")
STRAY_BRACKET = re.compile(rb"\]\s*+,\s*+(?=\{)")
OVERLAP = 1 << 12  # what leads from one list to the next is shorter

TAIL = Problem(
    code=FaultCode.BROKEN_RECORD, message="is no record: it stands behind the end of the list"
)
STRAY = Problem(
    code=FaultCode.BROKEN_RECORD, message="is no record: a bracket closes the list, which goes on"
)
BROKEN = Problem(
    code=FaultCode.BROKEN_RECORD, message="is no JSON: the object around a list is broken"
)
CUT = Problem(
    code=FaultCode.FILE_CUT, message="is cut: the file ends before the object around a list does"
)
TOO_FAR = Problem(
    code=FaultCode.ROW_TOO_LONG,
    message=(
        f"is not looked at, nor what follows: {MAX_RECORD} bytes of an object are before its list; "
        "write the list first"
    ),
)
GIVEN_UP = Problem(
    code=FaultCode.BROKEN_RECORD,
    message=f"is not looked at, nor what follows: {MOST_FAULTS} objects before it hold no list",
)


def go_on(
    feed: Feed, layout: Layout, end: Position, gathering: Gathering[dict[str, Any]]
) -> tuple[Position, bool]:
    """Go on from the bracket at `end`, which closes a list, into the next one; report what is none.

    Return the place of its first record and True, or the end of the text and False.
    """
    trail = Trail(feed, end.byte, end.row, end.line)
    reporting = _Reporting(trail, layout, gathering)
    has_list = reporting.next_page() if layout.depth else reporting.next_list()
    return trail.position, has_list


class _Reporting:
    def __init__(self, trail: Trail, layout: Layout, gathering: Gathering[dict[str, Any]]) -> None:
        self._trail, self._feed = trail, trail.feed
        self._layout, self._gathering = layout, gathering
        message = f"holds no list {layout.where!r}, as the object before it does"
        self._no_list = Problem(code=FaultCode.BROKEN_RECORD, message=message)
        message = f"holds a list {layout.where!r} again, which is not read; name it otherwise"
        self._repeated = Problem(code=FaultCode.BROKEN_RECORD, message=message)

    def next_list(self) -> bool:
        """Go on into a list behind the one that ends here."""
        text = self._feed.peek(OVERLAP)
        stray = STRAY_BRACKET.match(text)
        if stray and self._begins_record(text[1:]):
            self._reject(STRAY, b"]")
            self._trail.drop(stray.group())
            return True
        found = FURTHER_LIST.match(text)
        self._trail.drop(found.group() if found else self._feed.peek(1))
        if found is None:
            return self._end_with(TAIL)
        if not self._feed.peek(1):
            self._reject(NOT_CLOSED, b"")
            return False
        return True

    def _begins_record(self, text: bytes) -> bool:
        """Tell whether a comma and an object like the first record are next."""
        pattern = self._layout.next_record
        found = None if pattern is None else pattern.search(str(text, "latin-1"))
        return found is not None and not text[: found.start()].strip(b" \t\r\n,")

    def next_page(self) -> bool:
        """Go on into the list in the next object that has one."""
        if not self._leave_objects():
            return False
        for _ in range(MOST_FAULTS):
            self._pass_over_gap()
            if not self._feed.peek(1):
                return False
            if self._enter_list():
                return True
        return self._end_with(GIVEN_UP)

    def _leave_objects(self) -> bool:
        """Go on behind the outermost object around the list; tell whether that is possible."""
        if self._feed.peek(1) != self._layout.bracket:  # the file has ended
            return False
        self._trail.drop(self._layout.bracket)
        line = self._trail.line
        layout = self._layout
        leaving = Leaving(self._trail, layout.depth, layout.next_page, layout.again)
        end = leaving.run()
        if leaving.is_repeated:
            self._reject(self._repeated, leaving.head, line)
        if end is not End.WHOLE:
            self._reject(CUT if end is End.CUT else BROKEN, leaving.head, line)
        return True

    def _enter_list(self) -> bool:
        """Go on into the list of the object that begins here, or report it and go on behind it."""
        is_object, look = self._feed.peek(1) == b"{", FIRST_LOOK
        while True:
            text = self._feed.peek(look)
            border = self._border_in(text)
            place, is_list = (
                find_list(text[:border], self._layout.where) if is_object else (0, False)
            )
            if is_list:
                self._trail.drop(text[:place])
                return True
            if place:
                self._give_up(self._no_list, text[:place])
                return False
            problem = BROKEN if is_object else TAIL
            if border < len(text):
                self._give_up(problem, text[:border])
                return False
            if self._feed.is_last(text):
                return self._end_with(CUT if is_object and _is_cut(text) else problem)
            if look >= MAX_RECORD:
                return self._end_with(TOO_FAR if is_object else problem)
            look *= 4

    def _border_in(self, text: bytes) -> int:
        """Return where another object like the first seems to begin, or the length of `text`."""
        pattern = self._layout.next_page
        found = None if pattern is None else pattern.search(text, 1)
        return found.end() if found else len(text)

    def _give_up(self, problem: Problem, text: bytes) -> None:
        self._reject(problem, text)
        self._trail.drop(text)

    def _end_with(self, problem: Problem) -> bool:
        """Report whatever is left as one fault, and say that there is no further list.

        What ends a script, and comments, are none.
        """
        self._pass_over_gap()
        closing = re.match(_with_gaps(self._layout.closing), self._feed.peek(FIRST_LOOK))
        if problem is TAIL and closing is not None:
            self._trail.drop(closing.group())
            self._pass_over_gap()
        rest = self._feed.peek(PIECE)
        if problem is TAIL and self._feed.is_last(rest) and BEHIND.fullmatch(str(rest, "latin-1")):
            self._trail.drop(rest)
        if text := self._feed.peek(PIECE):
            self._reject(problem, text)
        elif problem is CUT:
            self._reject(problem, b"")
        while piece := self._feed.peek(PIECE):
            self._trail.drop(piece)
        return False

    def _pass_over_gap(self) -> None:
        while gap := GAP.match(self._feed.peek(FIRST_LOOK)).group():  # type: ignore[union-attr]
            self._trail.drop(gap)

    def _reject(self, problem: Problem, text: bytes, line: int | None = None) -> None:
        place = Place(row=self._trail.row, line=line or self._trail.line)
        self._gathering.reject(problem, place, shown(text))
        self._trail.row += 1


def _with_gaps(closing: bytes) -> bytes:
    """Return a regular expression of marks that may have spaces between them."""
    return rb"\s*+".join(re.escape(bytes([mark])) for mark in closing)


def _is_cut(text: bytes) -> bool:
    """Tell whether no string in a text that should go on has lost its end."""
    return not text or not find_brackets(text, inside=False).has_anomaly
