"""The ticker ticks on, whatever the clock and the database do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from definitions.errors import PermanentError, StoreBusyError
from importmgr.clock import SystemClock
from importmgr.scheduling.ticker import TICK, Ticker
from importmgr.services.firing import Firing
from importmgr.store.promises import PromiseStore
from tests.clocks import HandClock
from tests.product import Product, wait_until
from tests.stores import NOW


class CountingFiring(Firing):
    """Fires nothing; counts how often it was asked, and may be busy."""

    def __init__(self) -> None:
        self.count = 0
        self.is_busy = False

    def fire_due(self) -> int:
        """Count."""
        self.count += 1
        if self.is_busy:
            msg = "the database is busy"
            raise StoreBusyError(msg)
        return 1


class Promises(PromiseStore):
    """Promises nothing."""

    def __init__(self) -> None:
        pass

    def break_due(self) -> int:
        """Find nothing broken."""
        return 0


@pytest.fixture
def firing() -> CountingFiring:
    return CountingFiring()


@pytest.fixture
def ticking(firing: CountingFiring) -> Iterator[Ticker]:
    """A ticker that ticks every 20 ms."""
    ticker = Ticker(firing, Promises(), every=timedelta(milliseconds=20), clock=SystemClock())
    ticker.start()
    yield ticker
    ticker.stop()


def more_than(firing: CountingFiring, count: int) -> Callable[[], bool]:
    return lambda: firing.count > count


def test_it_ticks_again_and_again_until_it_is_stopped(
    firing: CountingFiring, ticking: Ticker
) -> None:
    wait_until(more_than(firing, 3))

    ticking.stop()
    time.sleep(0.1)
    count = firing.count
    time.sleep(0.1)

    assert firing.count == count
    ticking.start()


def test_a_busy_database_is_left_for_the_next_tick(
    firing: CountingFiring, ticking: Ticker, caplog: pytest.LogCaptureFixture
) -> None:
    firing.is_busy = True
    wait_until(more_than(firing, 2))
    firing.is_busy = False
    wait_until(more_than(firing, firing.count + 1))

    ticking.check()
    assert caplog.text.count("loop held up") == 1  # however many ticks failed


def test_a_clock_that_is_set_back_stops_no_tick(firing: CountingFiring, ticking: Ticker) -> None:
    """The scheduler waits for a time of day: far away is what it is after such a change."""
    wait_until(more_than(firing, 1))
    ticking._scheduler.modify_job(TICK, next_run_time=SystemClock().now() + timedelta(hours=1))
    time.sleep(0.2)
    before = firing.count

    ticking.keep_time()

    wait_until(more_than(firing, before + 2))


def test_it_is_not_ready_when_no_tick_goes_well(firing: CountingFiring) -> None:
    clock = HandClock(NOW)
    ticker = Ticker(firing, Promises(), every=timedelta(seconds=1), clock=clock)
    firing.is_busy = True
    clock.move(59)
    ticker.check()
    clock.move(2)
    ticker.tick()

    with pytest.raises(PermanentError, match="nothing was fired for 61 s"):
        ticker.check()

    firing.is_busy = False
    ticker.tick()
    ticker.check()


def test_the_wiring_of_a_process_ticks(product: Product) -> None:
    product.wiring.ticker().tick()
