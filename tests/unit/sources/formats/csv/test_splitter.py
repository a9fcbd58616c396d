"""Cutting text into rows, held against a slow and plain reading of the same text."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from operator import attrgetter

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings

from definitions.batches import Position
from definitions.faults import Fault, FaultCode
from definitions.model import MalformedRows, RecordEnd
from sources.formats.csv.block_builder import Block
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.frames import read_frame
from sources.formats.csv.row_terms import RowTerms
from sources.formats.csv.splitter import split
from sources.gathering import MOST_FAULTS
from tests.unit.sources.formats.csv.reference import Reference, Row

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


REMARKS_FOUND = Dialect(remark=b"#")
REMARKS_GIVEN = Dialect(remark=b"#", remark_is_given=True)

# What comes of small texts with two columns, whose header is `n,x`: the line of each row, and its
# cells or its fault.
SMALL: dict[str, tuple[Dialect, bytes, list[tuple[int, object]]]] = {
    "the last line needs no end": (LF, b"1,a\n2,b", [(1, ("1", "a")), (2, ("2", "b"))]),
    "quotes hold marks": (LF, b'1,"a,\nb"\n2,c\n', [(1, ("1", "a,\nb")), (3, ("2", "c"))]),
    "a doubled quote is one": (LF, b'1,"a ""b"""\n', [(1, ("1", 'a "b"'))]),
    "a quote inside a field is text": (LF, b'1,15" wide\n', [(1, ("1", '15" wide'))]),
    "a quoted field may be empty": (LF, b',""\n', [(1, ("", ""))]),
    "a blank line is no row": (LF, b"1,a\n\n2,b\n", [(1, ("1", "a")), (3, ("2", "b"))]),
    "fields are counted": (
        LF,
        b"1\n2,b,c\n3,d\n",
        [(1, FaultCode.TOO_FEW_FIELDS), (2, FaultCode.TOO_MANY_FIELDS), (3, ("3", "d"))],
    ),
    "a row that is no UTF-8": (
        LF,
        b"1,\xff\n2,b\n",
        [(1, FaultCode.BAD_ENCODING), (2, ("2", "b"))],
    ),
    "text behind a closing quote": (
        LF,
        b'1,"a"x\n2,b\n',
        [(1, FaultCode.STRAY_QUOTE), (2, ("2", "b"))],
    ),
    "the same, of several lines: a good guess": (
        LF,
        b'1,"a\nb"x\n2,c\n',
        [(1, FaultCode.STRAY_QUOTE), (3, ("2", "c"))],
    ),
    "the same, torn, as its second line is a row": (
        LF,
        b'1,"a\n2,b"x\n3,c\n',
        [(1, FaultCode.UNCLOSED_QUOTE), (2, ("2", 'b"x')), (3, ("3", "c"))],
    ),
    "a quote that is never closed": (
        LF,
        b'1,"a\n2,b\n',
        [(1, FaultCode.UNCLOSED_QUOTE), (2, ("2", "b"))],
    ),
    "an escape": (BACKSLASH, b'1,a\\,\\\nb\n2,"\\""\n', [(1, ("1", "a,\nb")), (3, ("2", '"'))]),
    "a quote closes where a field may end": (
        Dialect(escape=None),
        b'1,"a"b"\n',
        [(1, ("1", 'a"b'))],
    ),
    "a dialect without quotes": (
        Dialect(quote=None, escape=None),
        b'1,"a\n2,b"\n',
        [(1, ("1", '"a')), (2, ("2", 'b"'))],
    ),
    "a long delimiter": (Dialect(delimiter=b"||"), b"1||a|b\n", [(1, ("1", "a|b"))]),
    "a lone CR ends a row": (Dialect(), b"1,a\r2,b\r\n", [(1, ("1", "a")), (2, ("2", "b"))]),
    "a lone CR is content": (LF, b"1,a\rb\r\n", [(1, ("1", "a\rb"))]),
    "a line of spaces or tabs is no row": (
        LF,
        b"1,a\n \t \n2,b\n",
        [(1, ("1", "a")), (3, ("2", "b"))],
    ),
    "spaces are a row where they part fields": (
        Dialect(delimiter=b" "),
        b"1 a\n \n",
        [(1, ("1", "a")), (2, ("", ""))],
    ),
    "a found remark is no row": (REMARKS_FOUND, b'# "x\n1,a\n', [(2, ("1", "a"))]),
    "a good row is no found remark": (
        REMARKS_FOUND,
        b"#1,a\n# a, b, c\n2,b\n",
        [(1, ("#1", "a")), (3, ("2", "b"))],
    ),
    "a malformed row of several lines is no found remark": (
        REMARKS_FOUND,
        b'#1,"a\nb",c\n',
        [(1, FaultCode.TOO_MANY_FIELDS)],
    ),
    "a given remark is no row, good or not": (
        REMARKS_GIVEN,
        b'#1,a\n# "x\n2,b\n',
        [(3, ("2", "b"))],
    ),
    "a given remark in quotes is content": (
        REMARKS_GIVEN,
        b'1,"a\n# b"\n',
        [(1, ("1", "a\n# b"))],
    ),
    "lines are drawn between rows": (
        Dialect(delimiter=b"|", has_rules=True),
        b"1|a\n---+---\n2|b\n---|---\n",
        [(1, ("1", "a")), (3, ("2", "b"))],
    ),
    "lines are not drawn elsewhere": (
        Dialect(delimiter=b"|"),
        b"---+---\n---|---\n",
        [(1, FaultCode.TOO_FEW_FIELDS), (2, ("---", "---"))],
    ),
    "rows are counted below them": (
        Dialect(has_counts=True),
        b"1,a\n(1 row)\n",
        [(1, ("1", "a"))],
    ),
    "a good row is no count, unless its words are fields": (
        Dialect(delimiter=b"w", has_counts=True),
        b"1wa\n(1 row)\n",
        [(1, ("1", "a")), (2, ("(1 ro", ")"))],
    ),
    "the words of a count are as many as columns": (
        Dialect(delimiter=b" ", has_counts=True),
        b"1 a\n(1 row)\n",
        [(1, ("1", "a"))],
    ),
    "the header again": (
        LF,
        b"1,a\nn,x\n\xef\xbb\xbfn,x\n2,n\n",
        [
            (1, ("1", "a")),
            (2, FaultCode.REPEATED_HEADER),
            (3, FaultCode.REPEATED_HEADER),
            (4, ("2", "n")),
        ],
    ),
    "a mark that begins another file": (
        LF,
        b"1,a\n\xef\xbb\xbf2,b\n",
        [(1, ("1", "a")), (2, ("2", "b"))],
    ),
    "the mark that ends a file of DOS": (LF, b"1,a\n\x1a", [(1, ("1", "a"))]),
    "the same behind the last row": (LF, b"1,a\x1a", [(1, ("1", "a"))]),
    "the same where another file follows": (
        LF,
        b"1,a\n\x1a\n2,b\n",
        [(1, ("1", "a")), (3, ("2", "b"))],
    ),
    "the same in a row is content": (LF, b"1,a\x1a\n", [(1, ("1", "a\x1a"))]),
}


@pytest.mark.parametrize("block_size", [1, 1 << 20])
@pytest.mark.parametrize(("dialect", "text", "rows"), SMALL.values(), ids=SMALL.keys())
def test_small_texts(
    dialect: Dialect, text: bytes, rows: list[tuple[int, object]], block_size: int
) -> None:
    terms = terms_of(dialect, header=b"n,x")
    found = [row for block in blocks_of(text, terms, block_size) for row in rows_of(block, 2)]
    assert [(row.line, row.code or row.cells) for row in found] == rows


# The same of texts with a single column.
ONE_COLUMN: dict[str, tuple[Dialect, bytes, list[tuple[int, object]]]] = {
    "a blank line is an empty cell": (LF, b"a\n\nb\n", [(1, ("a",)), (2, ("",)), (3, ("b",))]),
    "a line of spaces is a cell": (LF, b" \n", [(1, (" ",))]),
    "a found remark is a cell, good or not": (
        REMARKS_FOUND,
        b"# a\n# a,b\n",
        [(1, ("# a",)), (2, FaultCode.TOO_MANY_FIELDS)],
    ),
    "a given remark is no row": (REMARKS_GIVEN, b"a\n# b\n", [(1, ("a",))]),
    "a count is a cell": (Dialect(has_counts=True), b"(1 row)\n", [(1, ("(1 row)",))]),
    "the mark that ends a file of DOS": (LF, b"a\n\x1a\n", [(1, ("a",))]),
}


@pytest.mark.parametrize("block_size", [1, 1 << 20])
@pytest.mark.parametrize(("dialect", "text", "rows"), ONE_COLUMN.values(), ids=ONE_COLUMN.keys())
def test_small_texts_of_one_column(
    dialect: Dialect, text: bytes, rows: list[tuple[int, object]], block_size: int
) -> None:
    blocks = blocks_of(text, terms_of(dialect, 1), block_size)
    found = [row for block in blocks for row in rows_of(block, 1)]
    assert [(row.line, row.code or row.cells) for row in found] == rows


@dataclass(frozen=True)
class Document:
    """Any text, well-formed or not, the dialect it is to be read in, and what its header is."""

    text: str
    dialect: Dialect
    width: int
    header: str = ""

    @property
    def terms(self) -> RowTerms:
        return terms_of(self.dialect, self.width, header=self.header.encode())

    def read_plainly(self) -> list[Row]:
        return Reference(self.text, self.dialect, self.width, self.header).rows()


@st.composite
def dialects(draw: st.DrawFn) -> Dialect:
    quote = draw(st.sampled_from(['"', '"', "'", ""]))
    escape = draw(st.sampled_from([quote, quote, "\\", ""]))
    remark = draw(st.sampled_from(["", "", "#", "//"]))
    return Dialect(
        delimiter=draw(st.sampled_from([",", ";", "\t", " ", "|", "||", ", ", "§", "→|"])).encode(),
        quote=quote.encode() or None,
        escape=escape.encode() or None,
        record_end=draw(st.sampled_from(RecordEnd)),
        remark=remark.encode() or None,
        remark_is_given=bool(remark) and draw(st.booleans()),
        has_rules=draw(st.booleans()),
        has_counts=draw(st.booleans()),
    )


@st.composite
def documents(draw: st.DrawFn) -> Document:
    dialect = draw(dialects())
    marks = [mark.decode() for mark in (dialect.delimiter, dialect.quote, dialect.escape) if mark]
    remark = (dialect.remark or b"#").decode()
    header = draw(st.sampled_from(["", "a", f"a{marks[0]}N", f"\ufeffa{marks[0]}N"]))
    pieces = [
        *marks * 3,
        *marks[0],
        "\n",
        "\n",
        "\r",
        "\r\n",
        "a",
        "N",
        "é",
        "\x00",
        '"',
        "\n\ufeff",
        " ",
        "\t",
        "\x1a",
        "\n\x1a\n",
        f"\n{remark}",
        f"\n{remark} a\n",
        "\n--+--\n",
        f"\n---{marks[0]}---\n",
        "\n(2 rows)\n",
        f"\n{header}\n",
        f"\n\ufeff{header}\n",
    ]
    text = "".join(draw(st.lists(st.sampled_from(pieces), max_size=60)))
    return Document(text, dialect, draw(st.integers(1, 3)), header)


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


def one_block(content: bytes, width: int = 2, dialect: Dialect = LF) -> Block:
    (block,) = split(io.BytesIO(content).read, terms_of(dialect, width), BEGIN)
    return block


def test_a_row_without_end_costs_only_its_first_line() -> None:
    block = one_block(b'1,a\n2,"b\n3,c\n')
    assert cells_of(block, 2) == [("1", "a"), ("3", "c")]
    assert [(f.row, f.line, f.code, f.value) for f in block.faults] == [
        (2, 2, FaultCode.UNCLOSED_QUOTE, '2,"b')
    ]


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


def test_an_empty_line_is_a_row_only_where_there_is_one_column() -> None:
    assert list(one_block(b"1,a\n\n\r\n2,b\n").rows) == [1, 2]
    assert list(one_block(b"1,a\n\n\r\n2,b\n").lines) == [1, 4]
    assert list(one_block(b"1\n\n2\n", width=1).rows) == [1, 2, 3]


def test_a_lone_carriage_return_is_content_where_it_ends_no_row() -> None:
    block = one_block(b'"a"\r,b\nc\rd,"e\rf"\r\n')
    assert cells_of(block, 2) == [("c\rd", "e\rf")]
    assert [f.code for f in block.faults] == [FaultCode.STRAY_QUOTE]


def test_line_ends_may_be_mixed_and_in_quotes_stay_as_they_are() -> None:
    block = one_block(b'a,"\r"\rb,"\r\n"\r\n\r\nc,"\n"\nd,e', dialect=Dialect())
    assert cells_of(block, 2) == [("a", "\r"), ("b", "\r\n"), ("c", "\n"), ("d", "e")]
    assert list(block.lines) == [1, 3, 6, 8]


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
