"""The text of a document on its way to its records, read on behind places that break it.

No parser goes on behind a place that is not well-formed. So another one begins where the next
record does (`gap`), inside of the elements that the last record was in: the broken record is lost,
not the rest of the file.

Documents that stand one behind the other are read on, as are elements without a root around them.

References that XML does not know are found beforehand: a parser gets what they mean, and the
record is a broken one whose end is known. Where tags or sections have no end, each costs as much
as `LONGEST_TOKEN` bytes: the file is refused if there are more than `MOST_ENDLESS` of them, and one
in so many bytes.

A record that is not closed breaks nothing at once: the records behind it seem to be inside of it.
When the document breaks by that in the end, or the record gets longer than `MOST_HELD`, reading
goes back to the first of them. That happens once in a file: from then on a record that begins
inside of another one ends it. Where a whole record did hold an element of its own name, none of
this is done: there such elements are content.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Sequence
from xml.parsers.expat import ErrorString, errors

from definitions.errors import FormatError
from sources.formats.xml.breaks import (
    CUT,
    INVALID,
    LONGEST_CHARACTER,
    NOT_CLOSED,
    SHOWN_SIZE,
    UNDEFINED,
    Break,
    breaking,
    problem_of,
)
from sources.formats.xml.gap import Gap, open_section
from sources.formats.xml.mending import mended_record
from sources.formats.xml.records import MOST_HELD, Records, UnclosedRecordError
from sources.formats.xml.references import LONGEST, as_text, stray_in
from sources.gathering import MAX_RECORD, Problem, shown
from sources.markup import LONGEST_TOKEN, START, BrokenMarkupError, Markup, Spot, Told

MOST_ENDLESS = 20
STEP = 1 << 12  # what is given to a parser at once: of many that break soon each copies it
BEHIND_ALL = ErrorString(errors.codes[errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT])
HEAD = rb"(?:\s++|\xef\xbb\xbf|<\?(?:(?!\?>).)*+\?>|<!--(?:(?!-->).)*+-->|<!DOCTYPE[^<>\[]*+>)*+"


class RecordText:
    """Takes the text of a document in pieces and tells `records` what is in it."""

    def __init__(self, records: Records, name: str) -> None:
        self._records, self._name = records, name
        self._held, self._first = b"", 0  # text that may be needed again, and its place in all
        self._at = 0  # so much of what is held was taken
        self._break: Break | None = None
        self._endless = 0  # tags and sections that have no end
        self._is_all = False
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
        self._is_all = True
        self._go_on()
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
        self._report(self._break, CUT if self._break.error.is_cut else self._break.problem)

    def _begin(self, spot: Spot, inside: Sequence[str]) -> None:
        """Begin a parser at `spot`, where the elements `inside` are open."""
        records = self._records
        told = Told(begin=records.begin, end=records.end, text=records.text)
        self._markup = Markup(told, self._name, spot, inside)
        records.here = lambda: self._markup.spot
        records.raw = self._raw
        self._at = spot.byte - self._first

    def _go_on(self) -> None:
        is_moving = True
        while is_moving and self._at < len(self._held):
            is_moving = self._listen() if self._break is None else self._pass_over(self._break)

    def _listen(self) -> bool:
        """Take what comes next; tell whether that is possible without what is behind it."""
        begin, end = self._at, self._at + STEP
        in_section = self._markup.is_in_section
        stray = stray_in(self._held, begin, end, in_section=in_section)
        if stray is None or stray.start() > begin:
            self._tell(end if stray is None else stray.start())
        elif not self._is_all and begin + LONGEST > len(self._held):
            return False
        elif self._records.is_plain and self._markup.is_even and not in_section:
            self._take_stray(stray)
        else:
            self._tell(begin + 1)
        return True

    def _tell(self, end: int) -> None:
        step = memoryview(self._held)[self._at : end]
        try:
            self._markup.take(step)
            self._at += len(step)
            self._records.check_length()
            self._check_section()
        except UnclosedRecordError as exc:
            self._end_record_at(exc.spot)
        except BrokenMarkupError as exc:
            self._take_break(exc)

    def _take_stray(self, stray: re.Match[bytes]) -> None:
        """Take what a reference means that XML does not know, and note that it breaks a record."""
        reason = UNDEFINED if stray["name"] else INVALID
        self._records.spoil(breaking(reason, self._markup.line))
        self._markup.take_instead(as_text(stray[0]), len(stray[0]))
        self._at = stray.end()

    def _raw(self) -> str:
        """Return the beginning of the record that ends here."""
        begun, first = self._records.begun or START, self._first
        begin, end = max(begun.byte - first, 0), self._markup.spot.byte - first
        end = self._held.find(b">", end) + 1 or len(self._held)
        return shown(self._held[begin : min(end, begin + SHOWN_SIZE)])

    def _check_section(self) -> None:
        """Raise `BrokenMarkupError` for a CDATA section that seems to have no end."""
        if not self._markup.is_in_section:
            return
        begun, spot = self._records.begun, self._markup.spot
        if begun is None or begun.byte < self._first or spot.byte - begun.byte <= MOST_HELD:
            return
        begin = begun.byte - self._first
        section = open_section(self._held[begin : self._at])
        if section is not None:
            before = self._held[begin : begin + section[0] + 1]
            line = begun.line + before.count(b"\n")
            reason = f"a section is longer than {MOST_HELD} bytes"
            place = begun.byte + len(before)
            raise BrokenMarkupError(reason, place, line, is_cut=False, is_endless=True)

    def _pass_over(self, broken: Break) -> bool:
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

    def _begins_anew(self, broken: Break) -> bool:
        """Tell whether nothing but the beginning of another document was passed over."""
        tags = b"".join(
            rb"\s*+<%b(?:\s[^<>]*+)?>" % re.escape(tag.encode()) for tag in self._records.inside
        )
        is_marked = broken.text.lstrip().startswith(BOM_UTF8)
        is_all = len(broken.text) < SHOWN_SIZE
        is_all &= broken.error.reason == BEHIND_ALL or is_marked
        return is_all and re.fullmatch(HEAD + tags + rb"\s*+", broken.text, re.DOTALL) is not None

    def _take_break(self, error: BrokenMarkupError) -> None:
        records = self._records
        if records.inner is not None:
            self._end_record_at(records.inner)
            return
        begun, at = records.begun or self._tag_of(error), error.byte - self._first
        begin = max(begun.byte - self._first, 0)
        problem = records.broken or problem_of(error, self._held[at : at + LONGEST_CHARACTER])
        self._count_endless(error)
        if error.is_endless and not self._held.startswith(b"<!", at):
            at += 1  # a tag, which may be a record's: the next one is meant
        before = self._held[begin:at]
        if error.is_cut:  # what is open to the end of the file was not meant to be
            section = open_section(before)
            at = 1 + (at if section is None else begin + section[0])
            before = self._held[begin:at]
        self._break = Break(
            error=error,
            problem=problem,
            row_line=begun.line,
            text=before[:SHOWN_SIZE],
            line=begun.line + before.count(b"\n"),
            gap=Gap(records.kind.name, b"" if error.is_cut else before),
            whole=bytearray(before if records.mends and not error.is_cut else b""),
        )
        self._at = at

    def _count_endless(self, error: BrokenMarkupError) -> None:
        """Raise `FormatError` where more has no end than a text of this length could hold."""
        self._endless += error.is_endless
        if self._endless > MOST_ENDLESS + error.byte // LONGEST_TOKEN:
            msg = f"{self._name!r} is no XML from line {error.line} on: {error.reason}"
            raise FormatError(msg)

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
        self._records.give_up(self._records.broken or NOT_CLOSED, begun.line, shown(text))
        self._records.ends_open = True
        self._begin(spot, self._records.inside)

    def _report(self, broken: Break, problem: Problem) -> None:
        self._break = None
        records, text = self._records, shown(broken.text)
        if 0 < len(broken.whole) <= MAX_RECORD:
            whole = bytes(broken.whole)
            record = mended_record(whole, records.kind, records.inside, self._name)
            if record is not None:
                records.take_mended(record, problem, broken.row_line, text)
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
