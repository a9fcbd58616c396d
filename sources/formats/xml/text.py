"""The text of a document on its way to its records, read on behind places that break it.

No parser goes on behind a place that is not well-formed. So another one begins where the next
record does (`gap`), inside of the elements that the last record was in: the broken record is lost,
not the rest of the file.

Documents that stand one behind the other are read on, as are elements without a root around them.

Where `MOST_LOST` records were lost one behind the other, the rest is taken for no document.

A record that is not closed breaks nothing at once: the records behind it seem to be inside of it.
When the document breaks by that in the end, or the record gets longer than `MOST_HELD`, reading
goes back to the first of them. That happens once in a file: from then on a record that begins
inside of another one ends it. Where a whole record did hold an element of its own name, none of
this is done: there such elements are content.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.parsers.expat import ErrorString, errors

from definitions.faults import FaultCode
from sources.formats.xml.gap import Gap, open_section
from sources.formats.xml.mending import HOW, mended_record
from sources.formats.xml.records import MOST_HELD, Records, UnclosedRecordError
from sources.gathering import MAX_RECORD, NOT_TEXT, SHOWN_CHARACTERS, Problem, shown
from sources.markup import START, BrokenMarkupError, Markup, Spot, Told

MOST_LOST = 10_000
STEP = 1 << 12  # what is given to a parser at once: of many that break soon each copies it
BEHIND_ALL = ErrorString(errors.codes[errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT])
INVALID = ErrorString(errors.codes[errors.XML_ERROR_INVALID_TOKEN])
LONGEST_CHARACTER = 4  # bytes
HEAD = rb"(?:\s++|<\?(?:(?!\?>).)*+\?>|<!--(?:(?!-->).)*+-->|<!DOCTYPE[^<>\[]*+>)*+"
SHOWN_SIZE = 4 * SHOWN_CHARACTERS
CUT = Problem(
    code=FaultCode.FILE_CUT,
    message="is cut: the file ends before its first element does; fetch or write it again",
)
NOT_CLOSED = Problem(
    code=FaultCode.BROKEN_RECORD, message="is not closed before the next record begins"
)


@dataclass(slots=True)
class _Break:
    """A place that breaks the document, and the gap behind it, which has come to `line`.

    `text` is the beginning of what is passed over, from that of the record on, and `whole` all of
    it, where it may be mended.
    """

    error: BrokenMarkupError
    problem: Problem
    row_line: int
    text: bytes
    line: int
    gap: Gap
    whole: bytearray

    def extend(self, text: bytes) -> None:
        """Take what was passed over."""
        self.text += text[: max(SHOWN_SIZE - len(self.text), 0)]
        if self.whole and len(self.whole) <= MAX_RECORD:
            self.whole += text
        self.line += text.count(b"\n")


class RecordText:
    """Takes the text of a document in pieces and tells `records` what is in it."""

    def __init__(self, records: Records, name: str) -> None:
        self._records, self._name = records, name
        self._held, self._first = b"", 0  # text that may be needed again, and its place in all
        self._at = 0  # so much of what is held was taken
        self._break: _Break | None = None
        self._begin(START, ())

    @property
    def line(self) -> int:
        """Return the line that reading has come to."""
        return self._markup.line if self._break is None else self._break.line

    def take(self, piece: bytes) -> None:
        """Take the next piece; raise `FormatError` for what is refused."""
        self._held += piece
        self._go_on()
        self._forget()

    def finish(self) -> None:
        """Say that there are no more pieces, and report what lacks its end."""
        while self._break is None:
            try:
                self._markup.finish()
            except UnclosedRecordError as exc:
                self._end_record_at(exc.spot)
                self._go_on()
            except BrokenMarkupError as exc:
                self._take_break(exc)
                self._go_on()
            else:
                return
        problem = CUT if self._break.error.is_cut else self._break.problem
        if not self._wanted:
            message = f"{problem.message}, as {MOST_LOST} records before; the rest is not read"
            problem = Problem(code=problem.code, message=message)
        self._report(self._break, problem)

    def _begin(self, spot: Spot, inside: Sequence[str]) -> None:
        """Begin a parser at `spot`, where the elements `inside` are open."""
        records = self._records
        told = Told(begin=records.begin, end=records.end, text=records.text)
        self._markup = Markup(told, self._name, spot, inside)
        records.here = lambda: self._markup.spot
        self._at = spot.byte - self._first

    def _go_on(self) -> None:
        is_moving = True
        while is_moving and self._at < len(self._held):
            is_moving = self._listen() if self._break is None else self._pass_over(self._break)

    def _listen(self) -> bool:
        step = memoryview(self._held)[self._at : self._at + STEP]
        try:
            self._markup.take(step)
            self._at += len(step)
            self._records.check_length()
            self._check_section()
        except UnclosedRecordError as exc:
            self._end_record_at(exc.spot)
        except BrokenMarkupError as exc:
            self._take_break(exc)
        return True

    def _check_section(self) -> None:
        """Raise `BrokenMarkupError` for a CDATA section that seems to have no end."""
        begun, spot = self._records.begun, self._markup.spot
        if begun is None or begun.byte < self._first or spot.byte - begun.byte <= MOST_HELD:
            return
        begin = begun.byte - self._first
        section = open_section(self._held[begin : self._at])
        if section is not None:
            before = self._held[begin : begin + section[0] + 1]
            line = begun.line + before.count(b"\n")
            reason = f"a section is longer than {MOST_HELD} bytes"
            raise BrokenMarkupError(reason, begun.byte + len(before), line, is_cut=False)

    def _pass_over(self, broken: _Break) -> bool:
        """Go on to where a record begins; tell whether there is one."""
        at, is_found = broken.gap.pass_over(self._held, self._at)
        broken.extend(self._held[self._at : at])
        self._at = at
        if is_found:
            if self._begins_anew(broken):
                self._break = None
                self._records.begin_anew()
            else:
                self._report(broken, broken.problem)
            self._begin(Spot(self._first + at, broken.line), self._records.inside)
        return is_found

    def _begins_anew(self, broken: _Break) -> bool:
        """Tell whether nothing but the beginning of another document was passed over."""
        tags = b"".join(
            rb"\s*+<%b(?:\s[^<>]*+)?>" % re.escape(tag.encode()) for tag in self._records.inside
        )
        is_all = len(broken.text) < SHOWN_SIZE and broken.error.reason == BEHIND_ALL
        return is_all and re.fullmatch(HEAD + tags + rb"\s*+", broken.text, re.DOTALL) is not None

    def _take_break(self, error: BrokenMarkupError) -> None:
        records = self._records
        if records.inner is not None:
            self._end_record_at(records.inner)
            return
        begun, at = records.begun or self._tag_of(error), error.byte - self._first
        begin = max(begun.byte - self._first, 0)
        problem = _problem(error, self._held[at : at + LONGEST_CHARACTER])
        if error.is_endless and not self._held.startswith(b"<!", at):
            at += 1  # a tag, which may be a record's: the next one is meant
        before = self._held[begin:at]
        if error.is_cut:  # what is open to the end of the file was not meant to be
            section = open_section(before)
            at = 1 + (at if section is None else begin + section[0])
            before = self._held[begin:at]
        self._break = _Break(
            error=error,
            problem=problem,
            row_line=begun.line,
            text=before[:SHOWN_SIZE],
            line=begun.line + before.count(b"\n"),
            gap=Gap(self._wanted, b"" if error.is_cut else before),
            whole=bytearray(before if records.mends and not error.is_cut else b""),
        )
        self._at = at

    @property
    def _wanted(self) -> str:
        """Return the name of the records that are read on for, if any are."""
        return self._records.kind.name if self._records.lost < MOST_LOST else ""

    def _tag_of(self, error: BrokenMarkupError) -> Spot:
        """Return where the tag begins that breaks, or else where the text does."""
        at = error.byte - self._first
        begin = self._held.rfind(b"<", 0, at)
        if begin <= self._held.rfind(b">", 0, at):
            return Spot(error.byte, error.line)
        return Spot(self._first + begin, error.line - self._held.count(b"\n", begin, at))

    def _end_record_at(self, spot: Spot) -> None:
        """End the record that is open as the next one begins at `spot`, which may be behind."""
        begun, first = self._records.begun or spot, self._first
        begin = max(begun.byte - first, 0)
        text = self._held[begin : min(spot.byte - first, begin + SHOWN_SIZE)]
        self._records.give_up(NOT_CLOSED, begun.line, shown(text))
        self._records.ends_open = True
        if self._wanted:
            self._begin(spot, self._records.inside)
        else:
            self._at = spot.byte - first
            reason = "a record is not closed"
            self._take_break(BrokenMarkupError(reason, spot.byte, spot.line, is_cut=False))

    def _report(self, broken: _Break, problem: Problem) -> None:
        self._break = None
        records, text = self._records, shown(broken.text)
        if 0 < len(broken.whole) <= MAX_RECORD:
            whole = bytes(broken.whole)
            record = mended_record(whole, records.kind, records.inside, self._name)
            if record is not None:
                told = Problem(code=problem.code, message=problem.message + HOW[problem.code])
                records.take_mended(record, told, broken.row_line, text)
                return
        records.give_up(problem, broken.row_line, text)

    def _forget(self) -> None:
        """Let go of what will not be needed again."""
        needed = self._first + self._at
        if self._break is None:
            needed = self._markup.spot.byte
            begun = self._records.begun
            if begun is not None and needed - begun.byte <= MOST_HELD:
                needed = begun.byte
        dropped = needed - self._first
        if dropped > 0:
            self._held = self._held[dropped:]
            self._first, self._at = needed, self._at - dropped


def _problem(error: BrokenMarkupError, there: bytes) -> Problem:
    """Return what breaks the record; `there` are the bytes at that place."""
    if error.reason == INVALID and not _begins_with_text(there):
        return Problem(code=NOT_TEXT.code, message=f"{NOT_TEXT.message}, on line {error.line}")
    message = f"breaks the rules of XML: {error.reason} on line {error.line}"
    return Problem(code=FaultCode.BROKEN_RECORD, message=message)


def _begins_with_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError as exc:
        return exc.start > 0
    return True
