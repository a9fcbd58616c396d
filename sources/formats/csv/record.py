"""Reading one record with care: the slow way, for the few the splitter cannot take at a glance.

The rules are those of Python's csv module, except that text after a closing quote is a fault:

- a field that begins with `"` is quoted: it ends at the next `"` that is not doubled, and
  delimiters and line ends in it are content;
- any other field ends at the next delimiter or line end, and a `"` in it is an ordinary character;
- a line ends with LF or CRLF.

The time taken is proportional to the bytes looked at, whatever is in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

QUOTE, NEWLINE, RETURN = b'"\n\r'
CLOSING_QUOTE = re.compile(rb'(?:[^"]++|"")*+"')  # possessive: no byte is looked at twice
NEEDS_QUOTES = re.compile(rb'["\r\n]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What every record of one file should look like, and the file's name in faults."""

    file: str
    delimiter: bytes
    width: int
    max_record: int = 4 << 20
    stretch_end: re.Pattern[bytes] = field(init=False)

    def __post_init__(self) -> None:
        """Compile what ends a stretch of unquoted fields: a line end, or a field in quotes."""
        pattern = re.compile(rb"\n|" + re.escape(self.delimiter) + rb'(?=")')
        object.__setattr__(self, "stretch_end", pattern)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The fields of one record without their quotes; `end` is where the next record starts.

    `stray_quote` tells that text followed a closing quote; from there the field was read on as if
    it had no quotes, only to find where the record ends.
    """

    fields: list[bytes]
    end: int
    stray_quote: bool


def read_record(buffer: bytes, start: int, shape: Shape) -> Record | None:
    """Return the record that begins at `start`, or None if `buffer` ends before it does."""
    fields: list[bytes] = []
    stray_quote, at = False, start
    while at < len(buffer):
        quoted, content = buffer[at] == QUOTE, b""
        if quoted:
            closing = CLOSING_QUOTE.match(buffer, at + 1)
            if closing is None:
                return None
            content = closing.group()[:-1].replace(b'""', b'"')
            at = closing.end()
        boundary = shape.stretch_end.search(buffer, at)
        if boundary is None:
            return None
        last = boundary.group() == b"\n"
        stretch = buffer[at : boundary.start()]
        text, *others = (stretch.removesuffix(b"\r") if last else stretch).split(shape.delimiter)
        stray_quote |= quoted and text != b""
        fields += (content + text, *others)
        at = boundary.end()
        if last:
            return Record(fields=fields, end=at, stray_quote=stray_quote)
    return None


def write_record(fields: list[bytes], shape: Shape) -> bytes:
    """Return the record that stands for `fields`, quoted where needed, with its line end."""
    quoted = (
        b'"' + text.replace(b'"', b'""') + b'"'
        if NEEDS_QUOTES.search(text) or shape.delimiter in text
        else text
        for text in fields
    )
    return shape.delimiter.join(quoted) + b"\n"
