from __future__ import annotations

from pathlib import Path

import pytest

from definitions.errors import FormatError
from definitions.model import FileFormat
from sources.base import ReadTerms
from sources.formats.json import JsonFormat


def read(
    tmp_path: Path, data: bytes, *wanted: str, records: str | None = None
) -> tuple[dict[str, str], list[tuple[str, ...]]]:
    (tmp_path / "f").write_bytes(data)
    terms = ReadTerms(layout=FileFormat(records=records), wanted=frozenset(wanted))
    reader = JsonFormat(terms).open(tmp_path / "f", "f.json")
    found = {name: reader.evidence.get(name, "") for name in ("layout", "records")}
    return found, [row for batch in reader.batches() for row in batch.frame.rows()]


@pytest.mark.parametrize(
    ("data", "layout", "where"),
    [
        (b'[{"a":1},{"a":2}]', "array", ""),
        (b'{"a":1}\n\n{"a":2}', "lines", ""),
        (b'{"a":1\n{"a":1}\r\n{"a":2}\n', "lines", ""),
        (b'{\n"a":1\n}\n{\n"a":2\n}', "object", ""),
        (b'{"a":1} {"a":2}\n', "object", ""),
        (b'{"total":2,"items":[{"a":1},{"a":2}],"next":null}', "array", "items"),
        (b'{"ok":true,"data":{"list":[\n{"a":1},\n{"a":2}]}}\n', "array", "data.list"),
    ],
)
def test_records_are_found_where_they_usually_are(
    data: bytes, layout: str, where: str, tmp_path: Path
) -> None:
    found, rows = read(tmp_path, data)
    assert found == {"layout": layout, "records": where}
    assert rows == [("1",), ("2",)]


def test_several_objects_on_some_lines_are_all_read(tmp_path: Path) -> None:
    data = b'{"a":1}{"a":2}\n{"a":3}\n{"a":4}{"a":5}{"a":6}\n'
    found, rows = read(tmp_path, data)
    assert (found["layout"], rows) == ("object", [(number,) for number in "123456"])
    found, rows = read(tmp_path, b'{"a":1}\n{"a":2}{"a":3}\n')
    assert (found["layout"], rows) == ("object", [("1",), ("2",), ("3",)])


def test_a_single_object_is_a_row_and_what_is_wanted_tells_it_from_a_list(tmp_path: Path) -> None:
    data = b'{"id":7,"orders":[{"nr":1},{"nr":2}]}'
    assert read(tmp_path, b'{"id":7,"tags":["x"]}')[1] == [("7", '["x"]')]
    assert read(tmp_path, data, "id")[1] == [("7", '[{"nr":1},{"nr":2}]')]
    assert read(tmp_path, data, "nr")[1] == [("1",), ("2",)]
    assert read(tmp_path, data)[1] == [("1",), ("2",)]
    assert read(tmp_path, b'{"total":0,"items":[]}', "nr")[1] == []


def test_a_path_leads_to_the_records_however_far_they_are(tmp_path: Path) -> None:
    data = b'{"x":[' + (b'{"b":"[' + b"x" * 90 + b']"},') * 12_000 + b'{}],"y":{"z":[{"a":1}]}}'
    assert read(tmp_path, data, records="y.z") == ({"layout": "array", "records": "y.z"}, [("1",)])
    with pytest.raises(FormatError, match=r"no array at 'z' in 'f\.json'; arrays are at: 'x', 'y"):
        read(tmp_path, data, records="z")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b" \n", r"'f\.json' is empty"),
        (b"<!DOCTYPE html><HTML>", "looks like an HTML page, not JSON"),
        (b"<rows/>", "looks like XML or HTML, not JSON"),
        (b"id,name\n1,x", "is no JSON records; it begins with 'id,name"),
        (b"[", "ends before its first record"),
        (b'{"error":{"code":404}}', r'looks like an error answer, not like data: \{"error"'),
        (b'{"message":"no","status":500}', "looks like an error answer"),
    ],
)
def test_what_holds_no_records_is_told(data: bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path, data)


def test_an_error_that_is_wanted_is_data(tmp_path: Path) -> None:
    assert read(tmp_path, b'{"error":"x"}', "error")[1] == [("x",)]


def test_records_in_a_list_of_a_list_are_rows(tmp_path: Path) -> None:
    assert read(tmp_path, b'[{"page":1},[{"a":1},{"a":2}]]\n')[1] == [("1",), ("2",)]
    assert read(tmp_path, b'[[{"a":1}],[],[{"a":2}]]')[1] == [("1",), ("2",)]


def test_what_is_wanted_and_said_tells_records_by_key_from_others(tmp_path: Path) -> None:
    data = b'{"1":{"a":[{"b":1}]},"2":{"a":[{"b":2}]}}'
    by_key = [("1", '[{"b":1}]'), ("2", '[{"b":2}]')]
    assert read(tmp_path, data) == ({"layout": "members", "records": ""}, by_key)
    assert read(tmp_path, data, "1.a")[1] == [('[{"b":1}]', '[{"b":2}]')]
    assert read(tmp_path, data, records="$")[1] == [('[{"b":1}]', '[{"b":2}]')]
    assert read(tmp_path, data, records="1.a")[1] == [("1",)]
    data = b'{"people":{"x":{"a":1}},"rows":[{"a":2}]}'
    assert read(tmp_path, data)[1] == [("2",)]
    assert read(tmp_path, data, records="people")[1] == [("x", "1")]
