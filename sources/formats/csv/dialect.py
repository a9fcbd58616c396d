"""How a delimited file is written, and the names of its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from definitions.batches import Position
from definitions.errors import FormatError
from definitions.model import RecordEnd
from sources.columns import unique_names
from sources.encoding import SAMPLE_SIZE
from sources.formats.csv.record import Record, Shape, read_record

MAX_COLUMNS = 10_000
QUOTE = b'"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How records and fields are told apart, in bytes of UTF-8.

    `delimiter` is one character or more. `quote` is one ASCII byte, None where fields are never
    quoted. `escape` is what stands before a quote inside a quoted field: the quote itself (it is
    doubled), another ASCII byte, or None (quotes inside are not marked; one closes its field only
    where the field may end).
    """

    delimiter: bytes = b","
    quote: bytes | None = QUOTE
    escape: bytes | None = QUOTE
    record_end: RecordEnd = RecordEnd.ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The column names, what the changed ones were in the file, and where the data begins."""

    names: tuple[str, ...]
    renamed: Mapping[str, str]
    data: Position


def read_header(sample: bytes, delimiter: bytes, file: str) -> Header:
    """Read the header at the beginning of `sample`, behind empty lines."""
    shape = Shape(file=file, delimiter=delimiter, width=0)
    text = sample if len(sample) >= SAMPLE_SIZE or sample.endswith(b"\n") else sample + b"\n"
    begin = len(sample) - len(sample.lstrip(b"\r\n"))
    if begin == len(sample):
        msg = f"the file {file!r} is empty; it needs at least a header line"
        raise FormatError(msg)
    record = read_record(text, begin, shape)
    if record is None:
        size = len(sample)
        msg = f"the header of {file!r} does not end within {size} bytes; close its quotes"
        raise FormatError(msg)
    if record.stray_quote:
        msg = f"the header of {file!r} has text after a closing quote; double a quote in a name"
        raise FormatError(msg)
    names = _names(record, file)
    unique = unique_names(names)
    return Header(
        names=unique,
        renamed={new: old for new, old in zip(unique, names, strict=True) if new != old},
        data=Position(
            byte=min(record.end, len(sample)), row=1, line=1 + text.count(b"\n", 0, record.end)
        ),
    )


def _names(record: Record, file: str) -> Sequence[str]:
    if len(record.fields) > MAX_COLUMNS:
        msg = f"the header of {file!r} has {len(record.fields)} columns; at most {MAX_COLUMNS} work"
        raise FormatError(msg)
    try:
        return [name.decode().strip() for name in record.fields]
    except UnicodeDecodeError:
        msg = f"the header of {file!r} is not UTF-8; save the file as UTF-8"
        raise FormatError(msg) from None
