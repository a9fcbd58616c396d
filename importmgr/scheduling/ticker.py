"""The ticker: again and again it fires what is due, whatever the clock of this machine does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from definitions.errors import ImportmgrError, PermanentError
from importmgr.log import get_logger
from importmgr.outage import Outage

if TYPE_CHECKING:
    from importmgr.clock import Clock
    from importmgr.services.firing import Firing
    from importmgr.services.rescheduling import Rescheduling
    from importmgr.store.promises import PromiseStore

log = get_logger(__name__)

LATE_TICKS = 5  # that may be left out before somebody looks why
SILENT_SECONDS = 60  # without a tick that went well, before the service is not ready
LOOK_AGAIN_SECONDS = 3_600  # until all schedules are looked at again, which reads them all
TICK = "tick"


def ticks(now: datetime, every: timedelta) -> IntervalTrigger:
    """Return when to tick from now on: at full seconds where it fits, as instants are such."""
    first = now.replace(microsecond=0) + timedelta(seconds=1)
    return IntervalTrigger(seconds=every.total_seconds(), start_date=first, timezone="UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlongWith:
    """What is looked at when it is time to fire: broken promises, and schedules of other rules."""

    promises: PromiseStore
    rescheduling: Rescheduling


class Ticker:
    """Fires what is due, and knows when it last did."""

    def __init__(self, firing: Firing, also: AlongWith, *, every: timedelta, clock: Clock) -> None:
        """Take what fires, what is looked at along with that, and how often to look."""
        self._firing = firing
        self._also = also
        self._clock = clock
        self._every = every
        self._outage = Outage("ticker", pause=every, clock=clock)
        self._ended = self._succeeded = self._looked = clock.monotonic()
        self._is_ticking = False
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Compute anew what other rules computed, then tick again and again."""
        self._also.rescheduling.bring_up_to_date()
        self._scheduler.add_job(self.tick, ticks(self._clock.now(), self._every), id=TICK)
        self._scheduler.start()

    def stop(self, *, wait: bool = False) -> None:
        """Begin no further tick; one that has begun ends by itself, and may be waited for."""
        self._scheduler.shutdown(wait=wait)

    def tick(self) -> None:
        """Fire what is due; a busy database is left for the next time."""
        self._is_ticking = True
        try:
            count = self._firing.fire_due()
            broken = self._also.promises.break_due()
            self._reschedule()
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

    def _reschedule(self) -> None:
        """Compute anew what was held by others, and now and then what they wrote by other rules."""
        self._also.rescheduling.catch_up()
        now = self._clock.monotonic()
        if now - self._looked >= LOOK_AGAIN_SECONDS:
            self._looked = now
            self._also.rescheduling.look_again()

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
