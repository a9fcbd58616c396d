"""Reading a malformed row as well as can be.

A row keeps the lines it was found on, so that rows are numbered alike whether they are repaired or
left out; it is only read in other ways, until one gives the right number of fields:

1. as its problem suggests. With quotes out of place: those inside a quoted field are text, then
   text behind a closing quote belongs to its field, then one quote that opens a field is text, then
   all quotes are. With another number of fields quotes keep to the rules, and stay what they are:
   those around all of the row are left out, then the other kind of quote stands around fields,
   then escapes are text;
2. without the delimiters at its end, if that is all that is too much;
3. with another common delimiter, if exactly one of them does;
4. failing that, the first reading that is possible is cut, or padded with empty cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from definitions.faults import FaultCode
from sources.formats.csv.dialect import QUOTE, Dialect
from sources.formats.csv.record import KNOWN_GRAMMARS, Record, Shape, read_record

COMMON_DELIMITERS = (b",", b";", b"\t", b"|", b" ")
OTHER_QUOTES = {QUOTE: b"'", b"'": QUOTE}
QUOTES_OUT_OF_PLACE = frozenset({FaultCode.STRAY_QUOTE, FaultCode.UNCLOSED_QUOTE})
ATTACHED = "the text is read as part of the field"
ONE_IS_TEXT = "a quote in it is read as text"
QUOTES_ARE_TEXT = "the quotes in it are read as text"
# Of a row in which one quote is looked for that opens no field: so many are tried, so many bytes.
MOST_TRIED, LONGEST_TRIED = 16, 1 << 16
STAND_INS = tuple(bytes((code,)) for code in (*range(0x1F, 0x0D, -1), *range(0x01, 0x09)))


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
    parted: Mapping[bytes, Dialect]  # by other common delimiters
    opening: re.Pattern[bytes] | None  # a quote that opens a field


def repair(content: bytes, code: FaultCode, shape: Shape) -> Repair:
    """Read a row, given without its line end, that is malformed as `code` says."""
    first = None
    for record, how in _readings(content, code, shape):
        if record.width == shape.width:
            return Repair(fields=record.fields, how=how)
        first = first or record
    if first is not None and _is_loose(content, first, shape):
        return _forced(first, shape.width)
    whole = Record(fields=[content], width=1, end=len(content), stray_quote=False)
    return _with_other_delimiter(content, shape) or _forced(first or whole, shape.width)


@lru_cache(maxsize=KNOWN_GRAMMARS)
def variants_of(dialect: Dialect) -> Variants:
    """Return the variants of `dialect`; most malformed rows of a file ask for the same."""
    quote, others = dialect.quote, {dialect.delimiter, dialect.quote, dialect.escape}
    other = OTHER_QUOTES.get(quote or b"")
    before = rb"(?:\A|" + re.escape(dialect.delimiter) + rb")"
    return Variants(
        unmarked=replace(dialect, escape=None),
        unquoted=tuple(
            replace(dialect, quote=None, escape=escape)
            for escape in dict.fromkeys((dialect.escaping, None))
        ),
        other_quote=_with_quote(dialect, other) if other else None,
        parted={
            mark: replace(dialect, delimiter=mark)
            for mark in COMMON_DELIMITERS
            if mark not in others
        },
        opening=re.compile(before + re.escape(quote)) if quote else None,
    )


def _with_quote(dialect: Dialect, quote: bytes) -> Dialect:
    return replace(dialect, quote=quote, escape=quote if dialect.doubles else dialect.escape)


def reread(content: bytes, shape: Shape) -> list[bytes]:
    """Return the fields of a good row, given without its line end."""
    record = _read_whole(content, shape.dialect, shape.width)
    return [] if record is None else record.fields


def _read_whole(content: bytes, dialect: Dialect, width: int) -> Record | None:
    line = content + b"\r\n"  # behind a CR, a lone LF would take it away
    record = read_record(line, 0, dialect, width)
    return record if record is not None and record.end == len(line) else None


def _readings(content: bytes, code: FaultCode, shape: Shape) -> Iterator[tuple[Record, str]]:
    """Yield how a row reads in one way after the other, and in what they differ."""
    dialect, width = shape.dialect, shape.width
    if code not in QUOTES_OUT_OF_PLACE:
        yield from _with_other_marks(content, dialect, width)
        return
    if code is FaultCode.STRAY_QUOTE:
        yield from _with_stray_quotes(content, dialect, width)
    elif record := _with_one_quote_as_text(content, dialect, width):
        yield record, ONE_IS_TEXT
    for unquoted in variants_of(dialect).unquoted:
        if record := _read_whole(content, unquoted, width):
            yield _changed(record, dialect, _unwrapped), QUOTES_ARE_TEXT


def _with_other_marks(content: bytes, dialect: Dialect, width: int) -> Iterator[tuple[Record, str]]:
    if record := _read_whole(content, dialect, width):
        yield record, ""
    if record and record.width == 1 and (inner := _without_outer(record, dialect, width)):
        yield inner, "the quotes around all of it are left out"
    variants = variants_of(dialect)
    other = variants.other_quote
    if other and other.quote and other.quote in content:
        record = _read_whole(content, other, width)
        if record and not record.stray_quote:
            yield record, f"it is read with {other.quote.decode()!r} around fields"
    if dialect.escaping and (record := _read_whole(content, variants.unmarked, width)):
        yield record, "the escapes in it are read as text"


def _without_outer(record: Record, dialect: Dialect, width: int) -> Record | None:
    """Return the row that is the single field of `record`, if it is a good one."""
    inner = _read_whole(record.fields[0], dialect, width)
    return inner if inner and inner.width == width and not inner.stray_quote else None


def _with_stray_quotes(
    content: bytes, dialect: Dialect, width: int
) -> Iterator[tuple[Record, str]]:
    if record := _read_whole(content, variants_of(dialect).unmarked, width):
        yield _changed(record, dialect, _undoubled), QUOTES_ARE_TEXT
    attached = _read_whole(content, dialect, width)
    if attached and not any(dialect.delimiter in text for text in attached.fields):
        yield attached, ATTACHED
    if record := _with_one_quote_as_text(content, dialect, width):
        yield record, ONE_IS_TEXT
    if attached:
        yield attached, ATTACHED


def _with_one_quote_as_text(content: bytes, dialect: Dialect, width: int) -> Record | None:
    """Return a row in which exactly one quote, if it did not open a field, would set all right."""
    quote, opening = dialect.quote, variants_of(dialect).opening
    stand_in = next((byte for byte in STAND_INS if byte not in content), None)
    if quote is None or opening is None or stand_in is None or len(content) > LONGEST_TRIED:
        return None
    ends = [found.end() for found in islice(opening.finditer(content), MOST_TRIED)]
    records = [
        _read_whole(content[: end - 1] + stand_in + content[end:], dialect, width) for end in ends
    ]
    right = [
        record for record in records if record and record.width == width and not record.stray_quote
    ]
    if len(right) != 1:
        return None
    fields = [
        _unwrapped(text.replace(stand_in, quote), quote) if stand_in in text else text
        for text in right[0].fields
    ]
    return replace(right[0], fields=fields)


def _changed(record: Record, dialect: Dialect, change: Callable[[bytes, bytes], bytes]) -> Record:
    """Return a record whose fields hold doubled quotes, and perhaps the marks around them."""
    if dialect.quote is None or not dialect.doubles:
        return record
    return replace(record, fields=[change(text, dialect.quote) for text in record.fields])


def _undoubled(text: bytes, quote: bytes) -> bytes:
    """Return a field in which every quote is doubled with single ones, another one as it is.

    Where the quotes of one field broke the rules, those of the others kept to them.
    """
    return text if quote in text.replace(quote * 2, b"") else text.replace(quote * 2, quote)


def _unwrapped(text: bytes, quote: bytes) -> bytes:
    """Return a field without the quotes around it, if it is between two of them."""
    if len(text) > 1 and text.startswith(quote) and text.endswith(quote):
        return _undoubled(text[1:-1], quote)
    return _undoubled(text, quote)


def _is_loose(content: bytes, first: Record, shape: Shape) -> bool:
    """Tell whether nothing but delimiters is behind the last field that is wanted."""
    if first.width <= shape.width:
        return False
    record = _read_whole(content, shape.dialect, first.width)
    return record is not None and not any(map(bytes.strip, record.fields[shape.width :]))


def _with_other_delimiter(content: bytes, shape: Shape) -> Repair | None:
    found = [
        Repair(fields=record.fields, how=f"it is read with {delimiter.decode()!r} between fields")
        for delimiter, dialect in variants_of(shape.dialect).parted.items()
        if delimiter in content
        and (record := _read_whole(content, dialect, shape.width))
        and record.width == shape.width
        and not record.stray_quote
    ]
    return found[0] if len(found) == 1 else None


def _forced(record: Record, width: int) -> Repair:
    missing = width - record.width
    if missing > 0:
        return Repair(fields=record.fields + [b""] * missing, how="the missing cells are empty")
    return Repair(fields=record.fields, how="the surplus is left out")
