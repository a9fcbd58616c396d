"""The ticker ticks on, whatever the clock and the database do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.errors import PermanentError, StoreBusyError
from importmgr.clock import SystemClock
from importmgr.scheduling.ticker import LOOK_AGAIN_SECONDS, TICK, AlongWith, Ticker, ticks
from importmgr.services.firing import Firing
from importmgr.services.rescheduling import Rescheduling
from importmgr.settings import Settings
from importmgr.store.promises import PromiseStore
from tests.acceptance.documents import DAILY, changed, people
from tests.clocks import HandClock
from tests.product import Product, wait_until
from tests.stores import NOW

PROMISE = timedelta(seconds=2)  # from an instant to its run, on a machine that has time
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # what `DAILY` means first, after that


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


class CountingRescheduling(Rescheduling):
    """Computes nothing; remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def bring_up_to_date(self) -> int:
        """Count."""
        self.asked.append("all")
        return 0

    def catch_up(self) -> int:
        """Count."""
        self.asked.append("left")
        return 0

    def look_again(self) -> int:
        """Count."""
        self.asked.append("others")
        return 0


def along_with() -> AlongWith:
    return AlongWith(promises=Promises(), rescheduling=CountingRescheduling())


@pytest.fixture
def firing() -> CountingFiring:
    return CountingFiring()


@pytest.fixture
def ticking(firing: CountingFiring) -> Iterator[Ticker]:
    """A ticker that ticks every 20 ms."""
    ticker = Ticker(firing, along_with(), every=timedelta(milliseconds=20), clock=SystemClock())
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
    ticker = Ticker(firing, along_with(), every=timedelta(seconds=1), clock=clock)
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


def test_schedules_are_looked_at_first_and_then_once_an_hour(firing: CountingFiring) -> None:
    clock, rescheduling = HandClock(NOW), CountingRescheduling()
    also = AlongWith(promises=Promises(), rescheduling=rescheduling)
    ticker = Ticker(firing, also, every=timedelta(hours=9), clock=clock)

    ticker.start()
    ticker.stop()
    for _ in range(3):
        ticker.tick()
        clock.move(LOOK_AGAIN_SECONDS / 2)

    assert rescheduling.asked == ["all", "left", "left", "left", "others"]


def longest_wait(every: timedelta, begun: timedelta, ahead: int) -> timedelta:
    """Return how long an instant waits for its tick, if the service began so much after START."""
    instant = START + timedelta(seconds=ahead)
    tick = ticks(START + begun, every).get_next_fire_time(None, instant)
    waited: timedelta = tick - instant
    return waited


@given(
    begun=st.timedeltas(timedelta(0), timedelta(seconds=60)),
    ahead=st.integers(62, 10_000_000),
)
def test_no_instant_waits_longer_for_its_tick_than_is_promised(
    begun: timedelta, ahead: int
) -> None:
    """Whenever the service began; what is left of the promise is for the tick itself."""
    every = timedelta(seconds=Settings(data_dir=Path()).tick_seconds)

    assert timedelta(0) <= longest_wait(every, begun, ahead) <= PROMISE / 2


def test_ticks_that_come_seldom_would_break_the_promise() -> None:
    every = timedelta(seconds=3)

    assert max(longest_wait(every, timedelta(0), ahead) for ahead in range(62, 65)) == PROMISE


@pytest.mark.parametrize("begun", [0.0, 0.25, 0.999999])
def test_a_definition_fires_at_the_first_tick_of_its_instant(
    small_product: Product, begun: float
) -> None:
    import_id = small_product.create(changed(people(), "trigger", DAILY))
    ticker, clock = small_product.wiring.ticker(), small_product.clock
    clock.at = START + timedelta(seconds=begun)
    trigger = ticks(clock.at, timedelta(seconds=small_product.wiring.settings.tick_seconds))

    at = trigger.get_next_fire_time(None, FIRST - timedelta(seconds=3))
    while not small_product.runs(import_id):
        clock.at = at
        ticker.tick()
        at = trigger.get_next_fire_time(at, at)

    run = small_product.run(import_id)
    assert run.scheduled_for == FIRST
    assert timedelta(0) <= run.created_at - FIRST < PROMISE
    ticker.check()
