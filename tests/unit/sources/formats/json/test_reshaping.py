from __future__ import annotations

import json
from pathlib import Path

import pytest

from definitions.errors import FormatError
from definitions.model import FileFormat
from sources.base import ReadTerms
from sources.formats.json import JsonFormat
from sources.formats.json.reshaping import may_be_reshaped, reshaped
from sources.formats.json.turning import LONGEST
from tests.reading import assert_resumable

BY_DATE = {
    "2026-01-01": [{"label": "/a", "visits": 3}, {"label": "/b", "visits": 1}],
    "2026-01-02": [],
    "2026-01-03": [{"label": "/a", "visits": 5, "bounced": 1.10}],
}
HEADERS = {"dimensionHeaders": [{"name": "date"}], "metricHeaders": [{"name": "users"}]}
COLUMNS = ["time", "value"]
SERIES = {
    "results": [
        {
            "statement_id": 0,
            "series": [
                {
                    "name": "cpu",
                    "tags": {"host": "a"},
                    "columns": COLUMNS,
                    "values": [["t1", 0.50]],
                },
                {
                    "name": "cpu",
                    "tags": {"host": "b"},
                    "columns": COLUMNS,
                    "values": [["t1", None]],
                },
            ],
        }
    ]
}

TWO_KINDS = {
    "results": [{"series": [{"name": name, "columns": ["a"], "values": [[1]]} for name in "ab"]}]
}


@pytest.mark.parametrize(
    ("document", "header", "rows"),
    [
        (
            BY_DATE,
            ("key", "label", "visits", "bounced"),
            [
                ("2026-01-01", "/a", "3", ""),
                ("2026-01-01", "/b", "1", ""),
                ("2026-01-03", "/a", "5", "1.1"),
            ],
        ),
        (SERIES, ("host", "time", "value"), [("a", "t1", "0.5"), ("b", "t1", "")]),
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_rows_are_put_together_from_where_their_parts_are(
    tmp_path: Path,
    document: dict[str, object],
    header: tuple[str, ...],
    rows: list[tuple[str, ...]],
    indent: int | None,
) -> None:
    (tmp_path / "f").write_text(json.dumps(document, indent=indent))
    reader = JsonFormat(ReadTerms(batch_size=30)).open(tmp_path / "f", "f")
    assert reader.header == header
    assert [row for batch in reader.batches() for row in batch.frame.rows()] == rows
    assert reader.evidence["records_are"].endswith("their lines are their numbers")
    assert_resumable(reader)


def test_numbers_keep_their_digits_and_keys_their_name() -> None:
    found = reshaped(b'{"1": [{"key": 1.10}], "2": [{"key": 12345678901234567890}]}', frozenset())
    assert found is not None
    assert found.lines == b'{"key_2":"1","key":1.10}\n{"key_2":"2","key":12345678901234567890}\n'


@pytest.mark.parametrize(
    "text",
    [
        b'{"1": [{"a": 1}], "total": [{"a": 2}]}',
        b'{"1": [{"a": 1}], "2": [3]}',
        b'{"1": [{"a": 1}]} {"2": [{"a": 1}]}',
        b"{}",
        b'{"1": [{"a": 1}], "2": [{',
        json.dumps(HEADERS | {"metricHeaders": None}).encode(),
        json.dumps(HEADERS | {"rows": [{"dimensionValues": [{"value": "1"}]}]}).encode(),
        b'{"results": [{"columns": [{"name": "ID"}], "items": [], "more": 1}]}',
        b'{"results": [{"series": [{"columns": ["a"], "values": [[1, 2]]}]}]}',
        b'{"results": [{"series": [{"columns": ["a"], "values": [[1]], "tags": null}]}]}',
        b'{"results": [{"series": [{"columns": ["a"], "values": [[1]], "name": []}]}]}',
        json.dumps(TWO_KINDS).encode(),
        b'{"results": [{"error": "x"}]}',
        b'{"1": [{"a": 1}], "2": [{"a": "' + b"x" * LONGEST + b'"}]}',
    ],
)
def test_what_only_looks_so_is_read_as_ever(text: bytes) -> None:
    assert reshaped(text, frozenset()) is None


def test_names_of_the_mapping_tell_what_is_meant(tmp_path: Path) -> None:
    text = json.dumps(SERIES).encode()
    assert reshaped(text, frozenset({"time", "x"})) is not None
    assert reshaped(text, frozenset({"series"})) is None
    (tmp_path / "f").write_bytes(json.dumps(BY_DATE).encode())
    said = ReadTerms(layout=FileFormat(records="2026-01-03"))
    assert JsonFormat(said).open(tmp_path / "f", "f").header == ("label", "visits", "bounced")


def test_other_objects_are_not_read_as_a_whole() -> None:
    assert not may_be_reshaped(b'{"items": [{"a": 1}]}')
    assert not may_be_reshaped(b'{"17": {"a": 1}}')


@pytest.mark.parametrize(
    "document",
    [
        {"2026-01-01": [], "2026-01-02": []},
        HEADERS,
        HEADERS | {"rows": [], "rowCount": 0},
        {"results": [{"statement_id": 0}]},
        {"results": [{"series": [{"columns": ["date"], "values": []}]}]},
        {"results": [{"columns": [{"name": "DATE", "type": "DATE"}], "items": []}]},
    ],
)
def test_an_answer_without_rows_has_none(tmp_path: Path, document: dict[str, object]) -> None:
    (tmp_path / "f").write_text(json.dumps(document))
    reader = JsonFormat(ReadTerms(wanted=frozenset({"date"}))).open(tmp_path / "f", "f")
    assert reader.header == ("date",)
    assert list(reader.batches()) == []


def test_empty_lists_that_the_mapping_names_are_cells() -> None:
    assert reshaped(b'{"1": [], "2": []}', frozenset({"1"})) is None


@pytest.mark.parametrize("key", ["2026", "2026-01-01"])
def test_lists_by_key_that_are_too_long_are_refused_rather_than_read_in_part(
    tmp_path: Path, key: str
) -> None:
    text = f'{{"{key}": [{{"a": 1}}], "9": [{{"a": "{"x" * LONGEST}"}}]}}'
    (tmp_path / "f").write_text(text)
    with pytest.raises(FormatError, match=r"'f' holds its rows in lists by key, .* fewer at once"):
        JsonFormat().open(tmp_path / "f", "f")
    said = ReadTerms(layout=FileFormat(records=key))
    assert JsonFormat(said).open(tmp_path / "f", "f").header == ("a",)


@pytest.mark.parametrize(
    "text",
    [
        '{"2026-01-01":[{"u":1},{"u":2,"v":}],"2026-01-02":[{"u":3}]}',
        '{"2026-01-01":[{"u":1}],"2026-01-02":[{"u":2}],"2026-01-03":[{"u":3',
        '{"2026-01-01":[{"u":1}],"2026-01-02":{"result":"error"},"2026-01-03":[{"u":3}]}',
        '{"2026-01-01":[{"u":1}],"2026-01-02":[{"u":2}]}\n{"2026-01-03":[{"u":3}]}',
    ],
)
def test_lists_by_key_that_are_not_whole_are_refused_rather_than_read_in_part(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "f").write_text(text)
    with pytest.raises(FormatError, match=r"'f' holds its rows in lists by key, .* repair it"):
        JsonFormat().open(tmp_path / "f", "f")


@pytest.mark.parametrize("several", [2, 1])
def test_series_that_need_to_be_put_together_are_refused_if_they_cannot_be(
    tmp_path: Path, several: int
) -> None:
    series = SERIES["results"][0]["series"][:several]  # type: ignore[index]
    text = json.dumps({"results": [{"statement_id": 0, "series": series}]})
    for broken, why in (
        (text.replace("0.5", "0,5.x"), "and is broken; repair it"),
        (text.replace("t1", "t" * LONGEST), "ask for fewer at once"),
    ):
        (tmp_path / "f").write_text(broken)
        with pytest.raises(FormatError, match=f"'f' holds its rows in series, .*{why}"):
            JsonFormat().open(tmp_path / "f", "f")
