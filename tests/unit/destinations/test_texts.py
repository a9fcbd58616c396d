from __future__ import annotations

import pytest

from destinations.texts import is_storable


@pytest.mark.parametrize("text", ["", "é漢🙂", "\x01\x7f\ufffe", "\ufffd"])
def test_nearly_every_text_can_be_stored(text: str) -> None:
    assert is_storable(text)


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "a\udfffb"])
def test_nul_and_half_characters_cannot(text: str) -> None:
    assert not is_storable(text)
