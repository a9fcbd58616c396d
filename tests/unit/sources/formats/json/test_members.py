from __future__ import annotations

import json
from pathlib import Path

import pytest

from definitions.batches import Position
from sources.formats.json import JsonFormat
from sources.formats.json.members import find_members

START = Position(byte=0, row=1, line=1)
JANA, PETR = {"name": "Jana", "city": "Brno"}, {"name": "Petr", "city": "Praha"}
WORDS = ("cs", "de", "en", "pl", "sk")


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"17": JANA, "18": PETR}, ()),
        ({"a@b": JANA, "c@d": PETR | {"age": 3}, "e@f": {"name": "Eva", "city": None}}, ()),
        (dict.fromkeys(WORDS, JANA), ()),
        ({"ok": True, "data": {"list": {"1": JANA, "2": PETR, "3": JANA}}}, ("data", "list")),
        ({"1": JANA | {"tags": {"1": PETR, "2": PETR}}, "2": PETR}, ()),
        ({"1": {"x": 1}, "2": {"x": 2}}, ()),
        ({"billing": JANA, "shipping": PETR}, None),
        (dict.fromkeys(WORDS[:4], JANA), None),
        ({word: {"S": word} for word in WORDS}, None),
        ({"17": JANA, "18": PETR, "total": 2}, None),
        ({"1": JANA, "2": {"id": 1, "price": 2}}, None),
        ({"1": {}, "2": {}}, None),
        ({"2023": {"0": 1, "1": 2}, "2024": {"0": 1, "1": 2}}, None),
        ({"ok": True, "data": {"1": JANA, "2": PETR}}, None),
        ({"id": 7, "list": {"1": JANA, "2": PETR, "3": JANA}}, None),
        ({"list": {"1": JANA, "2": PETR, "3": JANA}, "name": "x"}, None),
        ({"list": {str(key): JANA for key in range(50)}, "name": "x"}, ("list",)),
        ({"ok": True, "hours": dict.fromkeys(WORDS, JANA)}, None),
        ({"17": JANA}, None),
    ],
)
def test_records_by_key_are_told_by_what_they_have_in_common(
    document: object, path: tuple[str, ...] | None
) -> None:
    found = find_members(json.dumps(document).encode(), START)
    assert (None if found is None else found.path) == path


def test_the_key_gets_a_name_of_its_own() -> None:
    found = find_members(b'{"1": {"key": 7}, "2": {"key": 8}}', START)
    assert found is not None
    assert found.key == "key_2"


def test_people_say_where_the_records_are() -> None:
    sample = b'{"total": 1, "list": {"x": {"a": 1}}}'
    assert find_members(sample, START) is None
    found = find_members(sample, START, "list")
    assert found is not None
    assert sample[found.begin.byte :] == b'"x": {"a": 1}}}'


def test_of_several_objects_none_holds_the_records() -> None:
    assert find_members(b'{"1": {"a": 1}, "2": {"a": 2}} {"3": {"a": 3}}', START) is None


def test_a_long_object_with_records_by_key_is_not_read_to_its_end_first(tmp_path: Path) -> None:
    beginning = "{" + ",".join(f'"{key}": {{"id": {key}, "n": "x"}}' for key in range(60_000))
    (tmp_path / "f").write_text(beginning + ', "z": {"id": [{"a": 1}]}}')
    reader = JsonFormat().open(tmp_path / "f", "f")
    assert (reader.header, reader.evidence["layout"]) == (("key", "id", "n"), "members")
    assert sum(batch.frame.height for batch in reader.batches()) == 60_001


def test_objects_without_names_around_them_are_no_records_by_key() -> None:
    inner = b'{"a": {"name": "Jana", "age": 3}, "b": {"name": "Petr", "age": 3}, "b": {"age": 4}}}'
    assert find_members(b'{"users" ' + inner, START) == find_members(b"{ " + inner, START)


def test_objects_in_objects_cost_the_same_however_deep_they_are() -> None:
    deep = b'{"a":' * 100_000  # minutes, if each looked at all around it

    assert find_members(deep, Position(byte=0, row=1, line=1)) is None
