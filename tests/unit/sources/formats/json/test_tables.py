from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sources.base import ReadTerms
from sources.formats.json import JsonFormat
from sources.formats.json.reader import JsonReader
from tests.reading import assert_resumable

RECORDS = [{"id": 1, "city": "Brno"}, {"id": 2, "city": None}]
ROWS = [[1, "Brno"], [2, None]]
KUSTO = {
    "TableName": "Table_0",
    "Columns": [{"ColumnName": "id", "DataType": "Int32"}, {"ColumnName": "city"}],
    "Rows": ROWS,
}
STATUS = {"TableName": "Table_1", "Columns": [{"ColumnName": "Value"}], "Rows": [["{}"]]}
MONITOR = {
    "name": "PrimaryResult",
    "columns": [{"name": "id", "type": "int"}, {"name": "city", "type": "string"}],
    "rows": ROWS,
}
CHART = {"status": "success", "colnames": ["id", "city"], "data": RECORDS, "result_format": "json"}
POWER_BI = {"results": [{"tables": [{"rows": RECORDS}]}]}
ANSWERS = [
    POWER_BI,
    {"informationProtectionLabel": {"id": "x", "name": "Public"}} | POWER_BI,
    {"Tables": [KUSTO]},
    {"Tables": [KUSTO, STATUS]},
    {"tables": [MONITOR]},
    {"result": [CHART]},
]


def opened(tmp_path: Path, document: object, *wanted: str, indent: int | None = None) -> JsonReader:
    (tmp_path / "f").write_text(json.dumps(document, indent=indent))
    return JsonFormat(ReadTerms(wanted=frozenset(wanted))).open(tmp_path / "f", "f")


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("answer", ANSWERS)
def test_the_rows_of_a_table_in_a_list_are_the_records(
    answer: dict[str, Any], indent: int | None, tmp_path: Path
) -> None:
    reader = opened(tmp_path, answer, indent=indent)
    assert reader.header == ("id", "city")
    assert [row for batch in reader.batches() for row in batch.frame.rows()] == [
        ("1", "Brno"),
        ("2", ""),
    ]
    assert reader.evidence["records_are"].startswith("the rows of a table in a list of the answer")
    assert_resumable(reader)


@pytest.mark.parametrize(
    "other",
    [
        {"results": [{"tables": [{"rows": RECORDS}, {"rows": RECORDS}]}]},
        {"results": [{"tables": [{"rows": ROWS}]}]},
        {"result": [CHART, CHART]},
        {"result": [CHART | {"data": ROWS}]},
        {"tables": [MONITOR | {"rows": [[1]]}]},
        {"tables": [MONITOR | {"rows": 2}]},
        {"tables": [MONITOR | {"columns": [{"name": "id"}, {"name": "id"}]}]},
        {"tables": [MONITOR | {"columns": [{"name": "id"}, {"label": "id"}]}]},
        {"tables": [MONITOR | {"columns": []}]},
    ],
)
def test_what_is_no_single_table_is_read_as_any_other_object(
    other: dict[str, Any], tmp_path: Path
) -> None:
    assert "pieces" not in opened(tmp_path, other).evidence["layout"]


def test_names_that_are_wanted_tell_which_records_are_meant(tmp_path: Path) -> None:
    assert opened(tmp_path, {"tables": [MONITOR]}, "city").header == ("id", "city")
    assert "rows" in opened(tmp_path, {"tables": [MONITOR]}, "rows").header


def test_an_answer_whose_table_is_empty_has_no_rows(tmp_path: Path) -> None:
    reader = opened(tmp_path, {"tables": [MONITOR | {"rows": []}]})
    assert [batch.read for batch in reader.batches()] in ([], [0])
    assert reader.evidence["records_are"] == "none: the answer has no rows"
