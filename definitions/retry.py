"""When a failed attempt is worth another one, and after how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from definitions.errors import ImportmgrError, TemporaryError

_MAX_DOUBLINGS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Exponential back-off: the delay doubles up to `max_delay`, less a random part of its half.

    The other side's wish for a longer pause is honoured up to `max_wish`.
    """

    max_attempts: int = 5
    first_delay: timedelta = timedelta(seconds=10)
    max_delay: timedelta = timedelta(minutes=10)
    max_wish: timedelta = timedelta(hours=1)

    def delay_after(self, attempt: int, error: ImportmgrError, jitter: float) -> timedelta | None:
        """Return how long to wait after the failed `attempt` (from 1), or None to give up.

        `jitter` is a random number from 0 up to 1; the greater, the shorter the wait.
        """
        if not isinstance(error, TemporaryError) or attempt >= self.max_attempts:
            return None
        doublings = min(attempt - 1, _MAX_DOUBLINGS)
        delay = min(self.first_delay * (1 << doublings), self.max_delay)
        return max(delay * (1 - jitter / 2), self._wish(error))

    def _wish(self, error: TemporaryError) -> timedelta:
        """Return the pause the other side asked for, within bounds."""
        limit = self.max_wish.total_seconds()
        asked = min(limit, error.retry_after or 0.0)  # NaN is not less: it becomes the limit
        return timedelta(seconds=max(0.0, asked))


def retry_of(document: Mapping[str, Any], default: RetryPolicy) -> RetryPolicy:
    """Return how the runs of a normalised document are retried; the rest is as by default."""
    given = document.get("retry") or {}
    first, longest = given.get("first_delay"), given.get("max_delay")
    return replace(
        default,
        max_attempts=given.get("max_attempts") or default.max_attempts,
        first_delay=default.first_delay if first is None else timedelta(seconds=first),
        max_delay=default.max_delay if longest is None else timedelta(seconds=longest),
    )
