from __future__ import annotations

import pytest

from sources.unindenting import Unindenting

TEXT = b' "id","note"\r\n  "1","a\n  ""b"",\n "\r\n\r\n "2",  "x"\n3, "y"\r "4","z"'
BARE = b'"id","note"\r\n"1","a\n  ""b"",\n "\r\n\r\n"2",  "x"\n3, "y"\r"4","z"'


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_spaces_before_records_are_taken_off_however_the_text_is_cut(size: int) -> None:
    unindent = Unindenting()
    pieces = [unindent(TEXT[at : at + size], last=False) for at in range(0, len(TEXT), size)]
    assert b"".join((*pieces, unindent(b"", last=True))) == BARE
