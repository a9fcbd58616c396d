from __future__ import annotations

import pytest

from sources.utf_8 import contradiction, utf_8_in


def test_characters_of_utf_8_and_bytes_that_are_none_are_counted() -> None:
    assert utf_8_in("žluťoučký".encode()) == (4, 0)
    assert utf_8_in("café".encode("cp1252") + "é".encode()) == (1, 1)
    assert utf_8_in("é".encode()[:1]) == (0, 0)  # a character that is cut


@pytest.mark.parametrize(
    ("data", "given", "told"),
    [
        ("žluťoučký".encode(), "cp1250", "all 4 characters beyond ASCII are UTF-8"),
        ("\ufeffid".encode(), "cp1252", "it begins with the byte order mark of utf-8"),
        ("\ufeffid".encode("utf-16-be"), "utf-16-le", "byte order mark of utf-16-be"),
        ("\ufeffid".encode("utf-16-le"), "utf-8", "byte order mark of utf-16-le"),
        (b"id,name\n", "utf-16-le", "no byte is zero"),
    ],
)
def test_what_speaks_clearly_against_a_given_encoding_is_told(
    data: bytes, given: str, told: str
) -> None:
    assert told in contradiction(data, given)


@pytest.mark.parametrize(
    ("data", "given"),
    [
        (b"id,name\n", "cp1252"),
        ("é, è".encode(), "cp1252"),  # so few may be chance
        ("žluťoučký".encode("cp1250"), "cp1250"),
        ("žluťoučký".encode("cp1250"), "utf-8"),
        (b"\xe9, " + "žluťoučký".encode(), "cp1250"),
        ("žluťoučký".encode(), "utf-8"),
        ("\ufeffid".encode("utf-16-le"), "utf-16-le"),
        ("\ufeff\0".encode("utf-16-le"), "utf-16-le"),  # as the mark of UTF-32
        ("日本語\n".encode("utf-16-le"), "utf-16-le"),
        ("日本語テキスト".encode("shift_jis"), "shift_jis"),
        (b"", "utf-16-le"),
    ],
)
def test_an_encoding_that_a_text_may_be_in_is_believed(data: bytes, given: str) -> None:
    assert contradiction(data, given) == ""
