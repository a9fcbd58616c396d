from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError, fields

from definitions.schema.fields import Flag, Items, Number, Part, Text, Whole
from definitions.schema.source import AuthSchema

KINDS: dict[str, fields.Field[Any]] = {
    "text": Text(),
    "flag": Flag(),
    "whole": Whole(),
    "number": Number(),
    "items": Items(Text()),
    "part": Part(AuthSchema),
}
SAMPLES: list[object] = [None, True, 0, 1, 1.0, 1.5, "", "1", "true", [], {}]
ACCEPTED: dict[str, list[object]] = {
    "text": ["", "1", "true"],
    "flag": [True],
    "whole": [0, 1, 1.0],
    "number": [0, 1, 1.0, 1.5],
    "items": [[]],
    "part": [],
}


def accepts(kind: str, value: object) -> bool:
    """Tell whether a kind of field takes a value."""
    try:
        KINDS[kind].deserialize(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_converts(kind: str) -> None:
    taken = [value for value in SAMPLES if accepts(kind, value)]

    assert [repr(value) for value in taken] == [repr(value) for value in ACCEPTED[kind]]


@given(number=st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_kept_as_it_was_sent(number: float) -> None:
    kept = Number().deserialize(number)

    assert (kept, type(kept)) == (number, type(number))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_is_finite(number: float) -> None:
    with pytest.raises(ValidationError, match="must be a finite number"):
        Number().deserialize(number)


@pytest.mark.parametrize("kind", KINDS)
def test_texts_say_the_kind_that_is_wanted_and_the_one_that_came(kind: str) -> None:
    wrong: object = "x" if kind != "text" else 5

    with pytest.raises(ValidationError) as caught:
        KINDS[kind].deserialize(wrong)

    came = "a string" if kind != "text" else "a number"
    [text] = caught.value.messages
    assert text.startswith("must be ")
    assert text.endswith(f", not {came}")
