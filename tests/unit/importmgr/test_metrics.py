from __future__ import annotations

from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from definitions.batches import Tally
from definitions.errors import TemporaryError
from definitions.lifecycle import RunState
from importmgr.metrics import Metrics, TryOutcome, Wait

SECOND = timedelta(seconds=1)


def test_faults_are_counted_by_code() -> None:
    metrics = Metrics()

    metrics.run_ended(RunState.COMPLETED, SECOND, {"not_a_number": 2, "too_few_fields": 1})
    metrics.run_ended(RunState.FAILED, SECOND, {"not_a_number": 1})

    shown = metrics.render().decode()
    assert 'importmgr_faults_total{code="not_a_number"} 3.0' in shown
    assert 'importmgr_faults_total{code="too_few_fields"} 1.0' in shown


def values(metrics: Metrics) -> dict[str, float]:
    """Return every sample by its name and labels."""
    families = text_string_to_metric_families(metrics.render().decode())
    return {
        f"{one.name}{sorted(one.labels.values())}": one.value
        for family in families
        for one in family.samples
    }


def test_requests_are_counted_and_timed() -> None:
    metrics = Metrics()

    metrics.request_answered("GET", "/x/<y>", 200, SECOND)
    metrics.request_answered("GET", "/x/<y>", 200, SECOND)

    told = values(metrics)
    assert told["importmgr_http_requests_total['/x/<y>', '200', 'GET']"] == 2
    assert told["importmgr_http_request_seconds_sum['/x/<y>', 'GET']"] == 2


def test_runs_and_their_rows_are_counted() -> None:
    metrics = Metrics()
    tally = Tally(read=15, created=1, updated=2, unchanged=3, rejected=4, skipped=5)

    metrics.rows_committed(tally)
    metrics.run_ended(RunState.COMPLETED, SECOND, {})
    metrics.run_ended(RunState.CANCELLED, None, {})

    told = values(metrics)
    assert told["importmgr_runs_total['completed']"] == 1
    assert told["importmgr_runs_total['cancelled']"] == 1
    assert told["importmgr_run_seconds_count[]"] == 1
    assert told["importmgr_rows_total['rejected']"] == 4
    assert sum(n for name, n in told.items() if name.startswith("importmgr_rows_total")) == 15


def test_what_an_alert_waits_for_is_shown_before_it_happens() -> None:
    told = values(Metrics())  # a series that begins at 1 has not increased

    assert [told[f"importmgr_runs_total['{end}']"] for end in ("completed", "failed")] == [0, 0]
    assert told["importmgr_rows_total['rejected']"] == 0
    assert told["importmgr_faults_total['not_a_number']"] == 0


def test_what_is_told_is_shown_before_the_first_time() -> None:
    told = values(Metrics(kinds=["webhook", "email"]))

    for outcome in TryOutcome:
        assert told[f"importmgr_ping_tries_total['{outcome}']"] == 0
        for kind in ("webhook", "email"):
            labels = sorted([kind, outcome.value])
            assert told[f"importmgr_delivery_tries_total{labels}"] == 0
    for heard in ("heard", "failed"):
        assert told[f"importmgr_pulses_total['{heard}']"] == 0


def test_waits_for_sources_are_counted_by_why() -> None:
    metrics = Metrics()
    before = values(metrics)

    metrics.pace_kept(SECOND)
    metrics.source_paused(TemporaryError("answers 429", retry_after=3), 3 * SECOND)
    metrics.source_paused(TemporaryError("answers 500"), 2 * SECOND)

    told = values(metrics)
    names = [f"importmgr_source_wait_seconds_total['{why}']" for why in Wait]
    assert [before[name] for name in names] == [0, 0, 0]
    assert [told[name] for name in names] == [1, 3, 2]


def test_lags_of_schedules_are_counted() -> None:
    metrics = Metrics()

    metrics.fired(SECOND)

    told = values(metrics)
    assert told["importmgr_firing_lag_seconds_sum[]"] == 1
    assert told["importmgr_firing_lag_seconds_bucket['0.5']"] == 0
    assert told["importmgr_firing_lag_seconds_bucket['1.0']"] == 1


def test_a_watched_figure_is_read_anew_at_each_scrape() -> None:
    metrics, waiting = Metrics(), [1]
    metrics.watch("importmgr_waiting", "What waits.", lambda: len(waiting))

    first = values(metrics)["importmgr_waiting[]"]
    waiting.append(2)

    assert (first, values(metrics)["importmgr_waiting[]"]) == (1, 2)


def test_two_processes_count_apart() -> None:
    first, second = Metrics(), Metrics()

    first.run_ended(RunState.FAILED, SECOND, {})

    assert values(first)["importmgr_runs_total['failed']"] == 1
    assert values(second)["importmgr_runs_total['failed']"] == 0


def test_tries_to_deliver_are_counted_by_what_came_of_them() -> None:
    metrics = Metrics()

    metrics.delivery_tried("webhook", TryOutcome.DELIVERED)
    metrics.delivery_tried("webhook", TryOutcome.FAILED)
    metrics.ping_tried(TryOutcome.GIVEN_UP)

    told = values(metrics)
    assert told["importmgr_delivery_tries_total['delivered', 'webhook']"] == 1
    assert told["importmgr_delivery_tries_total['failed', 'webhook']"] == 1
    assert told["importmgr_ping_tries_total['given_up']"] == 1
