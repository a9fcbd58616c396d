from __future__ import annotations

from definitions.batches import Position
from sources.formats.json.text import before_text


def test_what_is_before_a_text_is_told() -> None:
    assert before_text(b' {"a": 1}') == (Position(byte=0, row=1, line=1), {}, False)
    begin, told, is_dump = before_text(b"// of today\nvar rows = [1]")
    assert (begin, is_dump) == (Position(byte=23, row=1, line=2), False)
    assert told == {
        "comments": "those before line 2 were left out",
        "wrapper": "'var rows =' around the text was left out",
    }
