from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions import errors
from definitions.errors import ImportmgrError, InvalidError, LimitError, TemporaryError

ROW = re.compile(r"^(?P<indent>(?:│   |    )*)[├└]── (?P<name>\w+)")
CLASSES = [found for _, found in inspect.getmembers(errors, inspect.isclass)]
ERRORS = [found for found in CLASSES if issubclass(found, ImportmgrError)]


def drawn() -> Iterator[tuple[str, str]]:
    """Yield (name, parent) of each class in the tree that the docstring draws."""
    parents = ["ImportmgrError"]
    for line in (errors.__doc__ or "").splitlines():
        if row := ROW.match(line):
            depth = len(row["indent"]) // 4 + 1
            parents[depth:] = [row["name"]]
            yield row["name"], parents[depth - 1]


def test_the_docstring_draws_the_whole_tree() -> None:
    defined = {(found.__name__, found.__base__.__name__) for found in ERRORS if found.__base__}

    assert set(drawn()) == defined - {("ImportmgrError", "Exception")}


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [found.code for found in ERRORS]

    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in codes)


def test_an_invalid_document_names_every_problem() -> None:
    error = InvalidError({"name": ["is required"], "trigger.days.0": ["is odd", "is old"]})

    assert str(error) == "name: is required; trigger.days.0: is odd; trigger.days.0: is old"


def test_an_invalid_document_without_problems_still_says_something() -> None:
    assert str(InvalidError({})) == "the request is invalid"


@given(problems=st.dictionaries(st.text(), st.lists(st.text(), min_size=1)))
def test_problems_are_kept_and_cannot_be_changed(problems: dict[str, list[str]]) -> None:
    error = InvalidError(problems)

    assert dict(error.problems) == problems
    with pytest.raises(TypeError):
        error.problems["x"] = ["y"]  # type: ignore[index]


def test_later_changes_of_what_was_given_do_not_reach_the_error() -> None:
    given_problems = {"name": ["is required"]}
    error = InvalidError(given_problems)

    given_problems.clear()

    assert set(error.problems) == {"name"}


def test_how_long_to_wait_goes_along() -> None:
    assert LimitError("x", retry_after=7).retry_after == 7
    assert TemporaryError("x", retry_after=1.5).retry_after == 1.5
    assert (LimitError("x").retry_after, TemporaryError("x").retry_after) == (None, None)


def test_the_text_of_very_many_problems_is_cut_and_says_so() -> None:
    error = InvalidError({f"field_{number}": ["is wrong"] for number in range(25)})

    assert str(error).endswith("field_19: is wrong; and 5 more")
    assert len(error.problems) == 25
