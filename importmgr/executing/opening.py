"""How an executor of this installation behaves, as the settings say."""

from __future__ import annotations

from datetime import timedelta

from definitions.retry import RetryPolicy
from importmgr.executing.bell import Bell
from importmgr.executing.executor import ExecutorTerms
from importmgr.executing.lease import LeaseTerms
from importmgr.settings import Settings


def executor_terms(settings: Settings, owner: str, bell: Bell) -> ExecutorTerms:
    """Return the pace and the patience of an executor called `owner`, which `bell` wakes."""
    return ExecutorTerms(
        owner=owner,
        bell=bell,
        poll=timedelta(seconds=settings.poll_seconds),
        lease=LeaseTerms(
            duration=timedelta(seconds=settings.lease_seconds),
            heartbeat=timedelta(seconds=settings.heartbeat_seconds),
        ),
        retry=_retry(settings),
    )


def _retry(settings: Settings) -> RetryPolicy:
    """Return how often and when a failed attempt is repeated."""
    return RetryPolicy(
        max_attempts=settings.max_attempts,
        first_delay=timedelta(seconds=settings.retry_first_delay_seconds),
        max_delay=timedelta(seconds=settings.retry_max_delay_seconds),
    )
