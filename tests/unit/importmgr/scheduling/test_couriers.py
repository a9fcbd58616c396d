from __future__ import annotations

from datetime import timedelta

import pytest

from definitions.errors import PermanentError, StoreBusyError
from importmgr.clock import SystemClock
from importmgr.scheduling.couriers import Couriers
from importmgr.services.courier import Courier
from tests.product import wait_until

PAUSE = timedelta(milliseconds=5)


class Delivering(Courier):
    """Delivers whatever there is, after two stumbles."""

    def __init__(self) -> None:
        self.count = 0

    def deliver_one(self) -> bool:
        """Count, and go wrong at first."""
        self.count += 1
        if self.count == 1:
            msg = "locked"
            raise StoreBusyError(msg)
        if self.count == 2:
            raise MemoryError
        return self.count < 5


def test_couriers_go_on_whatever_happens_until_they_are_stopped() -> None:
    delivering = Delivering()
    couriers = Couriers([delivering], 1, pause=PAUSE, clock=SystemClock())
    couriers.start()

    wait_until(lambda: delivering.count > 6)
    couriers.check()
    couriers.stop()

    wait_until(lambda: not couriers._threads[0].is_alive())
    with pytest.raises(PermanentError, match="1 of 1 couriers have ended"):
        couriers.check()
