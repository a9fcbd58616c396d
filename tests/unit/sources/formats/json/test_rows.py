"""Lists whose items are arrays."""

from __future__ import annotations

from pathlib import Path

import pytest

from definitions.faults import FaultCode
from definitions.model import FileFormat, MalformedRows
from sources.base import ReadTerms
from sources.formats.json import JsonFormat
from sources.formats.json.reader import JsonReader
from tests.reading import assert_resumable, numbered, seen_faults


def opened(tmp_path: Path, data: bytes, size: int = 1 << 20, **said: object) -> JsonReader:
    (tmp_path / "f").write_bytes(data)
    terms = ReadTerms(layout=FileFormat(**said), batch_size=size)  # type: ignore[arg-type]
    return JsonFormat(terms, size).open(tmp_path / "f", "f")


def rows(reader: JsonReader) -> list[tuple[str, ...]]:
    return [row for batch in reader.batches() for row in batch.frame.rows()]


@pytest.mark.parametrize("size", [8, 1 << 20])
@pytest.mark.parametrize(
    ("data", "records", "header"),
    [
        (b'[["id","name"],\n[1,"a"],\n[2,null]]', None, "the first array"),
        (b'["id","name"]\n[1,"a"]\n[2,null]\n', None, "the first array"),
        (b'{"x":0,"d":[["id","name"],[1,"a"],[2,null]]}', "d", "the first array"),
        (
            b'{"columns":["id","name"],"index":[0,1],"data":[[1,"a"],[2,null]]}',
            None,
            "a list beside that of the records",
        ),
        (b'{"d":[[1,"a"],[2,null]],"fields":["id","name"]}', "d", "a list beside that"),
    ],
)
def test_names_of_columns_stand_in_the_first_array_or_in_a_list_beside(
    data: bytes, records: str | None, header: str, size: int, tmp_path: Path
) -> None:
    reader = opened(tmp_path, data, size, records=records)
    assert (reader.header, reader.named) == (("id", "name"), True)
    assert reader.evidence["header"].startswith(header)
    assert rows(reader) == [("1", "a"), ("2", "")]
    assert numbered(list(reader.batches()))[0] == [1, 2]
    assert_resumable(reader)


def test_columns_without_names_are_counted(tmp_path: Path) -> None:
    reader = opened(tmp_path, b'[[1,"a",{"b":[1.50]}],[2,"",0]]')
    assert (reader.header, reader.named) == (("column_1", "column_2", "column_3"), False)
    assert rows(reader) == [("1", "a", '{"b":[1.50]}'), ("2", "", "0")]


def test_an_array_of_another_length_is_a_fault_that_pad_sets_right(tmp_path: Path) -> None:
    data = b'[["id","name"],[1],[2,"b",3],{"id":4},[5,"e"]]'
    reader = opened(tmp_path, data)
    codes = [fault.code for fault in seen_faults(list(reader.batches()))]
    expected = [FaultCode.TOO_FEW_FIELDS, FaultCode.TOO_MANY_FIELDS, FaultCode.NOT_AN_OBJECT]
    assert codes == expected
    assert rows(reader) == [("5", "e")]
    padded = opened(tmp_path, data, malformed_rows=MalformedRows.PAD)
    assert rows(padded) == [("1", ""), ("2", "b"), ("5", "e")]


@pytest.mark.parametrize(
    "data",
    [
        b'[{"a":1},{"a":2}]\n[{"a":3}]\n',
        b'[{"a":1}]\n[{"a":2},{"a":3}]\n',
        b'[{"a":1}]\n\n[]\n[{"a":2}]\n[{"a":3}]',
    ],
)
def test_lists_of_records_on_lines_are_no_rows(data: bytes, tmp_path: Path) -> None:
    reader = opened(tmp_path, data)
    assert (reader.header, rows(reader)) == (("a",), [("1",), ("2",), ("3",)])
    assert seen_faults(list(reader.batches())) == []


@pytest.mark.parametrize("size", [8, 1 << 20])
def test_single_values_are_rows_of_one_column(size: int, tmp_path: Path) -> None:
    data = b'[1.50, "a,b",\n true, null,' + b" " * 5000 + b'{"c": 1}, 12345678901234567890123]'
    reader = opened(tmp_path, data, size)
    assert (reader.header, reader.named) == (("column_1",), False)
    assert rows(reader) == [("1.50",), ("a,b",), ("true",), ("",), ("12345678901234567890123",)]
    (fault,) = seen_faults(list(reader.batches()))
    assert (fault.row, fault.line, fault.code) == (5, 2, FaultCode.NOT_AN_OBJECT)
    assert reader.evidence["records_are"] == "single values"
    assert_resumable(reader)


def test_objects_behind_a_value_are_records(tmp_path: Path) -> None:
    reader = opened(tmp_path, b'[null, {"a": 1}]')
    assert (reader.header, rows(reader)) == (("a",), [("1",)])
    assert [fault.row for fault in seen_faults(list(reader.batches()))] == [1]
