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

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from definitions.faults import FaultCode
from sources.formats.csv.alignment import MOST_TOO_MANY, Aligned, with_gap, without_surplus
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.one_quote import (
    ONE_IS_TEXT,
    opens_a_field,
    undoubled,
    unwrapped,
    with_delimiter_before_quote,
    with_delimiter_behind_quote,
    with_missing_quote,
    with_opening_quote_as_text,
    with_other_quote_as_text,
)
from sources.formats.csv.other_delimiter import with_other_delimiter
from sources.formats.csv.row_parser import ParsedRow
from sources.formats.csv.row_terms import RowTerms
from sources.formats.csv.variants import BACKSLASH, variants_of
from sources.formats.csv.whole_row import parse_right_row, parse_whole_row

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
class _Broken:
    """A malformed row, and how it reads by the rules, if it can be."""

    content: bytes
    code: FaultCode
    usual: ParsedRow | None
    terms: RowTerms

    @property
    def right(self) -> ParsedRow | None:
        """Return how it reads by the rules, if it has the right number of fields."""
        return self.usual if self.usual and self.usual.width == self.terms.width else None


def repair(content: bytes, code: FaultCode, terms: RowTerms) -> Repair:
    """Read a row, given without its line end, that is malformed as `code` says."""
    usual = parse_whole_row(content, terms.dialect, terms.width + MOST_TOO_MANY)
    broken = _Broken(content=content, code=code, usual=usual, terms=terms)
    for row, how in _right_readings(broken):
        return Repair(fields=row.fields[: terms.width], how=how)
    first = next(_possible_readings(broken), None)
    if first is not None and _is_loose(broken, first):
        return _with_text_joined(broken, first) or _forced(first, terms.width)
    if found := with_other_delimiter(content, first, terms):
        return Repair(fields=found.cells, how=found.how)
    if code not in QUOTES_OUT_OF_PLACE and (aligned := _aligned(broken)):
        return Repair(fields=aligned.cells, how=aligned.how)
    whole = ParsedRow(fields=[content], width=1, end=len(content), stray_quote=False)
    return _forced(first or whole, terms.width)


def _right_readings(broken: _Broken) -> Iterator[tuple[ParsedRow, str]]:
    """Yield the ways to have the right number of fields, and in what they differ from the usual."""
    content, dialect, width = broken.content, broken.terms.dialect, broken.terms.width
    if broken.code not in QUOTES_OUT_OF_PLACE:
        yield from _with_other_marks(broken)
        return
    if row := _without_spaces(content, dialect, width):
        yield row, SPACES_LEFT_OUT
    if row := _with_backslashes(content, dialect, width):
        yield row, BACKSLASHED
    if broken.code is FaultCode.STRAY_QUOTE:
        yield from _with_stray_quotes(broken)
    else:
        yield from _mended(content, dialect, width, MAY_BE_WRONG)
    for unquoted in variants_of(dialect).unquoted:
        if row := parse_right_row(content, unquoted, width):
            yield _changed(row, dialect, unwrapped), QUOTES_ARE_TEXT


def _with_other_marks(broken: _Broken) -> Iterator[tuple[ParsedRow, str]]:
    content, dialect, width = broken.content, broken.terms.dialect, broken.terms.width
    usual, variants = broken.usual, variants_of(dialect)
    if broken.right:
        yield broken.right, ""
    if usual and usual.width == 1 and (row := parse_right_row(usual.fields[0], dialect, width)):
        yield row, "the quotes around all of it are left out"
    if row := _without_spaces(content, dialect, width):
        yield row, SPACES_LEFT_OUT
    other = variants.other_quote
    if other and opens_a_field(content, other) and (row := parse_right_row(content, other, width)):
        yield row, f"it is read with {(other.quote or b'').decode()!r} around fields"
    if usual and dialect.quote and dialect.quote in content:
        wrong = MAY_BE_MISSING if usual.width < width else MAY_BE_TOO_MUCH
        yield from _mended(content, dialect, width, wrong)
    if not dialect.escaping or dialect.escaping not in content:
        return
    if row := parse_right_row(content, variants.unmarked, width):
        yield row, "the escapes in it are read as text"


def _without_spaces(content: bytes, dialect: Dialect, width: int) -> ParsedRow | None:
    """Return the row without the spaces around the quotes of fields, if it is a good one."""
    spaced = variants_of(dialect).spaced
    if spaced is None or (b" " not in content and b"\t" not in content):
        return None
    changed = spaced.sub(rb"\g<before>", content)
    return parse_right_row(changed, dialect, width) if len(changed) < len(content) else None


def _with_backslashes(content: bytes, dialect: Dialect, width: int) -> ParsedRow | None:
    """Return the row in which a backslash stands before quotes, if it is a good one."""
    backslashed = variants_of(dialect).backslashed
    if backslashed is None or BACKSLASH + (dialect.quote or b"") not in content:
        return None
    return parse_right_row(content, backslashed, width)


def _with_stray_quotes(broken: _Broken) -> Iterator[tuple[ParsedRow, str]]:
    content, dialect, width = broken.content, broken.terms.dialect, broken.terms.width
    if row := parse_right_row(content, variants_of(dialect).unmarked, width):
        yield _changed(row, dialect, undoubled), QUOTES_ARE_TEXT
    attached = broken.right
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


def _possible_readings(broken: _Broken) -> Iterator[ParsedRow]:
    """Yield the ways in which it is a row at all, though with another number of fields."""
    content, dialect, width = broken.content, broken.terms.dialect, broken.terms.width
    if broken.code not in QUOTES_OUT_OF_PLACE:
        yield from _possible_with_other_marks(broken)
        return
    if broken.code is FaultCode.STRAY_QUOTE:
        if row := parse_whole_row(content, variants_of(dialect).unmarked, width):
            yield _changed(row, dialect, undoubled)
        if broken.usual:
            yield broken.usual
    for unquoted in variants_of(dialect).unquoted:
        if row := parse_whole_row(content, unquoted, width):
            yield _changed(row, dialect, unwrapped)


def _possible_with_other_marks(broken: _Broken) -> Iterator[ParsedRow]:
    content, dialect, width = broken.content, broken.terms.dialect, broken.terms.width
    if broken.usual:
        yield broken.usual
    variants = variants_of(dialect)
    other = variants.other_quote
    if other and opens_a_field(content, other):
        row = parse_whole_row(content, other, width)
        if row and not row.stray_quote:
            yield row
    if not dialect.escaping or dialect.escaping not in content:
        return
    if row := parse_whole_row(content, variants.unmarked, width):
        yield row


def _is_loose(broken: _Broken, first: ParsedRow) -> bool:
    """Tell whether nothing but delimiters is behind the last field that is wanted."""
    width, row = broken.terms.width, broken.usual
    if (
        first.width <= width
        or row is None
        or any(map(bytes.strip, row.fields[width : first.width]))
    ):
        return False
    if len(row.fields) < row.width:
        row = parse_whole_row(broken.content, broken.terms.dialect, first.width)
    return row is not None and not any(map(bytes.strip, row.fields[width : first.width]))


def _with_text_joined(broken: _Broken, first: ParsedRow) -> Repair | None:
    """Return a row with delimiters in a text that no quotes are around, if cells are misplaced."""
    pairs = zip(broken.terms.traits, first.fields, strict=False)
    if all(trait.suits(text.decode(errors="replace")) >= 0 for trait, text in pairs):
        return None
    aligned = _aligned(broken)
    return Repair(fields=aligned.cells, how=aligned.how) if aligned else None


def _aligned(broken: _Broken) -> Aligned | None:
    row, terms = broken.usual, broken.terms
    if row is None or row.width > terms.width + MOST_TOO_MANY:
        return None
    if row.width < terms.width:
        return with_gap(row.fields, terms.width, terms.traits)
    return without_surplus(row.fields, terms.width, terms.traits, terms.dialect.delimiter)


def _forced(row: ParsedRow, width: int) -> Repair:
    missing = width - row.width
    if missing > 0:
        return Repair(fields=row.fields + [b""] * missing, how="the missing cells are empty")
    return Repair(fields=row.fields[:width], how="the surplus is left out")
