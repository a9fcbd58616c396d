from __future__ import annotations

from datetime import timedelta

from importmgr.executing.bell import Bell
from importmgr.executing.opening import executor_terms
from importmgr.settings import Settings


def test_an_executor_behaves_as_the_settings_say() -> None:
    settings = Settings(
        lease_seconds=50,
        heartbeat_seconds=7,
        poll_seconds=2,
        max_attempts=3,
        retry_first_delay_seconds=4,
        retry_max_delay_seconds=90,
    )

    terms = executor_terms(settings, "me", Bell())

    assert (terms.owner, terms.poll) == ("me", timedelta(seconds=2))
    assert terms.lease.duration == timedelta(seconds=50)
    assert terms.lease.heartbeat == timedelta(seconds=7)
    assert terms.retry.max_attempts == 3
    assert terms.retry.first_delay == timedelta(seconds=4)
    assert terms.retry.max_delay == timedelta(seconds=90)
