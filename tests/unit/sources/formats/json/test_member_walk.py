from __future__ import annotations

import json
from pathlib import Path

import pytest

from definitions.model import FileFormat, MalformedRows
from sources.base import ReadTerms
from sources.formats.json import JsonFormat
from tests.reading import assert_resumable, numbered, seen_faults

BROKEN = (
    b'{"1": {"id": 1, "a": "x"}, "2": {"id": 2 "l": [{"id": 9}]}, "3" {"id": 3}, {"id": 4},\n'
    b'"5": {"id": 5, "a": "\n"}, "6": {"id": +6}, "7": {"id": 7, "a": "z"}}'
)


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("around", [False, True])
def test_records_by_key_are_rows_with_their_keys(
    tmp_path: Path, indent: int | None, around: bool
) -> None:
    people = {f'k"{number}': {"id": number, "a": {"b": [1.10, None]}} for number in range(50)}
    document = {"total": 50, "people": people, "next": None} if around else people
    (tmp_path / "f").write_text(json.dumps(document, indent=indent))
    reader = JsonFormat(ReadTerms(batch_size=100), block_size=40).open(tmp_path / "f", "f")
    assert reader.header == ("key", "id", "a.b")
    rows = [row for batch in reader.batches() for row in batch.frame.rows()]
    assert rows == [(f'k"{number}', str(number), "[1.1,null]") for number in range(50)]
    assert_resumable(reader)


@pytest.mark.parametrize("size", [16, 33, 70, 1 << 20])
def test_a_broken_member_is_a_fault_and_the_others_load(tmp_path: Path, size: int) -> None:
    (tmp_path / "f").write_bytes(BROKEN)
    reader = JsonFormat(block_size=size).open(tmp_path / "f", "f")
    batches = list(reader.batches())
    assert [row for batch in batches for row in batch.frame.rows()] == [
        ("1", "1", "x"),
        ("7", "7", "z"),
    ]
    assert numbered(batches) == ([1, 7], [1, 3])
    faults = [(fault.row, fault.line, fault.message) for fault in seen_faults(batches)]
    assert faults == [
        (2, 1, "is no JSON: expecting ',' delimiter at character 15"),
        (3, 1, "is no JSON: expecting a key and an object at character 1"),
        (4, 1, "is no JSON: expecting a key and an object at character 1"),
        (5, 2, "is no JSON: invalid control character at character 22"),
        (6, 3, "is no JSON: expecting value at character 13"),
    ]


def test_a_member_is_read_as_well_as_can_be(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(BROKEN)
    terms = ReadTerms(layout=FileFormat(malformed_rows=MalformedRows.PAD))
    batches = list(JsonFormat(terms).open(tmp_path / "f", "f").batches())
    assert numbered(batches) == ([1, 5, 6, 7], [1, 2, 3, 3])
    assert [fault.row for fault in seen_faults(batches)] == [2, 3, 4, 5, 6]


def test_what_is_behind_the_last_member_is_told(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b'{"1": {"a": 1}, "2": {"a": 2}')
    batches = list(JsonFormat().open(tmp_path / "f", "f").batches())
    assert [fault.message for fault in seen_faults(batches)] == [
        "is missing: the file ends before its list of records does"
    ]


def test_a_broken_record_whose_key_is_no_text_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b'{"1": {"id": 1}, "\xff\xfe": {"id": +2}, "3": {"id": 3}}')
    layout = FileFormat(encoding="utf-8", malformed_rows=MalformedRows.PAD)
    reader = JsonFormat(ReadTerms(layout=layout)).open(tmp_path / "f", "f")
    batches = list(reader.batches())
    assert [row for batch in batches for row in batch.frame.rows()] == [("1", "1"), ("3", "3")]
    assert [(fault.row, fault.code) for fault in seen_faults(batches)] == [(2, "bad_encoding")]
