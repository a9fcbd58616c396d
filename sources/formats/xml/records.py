"""Gathering the record elements of a document as they are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from definitions.errors import FormatError
from definitions.faults import FaultCode
from sources.formats.xml.cells import Node
from sources.formats.xml.choice import DEEPEST, IsRecord
from sources.gathering import MAX_RECORD, TOO_LONG, Place, Problem
from sources.markup import local_name

TOO_DEEP = Problem(
    code=FaultCode.BROKEN_RECORD, message=f"is nested deeper than {DEEPEST} elements"
)
MARKUP_SIZE = 32  # what an element or attribute counts besides its text: names are kept too


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What to do with a record, or with one that cannot be used and why."""

    record: Callable[[Node, Place], None]
    problem: Callable[[Problem, Place, str], None]


class Records:
    """Listens to a document and passes on its records from row `first` on.

    Only the record that is open is in memory, and of that not more than `MAX_RECORD` bytes. An
    element of the record's name inside of a record is content.
    """

    def __init__(self, is_record: IsRecord, first: int, found: Found, name: str) -> None:
        self.row = 1  # of the record that is open or comes next
        self.line_of: Callable[[], int] = lambda: 1
        self._is_record, self._first, self._found, self._name = is_record, first, found, name
        self._path: list[str] = []
        self._open: list[Node] = []
        self._depth = 0  # of elements inside the record, itself included
        self._line, self._size = 1, 0
        self._problem: Problem | None = None

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        if self._depth:
            self._depth += 1
            if self.row >= self._first and self._problem is None:
                self._add(name, attributes)
            return
        self._path.append(local_name(name))
        if len(self._path) > DEEPEST:
            msg = f"{self._name!r} is nested deeper than {DEEPEST} elements"
            raise FormatError(msg)
        if self._is_record(self._path):
            self._depth, self._line, self._size = 1, self.line_of(), 0
            self._problem, self._open = None, []
            if self.row >= self._first:
                self._add(name, attributes)

    def text(self, text: str) -> None:
        """Take text of the element that is open."""
        if self._open and self._problem is None:
            self._open[-1].texts.append(text)
            self._count(len(text))

    def end(self, _: str) -> None:
        """Take the end of an element."""
        if not self._depth:
            self._path.pop()
            return
        self._depth -= 1
        if self._depth == 0:
            self._path.pop()
            self._pass_on()
        elif self._problem is None and self._open:
            self._open.pop()

    def _add(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth > DEEPEST:
            self._problem = TOO_DEEP
            return
        if any(":" in other for other in attributes):
            attributes = {
                local_name(other): text
                for other, text in attributes.items()
                if not other.startswith("xmlns:")
            }
        attributes.pop("xmlns", None)
        node = Node(local_name(name), attributes)
        if self._open:
            self._open[-1].children.append(node)
        self._open.append(node)
        self._count(MARKUP_SIZE * (1 + len(attributes)) + sum(map(len, attributes.values())))

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > MAX_RECORD:
            self._problem = TOO_LONG
            del self._open[1:]
            self._open[0].children.clear()

    def _pass_on(self) -> None:
        if self.row >= self._first:
            place, record = Place(row=self.row, line=self._line), self._open[0]
            if self._problem is None:
                self._found.record(record, place)
            else:
                self._found.problem(self._problem, place, f"<{record.name}>")
        self.row += 1
        self._open, self._problem = [], None
