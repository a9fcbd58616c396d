from __future__ import annotations

import pytest

from sources.formats.json.layout import record_beginning


@pytest.mark.parametrize(
    ("start", "text"),
    [
        ('\n  {"a": 1', '  {"a":1\n    {"a":2},\n  {"b":3}'),
        ('{"a": 1', '{"a":1, {"b":[{"c":1},{"b":2}], \n{ "a" :2}'),
        ('{"a": 1', '{"a":1, {"b":2}, // {\n /* , */ {"a":2}'),
        ("{'a': 1", '{a:1, {"b":2}, {"a":2}'),
    ],
    ids=["by indentation", "by the first name", "behind comments", "in any quotes"],
)
def test_the_next_record_looks_like_the_first(start: str, text: str) -> None:
    pattern = record_beginning(start)
    assert pattern is not None
    found = pattern.search(text, 1)
    assert found is not None
    assert text[found.end() :].startswith("{")
    assert found.end() == text.rindex("{")


def test_without_an_object_there_is_no_telling() -> None:
    assert record_beginning("1,2") is None
