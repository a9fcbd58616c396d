"""What breaks a document, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from xml.parsers.expat import ErrorString, errors

from definitions.faults import FaultCode
from sources.formats.xml.gap import Gap
from sources.gathering import MAX_RECORD, NOT_TEXT, SHOWN_CHARACTERS, Problem
from sources.markup import BrokenMarkupError

INVALID = ErrorString(errors.codes[errors.XML_ERROR_INVALID_TOKEN])
UNDEFINED = ErrorString(errors.codes[errors.XML_ERROR_UNDEFINED_ENTITY])
LONGEST_CHARACTER = 4  # bytes
SHOWN_SIZE = 4 * SHOWN_CHARACTERS
CUT = Problem(
    code=FaultCode.FILE_CUT,
    message="is cut: the file ends before its first element does; fetch or write it again",
)
NOT_CLOSED = Problem(
    code=FaultCode.BROKEN_RECORD, message="is not closed before the next record begins"
)


@dataclass(slots=True)
class Break:
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


def problem_of(error: BrokenMarkupError, there: bytes) -> Problem:
    """Return what breaks the record; `there` are the bytes at that place."""
    if error.reason == INVALID and not _begins_with_text(there):
        return Problem(code=NOT_TEXT.code, message=f"{NOT_TEXT.message}, on line {error.line}")
    return breaking(error.reason, error.line)


def breaking(reason: str, line: int) -> Problem:
    """Return that a record breaks the rules, and why."""
    message = f"breaks the rules of XML: {reason} on line {line}"
    return Problem(code=FaultCode.BROKEN_RECORD, message=message)


def _begins_with_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError as exc:
        return exc.start > 0
    return True
