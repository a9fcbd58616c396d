"""How a delimited file is written: its line ends, its delimiter, and the names of its columns."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from definitions.batches import Position
from definitions.errors import FormatError
from sources.encoding import SAMPLE_SIZE
from sources.formats.csv.record import Record, Shape, read_record

DELIMITERS = ",;\t|"
DETECTION_SIZE = 1 << 16
MAX_COLUMNS = 10_000
FIRST_LINE_END = re.compile(rb'[^"\r\n]*+(?:"[^"]*+"[^"\r\n]*+)*+(\r\n|\r|\n)')
LINE_END_NAMES = {b"\n": "lf", b"\r\n": "crlf", b"\r": "cr"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The column names, what the changed ones were in the file, and where the data begins."""

    names: tuple[str, ...]
    renamed: Mapping[str, str]
    data: Position


def find_line_end(sample: bytes) -> str:
    """Return `lf`, `crlf` or `cr`: what ends the first line that is not empty."""
    found = FIRST_LINE_END.match(sample.lstrip(b"\r\n"))
    if found is not None:
        return LINE_END_NAMES[found.group(1)]
    return "cr" if b"\r" in sample and b"\n" not in sample else "lf"


def find_delimiter(sample: bytes) -> bytes:
    """Return the delimiter under which the most fields line up with the header.

    For each candidate the beginning of the file is read with it; what counts is how many records
    have as many fields as the first one, times how many delimiters that one has. A file without
    any is one column, as if separated by commas.
    """
    text = sample[:DETECTION_SIZE].decode(errors="replace")
    complete = len(sample) <= DETECTION_SIZE
    scores = {mark: _score(text, mark, complete=complete) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: scores[mark]).encode()


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
    unique = _unique(names)
    return Header(
        names=unique,
        renamed={new: old for new, old in zip(unique, names, strict=True) if new != old},
        data=Position(
            byte=min(record.end, len(sample)), row=1, line=1 + text.count(b"\n", 0, record.end)
        ),
    )


def _score(text: str, delimiter: str, *, complete: bool) -> int:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    widths = [len(row) for row in rows if row]
    if not complete:
        widths = widths[:-1] or widths  # the last record is cut
    if not widths:
        return 0
    return widths.count(widths[0]) * (widths[0] - 1)


def _names(record: Record, file: str) -> Sequence[str]:
    if len(record.fields) > MAX_COLUMNS:
        msg = f"the header of {file!r} has {len(record.fields)} columns; at most {MAX_COLUMNS} work"
        raise FormatError(msg)
    try:
        return [name.decode().strip() for name in record.fields]
    except UnicodeDecodeError:
        msg = f"the header of {file!r} is not UTF-8; save the file as UTF-8"
        raise FormatError(msg) from None


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names with `column_3` for an empty third one and `mail_2` for a second `mail`."""
    taken, copies = set(names), Counter[str]()
    result: dict[str, None] = {}
    for number, name in enumerate(names, start=1):
        base = name or f"column_{number}"
        unique = base
        while unique in result or (unique in taken and unique != name):
            copies[base] += 1
            unique = f"{base}_{copies[base] + 1}"
        result[unique] = None
    return tuple(result)
