"""The couriers: threads that, again and again, deliver what is due and ping whom they owe it."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from definitions.errors import ImportmgrError, PermanentError
from importmgr.log import get_logger
from importmgr.outage import Outage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importmgr.clock import Clock
    from importmgr.services.courier import Courier
    from importmgr.services.pinging import Pinging

log = get_logger(__name__)


class Couriers:
    """Delivers to up to `size` receivers at the same time; one that is slow keeps one thread."""

    def __init__(
        self, work: Sequence[Courier | Pinging], size: int, *, pause: timedelta, clock: Clock
    ) -> None:
        """Take what delivers, and how long to wait where nothing is due."""
        self._work_of_all = work
        self._pause = pause
        self._clock = clock
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name=f"courier-{n}", daemon=True)
            for n in range(1, size + 1)
        ]

    def start(self) -> None:
        """Begin to deliver."""
        for thread in self._threads:
            thread.start()

    def check(self) -> None:
        """Raise `PermanentError` unless every courier is there."""
        dead = sum(not thread.is_alive() for thread in self._threads)
        if dead:
            msg = f"{dead} of {len(self._threads)} couriers have ended; restart the service"
            raise PermanentError(msg)

    def stop(self) -> None:
        """Begin no further delivery; one that has begun may end, or is made again later."""
        self._stop.set()

    def _work(self) -> None:
        outage = Outage("courier", pause=self._pause, clock=self._clock)
        while not self._stop.is_set():
            self._stop.wait(self._deliver(outage).total_seconds())

    def _deliver(self, outage: Outage) -> timedelta:
        """Deliver once, and return how long to wait before the next time.

        Whatever goes wrong may not cost the courier, and is tried again.
        """
        try:
            delivered = [each.deliver_one() for each in self._work_of_all]
            outage.passed()
        except ImportmgrError as exc:
            return outage.failed(exc)
        except BaseException:
            log.exception("courier stumbled")
            return self._pause
        return timedelta(0) if any(delivered) else self._pause
