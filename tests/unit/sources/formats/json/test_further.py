"""Pages of a list, one behind the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from definitions.batches import Batch
from definitions.model import FileFormat
from sources.base import ReadTerms
from sources.formats.json import JsonFormat
from sources.formats.json.further import STRAY, TAIL
from sources.gathering import MOST_FAULTS
from tests.reading import assert_resumable, numbered, seen_faults

PAGE = b'{"items":[{"a":1},{"a":2}],"next":{"x":"]}"}}'
LAST = b'{"items":[{"a":3}],"next":null}'
BROKEN_AROUND = ("broken_record", "is no JSON: the object around a list is broken")
NO_LIST = ("broken_record", "holds no list 'items', as the object before it does")


def read(
    tmp_path: Path,
    data: bytes,
    size: int = 1 << 20,
    *,
    wanted: str = "",
    records: str | None = None,
) -> list[Batch]:
    (tmp_path / "f").write_bytes(data)
    terms = ReadTerms(
        layout=FileFormat(records=records), wanted=frozenset(wanted.split()), batch_size=size
    )
    reader = JsonFormat(terms, size).open(tmp_path / "f", "f")
    if len(data) < 10_000:
        assert_resumable(reader)
    return list(reader.batches())


def cells(batches: list[Batch]) -> list[tuple[str, ...]]:
    return [row for batch in batches for row in batch.frame.rows()]


@pytest.mark.parametrize("size", [1, 40, 1 << 20])
@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (PAGE + LAST, [1, 1, 1]),
        (PAGE + b"\n\xef\xbb\xbf" + LAST + b"\n", [1, 1, 2]),
        (b"\x1e" + PAGE + b"\n\x1e" + LAST + b"\n", [1, 1, 2]),
        (PAGE.replace(b",", b",\n") + b",\n\n" + LAST, [1, 2, 5]),
        (PAGE + b'{"items":[]}' + LAST, [1, 1, 1]),
    ],
    ids=["together", "lines", "sequence", "indented", "empty"],
)
def test_pages_are_read_as_one_list(
    data: bytes, lines: list[int], size: int, tmp_path: Path
) -> None:
    batches = read(tmp_path, data, size, records="items")
    assert cells(batches) == [("1",), ("2",), ("3",)]
    assert numbered(batches) == ([1, 2, 3], lines)
    assert seen_faults(batches) == []


def test_a_list_deep_inside_is_found_in_each_page(tmp_path: Path) -> None:
    first = b'{"d":{"items":[{"a":1}],"n":1},"e":"' + b"x" * 5_000 + b'"}\n'
    second = b'{"e":[1,{"items":[{"a":5}]}],"y":"' + b"x" * 5_000 + b'","d":{"items":[{"a":3}]}}'
    batches = read(tmp_path, first + second, records="d.items")
    assert (cells(batches), seen_faults(batches)) == ([("1",), ("3",)], [])


@pytest.mark.parametrize(
    ("data", "wanted", "rows"),
    [
        (PAGE + b"\n" + LAST, "a", 3),
        (PAGE + b"\n" + LAST, "a items", 2),
        (PAGE + b"\n" + LAST, "", 2),
    ],
)
def test_lines_are_pages_if_only_their_list_has_what_is_wanted(
    data: bytes, wanted: str, rows: int, tmp_path: Path
) -> None:
    assert len(cells(read(tmp_path, data, wanted=wanted))) == rows


@pytest.mark.parametrize("size", [1, 40, 1 << 20])
@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (b'{"error":"x"}', NO_LIST),
        (b'{"items":{"x":[1]}}', NO_LIST),
        (b'{"items":{"x":1}\n', BROKEN_AROUND),
        (b'\n{"items":"x\n', BROKEN_AROUND),
        (b"\nerror: {x}\n", ("broken_record", TAIL.message)),
    ],
)
def test_what_is_no_page_is_one_fault_and_the_next_page_is_read(
    broken: bytes, told: tuple[str, str], size: int, tmp_path: Path
) -> None:
    batches = read(tmp_path, PAGE + broken + LAST, size, records="items")
    (fault,) = seen_faults(batches)
    assert (fault.row, fault.code.value, fault.message) == (3, *told)
    assert fault.value == broken.decode().strip()
    assert fault.line == 1 + broken.startswith(b"\n")
    assert numbered(batches) == ([1, 2, 4], [1, 1, 1 + broken.count(b"\n")])


@pytest.mark.parametrize(
    "rest", [b',"next":"2}', b',"next":{"a":1}'], ids=["a string", "an object"]
)
def test_a_page_whose_end_is_broken_is_a_fault_behind_its_records(
    rest: bytes, tmp_path: Path
) -> None:
    batches = read(tmp_path, b'{"items":[{"a":1}]' + rest + b"\n" + LAST, records="items")
    (fault,) = seen_faults(batches)
    assert (fault.row, fault.line, fault.value) == (2, 1, rest.decode())
    assert numbered(batches) == ([1, 3], [1, 2])


@pytest.mark.parametrize("end", range(len(PAGE) + 1, len(PAGE + LAST)))
def test_a_page_that_is_cut_is_a_fault(end: int, tmp_path: Path) -> None:
    batches = read(tmp_path, (PAGE + LAST)[:end], records="items")
    (fault,) = seen_faults(batches)
    whole = end >= len(PAGE) + LAST.index(b"}") + 1
    assert (fault.code.value, fault.row, len(cells(batches))) == ("file_cut", 3 + whole, 2 + whole)


def test_after_very_many_objects_without_a_list_the_rest_is_one_fault(tmp_path: Path) -> None:
    batches = read(tmp_path, PAGE + b'{"x":1}\n' * (MOST_FAULTS + 50) + LAST, records="items")
    assert sum(batch.read for batch in batches) == 2 + MOST_FAULTS + 1
    assert seen_faults(batches)[-1].message.startswith("is not looked at, nor what follows")


def test_a_list_that_begins_where_the_file_ends_is_cut(tmp_path: Path) -> None:
    batches = read(tmp_path, b'[{"a":1}]\n[')
    assert [(fault.row, fault.code.value) for fault in seen_faults(batches)] == [(2, "file_cut")]


@pytest.mark.parametrize("size", [1 << 16, 1 << 20])
def test_a_page_far_behind_the_end_of_a_list_is_read(size: int, tmp_path: Path) -> None:
    more = b',"log":[' + b'{"at":"2024-01-31","text":"}]"},\n' * (17 << 15) + b"{}]}"
    batches = read(tmp_path, PAGE[:-1] + more + LAST, size, records="items")
    assert (cells(batches), seen_faults(batches)) == ([("1",), ("2",), ("3",)], [])
    assert numbered(batches) == ([1, 2, 3], [1, 1, 1 + (17 << 15)])


def test_a_list_that_comes_too_late_in_a_further_page_is_told(tmp_path: Path) -> None:
    late = b'{"log":[' + (b'"%b",' % (b"x" * (1 << 20))) * 5 + b'1],"items":[{"a":3}]}'
    batches = read(tmp_path, PAGE + late, records="items")
    (fault,) = seen_faults(batches)
    assert (fault.row, fault.code.value, len(cells(batches))) == (3, "row_too_long", 2)
    assert fault.message.endswith("bytes of an object are before its list; write the list first")


DUMP = b"""[
{"type":"header","version":"5.2.1","comment":"Export to JSON plugin for PHPMyAdmin"},
{"type":"database","name":"shop"},
{"type":"table","name":"t","database":"shop","data":
[
{"id":"1","name":"A"},
{"id":"2","name":null}
]
}
]
"""


@pytest.mark.parametrize("size", [1, 40, 1 << 20])
@pytest.mark.parametrize("records", [None, "data"])
def test_the_tables_of_a_dump_are_its_rows(records: str | None, size: int, tmp_path: Path) -> None:
    batches = read(tmp_path, DUMP, size, records=records)
    assert cells(batches) == [("1", "A"), ("2", "")]
    assert numbered(batches) == ([1, 2], [6, 7])
    assert seen_faults(batches) == []
    more = b',{"type":"table","name":"u","data":[{"id":"3"}]}\n]\n'
    batches = read(tmp_path, DUMP.removesuffix(b"]\n") + more, size, records=records)
    assert cells(batches)[2:] == [("3", "")]


def test_what_stands_behind_a_dump_is_a_fault(tmp_path: Path) -> None:
    batches = read(tmp_path, DUMP + b"more")
    (fault,) = seen_faults(batches)
    assert (fault.row, fault.line, fault.message) == (3, 11, TAIL.message)


@pytest.mark.parametrize("size", [1, 40, 1 << 20])
@pytest.mark.parametrize("between", [b"],", b"] ,\n ", b"]\n,"])
def test_a_bracket_too_many_hides_no_records(between: bytes, size: int, tmp_path: Path) -> None:
    data = b'[{"a":1},{"a":2}' + between + b'{"a":3},{"a":4}]'
    batches = read(tmp_path, data, size)
    assert cells(batches) == [("1",), ("2",), ("3",), ("4",)]
    (fault,) = seen_faults(batches)
    assert (fault.row, fault.value, fault.message) == (3, "]", STRAY.message)


def test_an_object_of_another_kind_behind_a_list_is_none_of_its_records(tmp_path: Path) -> None:
    batches = read(tmp_path, b'load([{"a":1},{"a":2}], {"page":1});')
    assert cells(batches) == [("1",), ("2",)]
    (fault,) = seen_faults(batches)
    assert fault.message == TAIL.message


@pytest.mark.parametrize("size", [1, 40, 1 << 20])
@pytest.mark.parametrize("between", ["", ',"x":"' + "x" * 5000 + '"'])
def test_a_second_list_of_the_name_is_a_fault(between: str, size: int, tmp_path: Path) -> None:
    page = f'{{"items":[{{"a":1}},{{"a":2}}]{between},"items":[{{"a":3}}]}}'
    batches = read(tmp_path, (page + ' {"items":[{"a":4}]}').encode(), size)
    assert cells(batches) == [("1",), ("2",), ("4",)]
    (fault,) = seen_faults(batches)
    assert (fault.row, fault.line) == (3, 1)
    assert fault.message == "holds a list 'items' again, which is not read; name it otherwise"
