"""What an executor of this installation does, and how it behaves, as the settings say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from definitions.brakes import BrakeAction
from definitions.lifecycle import Cause
from definitions.retry import RetryPolicy
from importmgr.clock import Clock
from importmgr.executing.bell import Bell
from importmgr.executing.by_cause import ByCause, Work
from importmgr.executing.executor import ExecutorTerms
from importmgr.executing.lease import LeaseTerms
from importmgr.memory import share_heaps
from importmgr.services.follow_ups import FollowUps
from importmgr.services.sources import Sources
from importmgr.settings import Settings, environment
from importmgr.store import Stores
from importmgr.store.loading import Sessions
from sources.spool import Spool

if TYPE_CHECKING:
    from importmgr.executing.attempt import Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """What all attempts of one process share."""

    settings: Settings
    stores: Stores
    sources: Sources
    follow_ups: FollowUps
    spool: Spool
    clock: Clock
    sessions: Sessions


def open_attempt(works: Works) -> ByCause:
    """Return what works off runs, whatever asked for them; it brings the column engine."""
    share_heaps(environment())
    others = {Cause.REPAIR: partial(_repair, works), Cause.DRY_RUN: partial(_dry_run, works)}
    return ByCause(usual=_usual(works), others=others)


def _usual(works: Works) -> Attempt:
    from importmgr.executing.announcing import Announcer  # noqa: PLC0415 - only executors need it
    from importmgr.executing.attempt import Attempt  # noqa: PLC0415 - as above
    from importmgr.executing.files import open_reader  # noqa: PLC0415 - as above

    stores = works.stores
    return Attempt(
        runs=stores.runs,
        files=stores.files,
        announcer=Announcer(runs=stores.runs, decisions=stores.decisions, clock=works.clock),
        sources=works.sources,
        follow_ups=works.follow_ups,
        spool=works.spool,
        brake_action=BrakeAction(works.settings.brake_action),
        open_reader=partial(open_reader, settings=works.settings),
        open_session=works.sessions.load,
    )


def _repair(works: Works) -> Work:
    from importmgr.executing.files import read_terms  # noqa: PLC0415 - as above
    from importmgr.executing.repairing import RepairAttempt  # noqa: PLC0415 - as above

    return RepairAttempt(
        runs=works.stores.runs,
        repairs=works.stores.repairs,
        sources=works.sources,
        spool=works.spool,
        read_terms=partial(read_terms, settings=works.settings),
        open_session=works.sessions.repair,
    )


def _dry_run(works: Works) -> Work:
    from importmgr.executing.dry_run import DryRunAttempt  # noqa: PLC0415 - as above
    from importmgr.executing.files import open_reader  # noqa: PLC0415 - as above

    return DryRunAttempt(
        runs=works.stores.runs,
        dry_runs=works.stores.dry_runs,
        clock=works.clock,
        sources=works.sources,
        spool=works.spool,
        brake_action=BrakeAction(works.settings.brake_action),
        open_reader=partial(open_reader, settings=works.settings),
        open_rehearsal=works.sessions.rehearse,
    )


def executor_terms(settings: Settings, owner: str, bell: Bell) -> ExecutorTerms:
    """Return the pace and the patience of an executor called `owner`, which `bell` wakes."""
    return ExecutorTerms(
        owner=owner,
        bell=bell,
        poll=timedelta(seconds=settings.poll_seconds),
        lease=LeaseTerms(
            duration=timedelta(seconds=settings.lease_seconds),
            heartbeat=timedelta(seconds=settings.heartbeat_seconds),
        ),
        retry=_retry(settings),
        stall=timedelta(seconds=settings.stall_seconds),
    )


def _retry(settings: Settings) -> RetryPolicy:
    """Return how often and when a failed attempt is repeated."""
    return RetryPolicy(
        max_attempts=settings.max_attempts,
        first_delay=timedelta(seconds=settings.retry_first_delay_seconds),
        max_delay=timedelta(seconds=settings.retry_max_delay_seconds),
    )
