"""Delimited files of every dialect, held against Python's csv module and hand-made corner cases."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, assume, given, settings

from definitions.batches import Batch
from definitions.model import FileFormat, RecordEnd
from sources.base import ReadTerms
from sources.formats.csv import CsvFormat

BLOCK_SIZES = st.sampled_from([16, 64, 1000, 1 << 20])


def batches_of(data: bytes, layout: FileFormat, folder: Path, block_size: int) -> list[Batch]:
    (folder / "f").write_bytes(data)
    form = CsvFormat(ReadTerms(layout=layout, batch_size=4 * block_size), block_size=block_size)
    return list(form.open(folder / "f", "f.csv").batches())


@dataclass(frozen=True)
class Written:
    """A text that Python's csv module wrote, what it reads from it, and on which lines."""

    text: str
    layout: FileFormat
    rows: list[list[str]]
    lines: list[int]


@st.composite
def texts(draw: st.DrawFn) -> Written:
    delimiter = draw(st.sampled_from([",", ";", "\t", "|", " ", "§", "→"]))
    quote = draw(st.sampled_from(['"', "'", "`"]))
    escape = draw(st.sampled_from([quote, "\\", "^", ""]))
    quoting = draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
    way = {
        "delimiter": delimiter,
        "quotechar": quote,
        "doublequote": escape == quote,
        "escapechar": None if escape in {quote, ""} else escape,
    }
    alphabet = [
        delimiter,
        *("" if escape == "" else quote),
        "\\",
        "^",
        "\n",
        "\r",
        "a",
        "é",
        " ",
    ]
    cells = st.text(alphabet=st.sampled_from(alphabet), max_size=5)
    width = draw(st.integers(2, 4))
    out = io.StringIO(newline="")
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=12))
    for row in rows:
        end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
        csv.writer(out, lineterminator=end, quoting=quoting, **way).writerow(row)  # type: ignore[arg-type]
        out.write(draw(st.sampled_from(["", "", end])))
    layout = FileFormat(
        delimiter=delimiter,
        quote=quote,
        escape=escape,
        record_end=RecordEnd.ANY,
        skip_rows=0,
        header_rows=0,
        column_names=tuple(f"c{number}" for number in range(width)),
    )
    written = Written(out.getvalue(), layout, *_as_the_csv_module_reads(out.getvalue(), way))
    assume(written.rows == rows)  # what it writes is not always what it reads
    return written


def _as_the_csv_module_reads(
    text: str, way: dict[str, object]
) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader(io.StringIO(text, newline=""), **way)  # type: ignore[arg-type]
    rows, lines, line = [], [], 1
    for row in reader:
        if row:
            rows.append(row)
            lines.append(line)
        line = reader.line_num + 1
    return rows, lines


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=texts(), block_size=BLOCK_SIZES)
def test_every_dialect_is_read_as_the_csv_module_reads_it(
    written: Written, block_size: int, tmp_path: Path
) -> None:
    batches = batches_of(written.text.encode(), written.layout, tmp_path, block_size)
    assert [list(row) for batch in batches for row in batch.frame.rows()] == written.rows
    assert [n for batch in batches for n in batch.rows.tolist()] == [
        number for number, _ in enumerate(written.rows, start=1)
    ]
    assert [n for batch in batches for n in batch.lines.tolist()] == written.lines
    assert not any(batch.faults for batch in batches)


CASES = {
    "comma in quotes": (
        'first,last,zip\nJohn,Doe,"1,2"\n',
        ("first", "last", "zip"),
        [("John", "Doe", "1,2")],
    ),
    "empty": ('a,b,c\n1,"",""\n2,3,4\n', ("a", "b", "c"), [("1", "", ""), ("2", "3", "4")]),
    "empty, crlf": ("a,b\r\n1,\r\n,2\r\n", ("a", "b"), [("1", ""), ("", "2")]),
    "escaped quotes": (
        'a,b\n1,"ha ""ha"" ha"\n3,4\n',
        ("a", "b"),
        [("1", 'ha "ha" ha'), ("3", "4")],
    ),
    "json": (
        'key,val\n1,"{""type"": ""Point"", ""at"": [102.0, 0.5]}"\n',
        ("key", "val"),
        [("1", '{"type": "Point", "at": [102.0, 0.5]}')],
    ),
    "newlines": ('a,b\n1,"x\ny"\n"\n",2\n', ("a", "b"), [("1", "x\ny"), ("\n", "2")]),
    "newlines, crlf": ('a,b\r\n1,"x\r\ny"\r\n', ("a", "b"), [("1", "x\r\ny")]),
    "quotes and newlines": ('a,b\n1,"ha\n""ha""\nha"\n', ("a", "b"), [("1", 'ha\n"ha"\nha')]),
    "simple": ("a,b,c\n1,2,3", ("a", "b", "c"), [("1", "2", "3")]),
    "carriage returns": ("a,b\r1,2\r3,4", ("a", "b"), [("1", "2"), ("3", "4")]),
    "utf-8": ("a,b\n1,ʤ\n你,😀\n", ("a", "b"), [("1", "ʤ"), ("你", "😀")]),
    "only a header": ("a,b\r\n", ("a", "b"), []),
    "quoted header": ('"a ""x""","b\nc"\n1,2\n', ('a "x"', "b\nc"), [("1", "2")]),
    "spaces are content": ("a,b\n 1 ,  \n", ("a", "b"), [(" 1 ", "  ")]),
    "tabs": ("a\tb\n1\t\n\t2\n", ("a", "b"), [("1", ""), ("", "2")]),
    "no line end": ('a,b\n1,"2"', ("a", "b"), [("1", "2")]),
    "only quotes": (
        'a,b\n"","""""""",\n"""",""\n'.replace(",\n", "\n"),
        ("a", "b"),
        [("", '"""'), ('"', "")],
    ),
    "lines of spaces": ("a,b\n  \n1,2\n \t\r\n3,4\n ", ("a", "b"), [("1", "2"), ("3", "4")]),
    "blank lines": ("\n\na,b\n\n1,2\n\n\n3,4\n\n", ("a", "b"), [("1", "2"), ("3", "4")]),
    "a NUL": (
        "name,city\n\x00anna,\x00\nbert,berlin\x00\n",
        ("name", "city"),
        [("\x00anna", "\x00"), ("bert", "berlin\x00")],
    ),
}


@pytest.mark.parametrize("block_size", [1, 7, 1 << 20])
@pytest.mark.parametrize(("text", "header", "rows"), CASES.values(), ids=CASES.keys())
def test_a_corner_case_is_read_as_it_is_meant(
    text: str, header: tuple[str, ...], rows: list[tuple[str, ...]], block_size: int, tmp_path: Path
) -> None:
    (tmp_path / "f").write_text(text, encoding="utf-8", newline="")
    form = CsvFormat(ReadTerms(batch_size=16), block_size=block_size)
    reader = form.open(tmp_path / "f", "f.csv")
    assert reader.header == header
    batches = list(reader.batches())
    assert [row for batch in batches for row in batch.frame.rows()] == rows
    assert not any(batch.faults for batch in batches)
