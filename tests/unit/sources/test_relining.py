from __future__ import annotations

import pytest

from sources.relining import MARKS, Relining


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("mark", MARKS.values())
def test_a_mark_becomes_a_line_end_however_the_text_is_cut(mark: bytes, size: int) -> None:
    text = b"a,\xe2\x80\xa6" + mark + mark + "ž\xa0".encode() + mark + mark[:-1]
    reline = Relining(mark)
    pieces = [reline(text[at : at + size], last=False) for at in range(0, len(text), size)]
    changed = b"".join((*pieces, reline(b"", last=True)))
    assert changed == b"a,\xe2\x80\xa6\n\n" + "ž\xa0".encode() + b"\n" + mark[:-1]
