from __future__ import annotations

import json
from pathlib import Path

import pytest

from sources.base import ReadTerms
from sources.formats.json.quoted import LONGEST, are_quoted_records, may_be_quoted, unquoted
from sources.opening import open_reader
from tests.reading import assert_resumable, seen_faults

RECORDS = [{"id": number, "n": 'a"b\n'} for number in range(40)]
TEXTS = [json.dumps(record) for record in RECORDS]


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        (json.dumps(json.dumps(RECORDS)), "array"),
        (json.dumps(json.dumps({"total": 40, "items": RECORDS}, indent=1)) + "\n", "array"),
        (json.dumps(TEXTS), "array"),
        ("\n".join(map(json.dumps, TEXTS)), "lines"),
    ],
)
def test_json_in_texts_of_json_is_read(tmp_path: Path, text: str, layout: str) -> None:
    (tmp_path / "f").write_text(text)
    reader = open_reader(tmp_path / "f", "f", ReadTerms(batch_size=300))
    assert (reader.header, reader.evidence["layout"]) == (("id", "n"), layout)
    rows = [row for batch in reader.batches() for row in batch.frame.rows()]
    assert rows == [(str(number), 'a"b\n') for number in range(40)]
    assert_resumable(reader)


def test_a_record_that_is_none_is_a_fault(tmp_path: Path) -> None:
    texts = [json.dumps(text) for text in TEXTS * 4] + ["null", '"{\\"id\\": }"']
    (tmp_path / "f").write_text(f"[{', '.join(texts)}]")
    batches = list(open_reader(tmp_path / "f", "f", ReadTerms()).batches())
    assert [(fault.row, fault.message) for fault in seen_faults(batches)] == [
        (161, "is no text with JSON in it, as the records before it are"),
        (162, "is no JSON: expecting value at character 8"),
    ]


def test_texts_of_something_else_are_values() -> None:
    assert are_quoted_records(['{"a": 1}'])
    assert not are_quoted_records(['{"a": 1}', "{a}"])
    assert not are_quoted_records(['{"a": 1}', 2])
    assert not are_quoted_records([])
    assert may_be_quoted(b'"[{\\"id\\"')
    assert not may_be_quoted(b'"[id]"')
    assert unquoted(b'"x"') == b"x"
    assert unquoted(b'"x" "y"') is None
    assert unquoted(b"[1]") is None
    assert unquoted(b'"' + b"x" * LONGEST + b'"') is None
