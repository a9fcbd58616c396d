"""The regular chores: what dead executors left behind, what is owed to files, what is old."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from apscheduler.schedulers.background import BackgroundScheduler

from definitions.errors import ImportmgrError
from importmgr.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from importmgr.outage import Outage
    from importmgr.services.follow_ups import FollowUps
    from importmgr.services.retention import Retention
    from importmgr.store.runs import RunStore
    from sources.spool import Spool

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chores:
    """What has to be done again and again."""

    runs: RunStore
    spool: Spool
    retention: Retention
    follow_ups: FollowUps
    outage: Outage
    forgetting: Outage  # of what is old, which another thread does

    def do(self) -> None:
        """Do each chore once; a busy database is left for the next time."""
        try:
            self.reap()
            self.sweep()
        except ImportmgrError as exc:
            self.outage.failed(exc)
        else:
            self.outage.passed()

    def follow_up(self, go_on: Callable[[], bool]) -> None:
        """Do what is owed to files of ended runs and was not done by whoever ended them."""
        self.follow_ups.work_off(go_on)

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
        """Remove fetched files of runs that wait where others find no room; they come again."""
        for run_id in self.spool.runs():
            if not self.spool.lacks_room():
                return
            with self.runs.left_waiting(run_id) as waits:
                if waits:
                    self.spool.clear(run_id)
                    log.warning("fetched files removed, others need the room", run_id=run_id)

    def forget(self, go_on: Callable[[], bool]) -> None:
        """Forget what is old; a busy database is left for the next time."""
        try:
            self.retention.forget_when_due(go_on)
        except ImportmgrError as exc:
            self.forgetting.failed(exc)
        else:
            self.forgetting.passed()


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
