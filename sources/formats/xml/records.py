"""Gathering the record elements of a document as they are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from definitions.errors import FormatError
from definitions.faults import FaultCode
from sources.formats.xml.attributes import Attributes
from sources.formats.xml.cells import Node
from sources.formats.xml.choice import DEEPEST, RecordKind
from sources.gathering import MAX_RECORD, TOO_LONG, Place, Problem
from sources.markup import START, BrokenMarkupError, Spot, local_name

TOO_DEEP = Problem(
    code=FaultCode.BROKEN_RECORD, message=f"is nested deeper than {DEEPEST} elements"
)
UNKNOWN_CHARACTER = "\ufffd"
HOW = {
    FaultCode.BROKEN_RECORD: "; what breaks them is read as text",
    FaultCode.BAD_ENCODING: f"; they are read as {UNKNOWN_CHARACTER}",
}
MOST_HELD = 2 * MAX_RECORD  # bytes of a record in which others seem to be
MOST_OPEN = 100_000  # elements
NO_PREFIX = "_"
MARKUP_SIZE = 32  # what an element or attribute counts besides its text: names are kept too


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What to do with a record, or with one that cannot be used and why.

    Where there is a `note`, records that break the rules are mended, and it is told of each.
    """

    record: Callable[[Node, Place], None]
    problem: Callable[[Problem, Place, str], None]
    note: Callable[[Problem, Place, str], None] | None = None


class UnclosedRecordError(Exception):
    """The record that is open should have ended before `spot`, where another one begins."""

    def __init__(self, spot: Spot) -> None:
        self.spot = spot
        super().__init__(spot)


class Records:
    """Listens to a document and passes on its records from row `first` on.

    Only the record that is open is in memory, and of that not more than `MAX_RECORD` bytes. An
    element of the record's name inside of a record is content, unless the record `ends_open`.
    """

    def __init__(self, kind: RecordKind, first: int, found: Found, name: str) -> None:
        self.kind, self.nests = kind, kind.nests
        self.row = 1  # of the record that is open or comes next
        self.here: Callable[[], Spot] = lambda: START
        self.begun: Spot | None = None  # where the record that is open begins
        self.inner: Spot | None = None  # where the first one of its name begins inside of it
        self.ends_open = False
        self.raw: Callable[[], str] = str  # what the record that ends here looks like
        self.broken: Problem | None = None  # the first thing that breaks the one that is open
        self._first, self._found, self._name = first, found, name
        self._tags: list[str] = []  # of the elements that are open, down to the record
        self._path: list[str] = []  # their names without prefixes
        self._inside: tuple[str, ...] | None = None
        self._open: list[Node] = []
        self._depth = 0  # of elements inside the record, itself included
        self._size = 0
        self._problem: Problem | None = None
        self._attributes = Attributes()

    @property
    def mends(self) -> bool:
        """Tell whether records that break the rules are to be mended."""
        return self._found.note is not None

    @property
    def is_plain(self) -> bool:
        """Tell whether a record is open in which no others seem to be."""
        return self.begun is not None and self.inner is None

    @property
    def inside(self) -> tuple[str, ...]:
        """Return the tags of the elements that the last record was in, or a first one may be."""
        if self._inside is None:
            around = self.kind.path[:-1]
            is_there = tuple(self._path[: len(around)]) == around
            return tuple(self._tags[: len(around)]) if is_there else tuple(map(_tag, around))
        return self._inside

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element; raise `UnclosedRecordError`."""
        if attributes:
            attributes = self._attributes.data_of(attributes)
        if self._depth:
            if name == self._tags[-1] and not self.nests:
                self._meet_inner()
            self._depth += 1
            if self.row >= self._first and self._problem is None:
                self._add(name, attributes)
            return
        self._tags.append(name)
        self._path.append(local_name(name))
        if len(self._path) > DEEPEST:
            msg = f"{self._name!r} is nested deeper than {DEEPEST} elements"
            raise FormatError(msg)
        if self.kind.is_record(self._path):
            self._inside = tuple(self._tags[:-1])
            self._depth, self.begun, self._size = 1, self.here(), 0
            if self.row >= self._first:
                self._add(name, attributes)

    def text(self, text: str) -> None:
        """Take text of the element that is open."""
        if self._open and self._problem is None:
            self._open[-1].texts.append(text)
            self._count(len(text))

    def end(self, _: str) -> None:
        """Take the end of an element; raise `UnclosedRecordError`."""
        if not self._depth:
            self._leave()
            return
        if self._depth == 1:
            self.check_length()
            self._pass_on()
            self._leave()
            return
        self._depth -= 1
        if self._problem is None and self._open:
            self._open.pop()

    def check_length(self) -> None:
        """Raise `UnclosedRecordError` if the record is too long for those in it to be content.

        Raise `BrokenMarkupError` if more elements are open in it than memory should hold.
        """
        inner, begun, is_deep = self.inner, self.begun, self._depth > MOST_OPEN
        if inner and begun and (is_deep or self.here().byte - begun.byte > MOST_HELD):
            raise UnclosedRecordError(inner)
        if is_deep:
            reason = f"more than {MOST_OPEN} elements are open"
            raise BrokenMarkupError(reason, *self.here(), is_cut=False)

    def spoil(self, problem: Problem) -> None:
        """Take note of what breaks the record that is open, of which the end will be found."""
        self.broken = self.broken or problem
        if not self.mends and self._open and self._problem is None:
            self._leave_out(problem)

    def give_up(self, problem: Problem, line: int, text: str) -> None:
        """Report the record that is open, or that would have come, and wait for the next one."""
        inside = self.inside
        if self.row >= self._first:
            self._found.problem(problem, Place(row=self.row, line=line), text)
        self._close()
        self._tags, self._path = [*inside], [*map(local_name, inside)]

    def take_mended(self, record: Node, problem: Problem, line: int, text: str) -> None:
        """Take the record that is open as it was mended, tell of it, and wait for the next one."""
        inside = self.inside
        if self.row >= self._first:
            self._mended(record, problem, Place(row=self.row, line=line), text)
        self._close()
        self._tags, self._path = [*inside], [*map(local_name, inside)]

    def begin_anew(self) -> None:
        """Wait for the first record of another document, in which the same elements are open."""
        inside = self.inside
        self._tags, self._path = [*inside], [*map(local_name, inside)]

    def _add(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth > DEEPEST:
            self._problem = TOO_DEEP
            return
        node = Node(self._attributes.namespaces.tag_of(name), attributes)
        if self._open:
            node.place = len(self._open[-1].texts)
            self._open[-1].children.append(node)
        self._open.append(node)
        self._count(MARKUP_SIZE * (1 + len(attributes)) + sum(map(len, attributes.values())))

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > MAX_RECORD:
            self._leave_out(TOO_LONG)

    def _leave_out(self, problem: Problem) -> None:
        self._problem = problem
        del self._open[1:]
        self._open[0].children.clear()

    def _meet_inner(self) -> None:
        if self.ends_open:
            raise UnclosedRecordError(self.here())
        self.inner = self.inner or self.here()

    def _pass_on(self) -> None:
        self.nests = self.nests or self.inner is not None
        if self.row >= self._first and self.begun is not None:
            place, record = Place(row=self.row, line=self.begun.line), self._open[0]
            if self.broken is not None:
                take = self._found.problem if self._problem else partial(self._mended, record)
                take(self.broken, place, self.raw())
            elif self._problem is None:
                self._found.record(record, place)
            else:
                self._found.problem(self._problem, place, f"<{record.name}>")
        self._close()

    def _mended(self, record: Node, problem: Problem, place: Place, text: str) -> None:
        told = Problem(code=problem.code, message=problem.message + HOW[problem.code])
        self._found.record(record, place)
        if self._found.note is not None:
            self._found.note(told, place, text)

    def _close(self) -> None:
        self.row += 1
        self._depth, self.begun, self.inner = 0, None, None
        self._open, self._problem, self.broken = [], None, None

    def _leave(self) -> None:
        self._tags.pop()
        self._path.pop()


def _tag(name: str) -> str:
    """Return a tag that has this name, behind a prefix where it cannot be a tag alone."""
    return name if name[:1].isidentifier() else f"{NO_PREFIX}:{name}"
