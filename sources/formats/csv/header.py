"""The names of a delimited file's columns, and where its data begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np

from definitions.batches import Position
from definitions.errors import FormatError
from definitions.faults import FaultCode
from sources.columns import renamed_columns, unique_names
from sources.formats.csv.checks import check
from sources.formats.csv.cuts import Limits, count_fields, cut_by_lines
from sources.formats.csv.dialect import RULE, Dialect
from sources.formats.csv.repair import repair
from sources.formats.csv.row_parser import ParsedRow, parse_row
from sources.formats.csv.row_terms import RowTerms
from sources.formats.csv.structural_index import index_structure, line_ends
from sources.gathering import MAX_COLUMNS

PIECE = 1 << 20
ROW_NAME = "row_name"
MARK = "\ufeff"  # of byte order, inside the quotes of a name
DIRECTIVE = re.compile(rb"#(?:\w+:|fields)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderTerms:
    """What is known about a header before it is read.

    It has so many `rows` (0: there is none); most rows of the file have `width` fields (0: that is
    not known). `given` names stand in for those in the file. A `lenient` reader takes a header
    whose quotes are out of place as well as can be. `names_rows`: rows begin with their own name,
    for which there is none in the header. `has_empty_names`: no column has those that are empty.
    """

    file: str
    dialect: Dialect
    rows: int = 1
    width: int = 0
    lenient: bool = False
    names_rows: bool = False
    has_empty_names: bool = False
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The column names, what the changed ones were in the file, and where the data begins.

    `named` tells that the names come from the file or the definition; else they are numbered. A
    `shortened` one had delimiters too many, a `mended` one quotes out of place.
    """

    names: tuple[str, ...]
    renamed: Mapping[str, str]
    named: bool
    shortened: bool
    mended: bool
    data: Position


def find_line(read: Callable[[int], bytes], number: int, dialect: Dialect) -> Position:
    """Return where the line `number` (from 0) begins in what `read` brings, or its end."""
    byte, lines = 0, 0
    while lines < number and (piece := read(PIECE)):
        while dialect.returns_end and piece.endswith(b"\r") and (more := read(1)):
            piece += more  # it may be half a CRLF
        ends = line_ends(piece + b"\n", dialect)
        ends = ends[ends < len(piece)]
        if lines + len(ends) >= number:
            byte += int(ends[number - lines - 1]) + 1
            lines = number
        else:
            byte += len(piece)
            lines += len(ends)
    return Position(byte=byte, row=1, line=lines + 1)


def read_header(sample: bytes, begin: Position, terms: HeaderTerms, *, complete: bool) -> Header:
    """Read the header at the beginning of `sample`, behind empty lines and given remarks.

    The sample is the text from `begin` on, all of it if it is `complete`.
    """
    text = sample + b"\n" if complete and not sample.endswith(b"\n") else sample
    if not sample.strip(b"\r\n"):
        lines = begin.line - 1
        behind = f" behind the {lines} skipped lines" if lines else ""
        less = ", or a smaller 'skip_rows'" if lines else ""
        msg = f"the file {terms.file!r} is empty{behind}; it needs at least a header line{less}"
        raise FormatError(msg)
    rows, end = _rows(text, terms)
    surplus = _surplus(rows, terms)
    rows = [_without_empty(row, row.width - terms.width) for row in rows] if surplus else rows
    width = max((row.width for row in rows), default=0) or _usual_width(text, terms)
    width = max(width, terms.width)
    if width > MAX_COLUMNS:
        msg = f"the header of {terms.file!r} has {width} columns; at most {MAX_COLUMNS} work"
        raise FormatError(msg)
    _check_given(terms, width)
    names, named = terms.given or _names(rows, width, terms.file), bool(rows or terms.given)
    if terms.names_rows:
        names = [ROW_NAME, *names[:-1]]
    unique = unique_names(names)
    return Header(
        names=unique,
        renamed=renamed_columns(names, unique) if named else {},
        named=named,
        shortened=surplus > 0,
        mended=any(row.stray_quote for row in rows),
        data=Position(
            byte=begin.byte + min(end, len(sample)),
            row=1,
            line=begin.line + len(line_ends(text[:end] + b"x", terms.dialect)),
        ),
    )


def _rows(text: bytes, terms: HeaderTerms) -> tuple[list[ParsedRow], int]:
    """Return the rows of the header, and where the data begins."""
    rows: list[ParsedRow] = []
    at = 0
    while len(rows) < terms.rows:
        begin = _first_row(text, at, terms.dialect)
        if begin == len(text):
            msg = (
                f"{terms.file!r} has {len(rows)} rows where the header should have "
                f"{terms.rows}; give a smaller 'header_rows'"
            )
            raise FormatError(msg)
        rows.append(_row(text, begin, terms))
        at = rows[-1].end
    return rows, at


def _first_row(text: bytes, at: int, dialect: Dialect) -> int:
    """Return where the first line from `at` on begins that may be a row."""
    others = [rb"[\r\n]++"]
    if dialect.remark_is_given:
        rest = rb"[^\r\n]*+" if dialect.returns_end else rb"[^\n]*+"
        others.append(re.escape(dialect.remark or b"") + rest)
    if dialect.has_rules:
        others.append(RULE.pattern)
    found = re.compile(rb"(?:" + rb"|".join(others) + rb")*+").match(text, at)
    return found.end() if found else at


def _row(text: bytes, begin: int, terms: HeaderTerms) -> ParsedRow:
    row = parse_row(text, begin, terms.dialect, MAX_COLUMNS)
    if terms.lenient and (row is None or row.stray_quote):
        return _repaired(text, begin, terms, row)
    if row is None:
        raise FormatError(_endless(text, terms))
    if row.stray_quote:
        msg = f"the header of {terms.file!r} has text after a closing quote; mark a quote in a name"
        raise FormatError(msg)
    return _without_directive(row, terms)


def _repaired(text: bytes, begin: int, terms: HeaderTerms, row: ParsedRow | None) -> ParsedRow:
    """Return the row that begins at `begin` as well as it can be read.

    It is one line: where one of several lines ends whose quotes are out of place, nobody knows.
    """
    rest = text[begin:]
    ends = line_ends(rest, terms.dialect)
    if not len(ends):
        raise FormatError(_endless(text, terms))
    end = int(ends[0]) + 1
    is_line = row is not None and row.end == begin + end
    row_terms = RowTerms(file=terms.file, dialect=terms.dialect, width=max(terms.width, 1))
    code = FaultCode.STRAY_QUOTE if is_line else FaultCode.UNCLOSED_QUOTE
    fields = repair(rest[:end].rstrip(b"\r\n"), code, row_terms).fields
    return ParsedRow(fields=fields, width=len(fields), end=begin + end, stray_quote=True)


def _endless(text: bytes, terms: HeaderTerms) -> str:
    has_quotes = terms.dialect.quote is not None and terms.dialect.quote in text
    remedy = "close its quotes" if has_quotes else "end its line, or say its 'record_end'"
    return f"the header of {terms.file!r} does not end within {len(text)} bytes; {remedy}"


def _without_directive(row: ParsedRow, terms: HeaderTerms) -> ParsedRow:
    """Return a header without a word that only says what it is, as in `#Fields: date time`."""
    is_longer = row.width == terms.width + 1
    if not is_longer or DIRECTIVE.fullmatch(row.fields[0]) is None:
        return row
    return replace(row, fields=row.fields[1:], width=terms.width)


def _surplus(rows: Sequence[ParsedRow], terms: HeaderTerms) -> int:
    """Return how many delimiters a header has that the rows do not have."""
    if terms.has_empty_names:
        return max(row.width for row in rows) - terms.width
    if len(rows) != 1 or rows[0].width != terms.width + 1 or terms.given:
        return 0
    return int(terms.width > 0 and not rows[0].fields[-1].strip())


def _without_empty(row: ParsedRow, count: int) -> ParsedRow:
    """Return a header without the last `count` of its empty names."""
    if count <= 0:
        return row
    empty = [place for place, name in enumerate(row.fields) if not name.strip()][-count:]
    fields = [name for place, name in enumerate(row.fields) if place not in empty]
    return replace(row, fields=fields, width=len(fields))


def _usual_width(text: bytes, terms: HeaderTerms) -> int:
    """Return how many fields most rows of a file without header have."""
    index, size = index_structure(text, terms.dialect), len(text)
    limits = Limits(width=0, max_row_bytes=size, longest=size, final=False)
    cuts = cut_by_lines(index, limits)
    widths = count_fields(cuts.delimiters, cuts.ends)
    if cuts.count:  # as in a table of several columns, where a blank line is no row
        widths = widths[check(cuts, 2).is_row]
    if not len(widths):
        msg = f"no row of {terms.file!r} ends within {len(text)} bytes; close its quotes"
        raise FormatError(msg)
    found, counts = np.unique(widths, return_counts=True)
    return int(found[counts.argmax()])


def _check_given(terms: HeaderTerms, width: int) -> None:
    if terms.given and len(terms.given) != width:
        msg = (
            f"'column_names' has {len(terms.given)} names, but {terms.file!r} has {width} columns; "
            "name each of them"
        )
        raise FormatError(msg)


def _names(rows: Sequence[ParsedRow], width: int, file: str) -> Sequence[str]:
    try:
        texts = [[name.decode().removeprefix(MARK).strip() for name in row.fields] for row in rows]
    except UnicodeDecodeError:
        msg = (
            f"the header of {file!r} has bytes that are no characters in its encoding; give the "
            "one that it is written in as 'encoding', or save the file as UTF-8"
        )
        raise FormatError(msg) from None
    columns = zip_longest(*texts, [""] * width, fillvalue="")
    return [" ".join(dict.fromkeys(filter(None, parts))) for parts in columns]
