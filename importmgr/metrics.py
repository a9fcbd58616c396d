"""What this process counts and measures, in Prometheus' words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from enum import StrEnum

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from definitions.batches import Tally
from definitions.errors import TemporaryError
from definitions.faults import FaultCode
from definitions.lifecycle import RunState

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
RUN_BUCKETS = (0.5, 1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 12 * 3600)
LAG_BUCKETS = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60)
ENDS = (RunState.COMPLETED, RunState.FAILED, RunState.CANCELLED)
PULSES = {True: "heard", False: "failed"}
OUTCOMES = ("created", "updated", "unchanged", "rejected", "skipped")


class TryOutcome(StrEnum):
    """What came of a try to tell somebody something."""

    DELIVERED = "delivered"
    FAILED = "failed"  # and is made again
    GIVEN_UP = "given_up"  # the last of many that failed


class Wait(StrEnum):
    """For what imports wait, as far as it is the source's own pace."""

    PACE = "pace"  # no more requests a minute to one host than is polite
    ASKED = "asked"  # the source wants to be left alone so long: Retry-After
    TROUBLE = "trouble"  # a fetch failed, and goes on after a pause


class Metrics:
    """Counters of one process; labels are closed sets, never a project, a key or an address."""

    def __init__(
        self, registry: CollectorRegistry | None = None, *, kinds: Iterable[str] = ()
    ) -> None:
        """Register every metric, so that each shows from the first scrape on.

        `kinds` are those of receivers that there are.
        """
        self._registry = registry or CollectorRegistry()
        self._register_requests()
        self._register_runs()
        self._register_waits()
        self._register_telling()
        self._tell_nought(kinds)
        self._forgotten = Counter(
            "importmgr_forgotten",
            "Old things that this process has forgotten, by kind.",
            ["kind"],
            registry=self._registry,
        )

    def _register_requests(self) -> None:
        self._requests = Counter(
            "importmgr_http_requests",
            "Answered HTTP requests.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._request_seconds = Histogram(
            "importmgr_http_request_seconds",
            "Time from the arrival of a request to its answer.",
            ["method", "route"],
            buckets=REQUEST_BUCKETS,
            registry=self._registry,
        )

    def _register_runs(self) -> None:
        registry = self._registry
        self._runs = Counter(
            "importmgr_runs", "Runs that ended in this process.", ["state"], registry=registry
        )
        self._run_seconds = Histogram(
            "importmgr_run_seconds",
            "Time from the start of a run to its end.",
            buckets=RUN_BUCKETS,
            registry=registry,
        )
        self._rows = Counter(
            "importmgr_rows",
            "Rows of batches that were committed, by outcome.",
            ["outcome"],
            registry=registry,
        )
        self._faults = Counter(
            "importmgr_faults",
            "Faults of ended runs by code: of each run those that are kept.",
            ["code"],
            registry=registry,
        )
        self._begin_at_nought()
        self._firing_lag = Histogram(
            "importmgr_firing_lag_seconds",
            "Time from the instant of a schedule to the run that it is queued as.",
            buckets=LAG_BUCKETS,
            registry=registry,
        )

    def _begin_at_nought(self) -> None:
        """Show each state, outcome and code from the first scrape on: the first one is seen."""
        for state in ENDS:
            self._runs.labels(state.value)
        for outcome in OUTCOMES:
            self._rows.labels(outcome)
        for code in FaultCode:
            self._faults.labels(code.value)

    def _register_telling(self) -> None:
        registry = self._registry
        self._pulses = Counter(
            "importmgr_pulses",
            "How often the address was asked for that is watched from outside.",
            ["outcome"],
            registry=registry,
        )
        self._deliveries = Counter(
            "importmgr_delivery_tries",
            "Tries to deliver a notice, by kind of receiver.",
            ["kind", "outcome"],
            registry=registry,
        )
        self._pings = Counter(
            "importmgr_ping_tries",
            "Tries to ping the address that is watched for good runs of a definition.",
            ["outcome"],
            registry=registry,
        )

    def _register_waits(self) -> None:
        self._waits = Counter(
            "importmgr_source_wait_seconds",
            "Time that imports waited for the pace of their sources, by why.",
            ["why"],
            registry=self._registry,
        )
        for why in Wait:
            self._waits.labels(why.value)

    def _tell_nought(self, kinds: Iterable[str]) -> None:
        """Show each outcome of telling from the first scrape on."""
        for outcome in TryOutcome:
            self._pings.labels(outcome.value)
            for kind in kinds:
                self._deliveries.labels(kind, outcome.value)
        for heard in PULSES.values():
            self._pulses.labels(heard)

    def forgotten(self, kind: str, count: int) -> None:
        """Count old things that were forgotten."""
        self._forgotten.labels(kind).inc(count)

    def watch(self, name: str, text: str, read: Callable[[], float]) -> None:
        """Show at every scrape what `read` returns then."""
        Gauge(name, text, registry=self._registry).set_function(read)

    def request_answered(self, method: str, route: str, status: int, took: timedelta) -> None:
        """Count one HTTP request; `route` is the pattern of its path, not the path."""
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(method, route).observe(took.total_seconds())

    def run_ended(self, state: RunState, took: timedelta | None, faults: Mapping[str, int]) -> None:
        """Count one run that reached a last state, and of its faults by code those that are kept.

        `took` is None for one that never began.
        """
        self._runs.labels(state.value).inc()
        if took is not None:
            self._run_seconds.observe(took.total_seconds())
        for code, count in faults.items():
            self._faults.labels(code).inc(count)

    def rows_committed(self, rows: Tally) -> None:
        """Count the rows of a batch that was committed."""
        for outcome in OUTCOMES:
            self._rows.labels(outcome).inc(getattr(rows, outcome))

    def fired(self, lag: timedelta) -> None:
        """Note how long after the instant of its schedule a run was queued."""
        self._firing_lag.observe(lag.total_seconds())

    def pulse_sent(self, *, successful: bool) -> None:
        """Count one time that an address outside was asked for."""
        self._pulses.labels(PULSES[successful]).inc()

    def pace_kept(self, waited: timedelta) -> None:
        """Add what a request waited for its turn."""
        self._waits.labels(Wait.PACE.value).inc(waited.total_seconds())

    def source_paused(self, error: TemporaryError, pause: timedelta) -> None:
        """Add a pause after a failure, when it begins."""
        why = Wait.ASKED if error.retry_after else Wait.TROUBLE
        self._waits.labels(why.value).inc(pause.total_seconds())

    def delivery_tried(self, kind: str, outcome: TryOutcome) -> None:
        """Count one try to deliver a notice."""
        self._deliveries.labels(kind, outcome.value).inc()

    def ping_tried(self, outcome: TryOutcome) -> None:
        """Count one try to ping the address of a definition."""
        self._pings.labels(outcome.value).inc()

    def render(self) -> bytes:
        """Return every metric in Prometheus' text format."""
        return generate_latest(self._registry)
