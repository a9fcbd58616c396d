from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sources.base import ReadTerms
from sources.formats.json import JsonFormat
from sources.formats.json.layout import CellList
from sources.formats.json.record import NotARecordError
from sources.formats.json.wrapped import read_wrapped
from tests.reading import assert_resumable, seen_faults

FIELDS = [{"name": "id", "type": "INTEGER", "mode": "NULLABLE"}, {"name": "city", "type": "STRING"}]
COLS = [{"id": "A", "label": "id", "type": "number"}, {"id": "B", "label": "", "type": "string"}]


VALUES = ("dimensionValues", "metricValues")
REPORT: dict[str, Any] = {
    "dimensionHeaders": [{"name": "date"}, {"name": "country"}],
    "metricHeaders": [{"name": "users", "type": "TYPE_INTEGER"}],
    "rows": [
        {
            "dimensionValues": [{"value": "20260101"}, {"value": "CZ"}],
            "metricValues": [{"value": str(number)}],
        }
        for number in range(30)
    ],
    "rowCount": 30,
}


@pytest.mark.parametrize(
    ("before", "within", "header"),
    [
        ({"kind": "bigquery#queryResponse", "schema": {"fields": FIELDS}}, "f", ("id", "city")),
        ({"status": "ok", "cols": COLS}, "c", ("id", "B")),
    ],
)
def test_cells_in_objects_are_rows_with_the_names_of_the_columns(
    tmp_path: Path, before: dict[str, object], within: str, header: tuple[str, str]
) -> None:
    rows = [{within: [{"v": str(number)}, {"v": "Brno"}]} for number in range(30)]
    (tmp_path / "f").write_text(json.dumps(before | {"rows": rows}))
    reader = JsonFormat(ReadTerms(batch_size=200)).open(tmp_path / "f", "f")
    assert (reader.header, reader.evidence["records"]) == (header, "rows")
    found = [row for batch in reader.batches() for row in batch.frame.rows()]
    assert found == [(str(number), "Brno") for number in range(30)]
    assert_resumable(reader)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        (b'{"c":[{"v":1.10,"f":"1.1"},null]}', {"a": "1.10", "b": None}),
        (b'{"c":[{"v":true}]}', {"a": True}),
        (b'{"c":[{"v":"Date(2024,0,31)"},{"v":"Date(2024,11,1,9,5,0)"}]}',
         {"a": "2024-01-31", "b": "2024-12-01T09:05:00"}),
        (b'{"c":[]}', {}),
    ],
)  # fmt: skip
def test_cells_have_the_values_and_dates_their_months(
    text: bytes, cells: dict[str, object]
) -> None:
    assert read_wrapped(text, [CellList("c", ("a", "b"), "v")]) == cells


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b'{"c":[null,null,{"v":3}]}', "expected 2 fields, found 3"),
        (b'{"f":[]}', "is no row of cells"),
        (b"[1]", "is no row of cells"),
        (b'{"c":[', "is no JSON"),
    ],
)
def test_what_is_no_such_row_is_told(text: bytes, message: str) -> None:
    with pytest.raises(NotARecordError, match=message):
        read_wrapped(text, [CellList("c", ("a", "b"), "v")])


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ('{"columns": [{"name": "x"}], "rows": [{"c": 1, "v": 2}]}', ("c", "v")),
        ('{"columns": [{"name": "x"}], "rows": [{"c": [{"v": 1}, 5]}]}', ("c",)),
        (json.dumps(REPORT | {"rows": [REPORT["rows"][0] | {"x": 1}]}), (*VALUES, "x")),
        (json.dumps(REPORT | {"metricHeaders": [{"kind": "x"}]}), VALUES),
    ],
)
def test_records_that_only_look_alike_stay_as_they_are(
    tmp_path: Path, text: str, header: tuple[str, ...]
) -> None:
    (tmp_path / "f").write_text(text)
    assert JsonFormat().open(tmp_path / "f", "f").header == header


@pytest.mark.parametrize("indent", [None, 1])
def test_values_of_dimensions_and_metrics_are_named_by_their_headers(
    tmp_path: Path, indent: int | None
) -> None:
    text = json.dumps(REPORT, indent=indent).replace('"value": "12"', '"value": "12')
    (tmp_path / "f").write_text(text.replace('{"value": "13"}', ""))
    reader = JsonFormat(ReadTerms(batch_size=200)).open(tmp_path / "f", "f")
    assert (reader.header, reader.evidence["records"]) == (("date", "country", "users"), "rows")
    batches = list(reader.batches())
    good = [("20260101", "CZ", str(number)) for number in range(30)]
    left_out = {12} if indent else {12, 13}
    assert [row for batch in batches for row in batch.frame.rows()] == [
        row for number, row in enumerate(good) if number not in left_out
    ]
    assert [fault.row for fault in seen_faults(batches)] == [number + 1 for number in left_out]
    assert_resumable(reader)


def test_names_that_the_mapping_wants_tell_whether_lists_are_cells(tmp_path: Path) -> None:
    (tmp_path / "f").write_text(json.dumps(REPORT))
    reader = JsonFormat(ReadTerms(wanted=frozenset(VALUES))).open(tmp_path / "f", "f")
    assert reader.header == VALUES


def test_dates_as_javascript_counts_them_are_no_texts(tmp_path: Path) -> None:
    rows = [{"c": [{"v": "Date(2024,0,31)"}]}, {"c": [{"v": "2024-01-31"}]}]
    (tmp_path / "f").write_text(json.dumps({"cols": [{"label": "day"}], "rows": rows}))
    (batch,) = JsonFormat(ReadTerms()).open(tmp_path / "f", "f").batches()
    assert batch.frame["day"].to_list() == ["2024-01-31"] * 2
    assert batch.typed["day"].tolist() == [True, False]
