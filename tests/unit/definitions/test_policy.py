from __future__ import annotations

from definitions.policy import BLOOMREACH, RateLimit


def test_the_bloomreach_dialect_has_the_documented_limits() -> None:
    """BR32, BR36, BR37: runs queue, reading is limited, active definitions are counted."""
    assert (BLOOMREACH.max_active_runs, BLOOMREACH.max_waiting_runs) == (1, 100)
    assert BLOOMREACH.reading_rate == RateLimit(requests=100, seconds=60)
    assert BLOOMREACH.max_active_definitions == 25


def test_the_bloomreach_dialect_never_stops_for_rejected_rows() -> None:
    assert BLOOMREACH.error_ratio is None
    assert not BLOOMREACH.pausable
