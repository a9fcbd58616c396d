"""How notices are delivered: what came of a try, when the next one is, when a receiver is left be.

The delays are those that the Standard Webhooks specification recommends: ten tries in three days.
Beside them a receiver that fails is left alone for a moment with everything else that waits for it,
so that a thousand notices are not a thousand tries a minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.1  # of a delay, added at random
FIRST_REST = timedelta(seconds=5)  # of a receiver that failed; doubled with every further failure
LONGEST_REST = timedelta(minutes=5)
LONGEST_WISH = timedelta(hours=24)  # of a receiver that asks to be left alone
GIVEN_UP_AFTER = timedelta(days=5)  # of failures and nothing else
REPEAT_HOURS = "repeat_hours"  # whose document has it is told seldom of what only goes on
_MAX_DOUBLINGS = 10


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"  # it is not tried any more, unless somebody asks for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """What came of one try: `status` of HTTP or SMTP, `error` if it is no success.

    `answer` is the beginning of what the receiver said; `gone` says that it wants nothing more.
    """

    at: datetime
    milliseconds: float
    status: int | None = None
    error: str | None = None
    answer: str | None = None
    retry_after: float | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How a receiver did so far: failures since its last success, and since when."""

    failures: int = 0
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What becomes of a delivery and of its receiver after a try."""

    state: DeliveryState
    due_at: datetime
    free_at: datetime
    record: Record
    disabled: str | None = None  # why the receiver gets nothing more


def settle(attempt: int, made: Try, record: Record, fraction: float) -> Settlement:
    """Decide after the try number `attempt` (from 1) of a delivery; `fraction` spreads the next."""
    if made.error is None:
        state = DeliveryState.DELIVERED
        return Settlement(state=state, due_at=made.at, free_at=made.at, record=Record())
    since = record.failing_since or made.at
    failed = Record(failures=record.failures + 1, failing_since=since)
    wish = _wish(made)
    last = attempt > len(DELAYS)
    delay = timedelta() if last else DELAYS[attempt - 1] * (1 + JITTER * fraction)
    return Settlement(
        state=DeliveryState.FAILED if last else DeliveryState.PENDING,
        due_at=made.at + max(delay, wish),
        free_at=made.at + max(_rest(failed.failures), wish),
        record=failed,
        disabled=_why_disabled(made, since),
    )


def _wish(made: Try) -> timedelta:
    """Return for how long the receiver wants to be left alone, within bounds."""
    asked = min(LONGEST_WISH.total_seconds(), max(0.0, made.retry_after or 0.0))
    return timedelta(seconds=asked)


def _rest(failures: int) -> timedelta:
    return min(FIRST_REST * (1 << min(failures - 1, _MAX_DOUBLINGS)), LONGEST_REST)


def _why_disabled(made: Try, since: datetime) -> str | None:
    if made.gone:
        return "it answered 410 Gone: it wants nothing more"
    if made.at - since >= GIVEN_UP_AFTER:
        return f"every try failed since {since:%Y-%m-%d %H:%M} UTC, the last one with: {made.error}"
    return None
