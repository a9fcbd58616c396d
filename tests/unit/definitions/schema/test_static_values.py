from __future__ import annotations

import json
from decimal import Decimal
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.model import TargetType
from definitions.schema.static_values import (
    MAX_VALUE,
    as_json,
    conversion_problem,
    storable_problem,
    target_of,
)

PRAGUE = ZoneInfo("Europe/Prague")
T = TargetType
storable_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
storable = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | storable_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(storable_text, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("value", "target", "text"),
    [
        ("shop", T.STRING, '"shop"'),
        (5, T.STRING, '"5"'),
        (True, T.STRING, '"true"'),
        ([1, "a"], T.STRING, '"[1,\\"a\\"]"'),
        (1.5, T.NUMBER, "1.5"),
        ("1.5", T.NUMBER, "1.5"),
        (False, T.BOOLEAN, "false"),
        ("YES", T.BOOLEAN, "true"),
        (1, T.BOOLEAN, "true"),
        (["a", 1], T.LIST, '["a",1]'),
        ("a, b", T.LIST, '["a","b"]'),
        ("abc", T.JSON, '"abc"'),
        ({"a": [None]}, T.JSON, '{"a":[null]}'),
        ("2026-07-01", T.DATE, '"2026-07-01"'),
        ("2026-07-01T02:00:00", T.DATETIME, '"2026-07-01T00:00:00Z"'),
        (1767225600, T.TIMESTAMP, "1767225600"),
        ("2026-01-01T01:00:00", T.TIMESTAMP, "1767225600"),
        ("https://example.test/a", T.URL, '"https://example.test/a"'),
    ],
)
def test_a_fixed_value_becomes_what_a_cell_would(
    value: object, target: TargetType, text: str
) -> None:
    assert as_json(value, target, PRAGUE) == text
    assert conversion_problem(value, target) is None


@pytest.mark.parametrize(
    ("value", "target", "text"),
    [
        ("x", T.NUMBER, "must become number, but 'x' is not a number: use a decimal point"),
        (True, T.NUMBER, "must become number, but 'true' is not a number: use a decimal point"),
        (2, T.BOOLEAN, "must become boolean, but '2' is not a boolean: use true or false"),
        ({"a": 1}, T.LIST, "must be an array or a string, not an object"),
        ("", T.STRING, "must not be empty; drop the mapping of a property that is never set"),
    ],
)
def test_a_value_that_cannot_be_converted_is_answered_with_the_remedy(
    value: object, target: TargetType, text: str
) -> None:
    assert conversion_problem(value, target) == text


def exact(text: str | bytes) -> object:
    """Read JSON text without rounding its numbers."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


@given(value=storable)
def test_any_storable_value_can_become_json(value: object) -> None:
    converted = as_json(value, T.JSON, PRAGUE)

    assert storable_problem(value) is None
    assert converted is not None
    assert exact(converted) == exact(orjson.dumps(value))


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        [1, {"a": float("inf")}],
        "a\0",
        {"a\0": 1},
        "\ud800",
        2**64,
        "x" * MAX_VALUE,
    ],
)
def test_what_a_store_cannot_hold_is_refused(value: object) -> None:
    assert (storable_problem(value) or "").startswith("must ")


def test_a_bottomless_value_is_refused() -> None:
    value: list[object] = []
    for _ in range(900):
        value = [value]

    assert (storable_problem(value) or "").startswith("must ")


@pytest.mark.parametrize(
    ("word", "target"),
    [("number", T.NUMBER), ("long text", T.LONG_TEXT), ("text", T.STRING), ("colour", T.STRING)],
)
def test_a_word_that_is_no_type_means_a_string(word: str, target: TargetType) -> None:
    assert target_of(word) is target
