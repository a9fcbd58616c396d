"""Reading a malformed row as well as can be.

A row keeps the lines it was found on, so that rows are numbered alike whether they are repaired or
left out; it is only read in other ways, until one gives the right number of fields:

1. as its problem suggests. With quotes out of place: spaces around quotes are left out, a backslash
   marks quotes, those inside a quoted field are text, text behind a closing quote belongs to its
   field, then a single quote or delimiter is wrong (`one_quote`), then all quotes are text. With
   another number of fields quotes keep to the rules, and stay what they are: those around all of
   the row are left out, then spaces around quotes, then the other kind of quote stands around
   fields, then a single mark is too much or missing, then escapes are text;
2. without the delimiters at its end, if that is all that is too much;
3. with another common delimiter, if exactly one of them does (`other_delimiter`);
4. with its cells where they suit the columns (`alignment`);
5. failing that, the first reading that is possible is cut, or padded with empty cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from definitions.faults import FaultCode
from sources.formats.csv.alignment import MOST_TOO_MANY, Aligned, with_gap, without_surplus
from sources.formats.csv.dialect import QUOTE, Dialect
from sources.formats.csv.one_quote import (
    ONE_IS_TEXT,
    opens_a_field,
    parse_whole_row,
    undoubled,
    unwrapped,
    with_delimiter_before_quote,
    with_delimiter_behind_quote,
    with_missing_quote,
    with_opening_quote_as_text,
    with_other_quote_as_text,
)
from sources.formats.csv.other_delimiter import with_other_delimiter
from sources.formats.csv.row_parser import KNOWN_GRAMMARS, ParsedRow
from sources.formats.csv.row_terms import RowTerms

OTHER_QUOTES = {QUOTE: b"'", b"'": QUOTE}
BACKSLASH = b"\\"
QUOTES_OUT_OF_PLACE = frozenset({FaultCode.STRAY_QUOTE, FaultCode.UNCLOSED_QUOTE})
ATTACHED = "the text is read as part of the field"
QUOTES_ARE_TEXT = "the quotes in it are read as text"
SPACES_LEFT_OUT = "spaces around its quotes are left out"
BACKSLASHED = "a backslash is read as the mark of a quote"
NONE_BEHIND_QUOTE = "a delimiter is missing behind a quote"
NONE_BEFORE_QUOTE = "a delimiter is missing before a quote"
QUOTE_IS_MISSING = "a quote is missing"
Mend: TypeAlias = Callable[[bytes, Dialect, int], ParsedRow | None]
MAY_BE_MISSING: Sequence[tuple[Mend, str]] = (
    (with_delimiter_behind_quote, NONE_BEHIND_QUOTE),
    (with_delimiter_before_quote, NONE_BEFORE_QUOTE),
)
MAY_BE_TOO_MUCH: Sequence[tuple[Mend, str]] = (
    (with_other_quote_as_text, ONE_IS_TEXT),
    (with_missing_quote, QUOTE_IS_MISSING),
    (with_delimiter_before_quote, NONE_BEFORE_QUOTE),
)
MAY_BE_WRONG: Sequence[tuple[Mend, str]] = (
    (with_delimiter_behind_quote, NONE_BEHIND_QUOTE),
    (with_opening_quote_as_text, ONE_IS_TEXT),
    *MAY_BE_TOO_MUCH,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """The right number of fields, and a word on how they were come by."""

    fields: list[bytes]
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """A dialect, and what it is when some mark in it means something else."""

    unmarked: Dialect  # quotes inside are not marked
    unquoted: tuple[Dialect, ...]
    other_quote: Dialect | None
    backslashed: Dialect | None
    spaced: re.Pattern[bytes] | None  # spaces around the quotes of a field


def repair(content: bytes, code: FaultCode, terms: RowTerms) -> Repair:
    """Read a row, given without its line end, that is malformed as `code` says."""
    first = None
    for row, how in _readings(content, code, terms):
        if row.width == terms.width:
            return Repair(fields=row.fields, how=how)
        first = first or row
    if first is not None and _is_loose(content, first, terms):
        return _with_text_joined(content, first, terms) or _forced(first, terms.width)
    if found := with_other_delimiter(content, first, terms):
        return Repair(fields=found.cells, how=found.how)
    if code not in QUOTES_OUT_OF_PLACE and (aligned := _aligned(content, terms)):
        return Repair(fields=aligned.cells, how=aligned.how)
    whole = ParsedRow(fields=[content], width=1, end=len(content), stray_quote=False)
    return _forced(first or whole, terms.width)


@lru_cache(maxsize=KNOWN_GRAMMARS)
def variants_of(dialect: Dialect) -> Variants:
    """Return the variants of `dialect`; most malformed rows of a file ask for the same."""
    quote = dialect.quote
    other = OTHER_QUOTES.get(quote or b"")
    return Variants(
        unmarked=replace(dialect, escape=None),
        unquoted=tuple(
            replace(dialect, quote=None, escape=escape)
            for escape in dict.fromkeys((dialect.escaping, None))
        ),
        other_quote=_with_quote(dialect, other) if other else None,
        backslashed=replace(dialect, escape=BACKSLASH) if dialect.doubles else None,
        spaced=_spaces_around(quote, dialect.delimiter) if quote else None,
    )


def _spaces_around(quote: bytes, delimiter: bytes) -> re.Pattern[bytes]:
    mark, border = re.escape(quote), re.escape(delimiter)
    before = rb"(?P<before>\A|" + border + rb")[ \t]++(?=" + mark + rb")"
    return re.compile(before + rb"|(?<=" + mark + rb")[ \t]++(?=" + border + rb"|\Z)")


def _with_quote(dialect: Dialect, quote: bytes) -> Dialect:
    return replace(dialect, quote=quote, escape=quote if dialect.doubles else dialect.escape)


def _readings(content: bytes, code: FaultCode, terms: RowTerms) -> Iterator[tuple[ParsedRow, str]]:
    """Yield how a row reads in one way after the other, and in what they differ."""
    dialect, width = terms.dialect, terms.width
    if code not in QUOTES_OUT_OF_PLACE:
        yield from _with_other_marks(content, dialect, width)
        return
    if row := _without_spaces(content, dialect, width):
        yield row, SPACES_LEFT_OUT
    if row := _with_backslashes(content, dialect, width):
        yield row, BACKSLASHED
    if code is FaultCode.STRAY_QUOTE:
        yield from _with_stray_quotes(content, dialect, width)
    else:
        yield from _mended(content, dialect, width, MAY_BE_WRONG)
    for unquoted in variants_of(dialect).unquoted:
        if row := parse_whole_row(content, unquoted, width):
            yield _changed(row, dialect, unwrapped), QUOTES_ARE_TEXT


def _with_other_marks(
    content: bytes, dialect: Dialect, width: int
) -> Iterator[tuple[ParsedRow, str]]:
    usual = parse_whole_row(content, dialect, width)
    if usual:
        yield usual, ""
    if usual and usual.width == 1 and (inner := _without_outer(usual, dialect, width)):
        yield inner, "the quotes around all of it are left out"
    if row := _without_spaces(content, dialect, width):
        yield row, SPACES_LEFT_OUT
    variants = variants_of(dialect)
    other = variants.other_quote
    if other and other.quote and opens_a_field(content, other):
        row = parse_whole_row(content, other, width)
        if row and not row.stray_quote:
            yield row, f"it is read with {other.quote.decode()!r} around fields"
    if usual and dialect.quote and dialect.quote in content:
        wrong = MAY_BE_MISSING if usual.width < width else MAY_BE_TOO_MUCH
        yield from _mended(content, dialect, width, wrong)
    if dialect.escaping and dialect.escaping in content:
        row = parse_whole_row(content, variants.unmarked, width)
        if row:
            yield row, "the escapes in it are read as text"


def _without_outer(row: ParsedRow, dialect: Dialect, width: int) -> ParsedRow | None:
    """Return the row that is the single field of `row`, if it is a good one."""
    inner = parse_whole_row(row.fields[0], dialect, width)
    return inner if inner and inner.width == width and not inner.stray_quote else None


def _without_spaces(content: bytes, dialect: Dialect, width: int) -> ParsedRow | None:
    """Return the row without the spaces around the quotes of fields, if it is a good one."""
    spaced = variants_of(dialect).spaced
    changed = spaced.sub(rb"\g<before>", content) if spaced else content
    row = parse_whole_row(changed, dialect, width) if len(changed) < len(content) else None
    return row if row and row.width == width and not row.stray_quote else None


def _with_backslashes(content: bytes, dialect: Dialect, width: int) -> ParsedRow | None:
    """Return the row in which a backslash stands before quotes, if it is a good one."""
    backslashed = variants_of(dialect).backslashed
    if backslashed is None or BACKSLASH + (dialect.quote or b"") not in content:
        return None
    row = parse_whole_row(content, backslashed, width)
    return row if row and row.width == width and not row.stray_quote else None


def _with_stray_quotes(
    content: bytes, dialect: Dialect, width: int
) -> Iterator[tuple[ParsedRow, str]]:
    if row := parse_whole_row(content, variants_of(dialect).unmarked, width):
        yield _changed(row, dialect, undoubled), QUOTES_ARE_TEXT
    attached = parse_whole_row(content, dialect, width)
    if attached and not any(dialect.delimiter in text for text in attached.fields):
        yield attached, ATTACHED
    yield from _mended(content, dialect, width, MAY_BE_WRONG)
    if attached:
        yield attached, ATTACHED


def _mended(
    content: bytes, dialect: Dialect, width: int, wrong: Sequence[tuple[Mend, str]]
) -> Iterator[tuple[ParsedRow, str]]:
    """Yield the rows that come of it if a single mark is wrong."""
    for mend, how in wrong:
        if row := mend(content, dialect, width):
            yield row, how


def _changed(
    row: ParsedRow, dialect: Dialect, change: Callable[[bytes, bytes], bytes]
) -> ParsedRow:
    """Return a row whose fields hold doubled quotes, and perhaps the marks around them."""
    if dialect.quote is None or not dialect.doubles:
        return row
    return replace(row, fields=[change(text, dialect.quote) for text in row.fields])


def _is_loose(content: bytes, first: ParsedRow, terms: RowTerms) -> bool:
    """Tell whether nothing but delimiters is behind the last field that is wanted."""
    if first.width <= terms.width:
        return False
    row = parse_whole_row(content, terms.dialect, first.width)
    return row is not None and not any(map(bytes.strip, row.fields[terms.width :]))


def _with_text_joined(content: bytes, first: ParsedRow, terms: RowTerms) -> Repair | None:
    """Return a row with delimiters in a text that no quotes are around, if cells are misplaced."""
    pairs = zip(terms.traits, first.fields, strict=False)
    if all(trait.suits(text.decode(errors="replace")) >= 0 for trait, text in pairs):
        return None
    aligned = _aligned(content, terms)
    return Repair(fields=aligned.cells, how=aligned.how) if aligned else None


def _aligned(content: bytes, terms: RowTerms) -> Aligned | None:
    row = parse_whole_row(content, terms.dialect, terms.width + MOST_TOO_MANY)
    if row is None or row.width > terms.width + MOST_TOO_MANY:
        return None
    if row.width < terms.width:
        return with_gap(row.fields, terms.width, terms.traits)
    return without_surplus(row.fields, terms.width, terms.traits, terms.dialect.delimiter)


def _forced(row: ParsedRow, width: int) -> Repair:
    missing = width - row.width
    if missing > 0:
        return Repair(fields=row.fields + [b""] * missing, how="the missing cells are empty")
    return Repair(fields=row.fields, how="the surplus is left out")
