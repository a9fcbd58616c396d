from __future__ import annotations

import pytest

from definitions.batches import Position
from sources.formats.json.layout import CellList, Layout
from sources.formats.json.reading import reader_of

BEGIN = Position(byte=0, row=1, line=1)
NAMES = ("a", "b")


@pytest.mark.parametrize(
    ("layout", "text", "record"),
    [
        (Layout(where="", begin=BEGIN), b'{"a": 1}', {"a": 1}),
        (Layout(where="", begin=BEGIN, names=NAMES), b"[1, 2]", {"a": 1, "b": 2}),
        (
            Layout(where="", begin=BEGIN, names=NAMES, are_of_sheet=True),
            b"[1]",
            {"a": 1, "b": None},
        ),
        (Layout(where="", begin=BEGIN, names=NAMES, are_of_sheet=True), b"[]", None),
        (Layout(where="", begin=BEGIN, names=("a",), are_values=True), b"1", {"a": "1"}),
        (Layout(where="", begin=BEGIN, are_quoted=True), b'"{\\"a\\": 1}"', {"a": 1}),
        (
            Layout(where="", begin=BEGIN, names=NAMES, within=(CellList("c", NAMES, "v"),)),
            b'{"c": [{"v": "x"}, {"v": "y"}]}',
            {"a": "x", "b": "y"},
        ),
    ],
)
def test_records_are_read_as_they_lie(layout: Layout, text: bytes, record: object) -> None:
    assert reader_of(layout)(text) == record
