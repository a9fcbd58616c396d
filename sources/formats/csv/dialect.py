"""How a delimited file is written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from definitions.model import RecordEnd

MAX_COLUMNS = 10_000
QUOTE = b'"'
# A line drawn between rows: strokes, and what may stand between them.
STROKES, BETWEEN_STROKES = b"-=_", b"+|: \t"
RULE = re.compile(rb"(?=[-=_+|: \t]++[\r\n])(?=[^\r\n]*?[-=_]{3})[^\r\n]++")
# What databases write below the rows of an answer; it ends with the byte that is named.
COUNT_OF_ROWS = re.compile(
    rb"\(\d+ rows?(?: affected)?\)|\d+ rows? in set(?:, \d+ warnings?)? \([\d.,]+ sec\)"
)
END_OF_COUNT, LONGEST_COUNT = b")"[0], 80
NULL_OF_DATABASES = rb"\N"
FIRST_BEYOND_ASCII = 0x80


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How records and fields are told apart, in bytes of UTF-8.

    `delimiter` is one character or more. `quote` is one ASCII byte, None where fields are never
    quoted. `escape` is the quote itself (in a quoted field it is doubled), another ASCII byte (it
    takes the meaning from the character behind it, inside and outside quotes), or None (quotes
    inside are not marked; one closes its field only where the field may end). Before an N a
    backslash is no escape: the exports of databases write the two where there is no value.

    LF and CRLF always end a record. A lone CR does so under `CR` and `ANY`, which are the same; it
    is content under `LF` and `CRLF`, which are the same too.

    A line that begins with `remark` and is no row as it should be is a remark; where
    `remark_is_given` every line that begins so is one. A line of dashes and the like is no row
    either where the table `has_rules` drawn between its rows, nor, where it `has_counts`, what
    databases write below their rows (`(2 rows)`).
    """

    delimiter: bytes = b","
    quote: bytes | None = QUOTE
    escape: bytes | None = QUOTE
    record_end: RecordEnd = RecordEnd.ANY
    remark: bytes | None = None
    remark_is_given: bool = False
    has_rules: bool = False
    has_counts: bool = False

    @property
    def doubles(self) -> bool:
        """Tell whether a quote in a quoted field is doubled."""
        return self.quote is not None and self.escape == self.quote

    @property
    def escaping(self) -> bytes | None:
        """Return the byte that takes the meaning from the next one, None if there is none."""
        return None if self.doubles else self.escape

    @property
    def unescaped(self) -> bytes:
        """Return the byte before which an escape is content, nothing if there is none."""
        is_mark = b"N" in self.delimiter or self.quote == b"N"
        return b"" if is_mark or self.escaping != NULL_OF_DATABASES[:1] else NULL_OF_DATABASES[1:]

    @property
    def returns_end(self) -> bool:
        """Tell whether a lone CR ends a record."""
        return self.record_end in {RecordEnd.CR, RecordEnd.ANY}

    @property
    def has_short_delimiter(self) -> bool:
        """Tell whether the delimiter is one ASCII character."""
        return len(self.delimiter) == 1 and self.delimiter[0] < FIRST_BEYOND_ASCII
