from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.delivery import (
    DELAYS,
    GIVEN_UP_AFTER,
    LONGEST_WISH,
    DeliveryState,
    Record,
    Try,
    settle,
)

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
FAILED = Try(at=AT, milliseconds=5.0, status=500, error="answers 500")


def test_a_success_ends_the_delivery_and_forgets_what_went_wrong() -> None:
    record = Record(failures=7, failing_since=AT - timedelta(days=4))

    done = settle(3, Try(at=AT, milliseconds=5.0, status=204), record, 0.5)

    assert (done.state, done.record, done.disabled) == (DeliveryState.DELIVERED, Record(), None)
    assert done.free_at == AT


def test_ten_tries_take_three_days() -> None:
    at, attempt = AT, 1
    while (
        after := settle(attempt, Try(at=at, milliseconds=1.0, error="no"), Record(), 0.0)
    ).state is DeliveryState.PENDING:
        at, attempt = after.due_at, attempt + 1

    assert attempt == 10
    assert at - AT == sum(DELAYS, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
    assert after.state is DeliveryState.FAILED


def test_a_receiver_that_fails_rests_longer_and_longer_but_not_for_long() -> None:
    rests = [settle(1, FAILED, Record(failures=n), 0.0).free_at - AT for n in range(12)]

    assert rests[:3] == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert rests[-1] == timedelta(minutes=5)


def test_what_a_receiver_asks_for_is_heeded_within_bounds() -> None:
    asked = Try(at=AT, milliseconds=1.0, status=429, error="no", retry_after=600.0)
    silly = Try(at=AT, milliseconds=1.0, status=429, error="no", retry_after=1e12)

    assert settle(1, asked, Record(), 0.0).due_at == AT + timedelta(seconds=600)
    assert settle(1, asked, Record(), 0.0).free_at == AT + timedelta(seconds=600)
    assert settle(1, silly, Record(), 0.0).due_at == AT + LONGEST_WISH


def test_one_that_is_gone_is_disabled_at_once() -> None:
    gone = Try(at=AT, milliseconds=1.0, status=410, error="answers 410", gone=True)

    assert settle(1, gone, Record(), 0.0).disabled == (
        "it answered 410 Gone: it wants nothing more"
    )


@pytest.mark.parametrize(("ago", "disabled"), [(GIVEN_UP_AFTER, True), (timedelta(days=4), False)])
def test_one_that_only_fails_for_days_is_disabled_with_the_reason(
    ago: timedelta, *, disabled: bool
) -> None:
    record = Record(failures=50, failing_since=AT - ago)

    reason = settle(1, FAILED, record, 0.0).disabled

    assert (reason is not None) is disabled
    if reason:
        assert reason == (
            "every try failed since 2026-02-24 12:00 UTC, the last one with: answers 500"
        )


@given(st.integers(1, 30), st.integers(0, 10_000), st.floats(0, 1, exclude_max=True))
def test_no_try_follows_at_once(attempt: int, failures: int, fraction: float) -> None:
    after = settle(attempt, FAILED, Record(failures=failures), fraction)

    assert after.free_at - AT >= timedelta(seconds=5)
    assert after.state is DeliveryState.FAILED or after.due_at - AT >= timedelta(seconds=5)
