from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.schema.rules import (
    as_whole,
    choice_problem,
    json_kind,
    suggestion,
    text_problem,
    zone_problem,
    zones,
)
from definitions.shown import shown


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (3, "a number"),
        (3.0, "a number"),
        (3.5, "a number with a fraction"),
        (float("inf"), "a number with a fraction"),
        ("", "a string"),
        ({}, "an object"),
        ([], "an array"),
    ],
)
def test_values_are_called_what_json_calls_them(value: object, kind: str) -> None:
    assert json_kind(value) == kind


@given(number=st.integers(-(2**53), 2**53))
def test_a_whole_number_may_be_written_as_a_float(number: int) -> None:
    assert as_whole(float(number)) == as_whole(number) == number


@pytest.mark.parametrize("value", [True, 1.5, float("nan"), float("inf"), "1", None])
def test_nothing_else_is_whole(value: object) -> None:
    assert as_whole(value) is None


@given(text=st.text())
def test_only_a_text_that_can_be_stored_has_no_problem(text: str) -> None:
    storable = "\0" not in text and text.encode("utf-8", "replace").decode() == text

    assert (text_problem(text) is None) == storable


@given(value=st.text(max_size=300))
def test_a_long_value_is_cut_where_it_is_shown(value: str) -> None:
    assert len(shown(value)) <= len(repr("\U0010ffff" * 61))


def test_a_suggestion_needs_something_near() -> None:
    assert suggestion("WEKLY", ["daily", "weekly"]) == "; did you mean 'weekly'?"
    assert suggestion("xyz", ["daily", "weekly"]) == ""


def test_a_choice_has_no_problem_with_its_words() -> None:
    assert choice_problem("b", ("a", "b")) is None
    assert choice_problem("B!", ("a", "bc")) == "must be one of a, bc, not 'B!'"


def test_every_time_zone_that_is_accepted_can_be_loaded() -> None:
    assert {"UTC", "Europe/Prague", "America/New_York"} <= zones()
    assert all(ZoneInfo(name).key == name for name in zones())


def test_a_time_zone_in_the_wrong_case_is_answered_with_the_right_one() -> None:
    assert zone_problem("europe/prague") == (
        "must be an IANA time zone such as 'Europe/Prague', not 'europe/prague'; "
        "did you mean 'Europe/Prague'?"
    )
