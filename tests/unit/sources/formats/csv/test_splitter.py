import csv
import io
from dataclasses import dataclass

import hypothesis.strategies as st
import pytest
from hypothesis import given

from definitions.batches import Position
from definitions.faults import FaultCode
from sources.formats.csv.harvest import Block
from sources.formats.csv.record import Shape
from sources.formats.csv.splitter import MANY_FAULTS, split

BEGIN = Position(byte=0, row=1, line=1)
CELLS = st.text(alphabet='ab "\n,;\t|\u00e9\U0001f600', max_size=6)


@dataclass(frozen=True)
class Row:
    """A record as bytes, and the cells it holds or the fault it is."""

    raw: bytes
    cells: list[str] | None
    code: FaultCode | None = None


@dataclass(frozen=True)
class File:
    delimiter: str
    width: int
    rows: list[Row | None]  # None is a blank line
    line_end: str

    @property
    def content(self) -> bytes:
        blank = self.line_end.encode()
        return b"".join(blank if row is None else row.raw for row in self.rows)

    @property
    def numbered(self) -> list[tuple[int, int, Row]]:
        found, row_number, line = [], 1, 1
        for row in self.rows:
            if row is not None:
                found.append((row_number, line, row))
                row_number += 1
            line += 1 if row is None else row.raw.count(b"\n")
        return found


def written(cells: list[str], delimiter: str, line_end: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerow(cells)
    return out.getvalue().encode()


@st.composite
def files(draw: st.DrawFn, *, damaged: bool = False) -> File:
    delimiter = draw(st.sampled_from(",;\t|"))
    line_end = draw(st.sampled_from(["\n", "\r\n"]))
    width = draw(st.integers(1, 4))
    lists = st.lists(CELLS, min_size=width, max_size=width)
    rows: list[Row | None] = []
    for cells in draw(st.lists(lists, max_size=12)):
        row = Row(written(cells, delimiter, line_end), cells)
        rows.append(draw(damages(row, delimiter, line_end)) if damaged else row)
        if width > 1 and draw(st.integers(0, 9)) == 0:
            rows.append(None)
    return File(delimiter, width, rows, line_end)


@st.composite
def damages(draw: st.DrawFn, row: Row, delimiter: str, line_end: str) -> Row:
    cells = list(row.cells or [])
    mark, end = delimiter.encode(), line_end.encode()
    rest = row.raw.removesuffix(end)
    tail = mark + written(cells[1:], delimiter, line_end) if cells[1:] else end
    match draw(st.integers(0, 7)):
        case 0:
            return Row(rest + mark + b"x" + end, None, FaultCode.TOO_MANY_FIELDS)
        case 1 if len(cells) > 1:
            raw = written(cells[1:], delimiter, line_end)
            return Row(raw, None, FaultCode.TOO_FEW_FIELDS)
        case 2:
            return Row(b'"x"y' + tail, None, FaultCode.STRAY_QUOTE)
        case 3:
            return Row(b'"x\xff"' + tail, None, FaultCode.BAD_ENCODING)
        case 4:
            return Row(b'15" "wide"' + tail, ['15" "wide"', *cells[1:]])
        case _:
            return row


def blocks_of(file: File, block_size: int, begin: Position = BEGIN) -> list[Block]:
    stream = io.BytesIO(file.content)
    stream.seek(begin.byte)
    shape = Shape(file="f.csv", delimiter=file.delimiter.encode(), width=file.width)
    return list(split(stream.read, shape, begin, block_size))


def rows_in(block: Block, delimiter: str) -> list[list[str]]:
    text = io.StringIO(block.text.decode(), newline="")
    return [row or [""] for row in csv.reader(text, delimiter=delimiter)]


@given(file=files(), block_size=st.sampled_from([16, 17, 31, 64, 1 << 20]), cut=st.booleans())
def test_every_record_of_a_good_file_comes_with_its_numbers(
    file: File, block_size: int, cut: bool
) -> None:
    if cut and file.rows and file.rows[-1] is not None and file.rows[-1].raw != b"\n":
        last = file.rows[-1]
        shorter = Row(last.raw.removesuffix(file.line_end.encode()), last.cells)
        file = File(file.delimiter, file.width, [*file.rows[:-1], shorter], file.line_end)
    blocks = blocks_of(file, block_size)
    assert [row for block in blocks for row in rows_in(block, file.delimiter)] == [
        row.cells for _, _, row in file.numbered
    ]
    assert [n for block in blocks for n in block.rows] == [n for n, _, _ in file.numbered]
    assert [n for block in blocks for n in block.lines] == [n for _, n, _ in file.numbered]
    assert not any(block.faults for block in blocks)
    assert not blocks or blocks[-1].end.byte == len(file.content)


@given(file=files(damaged=True), block_size=st.sampled_from([16, 31, 64, 1 << 20]))
def test_bad_records_are_reported_exactly_and_their_neighbours_stay(
    file: File, block_size: int
) -> None:
    blocks = blocks_of(file, block_size)
    good = [
        (int(number), int(line), cells)
        for block in blocks
        for number, line, cells in zip(
            block.rows, block.lines, rows_in(block, file.delimiter), strict=True
        )
    ]
    faults = [(f.row, f.line, f.code) for block in blocks for f in block.faults]
    assert good == [(n, line, row.cells) for n, line, row in file.numbered if row.code is None]
    assert faults == [(n, line, row.code) for n, line, row in file.numbered if row.code]


@given(file=files(damaged=True), block_size=st.sampled_from([16, 31, 64]))
def test_reading_on_from_any_block_gives_the_blocks_that_followed(
    file: File, block_size: int
) -> None:
    blocks = blocks_of(file, block_size)
    for done, block in enumerate(blocks, start=1):
        again = blocks_of(file, block_size, block.end)
        assert [(b.text, list(b.rows), list(b.lines), b.faults, b.end) for b in again] == [
            (b.text, list(b.rows), list(b.lines), b.faults, b.end) for b in blocks[done:]
        ]


@given(data=st.binary(max_size=60), block_size=st.sampled_from([4, 16, 1 << 20]))
def test_whatever_the_bytes_every_line_is_read_or_reported(data: bytes, block_size: int) -> None:
    shape = Shape(file="f.csv", delimiter=b",", width=2, max_record=20)
    blocks = list(split(io.BytesIO(data).read, shape, BEGIN, block_size))
    numbers = [n for b in blocks for n in [*b.rows.tolist(), *[f.row for f in b.faults]]]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert (blocks[-1].end.byte if blocks else 0) == len(data)
    for block in blocks:
        assert len(rows_in(block, ",")) == len(block.rows)
        assert all(len(row) == 2 for row in rows_in(block, ","))


@given(
    data=st.text(alphabet='a",\n', max_size=40).map(str.encode),
    block_size=st.sampled_from([4, 16, 1 << 20]),
)
def test_where_blocks_end_does_not_change_what_is_read(data: bytes, block_size: int) -> None:
    shape = Shape(file="f.csv", delimiter=b",", width=2)
    expected = next(iter(split(io.BytesIO(data).read, shape, BEGIN)), None)
    blocks = list(split(io.BytesIO(data).read, shape, BEGIN, block_size))
    assert b"".join(b.text for b in blocks).replace(b'"', b"") == (
        expected.text.replace(b'"', b"") if expected else b""
    )
    assert [f for b in blocks for f in b.faults] == list(expected.faults if expected else ())


WIDE_ROW = b'1,15" wide,y\n'
STRAY_ROW = b'1,"x"y,z\n'
HARD = {
    "a quote in every row": WIDE_ROW * 20_000,
    "a stray quote in every row": STRAY_ROW * 20_000,
    "a stray quote and too few fields in every row": b'"x"y\n' * 40_000,
    "a quote that is never closed": b'1,"2,3\n' + b"1,2,3\n" * 40_000,
    "doubled quotes after a quote that is never closed": b'"\n' + b'""\n' * 60_000,
    "an opening quote in every row": b'1,2,"\n' * 40_000,
    "one line without end": b"x" * 300_000,
    "one line of empty columns": b"," * 300_000,
    "one line of quotes": b'"' * 300_000,
    "lines of one character": b"x\n" * 150_000,
    "blank lines": b"\n" * 300_000,
    "bad bytes in every row": b"1,2,\xff\n" * 40_000,
}


@pytest.mark.parametrize("content", HARD.values(), ids=HARD.keys())
def test_the_work_grows_with_the_file_and_not_with_its_square(content: bytes) -> None:
    shape = Shape(file="f.csv", delimiter=b",", width=3, max_record=1 << 15)
    blocks = list(split(io.BytesIO(content).read, shape, BEGIN, 1 << 14))
    assert sum(block.examined for block in blocks) < 30 * len(content)
    assert blocks[-1].end.byte == len(content)
    assert max(len(block.faults) for block in blocks) <= MANY_FAULTS + 20


def one_block(content: bytes, width: int = 2, max_record: int = 4 << 20) -> Block:
    shape = Shape(file="f.csv", delimiter=b",", width=width, max_record=max_record)
    (block,) = split(io.BytesIO(content).read, shape, BEGIN)
    return block


def test_a_record_without_end_costs_only_its_first_line() -> None:
    block = one_block(b'1,a\n2,"b\n3,c\n')
    assert block.text == b"1,a\n3,c\n"
    assert [(f.row, f.line, f.code, f.value) for f in block.faults] == [
        (2, 2, FaultCode.UNCLOSED_QUOTE, '2,"b')
    ]


def test_a_line_beyond_the_limit_is_one_fault_however_long_it_is() -> None:
    content = b"1,a\n" + b"x" * 100_000 + b"\n3,c\n"
    shape = Shape(file="f.csv", delimiter=b",", width=2, max_record=1000)
    blocks = list(split(io.BytesIO(content).read, shape, BEGIN, 512))
    assert b"".join(block.text for block in blocks) == b"1,a\n3,c\n"
    assert [list(block.lines) for block in blocks if len(block.lines)] == [[1], [3]]
    (fault,) = [fault for block in blocks for fault in block.faults]
    assert (fault.row, fault.line, fault.code) == (2, 2, FaultCode.ROW_TOO_LONG)
    assert len(fault.value or "") == 200
    assert fault.message == "is longer than 1000 bytes"


def test_a_long_line_that_ends_the_file_is_one_fault() -> None:
    shape = Shape(file="f.csv", delimiter=b",", width=2, max_record=1000)
    blocks = list(split(io.BytesIO(b"x" * 10_000).read, shape, BEGIN, 512))
    assert [f.code for b in blocks for f in b.faults] == [FaultCode.ROW_TOO_LONG]
    assert blocks[-1].end.byte == 10_000


def test_an_empty_line_is_a_row_only_where_there_is_one_column() -> None:
    assert list(one_block(b"1,a\n\n\r\n2,b\n").rows) == [1, 2]
    assert list(one_block(b"1,a\n\n\r\n2,b\n").lines) == [1, 4]
    assert list(one_block(b"1\n\n2\n", width=1).rows) == [1, 2, 3]


def test_a_lone_carriage_return_is_content() -> None:
    block = one_block(b'"a"\r,b\nc\rd,"e\rf"\r\n')
    assert block.text == b'c\rd,"e\rf"\r\n'
    assert [f.code for f in block.faults] == [FaultCode.STRAY_QUOTE]


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
