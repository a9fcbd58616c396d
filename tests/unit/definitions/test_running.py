from __future__ import annotations

from datetime import timedelta

import pytest

from definitions.errors import InvalidError
from definitions.running import HIGHEST, priority_of, stall_of
from definitions.schema import normalise
from tests.acceptance.documents import changed, people


@pytest.mark.parametrize(("given", "priority"), [(5, 5), (-HIGHEST, -HIGHEST), (None, 0)])
def test_a_document_says_which_of_its_runs_go_first(given: int | None, priority: int) -> None:
    assert priority_of(normalise(changed(people(), "priority", given))) == priority


def test_a_document_that_says_nothing_has_no_priority_and_gets_none_written() -> None:
    document = normalise(people())

    assert priority_of(document) == 0
    assert "priority" not in document


@pytest.mark.parametrize("given", [HIGHEST + 1, 0.5, "1", True])
def test_what_is_no_priority_is_refused(given: object) -> None:
    with pytest.raises(InvalidError) as caught:
        normalise(changed(people(), "priority", given))

    assert list(caught.value.problems) == ["priority"]


def test_a_document_says_how_long_a_run_may_stand_still() -> None:
    default = timedelta(minutes=30)

    assert stall_of(normalise(changed(people(), "stall_timeout", 1.5)), default) == timedelta(
        seconds=1.5
    )
    assert stall_of(normalise(people()), default) == default
    with pytest.raises(InvalidError):
        normalise(changed(people(), "stall_timeout", 0))
