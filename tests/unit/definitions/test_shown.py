from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.shown import LONGEST, digits, named, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "must be a whole number; got 'x'"),
        (7, "must be a whole number; got 7"),
        (True, "must be a whole number"),
        (None, "must be a whole number"),
        ({"a": 1}, "must be a whole number"),
    ],
)
def test_a_refusal_gets_the_value_that_its_kind_does_not_tell(value: object, text: str) -> None:
    assert named("must be a whole number", value) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("must be one of a, b, not 'c'", "c"),
        ("must be from 1 to 5, not 7", 7),
        ("must be from 1 to 5, not 7", "7"),
        ("must not be empty", ""),
    ],
)
def test_what_a_refusal_has_is_not_added_again(text: str, value: object) -> None:
    assert named(text, value) == text


def test_a_number_in_another_one_does_not_count_as_named() -> None:
    assert named("must be from 10 to 70", 7) == "must be from 10 to 70; got 7"


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("ftp://files.example.test/x?token=a", "'ftp://files.example.test/…'"),
        ("https://user:secret@files.example.test/", "'https://…'"),
        ("https://files.example.test?mail=a@b&token=c", "'https://…'"),
        ("files.example.test", "'files.example.test'"),
        ("C:\\files", "'C:/…'"),
    ],
)
def test_an_address_is_shown_without_what_lets_somebody_in(address: str, seen: str) -> None:
    assert shown(address, address=True) == seen


@given(st.text())
def test_what_is_shown_is_short_and_can_be_printed(value: str) -> None:
    text = shown(value)

    assert text.isprintable()
    assert len(text) <= 10 * (LONGEST + 1) + 2


@pytest.mark.parametrize("number", [10**300, 10**5_000], ids=["long", "longer"])
def test_a_number_of_many_digits_is_cut(number: int) -> None:
    assert len(digits(number)) <= LONGEST + 1
