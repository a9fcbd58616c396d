from __future__ import annotations

import json
from pathlib import Path

import pytest

from sources.base import ReadTerms
from sources.formats.json import JsonFormat
from sources.formats.json.ranking import names_in

ONE, MANY = [{"id": 1, "name": "x"}], [{"id": number, "total": 5} for number in range(20)]
FIELDS = [{"name": "ID", "type": "OID", "alias": "Id", "length": 4}]


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ({"labels": ONE, "cards": MANY}, "cards"),
        ({"cards": MANY, "labels": ONE}, "cards"),
        ({"items": ONE, "warehouses": MANY}, "items"),
        ({"variants": ONE * 3, "images": ONE * 9}, "variants"),
        ({"log": {"pages": ONE, "entries": MANY}}, "log.entries"),
        ({"tags": ONE, "log": {"entries": MANY}}, "tags"),
        ({"fields": FIELDS, "features": [{"a": {"ID": 1}}]}, "features"),
        ({"fields": [{"type": "int", "id": "_id"}], "hits": [{"_id": 1}]}, "hits"),
        ({"errors": [{"code": 1}] * 30, "list": ONE}, "list"),
    ],
)
def test_of_several_arrays_one_is_the_records(document: object, where: str, tmp_path: Path) -> None:
    (tmp_path / "f").write_text(json.dumps(document))
    assert JsonFormat().open(tmp_path / "f", "f").evidence["records"] == where


def test_names_that_are_wanted_come_first(tmp_path: Path) -> None:
    (tmp_path / "f").write_text(json.dumps({"labels": ONE, "cards": MANY}))
    reader = JsonFormat(ReadTerms(wanted=frozenset({"name"}))).open(tmp_path / "f", "f")
    assert reader.evidence["records"] == "labels"
    assert reader.evidence["other_arrays"] == "not read: 'cards'"


def test_names_are_those_of_a_record_also_if_it_is_mended() -> None:
    assert names_in(b'{"a": {"b": 1}}') == {"a.b"}
    assert names_in(b"{'a': 1}") == {"a"}
    assert names_in(b"[1]") is None


def test_rows_of_a_table_on_a_page_have_no_header(tmp_path: Path) -> None:
    document = {"draw": 1, "recordsTotal": 2, "data": [["Jana", "Brno"], ["Petr", "Praha"]]}
    (tmp_path / "f").write_text(json.dumps(document))
    reader = JsonFormat().open(tmp_path / "f", "f")
    assert (reader.header, reader.named) == (("column_1", "column_2"), False)
    assert [batch.frame.height for batch in reader.batches()] == [2]


def test_column_headers_name_the_rows(tmp_path: Path) -> None:
    document = {"columnHeaders": [{"name": "city"}, {"name": "users"}], "rows": [["Brno", "3"]]}
    (tmp_path / "f").write_text(json.dumps(document))
    assert JsonFormat().open(tmp_path / "f", "f").header == ("city", "users")


@pytest.mark.parametrize("wanted", [(), ("id",)])
@pytest.mark.parametrize(
    "aside",
    [
        {"warnings": [{"message": "too much"}]},
        {"links": [{"rel": "self", "href": "/x"}]},
        {"fields": [{"name": "id", "type": "INTEGER"}]},
    ],
)
def test_an_empty_list_of_rows_has_none(
    tmp_path: Path, aside: dict[str, object], wanted: tuple[str, ...]
) -> None:
    terms = ReadTerms(wanted=frozenset(wanted))
    for document in ({"data": []} | aside, aside | {"data": []}):
        (tmp_path / "f").write_text(json.dumps(document))
        reader = JsonFormat(terms).open(tmp_path / "f", "f")
        assert (reader.evidence["records"], reader.header) == ("data", wanted)
        assert list(reader.batches()) == []


def test_rows_beside_an_empty_list_are_rows(tmp_path: Path) -> None:
    (tmp_path / "f").write_text(json.dumps({"data": [], "users": [{"id": 1, "city": "Brno"}]}))
    assert JsonFormat().open(tmp_path / "f", "f").evidence["records"] == "users"
