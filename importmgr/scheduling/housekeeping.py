"""The regular chores: what dead executors left behind, what is owed to files, what is old."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from apscheduler.schedulers.background import BackgroundScheduler

from definitions.errors import ImportmgrError
from importmgr.log import get_logger
from importmgr.outage import Outage

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from importmgr.clock import Clock
    from importmgr.services.follow_ups import FollowUps
    from importmgr.services.retention import Retention
    from importmgr.store.runs import RunStore
    from sources.spool import Spool

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outages:
    """The failures in a row of each kind of chore: each has a thread of its own."""

    keeping: Outage
    following: Outage
    forgetting: Outage

    @classmethod
    def begin(cls, pause: timedelta, clock: Clock) -> Outages:
        """Return that there were none yet."""
        return cls(
            keeping=Outage("housekeeping", pause=pause, clock=clock),
            following=Outage("follow-ups", pause=pause, clock=clock),
            forgetting=Outage("retention", pause=pause, clock=clock),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Chores:
    """What has to be done again and again."""

    runs: RunStore
    spool: Spool
    retention: Retention
    follow_ups: FollowUps
    outages: Outages

    def do(self) -> None:
        """Do each chore once; a busy database is left for the next time."""

        def each() -> None:
            self.reap()
            self.sweep()

        _try(each, self.outages.keeping)

    def follow_up(self, go_on: Callable[[], bool]) -> None:
        """Do what is owed to files of ended runs and was not done by whoever ended them."""
        _try(lambda: self.follow_ups.work_off(go_on), self.outages.following)

    def reap(self) -> int:
        """Return runs whose lease expired to the queue and tell how many there were."""
        count = self.runs.reap()
        if count:
            log.warning("expired runs queued again", count=count)
        return count

    def sweep(self) -> int:
        """Remove fetched files of ended runs and tell how many runs had some.

        An executor cleans up after a run that it ends; nobody does after one that was cancelled.
        """
        ended = self.runs.ended(self.spool.runs())
        for run_id in ended:
            self.spool.clear(run_id)
        self._make_room()
        return len(ended)

    def _make_room(self) -> None:
        """Remove fetched files of runs that wait where others find no room; they come again.

        While the run is held they are only put aside: removing them may take long.
        """
        self.spool.clear_aside()
        for run_id in self.spool.runs():
            if not self.spool.lacks_room():
                return
            with self.runs.left_waiting(run_id) as waits:
                if waits:
                    self.spool.set_aside(run_id)
            if waits:
                self.spool.clear_aside()
                log.warning("fetched files removed, others need the room", run_id=run_id)

    def forget(self, go_on: Callable[[], bool]) -> None:
        """Forget what is old; a busy database is left for the next time."""
        _try(lambda: self.retention.forget_when_due(go_on), self.outages.forgetting)


def _try(chore: Callable[[], object], outage: Outage) -> None:
    try:
        chore()
    except ImportmgrError as exc:
        outage.failed(exc)
    else:
        outage.passed()


def start_housekeeping(chores: Chores, every: timedelta) -> BackgroundScheduler:
    """Do the chores at once and then regularly, until the returned scheduler is shut down."""
    defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler = BackgroundScheduler(timezone="UTC", job_defaults=defaults)
    seconds = every.total_seconds()
    scheduler.add_job(chores.do, "interval", seconds=seconds)
    for lengthy in (chores.follow_up, chores.forget):
        scheduler.add_job(lengthy, "interval", [lambda: scheduler.running], seconds=seconds)
    chores.do()
    scheduler.start()
    return scheduler
