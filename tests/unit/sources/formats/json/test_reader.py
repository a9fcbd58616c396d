"""JSON files as batches."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

from definitions.errors import FormatError, LostLeaseError
from definitions.model import FileFormat, MalformedRows
from sources.base import ReadTerms
from sources.encoding import SAMPLE_SIZE
from sources.formats.json import JsonFormat
from sources.formats.json.reader import JsonReader
from sources.opening import open_reader
from tests.reading import assert_resumable, numbered, seen_faults


def opened(tmp_path: Path, data: bytes, terms: ReadTerms | None = None) -> JsonReader:
    (tmp_path / "f").write_bytes(data)
    return JsonFormat(terms or ReadTerms()).open(tmp_path / "f", "people.json")


NAMES = st.sampled_from(["id", "name", "a.b", 'q"', "ü", "with space"])
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(alphabet='ab "\\\n,{}[]é😀\x00', max_size=8)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=5,
)
RECORDS: st.SearchStrategy[list[dict[str, object]]] = st.lists(
    st.dictionaries(NAMES, VALUES, min_size=1, max_size=4), max_size=12
)


def flat(record: dict[str, object], before: str = "") -> dict[str, object]:
    result: dict[str, object] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            result |= flat(value, f"{before}{name}.")
        else:
            result[before + name] = value
    return result


def cell(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(value)


def has_cells(records: list[dict[str, object]]) -> bool:
    return not records or any(flat(record) for record in records)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    records=RECORDS.filter(has_cells),
    size=st.integers(1, 300),
    written=st.sampled_from(["compact", "indented", "by line", "packed"]),
)
def test_values_come_back_as_the_json_module_reads_them_with_blocks_of_any_size(
    records: list[dict[str, object]], size: int, written: str, tmp_path: Path
) -> None:
    if written == "by line" and len(records) > 1:
        data = "\n".join(map(json.dumps, records)).encode()
    else:
        data = json.dumps(records, indent=2 if written == "indented" else None).encode()
    (tmp_path / "f").write_bytes(gzip.compress(data) if written == "packed" else data)
    reader = JsonFormat(ReadTerms(batch_size=size), size).open(tmp_path / "f", "f")
    batches = list(reader.batches())
    rows = [dict(zip(reader.header, row, strict=True)) for b in batches for row in b.frame.rows()]
    expected = [
        {name: cell(flat(record).get(name)) for name in reader.header} for record in records
    ]
    assert [json.loads(json.dumps(row)) for row in rows] == expected
    assert numbered(batches)[0] == list(range(1, len(records) + 1))
    assert_resumable(reader)


BROKEN = {
    "an unclosed string": (b'{"a":"y}', b'{"a":"y}'),
    "a missing value": (b'{"a":}', b'{"a":}'),
    "an unclosed object": (b'{"a":{"b":1}', b'{"a":{"b":1}'),
    "a number": (b"17", b"17"),
    "nothing": (b"", b""),
    "bad bytes": (b'{"a":"\xff\xfe"}', '{"a":"\ufffd\ufffd"}'.encode()),
    "a bracket too much": (b'{"a":[1}]}', b'{"a":[1}]}'),
}


@pytest.mark.parametrize("size", [8, 64, 1 << 20])
@pytest.mark.parametrize("between", [b",", b",\n", b",\n  "], ids=["compact", "lines", "indented"])
@pytest.mark.parametrize(("bad", "shown"), BROKEN.values(), ids=BROKEN.keys())
def test_the_rows_around_a_broken_record_load(
    bad: bytes, shown: bytes, between: bytes, size: int, tmp_path: Path
) -> None:
    good = [b'{"a":"%d \xc3\xa9"}' % number for number in range(1, 8)]
    pieces = [*good[:3], bad, *good[3:]]
    gap = between[1:]
    (tmp_path / "f").write_bytes(b"[" + gap + between.join(pieces) + gap + b"]")
    reader = JsonFormat(ReadTerms(batch_size=size), size).open(tmp_path / "f", "people.json")
    batches = list(reader.batches())
    assert [row[0] for batch in batches for row in batch.frame.rows()] == [
        f"{number} é" for number in range(1, 8)
    ]
    assert numbered(batches)[0] == [1, 2, 3, 5, 6, 7, 8]
    (fault,) = seen_faults(batches)
    assert (fault.row, fault.line, fault.column, fault.file) == (
        4,
        4 + 1 if gap else 1,
        None,
        "people.json",
    )
    assert fault.value == shown.decode()
    assert_resumable(reader)


@pytest.mark.parametrize("end", range(1, 30))
def test_of_a_file_that_is_cut_the_whole_records_load(end: int, tmp_path: Path) -> None:
    data = b'[{"a":1},\n{"a":"xy"},{"a":3}]'
    whole = sum(end >= border for border in (8, 20, 28))
    if end == 1:
        with pytest.raises(FormatError, match="ends before its first record"):
            opened(tmp_path, data[:end])
        return
    reader = opened(tmp_path, data[:end])
    batches = list(reader.batches())
    assert sum(batch.frame.height for batch in batches) == whole
    codes = [fault.code.value for fault in seen_faults(batches)]
    assert codes == ([] if end == 29 else ["file_cut"])
    assert_resumable(reader)


def test_every_line_is_a_record_of_its_own(tmp_path: Path) -> None:
    data = b'{"a":1}\r\n\n{"a":2,\n"x"\n{"a":"\xff\xc3\xa9\xc3\xa9"}\n{"a":3'
    batches = list(opened(tmp_path, data).batches())
    assert [row for batch in batches for row in batch.frame.rows()] == [("1",)]
    assert [(f.row, f.line, f.code.value) for f in seen_faults(batches)] == [
        (2, 3, "broken_record"),
        (3, 4, "not_an_object"),
        (4, 5, "bad_encoding"),
        (5, 6, "file_cut"),
    ]


def test_text_behind_the_list_is_a_fault(tmp_path: Path) -> None:
    reader = opened(tmp_path, b'[{"a":1}]\n\n x [{"a":2}]')
    batches = list(reader.batches())
    (fault,) = seen_faults(batches)
    assert (fault.row, fault.line, fault.value) == (2, 3, 'x [{"a":2}]')
    assert_resumable(reader)


@pytest.mark.parametrize("start", [b"[", b""], ids=["array", "lines"])
def test_a_record_over_the_limit_is_left_out_and_its_neighbours_stay(
    start: bytes, tmp_path: Path
) -> None:
    gap = b",\n" if start else b"\n"
    long = b'{"a":["' + b'x\\"}' * ((1 << 20) + 9) + b'"]}'
    reader = opened(tmp_path, start + gap.join([b'{"a":1}', long, b'{"a":2}']) + b"]" * len(start))
    batches = list(reader.batches())
    assert [row for batch in batches for row in batch.frame.rows()] == [("1",), ("2",)]
    assert numbered(batches) == ([1, 3], [1, 3])
    (fault,) = seen_faults(batches)
    assert (fault.row, fault.line, fault.code.value) == (2, 2, "row_too_long")
    assert len(fault.value or "") == 200
    assert_resumable(reader)


def test_names_that_come_late_are_columns_when_somebody_looks_for_them(tmp_path: Path) -> None:
    early = b",\n".join(b'{"a":"%01000d"}' % number for number in range(1100))
    data = b"[" + early + b',\n{"a":1,"late":"x","other":"y"}]'
    terms = ReadTerms(wanted=frozenset({"late", "a", "typo"}))
    reader = opened(tmp_path, data, terms)
    assert reader.header == ("a", "late", "typo")
    assert opened(tmp_path, data, ReadTerms(every_name=True)).header == ("a", "late", "other")
    assert reader.evidence["columns"] == "those of the first megabyte"
    assert list(reader.batches())[-1].frame.rows()[-1] == ("1", "x", "")
    assert opened(tmp_path, b'[{"a":1}]', terms).header == ("a",)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-32-le", "cp1252"])
def test_encodings_make_no_difference(encoding: str, tmp_path: Path) -> None:
    reader = opened(tmp_path, '[\n{"a":"größe"},{"a":"für Möwen"}]'.encode(encoding))
    (batch,) = reader.batches()
    assert batch.frame.rows() == [("größe",), ("für Möwen",)]
    assert batch.frame.schema == {"a": pl.String}
    assert_resumable(reader)


def test_names_that_flattening_makes_equal_are_told_apart_in_each_row_by_itself(
    tmp_path: Path,
) -> None:
    reader = opened(tmp_path, b'[{"a.b":1,"a":{"b":2}},{"a":{"b":3}},{"a.b":4}]')
    (batch,) = reader.batches()
    assert reader.header == ("a.b", "a.b_2")
    assert batch.frame.rows() == [("1", "2"), ("3", ""), ("4", "")]


def test_one_bad_byte_makes_no_other_encoding_of_what_comes_later(tmp_path: Path) -> None:
    plain = b'{"a":"' + b"x" * SAMPLE_SIZE + b'"}'
    data = b'[{"a":"caf\xe9"},' + plain + b"," + '{"a":"Dvořák"}]'.encode()
    reader = opened(tmp_path, data)
    batches = list(reader.batches())
    rows = [row for batch in batches for row in batch.frame.rows()]
    assert (len(rows), rows[1]) == (2, ("Dvořák",))
    assert [(fault.row, fault.code) for fault in seen_faults(batches)] == [(1, "bad_encoding")]
    assert reader.evidence["encoding"].startswith("utf-8 assumed: UTF-8 is usual, and 1 bytes that")


def test_bad_bytes_are_replaced_or_end_the_run_as_asked_for(tmp_path: Path) -> None:
    data = '[{"a":"üüü"},{"a":"'.encode() + b'\xff"},{"a":}]'
    pad = ReadTerms(layout=FileFormat(malformed_rows=MalformedRows.PAD))
    (batch,) = opened(tmp_path, data, pad).batches()
    assert batch.frame.rows() == [("üüü",), ("\ufffd",)]
    assert [fault.rejects_row for fault in batch.faults] == [False, True]
    assert batch.read == 3
    fail = ReadTerms(layout=FileFormat(malformed_rows=MalformedRows.FAIL))
    with pytest.raises(FormatError, match=r"row 2 of 'people\.json' \(line 1\) .*: has bytes"):
        list(opened(tmp_path, data, fail).batches())


def test_whoever_stops_the_reading_is_heard(tmp_path: Path) -> None:
    calls: list[int] = []
    is_open = False

    def heartbeat() -> None:
        calls.append(1)
        if is_open and len(calls) > 3:
            msg = "stop"
            raise LostLeaseError(msg)

    data = b"[" + b",".join([b'{"a":1}'] * 100) + b"]"
    (tmp_path / "f").write_bytes(data)
    reader = JsonFormat(ReadTerms(heartbeat=heartbeat, batch_size=16), 16).open(tmp_path / "f", "f")
    is_open = True
    calls.clear()
    with pytest.raises(LostLeaseError):
        list(reader.batches())


def test_byte_order_marks_before_lines_are_left_out(tmp_path: Path) -> None:
    mark = b"\xef\xbb\xbf"
    reader = opened(tmp_path, mark + b'{"a":1}\n' + mark + b'{"a":2}\n{"a":3}\n')
    batches = list(reader.batches())
    assert [row for batch in batches for row in batch.frame.rows()] == [("1",), ("2",), ("3",)]
    assert [fault for batch in batches for fault in batch.faults] == []
    (batch,) = opened(tmp_path, mark + b'{\n"a":1}' + mark + b'\n{\n"a":2}').batches()
    assert (batch.frame.rows(), batch.faults) == ([("1",), ("2",)], ())


@pytest.mark.parametrize("size", [1, 40, 1 << 20])
def test_lists_one_behind_the_other_are_one(size: int, tmp_path: Path) -> None:
    data = b'[{"a":1},{"a":2}]\n\n[{"b":3}][]\n\xef\xbb\xbf[\n{"a":5}\n] end'
    reader = opened(tmp_path, data, ReadTerms(batch_size=size))
    batches = list(reader.batches())
    rows = [row for batch in batches for row in batch.frame.rows()]
    assert (reader.header, rows) == (("a", "b"), [("1", ""), ("2", ""), ("", "3"), ("5", "")])
    assert numbered(batches) == ([1, 2, 3, 4], [1, 1, 3, 5])
    (fault,) = seen_faults(batches)
    assert (fault.row, fault.line, fault.value) == (5, 6, "end")
    assert_resumable(reader)


def test_a_list_on_every_line_takes_no_more_than_its_share(tmp_path: Path) -> None:
    reader = opened(tmp_path, b'[{"a":1}]\n' * 2_000)
    rows, lines = numbered(list(reader.batches()))
    assert rows == lines == list(range(1, 2_001))


def test_what_follows_the_object_around_a_list_is_a_fault(tmp_path: Path) -> None:
    page = b'{\n"data":{"items":[{"a":1}],"next":"]}"},\n"x":[[1]]\n}'
    assert seen_faults(list(opened(tmp_path, page + b"\n").batches())) == []
    reader = opened(tmp_path, page + b"\n" + page + b"\n,x")
    batches = list(reader.batches())
    (fault,) = seen_faults(batches)
    assert (numbered(batches)[0], fault.row, fault.line, fault.value) == ([1, 2], 3, 9, "x")
    assert_resumable(reader)


def test_halves_of_characters_are_replaced_if_rows_are_to_be_read_as_well_as_can_be(
    tmp_path: Path,
) -> None:
    data = b'{"a":"x\\ud83d"}\n{"a":"y"}\n'
    terms = ReadTerms(layout=FileFormat(malformed_rows=MalformedRows.PAD))
    batches = list(opened(tmp_path, data, terms).batches())
    assert [row for batch in batches for row in batch.frame.rows()] == [("x\ufffd",), ("y",)]
    (fault,) = seen_faults(batches)
    assert (fault.row, fault.code.value, fault.rejects_row) == (1, "bad_encoding", False)


SEQUENCE = (
    b'\x1e{"a":1}\n\x1e\x1e{\n  "a": [\n2]}\n\x1e{"a":"3\n\x1e\n7\n'
    b'\x1e{"a":"\xff\xc3\xa9\xc3\xa9"}\n'
)


@pytest.mark.parametrize("size", [1, 20, 1 << 20])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_records_of_a_text_sequence_break_each_by_itself(
    encoding: str, size: int, tmp_path: Path
) -> None:
    mark = "".encode(encoding)
    data = mark + SEQUENCE + b'\x1e{"a":8}\x1e{"a":9'
    (tmp_path / "f").write_bytes(data)
    reader = JsonFormat(ReadTerms(batch_size=size), size).open(tmp_path / "f", "f")
    batches = list(reader.batches())
    assert reader.evidence["layout"] == "sequence"
    assert [row for b in batches for row in b.frame.rows()] == [("1",), ("[2]",), ("8",)]
    assert numbered(batches) == ([1, 2, 6], [1, 2, 9])
    assert [(f.row, f.line, f.code.value) for f in seen_faults(batches)] == [
        (3, 5, "broken_record"),
        (4, 7, "not_an_object"),
        (5, 8, "bad_encoding"),
        (7, 9, "file_cut"),
    ]
    assert_resumable(reader)


def test_a_record_of_a_sequence_over_the_limit_leaves_its_neighbours(tmp_path: Path) -> None:
    long = b'{"a":"' + b"x\n" * (3 << 20) + b'"}'
    reader = opened(tmp_path, b"\x1e" + b"\n\x1e".join([b'{"a":1}', long, b'{"a":2}']))
    batches = list(reader.batches())
    assert numbered(batches) == ([1, 3], [1, 3 + (3 << 20)])
    assert [(fault.row, fault.line) for fault in seen_faults(batches)] == [(2, 2)]
    assert_resumable(reader)


@pytest.mark.parametrize(
    ("text", "layout", "lines"),
    [
        (b'[\n{"a":1},\n{"a":2}]', "array", [5, 6]),
        (b'{"a":1}\n{"a":2}\n', "lines", [4, 5]),
        (b'{"x":[1],"items":[{"a":1},{"a":2}]}', "array", [4, 4]),
        (b'{\n"a":1}\n{\n"a":2}', "object", [4, 6]),
        (b'\x1e{"a":1}\n\x1e{"a":2}\n', "sequence", [4, 5]),
    ],
)
@pytest.mark.parametrize("records", [None, "items"])
def test_comments_before_the_first_record_are_left_out(
    text: bytes, layout: str, lines: list[int], records: str | None, tmp_path: Path
) -> None:
    if records and b"items" not in text:
        return
    data = b'// it is ["so\r\n\n/* {"b":1} * / **//**/\n' + text
    terms = ReadTerms(layout=FileFormat(records=records), batch_size=5)
    reader = opened(tmp_path, data, terms)
    batches = list(reader.batches())
    assert reader.evidence["layout"] == layout
    assert reader.evidence["comments"] == "those before line 4 were left out"
    assert [row for batch in batches for row in batch.frame.rows()] == [("1",), ("2",)]
    assert numbered(batches) == ([1, 2], lines)
    assert_resumable(reader)


LOOSE = {
    "comments": b'[\n  // first, "one"\n  {"a": 1}, /* ] */ {"a": 2} // tail\n  // , {\n]\n// end',
    "a call": b'/**/ load([{"a":1},{"a":2}]);\n',
    "a call around an object": b'load({"n":2,"items":[{"a":1},{"a":2}]})',
    "a call around objects": b'load({"a":1},{"a":2});',
    "an assignment": b'window.shop.items = [{"a":1},{"a":2}];',
    "a guard": b')]}\',\n{"items":[{"a":1},{"a":2}]}',
    "comments on lines": b'# made by hand\n{"a":1}\n// second\n\n{"a":2}\n',
    "comments in an object": b'{// n\n"items": [{"a":1}, // x\n{"a":2}], // y\n"n": 2 // z\n}',
    "the end of a DOS file": b'[{"a":1},{"a":2}]\r\n\x1a',
}


@pytest.mark.parametrize("size", [8, 64, 1 << 20])
@pytest.mark.parametrize("data", LOOSE.values(), ids=LOOSE.keys())
def test_comments_and_what_makes_a_script_of_a_file_are_no_records(
    data: bytes, size: int, tmp_path: Path
) -> None:
    (tmp_path / "f").write_bytes(data)
    reader = JsonFormat(ReadTerms(batch_size=size), size).open(tmp_path / "f", "f")
    batches = list(reader.batches())
    assert [row for batch in batches for row in batch.frame.rows()] == [("1",), ("2",)]
    assert not seen_faults(batches)
    assert_resumable(reader)


@pytest.mark.parametrize("size", [8, 64, 1 << 20])
@pytest.mark.parametrize("between", [b",", b",\n", b"\n"])
def test_records_as_scripts_write_them_are_read_by_pad(
    between: bytes, size: int, tmp_path: Path
) -> None:
    records = [b"{'a': 'x]\", {', b: 1,}", b'{"a": /* ] */ "y", "b": 2}', b'{"a":"z","b":3}']
    data = between.join(records) if between == b"\n" else b"[" + between.join(records) + b"]"
    (tmp_path / "f").write_bytes(data)
    layout = FileFormat(malformed_rows=MalformedRows.PAD)
    reader = JsonFormat(ReadTerms(layout=layout, batch_size=size), size).open(tmp_path / "f", "f")
    batches = list(reader.batches())
    rows = [row for batch in batches for row in batch.frame.rows()]
    assert rows == [('x]", {', "1"), ("y", "2"), ("z", "3")]
    faults = seen_faults(batches)
    assert [(fault.row, fault.rejects_row) for fault in faults] == [(1, False), (2, False)]
    assert_resumable(reader)


def test_records_as_scripts_write_them_are_faults_else(tmp_path: Path) -> None:
    reader = opened(tmp_path, b'{\'a\': 1}\n{"a": 2,}\n{"a": 3}\n')
    batches = list(reader.batches())
    assert [row for batch in batches for row in batch.frame.rows()] == [("3",)]
    assert [fault.row for fault in seen_faults(batches)] == [1, 2]


@pytest.mark.parametrize("every_name", [False, True])
def test_columns_are_looked_for_behind_a_megabyte_of_empty_records(
    every_name: bool, tmp_path: Path
) -> None:
    data = b"[" + b"{},\n" * 300_000 + b'{"a":1}]'
    reader = opened(tmp_path, data, ReadTerms(every_name=every_name))
    assert reader.header == ("a",)
    assert sum(batch.read for batch in reader.batches()) == 300_001
    with pytest.raises(FormatError, match="are empty; there is not one column"):
        opened(tmp_path, data.replace(b'"a":1', b""))


@pytest.mark.parametrize("size", [8, 1 << 20])
def test_the_data_of_events_that_a_server_sent_are_records(size: int, tmp_path: Path) -> None:
    text = (
        b': hello\n\nevent: x\nid: 1\ndata: {"a":1}\r\n\nid:2\ndata:{"a":"\xc3\xa9"}\n\n'
        b'data: {"a":\n\nretry: 5\nlost\ndata: {"a":4}\n\ndata: [DONE]\n'
    )
    (tmp_path / "f").write_bytes(text)
    reader = open_reader(tmp_path / "f", "f", ReadTerms(batch_size=size))
    batches = list(reader.batches())
    assert [row for batch in batches for row in batch.frame.rows()] == [("1",), ("é",), ("4",)]
    assert numbered(batches) == ([1, 2, 5], [5, 8, 14])
    assert [(fault.row, fault.line) for fault in seen_faults(batches)] == [(3, 10), (4, 13)]
    assert reader.evidence["events"].startswith("the data of each is a record")
    assert_resumable(reader)


@pytest.mark.parametrize("size", [8, 40, 1 << 20])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("policy", [MalformedRows.REJECT, MalformedRows.PAD])
def test_the_data_of_an_event_are_joined(
    size: int, line_end: bytes, policy: MalformedRows, tmp_path: Path
) -> None:
    text = (
        b'data: {\nid: 1\ndata:  "a": 1\ndata: }\n\ndata: {"a":2}\n\n'
        b'event: x\ndata: {"a":\ndata: }\n\ndata: {"a"\ndata: {"a":5}\n\n'
        b'data: {"a":\ndata: [6,\ndata: 7\ndata: ]}\n\ndata: {\ndata: "a":8'
    )
    (tmp_path / "f").write_bytes(text.replace(b"\n", line_end))
    terms = ReadTerms(layout=FileFormat(malformed_rows=policy), batch_size=size)
    reader = open_reader(tmp_path / "f", "f", terms)
    batches = list(reader.batches())
    rows = [("1",), ("2",), ("5",), ("[6,7]",)]
    assert [row for batch in batches for row in batch.frame.rows()] == rows
    assert numbered(batches) == ([1, 2, 5, 6], [1, 6, 13, 15])
    faults = [(fault.row, fault.line, fault.code.value) for fault in seen_faults(batches)]
    assert faults == [(3, 9, "broken_record"), (4, 12, "broken_record"), (7, 20, "file_cut")]
    assert_resumable(reader)


def test_errors_and_links_beside_the_data_are_not_the_records(tmp_path: Path) -> None:
    data = b'{"warnings":[{"code":1}],"links":[{"rel":"next"}],"data":{"people":[{"id":7}]}}'
    reader = opened(tmp_path, data)
    assert (reader.header, reader.evidence["records"]) == (("id",), "data.people")
    only = opened(tmp_path, b'{"warnings":[{"code":1}]}')
    assert (only.header, only.evidence["records"]) == (("code",), "warnings")


@pytest.mark.parametrize("name", ["messages", "errors", "links"])
def test_records_of_their_own_are_read_whatever_they_are_called(name: str, tmp_path: Path) -> None:
    data = b'{"%b":[{"id":1,"text":"x"}],"members":[{"name":"Jana"}]}' % name.encode()
    reader = opened(tmp_path, data)
    assert (reader.header, reader.evidence["records"]) == (("id", "text"), name)


LAYOUTS = {
    "array": '[{"p":1.10},{"p":"2,5"},{"p":null}]',
    "lines": '{"p":1.10}\n{"p":"2,5"}\n{"p":null}\n',
    "nested": '{"ok":true,"data":{"rows":[{"p":1.10},{"p":"2,5"},{"p":null}]}}',
    "members": '{"rows":{"k1":{"p":1.10},"k2":{"p":"2,5"},"k3":{"p":null}}}',
    "arrays": '[["p","q"],[1.10,"a"],["2,5","b"],[null,"c"]]',
    "names beside": '{"columns":["p","q"],"rows":[[1.10,"a"],["2,5","b"],[null,"c"]]}',
    "columns": '{"p":[1.10,"2,5",null],"q":["a","b","c"]}',
    "lists by key": '{"2026-01-01":[{"p":1.10},{"p":"2,5"}],"2026-01-02":[{"p":null}]}',
    "series": '{"results":[{"series":[{"columns":["p"],"values":[[1.10],["2,5"],[null]]}]}]}',
    "cells in objects": (
        '{"cols":[{"label":"p"},{"label":"q"}],"rows":[{"c":[{"v":1.10},{"v":"a"}]},'
        '{"c":[{"v":"2,5"},{"v":"b"}]},{"c":[null,{"v":"c"}]}]}'
    ),
    "in texts": '["{\\"p\\":1.10}","{\\"p\\":\\"2,5\\"}","{\\"p\\":null}"]',
    "in a text": json.dumps('[{"p":1.10},{"p":"2,5"},{"p":null}]'),
    "as scripts write it": "[{p:1.10},{p:'2,5'},{p:null}]",
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_numbers_are_told_from_texts_in_every_layout(text: str, tmp_path: Path) -> None:
    layout = FileFormat(malformed_rows=MalformedRows.PAD)
    reader = opened(tmp_path, text.encode(), ReadTerms(layout=layout))
    (batch,) = reader.batches()
    assert batch.frame["p"].to_list() == ["1.10", "2,5", ""]
    assert batch.typed["p"].tolist()[:2] == [True, False]
    assert_resumable(reader)


def test_single_values_that_are_no_text_are_told_from_texts(tmp_path: Path) -> None:
    (batch,) = opened(tmp_path, b'[1.10, "2,5", 3]').batches()
    assert batch.frame["column_1"].to_list() == ["1.10", "2,5", "3"]
    assert batch.typed["column_1"].tolist() == [True, False, True]
