from __future__ import annotations

import pytest

from sources.beginnings import BEFORE_JSON


@pytest.mark.parametrize(
    ("before", "wrapper"),
    [
        (b"// made by hand\n/* and so on **/ ", b""),
        (b"# made by hand\n", b""),
        (b")]}',\n", b")]}',\n"),
        (b"while(1);", b"while(1);"),
        (b"for (;;);", b"for (;;);"),
        (b"/**/ typeof load === 'function' && load(", b"typeof load === 'function' && load("),
        (b"var shop = ", b"var shop = "),
        (b"window.shop.part0 = ", b"window.shop.part0 = "),
        (b"export default // all\n", b"export default // all\n"),
    ],
)
def test_comments_and_what_makes_a_script_of_json_are_told_apart(
    before: bytes, wrapper: bytes
) -> None:
    found = BEFORE_JSON.match(before + b'[{"a":1}]')
    assert found is not None
    assert (found.group(), found[2]) == (before, wrapper)
