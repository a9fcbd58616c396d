from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from importmgr.store.hits import DatabaseWindow, FailedLogins
from importmgr.store.tables import rate_hits
from tests.clocks import HandClock
from tests.stores import NOW

ROOT = Path(__file__).resolve().parents[4]
CALLER = """
import sys
from destinations.engine import create_engine
from importmgr.clock import SystemClock
from importmgr.store.hits import DatabaseWindow
window = DatabaseWindow(create_engine(sys.argv[1]), SystemClock())
print(sum(window.acquire("project/1", 100, 60) for _ in range(60)))
"""


@pytest.fixture
def window(engine: Engine) -> DatabaseWindow:
    return DatabaseWindow(engine, HandClock(NOW))


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOW)


@pytest.fixture
def on_file(sqlite_engine: Engine, clock: HandClock) -> DatabaseWindow:
    """A window whose time the test sets."""
    return DatabaseWindow(sqlite_engine, clock)


def test_three_processes_with_sixty_calls_each_get_exactly_the_hundred(database_url: str) -> None:
    callers = [
        subprocess.Popen(
            [sys.executable, "-c", CALLER, database_url],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    granted = [int(caller.communicate(timeout=90)[0]) for caller in callers]

    assert sum(granted) == 100


def test_threads_share_one_window(window: DatabaseWindow) -> None:
    with ThreadPoolExecutor(8) as pool:
        granted = list(pool.map(lambda _: window.acquire("k", 10, 60), range(30)))

    assert granted.count(True) == 10


def test_every_key_has_a_window_of_its_own(window: DatabaseWindow) -> None:
    assert window.acquire("a", 1, 60) is True
    assert window.acquire("a", 1, 60) is False
    assert window.acquire("b", 1, 60) is True


def test_several_hits_fit_together_or_not_at_all(window: DatabaseWindow) -> None:
    assert window.acquire("k", 5, 60, amount=3) is True
    assert window.acquire("k", 5, 60, amount=3) is False
    assert window.acquire("k", 5, 60, amount=2) is True
    assert window.filling("k", 60).count == 5


def test_the_window_moves(on_file: DatabaseWindow, clock: HandClock) -> None:
    for _ in range(4):
        assert on_file.acquire("k", 4, 60)
        clock.move(10)

    clock.move(19)
    assert on_file.acquire("k", 4, 60) is False
    clock.move(1)
    assert on_file.acquire("k", 4, 60) is True
    assert on_file.acquire("k", 4, 60) is False


def test_the_filling_tells_when_there_is_room_again(
    on_file: DatabaseWindow, clock: HandClock
) -> None:
    assert on_file.filling("k", 60).oldest == NOW.timestamp()
    on_file.acquire("k", 2, 60)
    clock.move(20)
    on_file.acquire("k", 2, 60)

    filling = on_file.filling("k", 60)

    assert (filling.count, filling.oldest) == (2, NOW.timestamp())
    assert filling.now == NOW.timestamp() + 20


def test_a_cleared_key_has_room(window: DatabaseWindow) -> None:
    window.acquire("k", 1, 60)
    window.clear("k")

    assert window.acquire("k", 1, 60) is True


def test_an_address_is_blocked_after_too_many_failures_and_free_after_a_minute(
    on_file: DatabaseWindow, clock: HandClock
) -> None:
    failed = FailedLogins(on_file, per_minute=3)
    for _ in range(3):
        assert failed.seconds_blocked("192.0.2.1") == 0
        failed.add("192.0.2.1")
        clock.move(10)

    assert failed.seconds_blocked("192.0.2.1") == 30
    assert failed.seconds_blocked("192.0.2.2") == 0
    clock.move(29.5)
    assert failed.seconds_blocked("192.0.2.1") == 1
    clock.move(0.5)
    assert failed.seconds_blocked("192.0.2.1") == 0


def test_old_failures_of_anybody_do_not_pile_up(
    on_file: DatabaseWindow, clock: HandClock, sqlite_engine: Engine
) -> None:
    failed = FailedLogins(on_file, per_minute=3)
    for number in range(20):
        failed.add(f"192.0.2.{number}")
    clock.move(4000)
    failed.add("192.0.2.1")

    with sqlite_engine.connect() as connection:
        counted = sa.select(sa.func.count()).select_from(rate_hits)
        assert connection.execute(counted).scalar_one() == 1
