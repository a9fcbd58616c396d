"""The watchers look again and again, whatever goes wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from definitions.errors import PermanentError, StoreBusyError
from importmgr.clock import SystemClock
from importmgr.scheduling.watcher import Watchers
from importmgr.services.watching import Watching
from tests.product import Product, wait_until

PAUSE = timedelta(milliseconds=10)


class CountingWatching(Watching):
    """Looks at nothing; counts how often it was asked, and may break."""

    def __init__(self) -> None:
        self.count = 0
        self.error: Exception | None = None

    def take_in(self) -> int:
        """Take nothing in."""
        return 0

    def look_once(self) -> bool:
        """Count."""
        self.count += 1
        if self.error is not None:
            raise self.error
        return False


@pytest.fixture
def watching() -> CountingWatching:
    return CountingWatching()


@pytest.fixture
def watchers(watching: CountingWatching) -> Iterator[Watchers]:
    """Two watchers that look every 10 ms."""
    made = Watchers(watching, 2, pause=PAUSE, clock=SystemClock())
    made.start()
    yield made
    made.stop()


def test_they_look_again_and_again_until_they_are_stopped(
    watching: CountingWatching, watchers: Watchers
) -> None:
    wait_until(lambda: watching.count > 4)
    watchers.check()

    watchers.stop()
    time.sleep(0.1)
    count = watching.count
    time.sleep(0.1)

    assert watching.count == count
    with pytest.raises(PermanentError, match="2 of 2 watchers have ended; restart the service"):
        watchers.check()


@pytest.mark.parametrize("error", [StoreBusyError("the database is busy"), ValueError("no")])
def test_an_error_costs_no_watcher(
    watching: CountingWatching, watchers: Watchers, error: Exception
) -> None:
    watching.error = error
    count = watching.count

    wait_until(lambda: watching.count > count + 3)

    watchers.check()


def test_a_process_without_watchers_is_well(product: Product) -> None:
    none = Watchers(product.wiring.watching(), 0, pause=PAUSE, clock=SystemClock())

    none.start()

    none.check()
    none.stop()


def test_the_wiring_of_a_process_looks(product: Product) -> None:
    made = product.wiring.watchers()
    made.start()
    made.check()
    made.stop(within=10)  # else a connection is in use when the test's database goes

    with pytest.raises(PermanentError, match="watchers have ended"):
        made.check()
