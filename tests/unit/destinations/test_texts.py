from __future__ import annotations

import pytest

from destinations.texts import is_storable, storable


@pytest.mark.parametrize("text", ["", "é漢🙂", "\x01\x7f\ufffe", "\ufffd"])
def test_nearly_every_text_can_be_stored(text: str) -> None:
    assert is_storable(text)


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "a\udfffb"])
def test_nul_and_half_characters_cannot(text: str) -> None:
    assert not is_storable(text)


@pytest.mark.parametrize(
    ("value", "shown"), [("a\0b", "a\\x00b"), ("a", "a"), (3, 3), (b"\0", b"\0"), (None, None)]
)
def test_what_people_are_shown_can_always_be_stored(value: object, shown: object) -> None:
    assert storable(value) == shown  # type: ignore[arg-type]
