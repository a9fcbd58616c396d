from __future__ import annotations

import pytest

from sources.aligning import Aligning

TEXT = b"   date  time \r\n  1   2  \r\n\n    \n3 4\r   5      6   "
BARE = b"date time\r\n1 2\r\n\n\n3 4\r5 6"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 1000])
def test_one_space_is_left_between_fields_however_the_text_is_cut(size: int) -> None:
    align = Aligning()
    pieces = [align(TEXT[at : at + size], last=False) for at in range(0, len(TEXT), size)]
    assert b"".join((*pieces, align(b"", last=True))) == BARE


def test_a_long_run_of_spaces_is_not_held() -> None:
    align = Aligning()
    assert [
        align(b"a" + b" " * 9, last=False),
        align(b" " * 9, last=False),
        align(b"b", last=True),
    ] == [
        b"a",
        b"",
        b" b",
    ]
