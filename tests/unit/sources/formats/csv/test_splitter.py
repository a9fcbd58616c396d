"""What the splitter makes of a text, in the order of its docstring.

First the example that is drawn there. Then small texts: where rows end, what cells hold, what is no
row, what is a malformed one. Then where blocks end. At last any text, drawn at random and held
against a slow and plain reading of it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings

from definitions.batches import Position
from definitions.faults import Fault, FaultCode
from definitions.model import MalformedRows, RecordEnd
from sources.formats.csv import splitter
from sources.formats.csv.batching import batch_of
from sources.formats.csv.block_builder import Block
from sources.formats.csv.checks import check
from sources.formats.csv.cuts import cut_by_counting
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.frames import read_frame
from sources.formats.csv.row_terms import RowTerms
from sources.formats.csv.splitter import split
from sources.formats.csv.structural_index import StructuralIndex, index_structure
from sources.gathering import MOST_FAULTS
from tests.unit.sources.formats.csv.documents import Document, dialects, documents
from tests.unit.sources.formats.csv.reference import Row

BEGIN = Position(byte=0, row=1, line=1)
LF = Dialect(record_end=RecordEnd.LF)
BACKSLASH = Dialect(escape=b"\\")
BLOCK_SIZES = st.sampled_from([1, 4, 16, 31, 64, 1 << 20])


def blocks_of(
    data: bytes, terms: RowTerms, block_size: int = 1 << 20, begin: Position = BEGIN
) -> list[Block]:
    stream = io.BytesIO(data)
    stream.seek(begin.byte)
    return list(split(stream.read, terms, begin, block_size))


def terms_of(
    dialect: Dialect = LF, width: int = 2, max_row_bytes: int = 4 << 20, header: bytes = b""
) -> RowTerms:
    return RowTerms(
        file="f.csv", dialect=dialect, width=width, max_row_bytes=max_row_bytes, header=header
    )


def cells_of(block: Block, width: int) -> list[tuple[str, ...]]:
    return read_frame(block.texts, [f"c{number}" for number in range(width)]).rows()


def rows_of(block: Block, width: int) -> list[Row]:
    numbered = zip(block.rows, block.lines, cells_of(block, width), strict=True)
    good = [Row(int(row), int(line), cells) for row, line, cells in numbered]
    bad = [Row(fault.row, fault.line, None, fault.code) for fault in block.faults]
    return sorted([*good, *bad], key=attrgetter("number"))


def one_block(content: bytes, width: int = 2, dialect: Dialect = LF) -> Block:
    (block,) = split(io.BytesIO(content).read, terms_of(dialect, width), BEGIN)
    return block


DRAWN = '1,a\n2,"b\nc"\n3\n'


def test_the_example_in_the_docstring_is_what_is_made_of_its_text() -> None:
    index = index_structure(DRAWN.encode(), LF)
    cuts = cut_by_counting(index, 0, len(DRAWN), 99)
    block = one_block(DRAWN.encode())
    (batch,) = batch_of([block], "f.csv", ("n", "x"))
    (text,), (fault,) = block.texts, block.faults
    made = [
        f"bytes    {shown(DRAWN)}",
        f"index    {above(index.places, marks_of(index))}",
        f"quotes   {above(index.ends, index.quotes.searchsorted(index.ends))}",
        f"rows     {bars(zip(cuts.starts, cuts.ends, strict=True))}",
        f"number   {above(cuts.starts, [*block.rows, fault.row])}",
        f"line     {above(cuts.starts, [*block.lines, fault.line])}",
        f"fields   {above(cuts.starts, check(cuts, 2).widths)}",
        f"block    text   {shown(text.content.decode())}",
        f"         rows   {', '.join(map(str, block.rows))}",
        f"         lines  {', '.join(map(str, block.lines))}",
        f"         fault  row {fault.row}, line {fault.line}: {fault.message}",
        f"batch    {'  '.join(batch.frame.columns)}",
        *(f"         {'  '.join(map(shown, row))}" for row in batch.frame.rows()),
    ]
    _, _, behind = (splitter.__doc__ or "").partition("**An example**")
    drawn = behind.split("```")[1].strip().splitlines()
    assert list(map(without_words, drawn, made)) == made


def shown(text: str) -> str:
    return text.replace("\n", "⏎")


def marks_of(index: StructuralIndex) -> list[str]:
    kinds = zip(index.are_quotes, index.are_delimiters, strict=True)
    return ["q" if quote else "d" if delimiter else "e" for quote, delimiter in kinds]


def above(places: Iterable[int], marks: Iterable[object]) -> str:
    """Return the marks, each in its place."""
    line = [" "] * len(DRAWN)
    for place, mark in zip(places, marks, strict=True):
        line[place] = str(mark)
    return "".join(line).rstrip()


def bars(rows: Iterable[tuple[int, int]]) -> str:
    return "".join(f"├{'─' * (end - start - 1)}┤" for start, end in rows)


def without_words(drawn: str, made: str) -> str:
    """Return a line of the docstring without the words that are behind what was made."""
    return made if drawn.startswith(f"{made}  ") else drawn


REMARKS_FOUND = Dialect(remark=b"#")
REMARKS_GIVEN = Dialect(remark=b"#", remark_is_given=True)


class Small(NamedTuple):
    """A small text with the header `n,x`, and the line of each row with its cells or its fault."""

    dialect: Dialect
    text: bytes
    rows: list[tuple[int, object]]
    width: int = 2


BLOCKS_OF_ANY_SIZE = pytest.mark.parametrize("block_size", [1, 1 << 20])


def each_of(texts: Mapping[str, Small]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("small", texts.values(), ids=texts.keys())


def assert_read(small: Small, block_size: int) -> None:
    terms = terms_of(small.dialect, small.width, header=b"n,x")
    blocks = blocks_of(small.text, terms, block_size)
    found = [row for block in blocks for row in rows_of(block, small.width)]
    assert [(row.line, row.code or row.cells) for row in found] == small.rows


WHERE_ROWS_END = {
    "the last line needs no end": Small(LF, b"1,a\n2,b", [(1, ("1", "a")), (2, ("2", "b"))]),
    "a lone CR ends a row": Small(Dialect(), b"1,a\r2,b\r\n", [(1, ("1", "a")), (2, ("2", "b"))]),
    "a lone CR is content where the dialect says so": Small(
        LF, b"1,a\rb\r\n", [(1, ("1", "a\rb"))]
    ),
    "delimiters and line ends in quotes are content": Small(
        LF, b'1,"a,\nb"\n2,c\n', [(1, ("1", "a,\nb")), (3, ("2", "c"))]
    ),
    "an escape takes the meaning from delimiters, line ends and quotes": Small(
        BACKSLASH, b'1,a\\,\\\nb\n2,"\\""\n', [(1, ("1", "a,\nb")), (3, ("2", '"'))]
    ),
    "a dialect without quotes": Small(
        Dialect(quote=None, escape=None), b'1,"a\n2,b"\n', [(1, ("1", '"a')), (2, ("2", 'b"'))]
    ),
}


@BLOCKS_OF_ANY_SIZE
@each_of(WHERE_ROWS_END)
def test_where_rows_end(small: Small, block_size: int) -> None:
    assert_read(small, block_size)


def test_line_ends_may_be_mixed_and_in_quotes_stay_as_they_are() -> None:
    block = one_block(b'a,"\r"\rb,"\r\n"\r\n\r\nc,"\n"\nd,e', dialect=Dialect())
    assert cells_of(block, 2) == [("a", "\r"), ("b", "\r\n"), ("c", "\n"), ("d", "e")]
    assert list(block.lines) == [1, 3, 6, 8]


WHAT_CELLS_HOLD = {
    "a doubled quote is one": Small(LF, b'1,"a ""b"""\n', [(1, ("1", 'a "b"'))]),
    "a quoted field may be empty": Small(LF, b',""\n', [(1, ("", ""))]),
    "a quote inside a field without quotes is text": Small(
        LF, b'1,15" wide\n', [(1, ("1", '15" wide'))]
    ),
    "without an escape a quote closes where a field may end": Small(
        Dialect(escape=None), b'1,"a"b"\n', [(1, ("1", 'a"b'))]
    ),
    "a part of a long delimiter is text": Small(
        Dialect(delimiter=b"||"), b"1||a|b\n", [(1, ("1", "a|b"))]
    ),
    "a mark that begins another file is left out": Small(
        LF, b"1,a\n\xef\xbb\xbf2,b\n", [(1, ("1", "a")), (2, ("2", "b"))]
    ),
}


@BLOCKS_OF_ANY_SIZE
@each_of(WHAT_CELLS_HOLD)
def test_what_cells_hold(small: Small, block_size: int) -> None:
    assert_read(small, block_size)


def test_a_lone_carriage_return_is_content_where_it_ends_no_row() -> None:
    block = one_block(b'"a"\r,b\nc\rd,"e\rf"\r\n')
    assert cells_of(block, 2) == [("c\rd", "e\rf")]
    assert [f.code for f in block.faults] == [FaultCode.STRAY_QUOTE]


WHAT_IS_NO_ROW = {
    "a blank line": Small(LF, b"1,a\n\n2,b\n", [(1, ("1", "a")), (3, ("2", "b"))]),
    "a blank line is a row where there is one column": Small(
        LF, b"a\n\nb\n", [(1, ("a",)), (2, ("",)), (3, ("b",))], width=1
    ),
    "a line of spaces or tabs": Small(LF, b"1,a\n \t \n2,b\n", [(1, ("1", "a")), (3, ("2", "b"))]),
    "spaces are a row where they part fields": Small(
        Dialect(delimiter=b" "), b"1 a\n \n", [(1, ("1", "a")), (2, ("", ""))]
    ),
    "a line of spaces is a row where there is one column": Small(
        LF, b" \n", [(1, (" ",))], width=1
    ),
    "a given remark, good or not": Small(REMARKS_GIVEN, b'#1,a\n# "x\n2,b\n', [(3, ("2", "b"))]),
    "a given remark where there is one column": Small(
        REMARKS_GIVEN, b"a\n# b\n", [(1, ("a",))], width=1
    ),
    "a given remark in quotes is content": Small(
        REMARKS_GIVEN, b'1,"a\n# b"\n', [(1, ("1", "a\n# b"))]
    ),
    "a found remark, if it is malformed": Small(REMARKS_FOUND, b'# "x\n1,a\n', [(2, ("1", "a"))]),
    "a good row is no found remark": Small(
        REMARKS_FOUND, b"#1,a\n# a, b, c\n2,b\n", [(1, ("#1", "a")), (3, ("2", "b"))]
    ),
    "a malformed row of several lines is no found remark": Small(
        REMARKS_FOUND, b'#1,"a\nb",c\n', [(1, FaultCode.TOO_MANY_FIELDS)]
    ),
    "a found remark is a row where there is one column": Small(
        REMARKS_FOUND, b"# a\n# a,b\n", [(1, ("# a",)), (2, FaultCode.TOO_MANY_FIELDS)], width=1
    ),
    "the mark that ends a file of DOS": Small(LF, b"1,a\n\x1a", [(1, ("1", "a"))]),
    "the same where there is one column": Small(LF, b"a\n\x1a\n", [(1, ("a",))], width=1),
    "the same behind the last row": Small(LF, b"1,a\x1a", [(1, ("1", "a"))]),
    "the same where another file follows": Small(
        LF, b"1,a\n\x1a\n2,b\n", [(1, ("1", "a")), (3, ("2", "b"))]
    ),
    "the same in a row is content": Small(LF, b"1,a\x1a\n", [(1, ("1", "a\x1a"))]),
    "a line drawn between rows": Small(
        Dialect(delimiter=b"|", has_rules=True),
        b"1|a\n---+---\n2|b\n---|---\n",
        [(1, ("1", "a")), (3, ("2", "b"))],
    ),
    "the same where none are drawn is a row": Small(
        Dialect(delimiter=b"|"),
        b"---+---\n---|---\n",
        [(1, FaultCode.TOO_FEW_FIELDS), (2, ("---", "---"))],
    ),
    "a count of rows": Small(Dialect(has_counts=True), b"1,a\n(1 row)\n", [(1, ("1", "a"))]),
    "a count that is a good row is one": Small(
        Dialect(delimiter=b"w", has_counts=True),
        b"1wa\n(1 row)\n",
        [(1, ("1", "a")), (2, ("(1 ro", ")"))],
    ),
    "a count of which spaces make a good row": Small(
        Dialect(delimiter=b" ", has_counts=True), b"1 a\n(1 row)\n", [(1, ("1", "a"))]
    ),
    "a count is a row where there is one column": Small(
        Dialect(has_counts=True), b"(1 row)\n", [(1, ("(1 row)",))], width=1
    ),
}


@BLOCKS_OF_ANY_SIZE
@each_of(WHAT_IS_NO_ROW)
def test_what_is_no_row(small: Small, block_size: int) -> None:
    assert_read(small, block_size)


def test_an_empty_line_is_a_row_only_where_there_is_one_column() -> None:
    assert list(one_block(b"1,a\n\n\r\n2,b\n").rows) == [1, 2]
    assert list(one_block(b"1,a\n\n\r\n2,b\n").lines) == [1, 4]
    assert list(one_block(b"1\n\n2\n", width=1).rows) == [1, 2, 3]


WHAT_IS_MALFORMED = {
    "too few fields, or too many": Small(
        LF,
        b"1\n2,b,c\n3,d\n",
        [(1, FaultCode.TOO_FEW_FIELDS), (2, FaultCode.TOO_MANY_FIELDS), (3, ("3", "d"))],
    ),
    "bytes that are no UTF-8": Small(
        LF, b"1,\xff\n2,b\n", [(1, FaultCode.BAD_ENCODING), (2, ("2", "b"))]
    ),
    "text behind a closing quote": Small(
        LF, b'1,"a"x\n2,b\n', [(1, FaultCode.STRAY_QUOTE), (2, ("2", "b"))]
    ),
    "the same, of several lines: its end is a good guess": Small(
        LF, b'1,"a\nb"x\n2,c\n', [(1, FaultCode.STRAY_QUOTE), (3, ("2", "c"))]
    ),
    "the same, torn: its second line is a row": Small(
        LF,
        b'1,"a\n2,b"x\n3,c\n',
        [(1, FaultCode.UNCLOSED_QUOTE), (2, ("2", 'b"x')), (3, ("3", "c"))],
    ),
    "unclosed: its second line is a row": Small(
        LF, b'1,"a\n2,b\n', [(1, FaultCode.UNCLOSED_QUOTE), (2, ("2", "b"))]
    ),
    "the header again, with the mark that begins a file or without": Small(
        LF,
        b"1,a\nn,x\n\xef\xbb\xbfn,x\n2,n\n",
        [
            (1, ("1", "a")),
            (2, FaultCode.REPEATED_HEADER),
            (3, FaultCode.REPEATED_HEADER),
            (4, ("2", "n")),
        ],
    ),
}


@BLOCKS_OF_ANY_SIZE
@each_of(WHAT_IS_MALFORMED)
def test_what_is_a_malformed_row(small: Small, block_size: int) -> None:
    assert_read(small, block_size)


def test_a_row_without_end_costs_only_its_first_line() -> None:
    block = one_block(b'1,a\n2,"b\n3,c\n')
    assert cells_of(block, 2) == [("1", "a"), ("3", "c")]
    assert [(f.row, f.line, f.code, f.value) for f in block.faults] == [
        (2, 2, FaultCode.UNCLOSED_QUOTE, '2,"b')
    ]


def test_faults_are_in_the_order_of_their_rows() -> None:
    block = one_block(b'1\n2,"x"y\n3,\xff\n4,5,6\n7,8\n')
    assert [(f.row, f.code) for f in block.faults] == [
        (1, FaultCode.TOO_FEW_FIELDS),
        (2, FaultCode.STRAY_QUOTE),
        (3, FaultCode.BAD_ENCODING),
        (4, FaultCode.TOO_MANY_FIELDS),
    ]
    assert block.faults[0].message == "expected 2 fields, found 1"
    assert block.faults[2].value == "3,\ufffd"


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_line_beyond_the_limit_is_one_fault_however_long_it_is(end: bytes) -> None:
    content = end.join((b"1,a", b"x" * 5_000, b"3,c", b""))
    for block_size in (1, 2, 511, 512):
        blocks = blocks_of(content, terms_of(Dialect(), max_row_bytes=1000), block_size)
        rows = [row for block in blocks for row in rows_of(block, 2)]
        assert rows == [
            Row(1, 1, ("1", "a")),
            Row(2, 2, None, FaultCode.ROW_TOO_LONG),
            Row(3, 3, ("3", "c")),
        ]
        (fault,) = [fault for block in blocks for fault in block.faults]
        assert fault.value == "x" * 200
        assert fault.message == "is longer than 1000 bytes"
        assert blocks[-1].end == Position(byte=len(content), row=4, line=4)


@pytest.mark.parametrize(("end", "size"), [(b"\n", 10), (b"\r", 10), (b"\r\n", 9)])
def test_a_row_may_be_as_long_as_the_limit_wherever_blocks_end(end: bytes, size: int) -> None:
    longest = b"1," + b"x" * (size - 2)
    for block_size in range(1, 2 * size):
        content = end.join((longest, b"2,b", longest + b"x", b""))
        blocks = blocks_of(content, terms_of(Dialect(), max_row_bytes=10), block_size)
        rows = [row for block in blocks for row in rows_of(block, 2)]
        assert rows == [
            Row(1, 1, ("1", "x" * (size - 2))),
            Row(2, 2, ("2", "b")),
            Row(3, 3, None, FaultCode.ROW_TOO_LONG),
        ]


def test_a_long_line_that_ends_the_file_is_one_fault() -> None:
    blocks = blocks_of(b"x" * 10_000, terms_of(max_row_bytes=1000), 512)
    assert [f.code for b in blocks for f in b.faults] == [FaultCode.ROW_TOO_LONG]
    assert blocks[-1].end.byte == 10_000


@pytest.mark.parametrize("block_size", [1, 64, 700, 1 << 20])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_field_of_many_lines_that_is_too_long_is_one_fault(block_size: int, end: bytes) -> None:
    terms = terms_of(Dialect(), max_row_bytes=1000)
    long = b'2,"' + (b'a line of ""text""' + end) * 200 + b'its end"' + end
    content = b"1,a" + end + long + b"3,c" + end
    rows = [row for block in blocks_of(content, terms, block_size) for row in rows_of(block, 2)]
    assert rows == [
        Row(1, 1, ("1", "a")),
        Row(2, 2, None, FaultCode.ROW_TOO_LONG),
        Row(3, 203, ("3", "c")),
    ]
    unclosed = content.replace(b'its end"', b"its end")
    blocks = blocks_of(unclosed, terms, block_size)
    assert [f.code for b in blocks for f in b.faults] == [FaultCode.ROW_TOO_LONG]
    assert blocks[-1].end == Position(byte=len(unclosed), row=3, line=204)


@pytest.mark.parametrize("block_size", [1, 700, 1 << 20])
def test_rows_behind_a_quote_that_is_never_closed_are_no_field(block_size: int) -> None:
    content = b'1,"a\n' + b"2,b\n" * 500
    blocks = blocks_of(content, terms_of(Dialect(), max_row_bytes=1000), block_size)
    assert [f.code for b in blocks for f in b.faults] == [FaultCode.UNCLOSED_QUOTE]
    assert sum(len(block.rows) for block in blocks) == 500


def test_a_row_that_is_written_anew_stands_among_those_that_are_not() -> None:
    terms = replace(terms_of(), malformed_rows=MalformedRows.PAD)
    (block,) = blocks_of(b'1,a\n2\n3,"b,"\n4,x,y\n5;c\n6,\xff\n7,d\n', terms)
    assert cells_of(block, 2) == [
        ("1", "a"), ("2", ""), ("3", "b,"), ("4", "x"), ("5", "c"),
        ("6", "\xff"), ("7", "d"),
    ]  # fmt: skip
    assert [(f.row, f.rejects_row) for f in block.faults] == [
        (2, False), (4, False), (5, False), (6, False),
    ]  # fmt: skip


@given(document=documents(), block_size=BLOCK_SIZES, faults=st.sampled_from([1, 3, MOST_FAULTS]))
def test_reading_on_from_any_block_gives_the_blocks_that_followed(
    document: Document, block_size: int, faults: int
) -> None:
    data, terms = document.text.encode(), document.terms

    def from_on(begin: Position) -> list[object]:
        read = io.BytesIO(data[begin.byte :]).read
        return [seen(b, document.width) for b in split(read, terms, begin, block_size, faults)]

    blocks = list(split(io.BytesIO(data).read, terms, BEGIN, block_size, faults))
    for done, block in enumerate(blocks, start=1):
        assert from_on(block.end) == [seen(later, document.width) for later in blocks[done:]]
    found = [row for block in blocks for row in rows_of(block, document.width)]
    assert found == document.read_plainly()


def seen(block: Block, width: int) -> tuple[list[Row], tuple[Fault, ...], Position]:
    return (rows_of(block, width), tuple(block.faults), block.end)


@given(document=documents(), block_size=BLOCK_SIZES)
@example(document=Document("a,\r\n\r,\r\r\n", LF, 2), block_size=1)
@example(document=Document("\ufeff,\ufeff\n", LF, 2), block_size=1)
@example(document=Document("".join(map(chr, range(128))) * 3, LF, 2), block_size=1 << 20)
def test_any_text_is_read_as_character_by_character(document: Document, block_size: int) -> None:
    data = document.text.encode()
    blocks = blocks_of(data, document.terms, block_size)
    found = [row for block in blocks for row in rows_of(block, document.width)]
    assert found == document.read_plainly()
    assert (blocks[-1].end.byte if blocks else 0) == len(data)


@settings(max_examples=20)
@given(document=documents(), times=st.sampled_from([200, 500]))
def test_a_long_text_is_read_as_character_by_character(document: Document, times: int) -> None:
    long = replace(document, text="a,b\n" * 5_000 + document.text * times)
    blocks = blocks_of(long.text.encode(), long.terms)
    found = [row for block in blocks for row in rows_of(block, long.width)]
    assert found == long.read_plainly()


@given(
    data=st.binary(max_size=60),
    dialect=dialects(),
    policy=st.sampled_from(MalformedRows),
    block_size=BLOCK_SIZES,
)
def test_whatever_the_bytes_every_row_is_read_or_reported(
    data: bytes, dialect: Dialect, policy: MalformedRows, block_size: int
) -> None:
    terms = replace(terms_of(dialect, max_row_bytes=20), malformed_rows=policy)
    blocks = blocks_of(data, terms, block_size)
    assert (blocks[-1].end.byte if blocks else 0) == len(data)
    rejected = [fault.row for b in blocks for fault in b.faults if fault.rejects_row]
    numbers = [*(int(row) for b in blocks for row in b.rows), *rejected]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert all(len(cells_of(block, 2)) == len(block.rows) for block in blocks)
    whole = blocks_of(data, terms)
    assert all_rows(blocks) == all_rows(whole)


def all_rows(blocks: list[Block]) -> list[Row]:
    return [row for block in blocks for row in rows_of(block, 2)]


@given(document=documents(), block_size=BLOCK_SIZES)
def test_rows_that_are_padded_have_the_numbers_they_have_when_they_are_rejected(
    document: Document, block_size: int
) -> None:
    terms = replace(document.terms, malformed_rows=MalformedRows.PAD)
    padded = blocks_of(document.text.encode(), terms, block_size)
    expected = document.read_plainly()
    again = {row.number for row in expected if row.code is FaultCode.REPEATED_HEADER}
    kept = [(int(n), int(at)) for b in padded for n, at in zip(b.rows, b.lines, strict=True)]
    assert kept == [(row.number, row.line) for row in expected if row.number not in again]
    faults = [(fault.row, fault.code, fault.rejects_row) for b in padded for fault in b.faults]
    assert faults == [(row.number, row.code, row.number in again) for row in expected if row.code]
    good = {row.number: row.cells for row in expected if not row.code}
    cells = [row for block in padded for row in cells_of(block, document.width)]
    found = dict(zip([number for number, _ in kept], cells, strict=True))
    assert {number: found[number] for number in good} == good
