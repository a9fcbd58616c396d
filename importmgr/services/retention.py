"""Forgetting what is old: often enough that it never grows, seldom enough that nobody feels it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from importmgr.clock import Clock
from importmgr.log import get_logger
from importmgr.metrics import Metrics
from importmgr.settings import Settings
from importmgr.store import Stores
from importmgr.store.retention import RunLimits

log = get_logger(__name__)

EVERY = timedelta(minutes=10)
MOST_TURNS = 100  # of one kind at a time; the rest is for the next time


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionTerms:
    """How long each kind of thing is kept, and how many of it at most."""

    runs: timedelta
    runs_each: int
    rejects: timedelta
    decisions: timedelta
    deliveries: timedelta
    audit: timedelta
    audit_lines: int


def retention_terms(settings: Settings) -> RetentionTerms:
    """Return what the settings say."""
    return RetentionTerms(
        runs=timedelta(days=settings.run_days),
        runs_each=settings.run_count,
        rejects=timedelta(days=settings.reject_days),
        decisions=timedelta(days=settings.decision_days),
        deliveries=timedelta(days=settings.delivery_days),
        audit=timedelta(days=settings.audit_days),
        audit_lines=settings.audit_count,
    )


class Retention:
    """Forgets; any number of processes may do so at the same time."""

    def __init__(
        self, stores: Stores, terms: RetentionTerms, *, metrics: Metrics, clock: Clock
    ) -> None:
        """Take the stores and where is counted what was forgotten."""
        self._stores = stores
        self._terms = terms
        self._metrics = metrics
        self._clock = clock
        self._last: float | None = None

    def forget_when_due(self, go_on: Callable[[], bool] = lambda: True) -> dict[str, int]:
        """Forget what is old if that was not done lately; tell how many of each kind."""
        now = self._clock.monotonic()
        if self._last is not None and now - self._last < EVERY.total_seconds():
            return {}
        forgotten = self.forget(go_on)
        self._last = now
        return forgotten

    def forget(self, go_on: Callable[[], bool] = lambda: True) -> dict[str, int]:
        """Forget what is old, until `go_on` says no; tell how many of each kind that had some."""
        forgotten: dict[str, int] = {}
        for kind, some in self._kinds(self._clock.now(), go_on):
            count = _repeated(some, go_on)
            self._metrics.forgotten(kind, count)
            if count:
                forgotten[kind] = count
        if forgotten:
            log.info("old things forgotten", counts=forgotten)
        return forgotten

    def _kinds(
        self, now: datetime, go_on: Callable[[], bool]
    ) -> Iterator[tuple[str, Callable[[], int]]]:
        """Yield each kind, and what forgets some of it."""
        stores, terms = self._stores, self._terms
        limits = RunLimits(before=now - terms.runs, most=terms.runs_each)
        yield "runs", lambda: stores.retention.forget_runs(limits, go_on)
        yield "rejects", lambda: stores.rejects.prune(now - terms.rejects)
        yield "repairs", lambda: stores.repairs.prune(now - terms.rejects)
        yield "dry runs", lambda: stores.dry_runs.prune(now - terms.rejects)
        yield "decisions", lambda: stores.decisions.prune(now - terms.decisions)
        yield "deliveries", lambda: stores.deliveries.prune(now - terms.deliveries)
        lines, before = terms.audit_lines, now - terms.audit
        yield "deleted", lambda: stores.retention.forget_definitions(now - terms.runs)
        yield "audit", lambda: stores.retention.forget_audit(before, lines)


def _repeated(some: Callable[[], int], go_on: Callable[[], bool]) -> int:
    """Forget some again and again until there is none; return how many it was."""
    total = 0
    for _ in range(MOST_TURNS):
        count = some() if go_on() else 0
        total += count
        if not count:
            break
    return total
