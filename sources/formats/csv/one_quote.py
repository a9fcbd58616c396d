"""Rows in which a single mark is wrong: a quote or a delimiter too many, or one that is missing.

Each place where it may be is tried. A row is mended if exactly one row comes of it that has the
right number of fields and no quotes out of place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from sources.formats.csv.dialect import Dialect
from sources.formats.csv.row_parser import KNOWN_GRAMMARS, ParsedRow
from sources.formats.csv.whole_row import parse_right_row, parse_whole_row

ONE_IS_TEXT = "a quote in it is read as text"
# So many places are tried, and so many bytes looked at.
MOST_TRIED, LONGEST_TRIED, MOST_LOOKED_AT = 32, 1 << 16, 1 << 19
STAND_INS = tuple(bytes((code,)) for code in (*range(0x1F, 0x0D, -1), *range(0x01, 0x09)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """Where a mark may be wrong.

    `opening` quotes stand where a field begins, `other` ones do not. Of the latter `parting` ones
    stand where no field ends, so that a delimiter may be missing behind them, and `joined` ones
    directly behind a text, so that one may be missing before them. `field` is a delimiter.
    """

    opening: re.Pattern[bytes]
    other: re.Pattern[bytes]
    parting: re.Pattern[bytes]
    joined: re.Pattern[bytes]
    field: re.Pattern[bytes]


def opens_a_field(content: bytes, dialect: Dialect) -> bool:
    """Tell whether a quote stands where a field begins."""
    return dialect.quote is not None and _places(dialect).opening.search(content) is not None


def with_opening_quote_as_text(content: bytes, dialect: Dialect, width: int) -> ParsedRow | None:
    """Return the row if one quote that stands where a field begins is text."""
    return _with_quote_as_text(content, dialect, width, opening=True)


def with_other_quote_as_text(content: bytes, dialect: Dialect, width: int) -> ParsedRow | None:
    """Return the row if one quote inside a field is text, though a field might end there.

    No other quote is left in it: so the others are pairs.
    """
    if dialect.quote is None or content.count(dialect.quote) % 2 == 0:
        return None
    return _with_quote_as_text(content, dialect, width, opening=False)


def with_delimiter_behind_quote(content: bytes, dialect: Dialect, width: int) -> ParsedRow | None:
    """Return the row if a delimiter is missing behind a quote.

    No field is begun that would be empty or begin with a space: there are inches in front of it.
    """
    if dialect.quote is None:
        return None
    ends = [found.end() for found in _places(dialect).parting.finditer(content)]
    right = _inserted(content, ends, dialect.delimiter, dialect, width)
    usual = parse_whole_row(content, dialect, width) if right else None
    return _only([row for row in right if usual and _is_parted(usual, row, dialect.quote)])


def with_delimiter_before_quote(content: bytes, dialect: Dialect, width: int) -> ParsedRow | None:
    """Return the row if a delimiter is missing before the quote of a field.

    No space is before that quote, as there is before a quotation in a text.
    """
    quote = dialect.quote
    if quote is None or not dialect.doubles:
        return None
    found = islice(_places(dialect).joined.finditer(content), MOST_TRIED)
    begins = [at for at in map(re.Match.start, found) if content.count(quote, 0, at) % 2 == 0]
    return _only(_inserted(content, begins, dialect.delimiter, dialect, width))


def with_missing_quote(content: bytes, dialect: Dialect, width: int) -> ParsedRow | None:
    """Return the row if a quote is missing that closes a field, or one that opens it."""
    quote = dialect.quote
    if quote is None or content.count(quote) % 2 == 0:
        return None
    borders = [found.start() for found in _places(dialect).field.finditer(content)]
    begins = [0, *(border + len(dialect.delimiter) for border in borders)]
    closed = _with_inserted(content, [*borders, len(content)], quote, dialect, width)
    return closed or _with_inserted(content, begins, quote, dialect, width)


def _is_parted(before: ParsedRow, row: ParsedRow, quote: bytes) -> bool:
    """Tell whether no quotes are left in the two fields that come of the one that was parted."""
    pairs = zip(before.fields, row.fields, strict=False)
    place = next((i for i, (old, new) in enumerate(pairs) if old != new), before.width)
    return not any(quote in text for text in row.fields[place : place + 2])


def _with_quote_as_text(
    content: bytes, dialect: Dialect, width: int, *, opening: bool
) -> ParsedRow | None:
    quote = dialect.quote
    if quote is None:
        return None
    places = _places(dialect)
    found = (places.opening if opening else places.other).finditer(content)
    ends = [place.end() for place in islice(found, MOST_TRIED)]
    stand_in = next((byte for byte in STAND_INS if byte not in content), None)
    if stand_in is None:
        return None
    changed = (content[: end - 1] + stand_in + content[end:] for end in ends)
    right = _right(changed, len(ends), dialect, width, content)
    return _with_quote_again(right, stand_in, quote, is_strict=not opening)


def _with_quote_again(
    right: Sequence[ParsedRow], stand_in: bytes, quote: bytes, *, is_strict: bool
) -> ParsedRow | None:
    rows = [
        replace(
            row,
            fields=[
                unwrapped(text.replace(stand_in, quote), quote) if stand_in in text else text
                for text in row.fields
            ],
        )
        for row in right
        if not is_strict or not any(quote in text for text in row.fields)
    ]
    return _only(rows)


def _with_inserted(
    content: bytes, places: Sequence[int], mark: bytes, dialect: Dialect, width: int
) -> ParsedRow | None:
    """Return the row that `mark` at one of the places makes, if no quotes are left in it."""
    right = _inserted(content, places, mark, dialect, width)
    quote = dialect.quote or b""
    return _only([row for row in right if not any(quote in text for text in row.fields)])


def _inserted(
    content: bytes, places: Sequence[int], mark: bytes, dialect: Dialect, width: int
) -> list[ParsedRow]:
    """Return the right rows that `mark` makes at some of the places."""
    some = places[:MOST_TRIED]
    changed = (content[:place] + mark + content[place:] for place in some)
    return _right(changed, len(some), dialect, width, content)


def _right(
    changed: Iterator[bytes], count: int, dialect: Dialect, width: int, content: bytes
) -> list[ParsedRow]:
    """Return those of the changed rows that are right; none if too much is to be looked at."""
    if len(content) > LONGEST_TRIED or count * len(content) > MOST_LOOKED_AT:
        return []
    return [row for text in changed if (row := parse_right_row(text, dialect, width))]


def _only(rows: Sequence[ParsedRow]) -> ParsedRow | None:
    """Return the row if all are the same."""
    is_one = rows and all(row.fields == rows[0].fields for row in rows)
    return rows[0] if is_one else None


def unwrapped(text: bytes, quote: bytes) -> bytes:
    """Return a field without the quotes around it, if it is between two of them."""
    if len(text) > 1 and text.startswith(quote) and text.endswith(quote):
        return undoubled(text[1:-1], quote)
    return undoubled(text, quote)


def undoubled(text: bytes, quote: bytes) -> bytes:
    """Return a field with a single quote for each doubled one, if at most one other is in it.

    That one broke the rules, the others kept to them. Where several broke them, all stay.
    """
    others = text.replace(quote * 2, b"").count(quote)
    return text if others > 1 else text.replace(quote * 2, quote)


@lru_cache(maxsize=KNOWN_GRAMMARS)
def _places(dialect: Dialect) -> _Places:
    quote, delimiter = re.escape(dialect.quote or b""), re.escape(dialect.delimiter)
    begin = rb"(?:\A|" + delimiter + rb")"
    # What stands before a quote is looked at behind it: so only quotes are looked for.
    other = quote + rb"(?<!\A" + quote + rb")(?<!" + delimiter + quote + rb")"
    return _Places(
        opening=re.compile(begin + quote),
        other=re.compile(other),
        parting=re.compile(
            other + rb"(?!" + delimiter + rb"|\Z|" + quote + rb"[\s" + quote + rb"])"
        ),
        joined=re.compile(other + rb"(?<![\s" + quote + rb"]" + quote + rb")(?!" + quote + rb")"),
        field=re.compile(delimiter),
    )
