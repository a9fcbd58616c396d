"""How a delimited file is written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields

from definitions.model import RecordEnd

QUOTE = b'"'
END_MARK = b"\x1a"  # with which DOS ends a file
# A line drawn between rows: strokes, and what may stand between them.
STROKES, BETWEEN_STROKES = b"-=_", b"+|: \t,;~^\x1f"
RULE = re.compile(rb"(?=[-=_+|: \t,;~^\x1f]++[\r\n])(?=[^\r\n]*?[-=_]{3})[^\r\n]++")
# What databases write below the rows of an answer; it ends with
# one of these letters, and one of these marks.
COUNT_OF_ROWS = re.compile(
    rb"\(\d+ rows?(?: affected)?\)|\d+ rows? in set(?:, \d+ warnings?)? \([\d.,]+ sec\)"
    rb"|\d+ rows? selected\."
)
ENDS_OF_COUNT, LETTERS_BEFORE_END, LONGEST_COUNT = b").", b"wsdc", 80
FIRST_BEYOND_ASCII = 0x80
LETTERS_AND_DIGITS = rb"0-9A-Za-z\x80-\xff"  # of a set in a pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How rows and fields are told apart, in bytes of UTF-8.

    `delimiter` is one character or more. `quote` is one ASCII byte, None where fields are never
    quoted. `escape` is the quote itself (in a quoted field it is doubled), another ASCII byte (it
    takes the meaning from the character behind it, inside and outside quotes), or None (quotes
    inside are not marked; one closes its field only where the field may end). Before a letter or a
    digit that is no such mark an escape is content: that of a path, or the one before the N that
    databases write where there is no value.

    LF and CRLF always end a row. A lone CR does so under `CR` and `ANY`, which are the same; it
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
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Take the hash once: each malformed row asks for much that goes with its dialect."""
        told = tuple(getattr(self, each.name) for each in fields(self) if each.compare)
        object.__setattr__(self, "_hash", hash(told))

    def __hash__(self) -> int:
        """Return the hash of all fields."""
        return self._hash

    @property
    def doubles(self) -> bool:
        """Tell whether a quote in a quoted field is doubled."""
        return self.quote is not None and self.escape == self.quote

    @property
    def escaping(self) -> bytes | None:
        """Return the byte that takes the meaning from the next one, None if there is none."""
        return None if self.doubles else self.escape

    @property
    def escapable(self) -> tuple[bytes, ...]:
        """Return what an escape takes the meaning from, even if it is a letter or a digit."""
        first = self.delimiter.decode()[:1].encode()
        return tuple(mark for mark in (first, self.quote, self.escaping) if mark)

    @property
    def returns_end(self) -> bool:
        """Tell whether a lone CR ends a row."""
        return self.record_end in {RecordEnd.CR, RecordEnd.ANY}

    @property
    def has_short_delimiter(self) -> bool:
        """Tell whether the delimiter is one ASCII character."""
        return len(self.delimiter) == 1 and self.delimiter[0] < FIRST_BEYOND_ASCII
