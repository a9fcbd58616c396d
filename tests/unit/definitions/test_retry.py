from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.errors import (
    FormatError,
    ImportmgrError,
    LostLeaseError,
    SourceRefusedError,
    SourceUnreachableError,
    StoreBusyError,
    TemporaryError,
)
from definitions.retry import RetryPolicy, retry_of

ZERO = timedelta(0)
PATIENT = RetryPolicy(max_attempts=20_000)
attempts = st.integers(1, 10_000)
jitters = st.floats(0, 1)


def delay(attempt: int, jitter: float = 0.0, *, wish: float | None = None) -> timedelta:
    """Return how long the patient policy waits after a temporary error."""
    found = PATIENT.delay_after(attempt, TemporaryError("x", retry_after=wish), jitter)
    assert found is not None
    return found


@given(attempt=attempts, jitter=jitters)
def test_a_delay_is_positive_and_never_exceeds_the_ceiling(attempt: int, jitter: float) -> None:
    assert ZERO < delay(attempt, jitter) <= PATIENT.max_delay


@given(attempt=attempts, jitter=jitters)
def test_a_delay_never_shrinks_from_attempt_to_attempt(attempt: int, jitter: float) -> None:
    assert delay(attempt + 1, jitter) >= delay(attempt, jitter)


@given(attempt=attempts, jitter=jitters)
def test_chance_takes_at_most_half_of_a_delay(attempt: int, jitter: float) -> None:
    full = delay(attempt)

    assert full / 2 <= delay(attempt, jitter) <= full


def test_delays_double_until_the_ceiling() -> None:
    policy = RetryPolicy(
        max_attempts=9, first_delay=timedelta(seconds=10), max_delay=timedelta(seconds=60)
    )

    found = [policy.delay_after(n, StoreBusyError("x"), 0.0) for n in range(1, 6)]

    assert found == [timedelta(seconds=s) for s in (10, 20, 40, 60, 60)]


@given(attempt=attempts, jitter=jitters, wish=st.floats(allow_nan=True, allow_infinity=True))
def test_a_wish_lengthens_a_delay_within_bounds(attempt: int, jitter: float, wish: float) -> None:
    found = delay(attempt, jitter, wish=wish)

    assert delay(attempt, jitter) <= found <= max(PATIENT.max_delay, PATIENT.max_wish)


@given(wish=st.floats(600, 3_600))
def test_a_wish_within_bounds_is_kept(wish: float) -> None:
    assert delay(1, wish=wish) == timedelta(seconds=wish)


@given(attempt=st.integers(1, 20), last=st.integers(1, 20), jitter=jitters)
def test_the_last_attempt_is_not_followed_by_another(
    attempt: int, last: int, jitter: float
) -> None:
    found = RetryPolicy(max_attempts=last).delay_after(attempt, TemporaryError("x"), jitter)

    assert (found is None) == (attempt >= last)


@pytest.mark.parametrize(
    ("error", "retried"),
    [
        (SourceUnreachableError("x"), True),
        (StoreBusyError("x"), True),
        (SourceRefusedError("x"), False),
        (FormatError("x"), False),
        (LostLeaseError("x"), False),
    ],
)
def test_only_what_may_pass_is_tried_again(error: ImportmgrError, retried: bool) -> None:
    assert (RetryPolicy().delay_after(1, error, 0.5) is not None) is retried


def test_a_definition_says_how_its_runs_are_retried_and_the_rest_is_as_by_default() -> None:
    default = RetryPolicy(max_attempts=5, first_delay=timedelta(seconds=7))
    document = {"retry": {"max_attempts": 9, "max_delay": 0.5, "first_delay": None}}

    assert retry_of(document, default) == RetryPolicy(
        max_attempts=9, first_delay=timedelta(seconds=7), max_delay=timedelta(seconds=0.5)
    )
    assert retry_of({}, default) == default
    assert retry_of({"retry": None}, default) == default
