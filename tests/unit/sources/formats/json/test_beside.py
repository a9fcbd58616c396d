from __future__ import annotations

import json
from pathlib import Path

import pytest

from sources.base import ReadTerms
from sources.formats.json import JsonFormat
from sources.formats.json.reader import JsonReader
from tests.reading import assert_resumable


def opened(tmp_path: Path, data: str, *wanted: str, size: int = 1 << 20) -> JsonReader:
    (tmp_path / "f").write_text(data, encoding="utf-8")
    terms = ReadTerms(wanted=frozenset(wanted), batch_size=size)
    return JsonFormat(terms, size).open(tmp_path / "f", "f")


def faults(reader: JsonReader) -> list[tuple[int | None, str]]:
    return [(f.row, f.code.value) for batch in reader.batches() for f in batch.faults]


def rows(reader: JsonReader) -> list[tuple[str, ...]]:
    return [row for batch in reader.batches() for row in batch.frame.rows()]


SCHEMA = '[{"name":"id","alias":"i","type":"long"},{"name":"jméno","type":"keyword"}]'


@pytest.mark.parametrize("size", [8, 1 << 20])
@pytest.mark.parametrize(
    "data",
    [
        '{"columns":[{"name":"id"},{"name":"jméno"}],"data":[[1,"a"],[2,"b"]],"warnings":[{"a":1}]}',
        '{"m":{"v":{"columns":[{"id":1,"name":"id"},{"name":"jméno"}]}},"data":[[1,"a"],[2,"b"]]}',
        '{"data":{"rows":[[1,"a"],[2,"b"]],"cols":[{"Title":"id"},{"Title":"jm\\u00e9no"}]}}',
        '{"rowType":[{"name":"id"},{"name":"jméno"}],"data":[["1","a"],["2","b"]]}',
        '{"x":[{"a":1}],"header":["id","jméno"],"d":[["1","a"],["2","b"]]}',
        '{"meta":[{"name":"id","type":"U"},{"name":"jméno","type":"S"}],"data":[[1,"a"],[2,"b"]]}',
        f'{{"schema":{SCHEMA},"total":2,"datarows":[[1,"a"],[2,"b"]],"status":200}}',
        '{"fields":[{"type":"int","id":"id"},{"id":"jméno"}],"records":[[1,"a"],[2,"b"]]}',
        '{"range":"A1","values":[["id","jméno"],["1","a"],["2","b"]]}',
    ],
)
def test_names_of_columns_are_found_where_they_are_described(
    data: str, size: int, tmp_path: Path
) -> None:
    reader = opened(tmp_path, data, size=size)
    assert (reader.header, reader.named) == (("id", "jméno"), True)
    assert rows(reader) == [("1", "a"), ("2", "b")]
    assert_resumable(reader)


def test_arrays_called_as_rows_are_rows_if_there_is_a_text_in_the_first(tmp_path: Path) -> None:
    reader = opened(tmp_path, '{"draw":1,"data":[[1,"a"],[2,"b"]]}')
    assert (reader.header, reader.named) == (("column_1", "column_2"), False)
    assert rows(reader) == [("1", "a"), ("2", "b")]
    assert opened(tmp_path, '{"id":7,"values":[[1,2],[3,4]]}').header == ("id", "values")
    assert opened(tmp_path, '{"id":7,"bounds":[["a","b"]]}').header == ("id", "bounds")
    assert opened(tmp_path, '{"id":7,"data":[["a","b"]]}', "id").header == ("id", "data")


def test_numbers_too_are_rows_beside_what_describes_their_columns(tmp_path: Path) -> None:
    columns = '[{"name":"id","type":"UInt8"},{"name":"v","type":"Float64"}]'
    reader = opened(tmp_path, f'{{"meta":{columns},"data":[[1,2.50]],"rows":1}}')
    assert (reader.header, rows(reader)) == (("id", "v"), [("1", "2.50")])
    for data in ('{"name":"id"},{"name":"v"}', '"id","v"', '"id",{"type":"v"}'):
        assert opened(tmp_path, f'{{"meta":[{data}],"data":[[1,2]]}}').header != ("id", "v")
    inside = f'{{"x":{{"meta":{columns}}},"data":[[1,2]]}}'
    assert opened(tmp_path, inside).header == ("name", "type")


@pytest.mark.parametrize("rows_of", ['"meta":{},"data":[]', '"schema":{},"datarows":[]'])
def test_an_answer_without_rows_has_none(rows_of: str, tmp_path: Path) -> None:
    data = rows_of.replace("{}", '[{"name":"id","type":"UInt8"}]')
    assert rows(opened(tmp_path, f'{{{data},"rows":0}}')) == []


def test_descriptions_that_are_not_as_many_as_cells_name_nothing(tmp_path: Path) -> None:
    data = '{"columns":[{"name":"id"}],"data":[[1,"a"],[2,"b"]]}'
    assert opened(tmp_path, data).header == ("name",)


def test_names_that_are_looked_for_tell_a_list_of_objects_from_a_table(tmp_path: Path) -> None:
    data = '{"columns":["id","n"],"data":[[1,"a"]],"items":[{"sku":1}]}'
    assert opened(tmp_path, data, "sku").header == ("sku",)
    assert opened(tmp_path, data).header == ("id", "n")


CELLS = '[["id","name","note"],["1","a","x"],["2","b"],["3"],[],["5","c","z"]]'
SHEET = f'{{"range":"A1:C6","majorDimension":"ROWS","values":{CELLS}}}'


@pytest.mark.parametrize("size", [8, 1 << 20])
@pytest.mark.parametrize(
    "data",
    [
        SHEET,
        json.dumps(json.loads(SHEET), indent=2),
        f'{{"majorDimension":"ROWS","range":"A1","spreadsheetId":"s","values":{CELLS}}}',
    ],
)
def test_rows_of_a_sheet_lack_the_empty_cells_at_their_end(
    data: str, size: int, tmp_path: Path
) -> None:
    reader = opened(tmp_path, data, size=size)
    assert rows(reader) == [("1", "a", "x"), ("2", "b", ""), ("3", "", ""), ("5", "c", "z")]
    assert reader.evidence["records_are"] == "arrays, without the empty cells at their end"
    assert not faults(reader)
    assert_resumable(reader)


def test_a_row_of_a_sheet_with_more_cells_than_names_is_a_fault(tmp_path: Path) -> None:
    reader = opened(tmp_path, SHEET.replace('"name",', '"name"],["0","y",'))
    assert rows(reader) == [("2", "b"), ("3", "")]
    assert faults(reader) == [(row, "too_many_fields") for row in (1, 2, 5)]


@pytest.mark.parametrize(
    "data",
    [
        CELLS,
        SHEET.replace('"range":"A1:C6",', ""),
        SHEET.replace('"majorDimension":"ROWS",', ""),
        SHEET.replace("ROWS", "COLUMNS"),
        SHEET.replace("values", "rows"),
        f'{{"a":{SHEET}}}',
        SHEET.replace('"values":[["id","name","note"],', '"cols":["id","name","note"],"values":['),
    ],
)
def test_elsewhere_an_array_that_is_short_is_a_fault(data: str, tmp_path: Path) -> None:
    reader = opened(tmp_path, data)
    assert rows(reader) == [("1", "a", "x"), ("5", "c", "z")]
    assert faults(reader) == [(row, "too_few_fields") for row in (2, 3, 4)]


def test_without_names_a_sheet_is_read_as_any_other_arrays(tmp_path: Path) -> None:
    reader = opened(tmp_path, SHEET.replace('"id",', "0,"))
    assert rows(reader) == [("0", "name", "note"), ("1", "a", "x"), ("5", "c", "z")]
    assert faults(reader) == [(row, "too_few_fields") for row in (3, 4, 5)]
