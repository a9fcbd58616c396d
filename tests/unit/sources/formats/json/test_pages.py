from __future__ import annotations

from pathlib import Path

import pytest

from sources.base import ReadTerms
from sources.encoding import SAMPLE_SIZE
from sources.formats.json import JsonFormat
from sources.formats.json.pages import pages_in
from sources.formats.json.reader import JsonReader
from tests.reading import assert_resumable, numbered, seen_faults

FIRST = '{"results": [{"c": {"id": 1}, "n": "a},{"}, {"c": {"id": 2}}], "fieldMask": "c.id,n"}'
SECOND = '{"results": [{"c": {"id": 3}}], "fieldMask": "c.id,n", "queryResourceConsumption": "5"}'


def opened(tmp_path: Path, data: str, *wanted: str, size: int = 1 << 20) -> JsonReader:
    (tmp_path / "f").write_text(data, encoding="utf-8")
    terms = ReadTerms(wanted=frozenset(wanted), batch_size=size)
    return JsonFormat(terms, size).open(tmp_path / "f", "f")


@pytest.mark.parametrize("size", [8, 64, 1 << 20])
@pytest.mark.parametrize("between", [",", ",\n  ", "\n,\n"])
def test_the_lists_of_pages_are_one_list(between: str, size: int, tmp_path: Path) -> None:
    empty = '{"results": [], "fieldMask": "c.id,n"}'
    data = f"[\n{between.join([FIRST, empty, SECOND])}\n]\n"
    reader = opened(tmp_path, data, size=size)
    batches = list(reader.batches())
    assert (reader.header, reader.evidence["records"]) == (("c.id", "n"), "results")
    assert [row for batch in batches for row in batch.frame.rows()] == [
        ("1", "a},{"),
        ("2", ""),
        ("3", ""),
    ]
    assert (numbered(batches)[0], seen_faults(batches)) == ([1, 2, 3], [])
    assert_resumable(reader)


@pytest.mark.parametrize("size", [8, 1 << 20])
@pytest.mark.parametrize(
    ("page", "rows", "code"),
    [
        ('{"fieldMask": "x"}', "12f3", "broken_record"),
        ('{"results": [{"c": {"id": 9}}], "fieldMask": "x}', "129f3", "broken_record"),
        ('{"results": [{"c": {"id": 9}}, {"c": x}], "fieldMask": "x"}', "129f3", "broken_record"),
        ("7", "12f", "broken_record"),
    ],
)
def test_a_page_that_is_broken_is_told(
    page: str, rows: str, code: str, size: int, tmp_path: Path
) -> None:
    unseen = " " * SAMPLE_SIZE  # behind what is looked at to know the pages
    reader = opened(tmp_path, f"[{FIRST},{unseen}{page},{SECOND}]", size=size)
    batches = list(reader.batches())
    loaded = [row[0] for batch in batches for row in batch.frame.rows()]
    assert loaded == [each for each in rows if each != "f"]
    (fault,) = seen_faults(batches)
    assert (fault.row, fault.code) == (rows.index("f") + 1, code)


ROW = '[{"id": 1}]'


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f'{{"results": {ROW}}}]', "results"),
        (f'{{"page": 1, "next_page": null, "Items": {ROW}, "pageSize": 1}}]', "Items"),
        (f'{{"@odata.nextLink": "x", "value": {ROW}}}]', None),
        (f'{{"totalSize": 1, "done": true, "records": {ROW}}}, {{"records": []}}]', "records"),
        ('{"data": [{"id": 1}, {"id"', "data"),
        (f'{{"order": 1, "items": {ROW}}}]', None),
        (f'{{"items": {ROW}, "order": 1}}]', None),
        (f'{{"items": {ROW}}}, {{"items": {ROW}, "order": 1}}]', None),
        (f'{{"items": {ROW}}}, {{"page": 1}}]', None),
        (f'{{"items": {ROW}}}, {{"items": [1]}}]', None),
        (f'{{"items": {ROW}}}, 7]', None),
        (f'{{"items": {ROW}, "data": {ROW}}}]', None),
        (f'{{"lines": {ROW}}}]', None),
        ('{"items": [1]}]', None),
        (f'{{"page": x, "items": {ROW}}}]', None),
        ("", None),
    ],
)
def test_pages_are_told_from_records_by_their_names(text: str, name: str | None) -> None:
    found = pages_in(text.encode(), frozenset())
    assert (None if found is None else found.name) == name


@pytest.mark.parametrize(
    ("wanted", "is_found"),
    [("id", True), ("other", True), ("items", False), ("page", False), ("items id", True)],
)
def test_names_that_are_looked_for_tell(wanted: str, is_found: bool) -> None:
    text = f'{{"page": 1, "items": {ROW}}}]'.encode()
    assert (pages_in(text, frozenset(wanted.split())) is not None) is is_found
