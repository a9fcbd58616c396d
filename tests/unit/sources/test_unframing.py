from __future__ import annotations

import pytest

from sources.unframing import Unframing

TEXT = (
    b"Title\r\n| id | name  |\r\n|----|-------|\r\n|  1 | a\\|b  | \r\n"
    b"|C:\\  | x \\|  y|\n"
    b"  |  |  |\n+----+\n|3|x y|\n| no end\n| a\\|\nlast |"
)
BARE = (
    b"Title\r\nid|name\r\n----|-------\r\n1|a\\|b\r\nC:\\ |x \\|  y\n"
    b"|\n+----+\n3|x y\n| no end\n| a\\|\nlast |"
)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_frames_are_taken_off_however_the_text_is_cut(size: int) -> None:
    unframe = Unframing()
    pieces = [unframe(TEXT[at : at + size], last=False) for at in range(0, len(TEXT), size)]
    assert b"".join((*pieces, unframe(b"", last=True))) == BARE
