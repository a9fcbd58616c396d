"""What the settings say reaches those who go by it."""

from __future__ import annotations

from importmgr.settings import Settings
from importmgr.terms import policy_of


def test_limits_are_those_of_the_settings() -> None:
    policy = policy_of(Settings(max_active_definitions=3, max_waiting_runs=4))

    assert (policy.max_active_definitions, policy.max_waiting_runs) == (3, 4)
