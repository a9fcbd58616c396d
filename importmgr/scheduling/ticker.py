"""The ticker: again and again it fires what is due, whatever the clock of this machine does."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from apscheduler.schedulers.background import BackgroundScheduler

from definitions.errors import ImportmgrError, PermanentError
from importmgr.log import get_logger
from importmgr.outage import Outage

if TYPE_CHECKING:
    from importmgr.clock import Clock
    from importmgr.services.firing import Firing
    from importmgr.store.promises import PromiseStore

log = get_logger(__name__)

LATE_TICKS = 5  # that may be left out before somebody looks why
SILENT_SECONDS = 60  # without a tick that went well, before the service is not ready
TICK = "tick"


class Ticker:
    """Fires what is due, and knows when it last did."""

    def __init__(
        self, firing: Firing, promises: PromiseStore, *, every: timedelta, clock: Clock
    ) -> None:
        """Take what fires, what knows which promises are broken, and how often to look."""
        self._firing = firing
        self._promises = promises
        self._clock = clock
        self._every = every
        self._outage = Outage("ticker", pause=every, clock=clock)
        self._ended = self._succeeded = clock.monotonic()
        self._is_ticking = False
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Tick regularly, at full seconds where that fits: instants of schedules are such."""
        first = self._clock.now().replace(microsecond=0) + timedelta(seconds=1)
        seconds = self._every.total_seconds()
        self._scheduler.add_job(self.tick, "interval", seconds=seconds, start_date=first, id=TICK)
        self._scheduler.start()

    def stop(self, *, wait: bool = False) -> None:
        """Begin no further tick; one that has begun ends by itself, and may be waited for."""
        self._scheduler.shutdown(wait=wait)

    def tick(self) -> None:
        """Fire what is due; a busy database is left for the next time."""
        self._is_ticking = True
        try:
            count = self._firing.fire_due()
            broken = self._promises.break_due()
            self._succeeded = self._clock.monotonic()
        except ImportmgrError as exc:
            self._outage.failed(exc)
        else:
            self._outage.passed()
            if count:
                log.info("definitions fired", count=count)
            if broken:
                log.warning("definitions not fresh", count=broken)
        finally:
            self._ended = self._clock.monotonic()
            self._is_ticking = False

    def keep_time(self) -> None:
        """Tick at once if the scheduler waits although ticks are overdue.

        It waits for a time of day. When the clock of this machine is set back, that is far away.
        """
        overdue = self._clock.monotonic() - self._ended
        if not self._is_ticking and overdue > LATE_TICKS * self._every.total_seconds():
            log.warning("ticks are overdue", seconds=round(overdue, 1))
            self._scheduler.modify_job(TICK, next_run_time=self._clock.now())

    def check(self) -> None:
        """Raise `PermanentError` unless a tick went well lately."""
        silent = self._clock.monotonic() - self._succeeded
        if silent > SILENT_SECONDS:
            msg = f"nothing was fired for {silent:.0f} s; look into the log, restart the service"
            raise PermanentError(msg)
