from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from definitions.errors import ShutdownError
from importmgr.store.hits import DatabaseWindow
from importmgr.store.pace import SourcePace
from tests.clocks import CountingIdentity, HandClock
from tests.engines import open_engine
from tests.stores import NOW


def go_on() -> None:
    """Let the wait go on."""


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOW)


@pytest.fixture
def waited() -> list[float]:
    """How many seconds were waited, in the order in which it was told."""
    return []


@pytest.fixture
def pace(sqlite_engine: Engine, clock: HandClock, waited: list[float]) -> SourcePace:
    window = DatabaseWindow(sqlite_engine, clock)

    def hear(took: timedelta) -> None:
        waited.append(took.total_seconds())

    return SourcePace(window, 3, clock, CountingIdentity(), hear)


def test_requests_within_the_pace_go_out_at_once(pace: SourcePace, clock: HandClock) -> None:
    for _ in range(3):
        pace.wait(1, "files.example.test", go_on)

    assert clock.slept == []


def test_one_request_more_waits_until_the_first_is_a_minute_old(
    pace: SourcePace, clock: HandClock, waited: list[float]
) -> None:
    for _ in range(4):
        pace.wait(1, "files.example.test", go_on)

    assert waited == clock.slept

    assert 60 <= (clock.now() - NOW).total_seconds() < 62
    assert max(clock.slept) <= 1.25


def test_projects_and_hosts_do_not_wait_for_each_other(pace: SourcePace, clock: HandClock) -> None:
    for _ in range(3):
        pace.wait(1, "files.example.test", go_on)
        pace.wait(2, "files.example.test", go_on)
        pace.wait(1, "other.example.test", go_on)

    assert clock.slept == []


def test_a_database_that_is_away_stops_no_request(clock: HandClock) -> None:
    with open_engine("postgresql+psycopg://nobody@127.0.0.1:1/none") as engine:
        pace = SourcePace(
            DatabaseWindow(engine, clock), 1, clock, CountingIdentity(), lambda _: None
        )

        for _ in range(3):
            pace.wait(1, "files.example.test", go_on)

        assert clock.slept == []


def test_a_wait_ends_when_the_service_stops(pace: SourcePace, clock: HandClock) -> None:
    def stopping() -> None:
        msg = "the service is stopping"
        raise ShutdownError(msg)

    for _ in range(3):
        pace.wait(1, "files.example.test", stopping)
    with pytest.raises(ShutdownError):
        pace.wait(1, "files.example.test", stopping)

    assert clock.slept == []
