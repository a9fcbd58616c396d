"""Reading a malformed row as well as can be.

A row keeps the lines it was found on, so that rows are numbered alike whether they are repaired or
left out; it is only read in other ways, one after the other:

1. as its problem suggests: quotes inside a quoted field are text, then text behind a closing quote
   belongs to its field, then quotes are ordinary characters;
2. with another common delimiter, if exactly one of them gives the right number of fields;
3. failing that, the first reading that is possible is cut, or padded with empty cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from definitions.faults import FaultCode
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.record import Record, Shape, read_record

COMMON_DELIMITERS = (b",", b";", b"\t", b"|", b" ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """The right number of fields, and a word on how they were come by."""

    fields: list[bytes]
    how: str


def repair(content: bytes, code: FaultCode, shape: Shape) -> Repair:
    """Read a row, given without its line end, that is malformed as `code` says."""
    readings = [
        (record, how)
        for dialect, how in _ways(code, shape.dialect)
        if (record := _read_whole(content, dialect, shape.width)) is not None
    ]
    for record, how in readings:
        if record.width == shape.width:
            return Repair(fields=_undoubled(record.fields, shape.dialect), how=how)
    return _with_other_delimiter(content, shape) or _forced(readings[0][0], shape.width)


def _undoubled(fields: list[bytes], dialect: Dialect) -> list[bytes]:
    """Return the fields in which every quote is doubled with single ones, the others as they are.

    Where the quotes of one field broke the rules, those of the others kept to them.
    """
    quote = dialect.quote
    if quote is None or not dialect.doubles:
        return fields
    return [
        text if quote in text.replace(quote * 2, b"") else text.replace(quote * 2, quote)
        for text in fields
    ]


def reread(content: bytes, shape: Shape) -> list[bytes]:
    """Return the fields of a good row, given without its line end."""
    record = _read_whole(content, shape.dialect, shape.width)
    return [] if record is None else record.fields


def _read_whole(content: bytes, dialect: Dialect, width: int) -> Record | None:
    line = content + b"\r\n"  # behind a CR, a lone LF would take it away
    record = read_record(line, 0, dialect, width)
    return record if record is not None and record.end == len(line) else None


def _ways(code: FaultCode, dialect: Dialect) -> Iterator[tuple[Dialect, str]]:
    """Yield in which dialects to read a row, the last of which can read any line."""
    quotes_are_text = "the quotes in it are read as text"
    if code is FaultCode.STRAY_QUOTE:
        yield replace(dialect, escape=None), quotes_are_text
        yield dialect, "the text is read as part of the field"
    elif code is not FaultCode.UNCLOSED_QUOTE:
        yield dialect, ""
    yield replace(dialect, quote=None, escape=dialect.escaping), quotes_are_text
    yield replace(dialect, quote=None, escape=None), quotes_are_text


def _with_other_delimiter(content: bytes, shape: Shape) -> Repair | None:
    found = [
        Repair(fields=record.fields, how=f"it is read with {delimiter.decode()!r} between fields")
        for delimiter in COMMON_DELIMITERS
        if delimiter != shape.dialect.delimiter
        and delimiter not in {shape.dialect.quote, shape.dialect.escape}
        and (record := _read_whole(content, _with(shape.dialect, delimiter), shape.width))
        and record.width == shape.width
        and not record.stray_quote
    ]
    return found[0] if len(found) == 1 else None


def _with(dialect: Dialect, delimiter: bytes) -> Dialect:
    return replace(dialect, delimiter=delimiter)


def _forced(record: Record, width: int) -> Repair:
    missing = width - record.width
    if missing > 0:
        return Repair(fields=record.fields + [b""] * missing, how="the missing cells are empty")
    return Repair(fields=record.fields, how="the surplus is left out")
