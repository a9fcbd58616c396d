"""What the reference says of files, tried on files: rules that are easily written and forgotten."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from definitions.errors import FormatError, InvalidError
from definitions.faults import FaultCode
from definitions.model import FileFormat
from definitions.schema import to_format
from sources import gathering
from sources.base import Reader, ReadTerms
from sources.encoding import SAMPLE_SIZE
from sources.formats.csv import one_quote
from sources.formats.json import loose, record, turning
from sources.formats.xlsx import choice as sheets
from sources.formats.xlsx import workbook
from sources.formats.xml import choice as elements
from sources.opening import open_reader
from tests.house.tree import page

MIB = 1 << 20
ROWS = "".join(f'{number},"n{number}",x\n' for number in range(10, 40))
DELIMITED: Mapping[str, Any] = {"delimiter": ",", "quote": '"', "header_rows": 1, "skip_rows": 0}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


def opened(path: Path, content: str | bytes, **layout: Any) -> Reader:  # noqa: ANN401 - options
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    terms = ReadTerms(layout=to_format(layout) if layout else FileFormat())
    return open_reader(path, "file", terms)


def read(reader: Reader) -> tuple[list[tuple[Any, ...]], list[tuple[int, int, FaultCode]]]:
    """Return all rows, and of all faults row, line and code."""
    batches = list(reader.batches())
    rows = [row for batch in batches for row in batch.frame.rows()]
    faults = [fault for batch in batches for fault in batch.faults]
    return rows, [(fault.row, fault.line, fault.code) for fault in faults]


WESTERN = b"id,name,c\n" + ROWS.encode() + b"1,caf\xe9,x\n" + "2,žluť,x\n".encode() * 9
OTHER = b"id,name,c\n" + ROWS.encode() + b"1,caf\x81,x\n"
JSON = b'[{"id":1,"name":"caf\xe9"},{"id":2,"name":"\xc5\xbe"}]'
XML = b"<l><p><id>1</id><name>caf\xe9</name></p><p><id>2</id><name>\xc5\xbe</name></p></l>"


@pytest.mark.parametrize(
    ("content", "encoding", "name"),
    [
        (WESTERN, None, "café"),
        (OTHER, "cp1252", "caf\ufffd"),
        (JSON, None, "caf\ufffd"),
        (XML, None, "caf\ufffd"),
    ],
)
def test_bytes_that_are_no_text_are_read_where_rows_are_padded(
    path: Path, content: bytes, encoding: str | None, name: str
) -> None:
    rows, faults = read(opened(path, content, malformed_rows="pad", encoding=encoding))
    left, rejected = read(opened(path, content, malformed_rows="reject", encoding=encoding))

    assert name in [row[1] for row in rows]
    assert faults == rejected
    assert len(left) == len(rows) - 1


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ('1,"12",x",y', ("1", '12",x', "y")),  # one of the quotes is text
        ('1,x",y,z', ("1,x", "y", "z")),  # one is missing
        ('"1,a,b"', ("1", "a", "b")),  # they are around all of the row
        ('1,"a","b","c"', ("1", "a", "b")),  # they stay, and the surplus is left out
        ("1,'a,b',c", ("1", "a,b", "c")),
    ],
)
def test_quotes_that_keep_to_the_rules_stay_but_for_a_single_one(
    path: Path, row: str, cells: tuple[str, ...]
) -> None:
    rows, faults = read(
        opened(path, f"id,name,c\n{ROWS}{row}\n", malformed_rows="pad", **DELIMITED)
    )

    assert rows[-1] == cells
    assert [code for *_, code in faults] in (
        [FaultCode.TOO_MANY_FIELDS],
        [FaultCode.TOO_FEW_FIELDS],
    )


@pytest.mark.parametrize(
    "content", [f"id,name,c\n{ROWS}1,2\n", '[{"id":1},{"id":]', "<l><p><a>1</a></p><p>&</p></l>"]
)
def test_the_first_malformed_row_ends_a_run_that_is_to_fail(path: Path, content: str) -> None:
    with pytest.raises(FormatError, match="row "):
        list(opened(path, content, malformed_rows="fail").batches())


NOTES = f"id,name,c\n{ROWS}\nSource: the office of statistics, last year\n"


@pytest.mark.parametrize("policy", ["reject", "pad", "fail"])
def test_notes_are_skipped_under_every_policy(path: Path, policy: str) -> None:
    rows, faults = read(opened(path, NOTES, malformed_rows=policy))

    assert (len(rows), faults) == (30, [])


@pytest.mark.parametrize("said", [{"footer_rows": 0}, {"remark": ""}])
def test_notes_are_rows_where_nothing_is_to_be_skipped(path: Path, said: dict[str, Any]) -> None:
    rows, faults = read(opened(path, NOTES, malformed_rows="reject", **said))

    assert len(rows) == 30
    assert [row for row, *_ in faults] == [31]


@pytest.mark.parametrize(
    ("begin", "faults", "first"),
    [
        ('1,"x\n2,y,z\n', [1], "2"),  # never closed before a good row: one line
        ('1,u,"x\ny\nz" w\n', [1], "10"),  # the right number of fields: the whole row
        ('1,u,"x\n2,b,c\nz" w\n', [1, 3], "2"),  # but not where it swallows a good row,
        ('1,"x" u,"y\n2,b,c\nz"\n', [1], "10"),  # unless the text stands on its first line
    ],
)
def test_how_much_a_quote_out_of_place_costs(
    path: Path, begin: str, faults: Sequence[int], first: str
) -> None:
    rows, found = read(opened(path, f"id,name,c\n{begin}{ROWS}", **DELIMITED))

    assert [row for row, *_ in found] == faults
    assert rows[0][0] == first


def test_a_line_of_spaces_is_a_row_only_where_they_part_fields(path: Path) -> None:
    rows, faults = read(opened(path, "id\tname\n1\ta\n\t\n  \n\t\t\n\n2\tb\n\x1a\n"))

    assert rows == [("1", "a"), ("", ""), ("2", "b")]
    assert faults == [(3, 5, FaultCode.TOO_MANY_FIELDS)]


def test_an_escaped_line_end_ends_no_line(path: Path) -> None:
    text = f'id,name,c\n1,"x\\\n2,y,z\n3,b,c\n{ROWS}'
    rows, faults = read(opened(path, text, escape="\\", **DELIMITED))

    assert [row for row, *_ in faults] == [1]
    assert rows[0] == ("3", "b", "c")


def _nested(count: int) -> str:
    return "<x>" * count + "t" + "</x>" * count


def test_an_xml_record_that_is_nested_too_deeply_is_one_fault(path: Path) -> None:
    most = elements.DEEPEST - 1  # beside the record itself
    rows = "<p><id>{}</id>{}</p>"
    content = rows.format(1, _nested(most)) + rows.format(2, _nested(most + 1)) + rows.format(3, "")
    found, faults = read(opened(path, f"<l>{content}</l>"))

    assert [row[0] for row in found] == ["1", "3"]
    assert [(row, code) for row, _, code in faults] == [(2, FaultCode.BROKEN_RECORD)]


def test_xml_with_too_much_around_its_records_is_refused(path: Path) -> None:
    records = "<p><id>1</id></p>" * 3
    around = elements.DEEPEST + 1
    with pytest.raises(FormatError, match="there is no element 'p'"):
        read(opened(path, "<x>" * around + records + "</x>" * around, records="p"))


@pytest.mark.parametrize("name", ["data", "rows", "Values", "result", "results", "aaData"])
def test_of_arrays_side_by_side_that_is_read_which_is_called_as_rows_are(
    path: Path, name: str
) -> None:
    reader = opened(path, f'{{"a": [{{"x": 1}}], "{name}": [{{"id": 1}}, {{"id": 2}}]}}')

    assert (reader.header, reader.evidence["records"]) == (("id",), name)


def test_durations_in_parquet_are_iso_8601(path: Path) -> None:
    out = io.BytesIO()
    lengths = [timedelta(days=1, hours=2, minutes=30), timedelta(seconds=-5.25), None]
    pl.DataFrame({"length": lengths}).write_parquet(out)

    rows, _ = read(opened(path, out.getvalue()))
    assert rows == [("P1DT2H30M",), ("-PT5.25S",), ("",)]


def _xz(text: bytes, size: int) -> bytes:
    """Return text as xz, whose header says that the dictionary has so many MiB: 64, 96 or 128."""
    code = {64: 28, 96: 29, 128: 30}[size]
    packed = bytearray(lzma.compress(text))
    header = packed[12 : 12 + (packed[12] + 1) * 4]
    header[header.index(b"\x21\x01") + 2] = code
    header[-4:] = struct.pack("<I", zlib.crc32(bytes(header[:-4])))
    packed[12 : 12 + len(header)] = header
    return bytes(packed)


def test_dictionaries_of_xz_may_have_96_mib(path: Path) -> None:
    for size in (64, 96):
        assert opened(path, _xz(b"id,name\n1,a\n", size)).header == ("id", "name")
    with pytest.raises(FormatError, match="more memory to unpack than is allowed"):
        opened(path, _xz(b"id,name\n1,a\n", 128))


def test_what_is_written_otherwise_behind_the_beginning_is_a_fault(path: Path) -> None:
    begin = "id,name,c\n" + "1,a,b\n" * 20_000
    rows, faults = read(opened(path, begin + "2;a;b\n"))

    assert len(rows) == 20_000
    assert faults == [(20_001, 20_002, FaultCode.TOO_FEW_FIELDS)]


def test_the_limits_are_those_of_the_code() -> None:
    told = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]*\|$", _limits(), re.MULTILINE))
    first = {what: int(amount.split()[0].replace(",", "")) for what, amount in told.items()}

    assert list(first.values()) == [
        gathering.MAX_COLUMNS,
        SAMPLE_SIZE // MIB,
        gathering.MAX_RECORD // MIB,
        *(_most(option) for option in ("skip_rows", "header_rows", "footer_rows")),
        10_000,
        100,
        10,
        1_000,
        one_quote.LONGEST_TRIED >> 10,
        loose.LONGEST >> 10,
        turning.LONGEST // MIB,
        record.DEEPEST,
        elements.DEEPEST,
        workbook.MOST_TEXT // MIB,
        sheets.MOST_LOOKED_AT,
    ]


@pytest.mark.parametrize("kind", ["csv", "json", "xml"])
def test_a_row_that_is_too_long_is_one_fault(path: Path, kind: str) -> None:
    content = {
        "csv": "id,note\n1,a\n2,{}\n3,c\n",
        "json": '[{{"id":1,"note":"a"}},{{"id":2,"note":"{}"}},{{"id":3,"note":"c"}}]',
        "xml": "<l><p><id>1</id></p><p><id>2</id><note>{}</note></p><p><id>3</id></p></l>",
    }[kind].format("x" * (4 * MIB + 1))
    rows, faults = read(opened(path, content))

    assert [row[0] for row in rows] == ["1", "3"]
    assert [(row, code) for row, _, code in faults] == [(2, FaultCode.ROW_TOO_LONG)]


def test_delimited_text_of_too_many_columns_is_refused(path: Path) -> None:
    names = [f"c{number}" for number in range(10_001)]
    assert len(opened(path, ",".join(names[:-1]) + "\n").header) == 10_000
    with pytest.raises(FormatError, match="10001 columns; at most 10000 work"):
        opened(path, ",".join(names) + "\n")


def _limits() -> str:
    """Return the rows of the table of limits."""
    table = page("docs/reference/formats.md").split("## Limits")[1].split("\n\n")[1]
    return "\n".join(table.splitlines()[2:])


def _most(option: str) -> int:
    """Return the largest number that an option takes."""
    for most in (100, 10_000, 1_000_000):
        try:
            to_format({option: most + 1})
        except InvalidError:
            to_format({option: most})
            return most
    return 0
