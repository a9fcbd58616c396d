from __future__ import annotations

from pathlib import Path

import pytest

from sources.base import ReadTerms
from sources.formats.json import JsonFormat
from sources.formats.json.actions import TOLD, are_documents, with_action
from tests.reading import assert_resumable, numbered, seen_faults

INDEX = b'{"index":{"_index":"p","_id":"%d"}}\n'


def bulk(count: int) -> bytes:
    return b"".join(INDEX % at + b'{"n":%d}\n' % at for at in range(1, count + 1))


@pytest.mark.parametrize("size", [16, 40, 100, 1 << 20])
def test_a_document_and_the_line_before_it_are_one_row(tmp_path: Path, size: int) -> None:
    (tmp_path / "f").write_bytes(bulk(9).rstrip(b"\n"))
    reader = JsonFormat(ReadTerms(batch_size=size), size).open(tmp_path / "f", "f")
    batches = list(reader.batches())
    rows = [row for batch in batches for row in batch.frame.rows()]
    assert reader.header == ("_index", "_id", "n")
    assert rows == [("p", str(at), str(at)) for at in range(1, 10)]
    assert numbered(batches) == ([*range(1, 10)], [*range(2, 20, 2)])
    assert reader.evidence["records_are"] == TOLD
    assert_resumable(reader)


@pytest.mark.parametrize("size", [16, 40, 1 << 20])
def test_what_is_behind_no_action_is_read_for_itself(tmp_path: Path, size: int) -> None:
    lines = [
        b'{"index":{"_id":"1"}}\r\n{"n":1}\r',
        b'{"delete":{"_id":"2"}}',
        b'{"create":{}}\n{"n":3}',
        b'{"update":{"_id":"4"}}\n{"n" 4}',
        b'{"index":{"_id":"5"}}\n\n{"n":5}',
        b'{"n":6}\n{"index":{"_id":"7"}}\n{}',
        b'{"index":{"_id":"8"}}\n',
    ]
    (tmp_path / "f").write_bytes(b"\n".join(lines))
    reader = JsonFormat(ReadTerms(batch_size=size), size).open(tmp_path / "f", "f")
    batches = list(reader.batches())
    rows = [row for batch in batches for row in batch.frame.select("_id", "n").rows()]
    assert rows == [("1", "1"), ("", "3"), ("", "5"), ("", "6"), ("7", "")]
    assert numbered(batches) == ([1, 2, 4, 5, 6], [2, 5, 10, 11, 13])
    assert [(fault.row, fault.line) for fault in seen_faults(batches)] == [(3, 7), (7, 14)]
    assert_resumable(reader)


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_an_action_that_ends_the_file_has_lost_its_document(tmp_path: Path, end: bytes) -> None:
    (tmp_path / "f").write_bytes(bulk(2) + INDEX[:-1] % 3 + end)
    batches = list(JsonFormat().open(tmp_path / "f", "f").batches())
    assert [(fault.row, fault.line, fault.code) for fault in seen_faults(batches)] == [
        (3, 5, "file_cut")
    ]
    (tmp_path / "f").write_bytes(bulk(2) + b'{"delete":{"_id":"1"}}' + end)
    assert seen_faults(list(JsonFormat().open(tmp_path / "f", "f").batches())) == []


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (bulk(3), True),
        (b'{"index":{}}\n{"n":1}\n', True),
        (b'{"delete":{"_id":"1"}}\n{"index":{"_id":"2"}}\n{"n":1}', True),
        (b'{"delete":{"_id":"1"}}\n{"delete":{"_id":"2"}}\n', False),
        (b'{"index":{"id":"1"}}\n{"n":1}\n', False),
        (b'{"index":{"_id":"1"},"n":2}\n{"n":1}\n', False),
        (b'{"n":1}\n{"index":{"_id":"1"}}\n', False),
        (b'{"index":{"_id":"1"}}', False),
    ],
)
def test_documents_are_told_by_the_first_line(sample: bytes, expected: bool) -> None:
    assert are_documents(sample) is expected


@pytest.mark.parametrize(
    ("line", "document", "expected"),
    [
        (b'{"index":{"_id":"1"}}', b' {"a":2}\r', b'{"_id":"1","a":2}'),
        (b'{"index":{"_id":"1"}}', b"{}", b'{"_id":"1"}'),
        (b'{ "update" : { } }', b'{"doc":{"a":2}}', b'{"doc":{"a":2}}'),
        (b'{"index":{"_id":"1"}}', b'{"index":{"_id":"2"}}', None),
        (b'{"index":{"_id":"1"}}', b"", None),
        (b'{"a":1}', b'{"b":1}', None),
    ],
)
def test_what_a_line_tells_comes_before_the_document(
    line: bytes, document: bytes, expected: bytes | None
) -> None:
    assert with_action(line, document) == expected
