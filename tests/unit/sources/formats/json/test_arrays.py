from __future__ import annotations

import io
import json

import pytest

from definitions.errors import FormatError
from sources.formats.json import arrays
from sources.formats.json.arrays import find_arrays, find_list


def found(data: bytes) -> list[tuple[str, int, int, bytes]]:
    stream = io.BytesIO(data)
    return [
        (array.where, array.begin.byte, array.begin.line, array.opens_with)
        for array in find_arrays(stream.read, lambda: None)
    ]


def test_arrays_are_found_by_the_names_that_lead_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b'{"a": [1, [2], {"x": [3]}],\n "b\\u0041": {"c": "[", "d": [ {"e": 1}]},"f":[]}'
    expected = [
        ("a", 7, 1, b"1"),
        ("bA.d", text.index(b"[ {") + 1, 2, b"{"),
        ("f", len(text) - 2, 2, b"]"),
    ]
    for size in (1 << 18, 1, 3, 7):
        monkeypatch.setattr(arrays, "CHUNK", size)
        assert found(text) == expected


def test_an_array_at_the_top_has_no_name() -> None:
    assert found(b' [ {"a":[]} ]') == [("", 2, 1, b"{")]


def test_a_text_that_never_ends_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "LONGEST_NAME", 1 << 10)
    monkeypatch.setattr(arrays, "CHUNK", 1 << 9)
    with pytest.raises(FormatError, match="longer than 1024 bytes before any record"):
        found(b'{"a": "' + b"x" * 5000)


def test_long_texts_before_the_records_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "CHUNK", 1 << 9)
    text = json.dumps({"note": 'x"\\' * 5000, "items": [{}]}).encode()
    assert [name for name, *_ in found(text)] == ["items"]


def test_a_list_of_a_text_is_found_or_where_its_object_ends() -> None:
    text = b'{"a":{"b":[1]},"c":[{}]} {"d":[2]}'
    assert find_list(text, "c") == (text.index(b"[{") + 1, True)
    assert find_list(text, "d") == (text.index(b" "), False)
    assert find_list(text[:20], "d") == (0, False)


@pytest.mark.parametrize(
    "before",
    ["", '"next": "a]}", "n": -1.5, ', '"x": [1], ', '"x": {"items": 1}, ', "'x': 1, ", "/* , */ "],
)
def test_a_list_is_found_behind_whatever_stands_before_it(before: str) -> None:
    text = f' {{ {before}"items": [ {{"id": 1}}]}}'.encode()
    assert find_list(text, "items") == (text.index(b"[ {") + 1, True)
    assert find_list(text, "other") == (len(text), False)
