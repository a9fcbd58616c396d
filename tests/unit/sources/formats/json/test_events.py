from __future__ import annotations

import pytest

from sources.formats.json.events import data_of_event, end_of_event


@pytest.mark.parametrize(
    ("event", "data"),
    [
        (b'data: {"a":\ndata: 1}', b'{"a":\n1}'),
        (b'data:{\r\nid: 7\r\n: x\r\ndata:  "a": 1\r\ndata\ndata:}\r\n', b'{\n "a": 1\n\n}'),
        (b'data: {"a":', None),
        (b'data: {"a":\nevent: x', None),
        (b'data: {"a":\nlost\ndata: 1}', None),
        (b'data: {"a":\ndata: {"a": 1}', None),
    ],
)
def test_data_on_several_lines_are_joined(event: bytes, data: bytes | None) -> None:
    assert data_of_event(event) == data


def test_an_event_ends_with_an_empty_line() -> None:
    assert end_of_event(b"data: a\ndata: b\n\nmore\n\n", 3) == 15
    assert end_of_event(b"data: a\r\n\r\n", 0) == 8
    assert end_of_event(b"data: a\ndata: b\n", 0) is None
