from __future__ import annotations

import pytest
from marshmallow import ValidationError

from definitions.schema.retry import MOST_ATTEMPTS, RetrySchema


def test_what_is_given_comes_back_as_it_was_sent() -> None:
    given = {"max_attempts": 1, "first_delay": 0.5, "max_delay": None}

    assert RetrySchema().load(given) == given


@pytest.mark.parametrize(
    "given",
    [{"max_attempts": 0}, {"max_attempts": MOST_ATTEMPTS + 1}, {"first_delay": -1}, {"delay": 1}],
)
def test_what_makes_no_sense_is_refused(given: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        RetrySchema().load(given)
