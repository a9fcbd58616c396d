"""Reading a row that is given by itself, without its line end."""

from __future__ import annotations

import re
from functools import lru_cache

from sources.formats.csv.dialect import Dialect
from sources.formats.csv.row_parser import (
    KNOWN_GRAMMARS,
    ParsedRow,
    closing_pattern,
    parse_row,
    plain_parts,
)

LINE_END = b"\r\n"  # behind a CR, a lone LF would take it away


def parse_whole_row(content: bytes, dialect: Dialect, most: int) -> ParsedRow | None:
    """Return the row that is all of `content`; None if that is no row, or more than one.

    At `most` so many of its fields are returned.
    """
    line = content + LINE_END
    row = parse_row(line, 0, dialect, most)
    return row if row is not None and row.end == len(line) else None


def parse_right_row(content: bytes, dialect: Dialect, width: int) -> ParsedRow | None:
    """Return the same if it has `width` fields and no quotes out of place.

    Rows that are tried in many ways are wrong in most, which a single pattern tells.
    """
    line = content + LINE_END
    return parse_row(line, 0, dialect, width) if is_right(line, dialect, width) else None


def is_right(line: bytes, dialect: Dialect, width: int) -> bool:
    """Tell whether `line` is one row as `parse_right_row` wants it, with its line end."""
    return _right_row(dialect, width).fullmatch(line) is not None


@lru_cache(maxsize=KNOWN_GRAMMARS)
def _right_row(dialect: Dialect, width: int) -> re.Pattern[bytes]:
    field = rb"(?:" + rb"|".join(plain_parts(dialect)) + rb")*+"
    if dialect.quote:
        quote = re.escape(dialect.quote)
        quoted = quote + closing_pattern(dialect)
        field = rb"(?:" + quoted + rb"|(?!" + quote + rb")" + field + rb")"
    following = re.escape(dialect.delimiter) + field
    return re.compile(field + rb"(?:" + following + rb"){%d}+" % (width - 1) + LINE_END)
