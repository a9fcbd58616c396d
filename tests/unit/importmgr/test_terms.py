"""What the settings say reaches those who go by it."""

from __future__ import annotations

from datetime import timedelta

from importmgr.settings import Settings
from importmgr.terms import firing_terms, policy_of
from importmgr.world import World
from tests.clocks import CountingIdentity, HandClock
from tests.stores import NOW


def test_limits_are_those_of_the_settings() -> None:
    policy = policy_of(Settings(max_active_definitions=3, max_waiting_runs=4))

    assert (policy.max_active_definitions, policy.max_waiting_runs) == (3, 4)


def test_schedules_are_fired_as_the_settings_say() -> None:
    world = World(clock=HandClock(NOW), identity=CountingIdentity())

    terms = firing_terms(Settings(missed_after_seconds=5.0, max_waiting_runs=7), world)

    assert (terms.grace, terms.most_waiting) == (timedelta(seconds=5), 7)
    assert terms.new_id() == f"{1:024x}"
