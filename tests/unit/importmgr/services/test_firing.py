"""Firing what is due: runs, decisions and the next instant in one transaction, or none of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from definitions.errors import LostLeaseError, StoreBusyError
from definitions.lifecycle import Cause, RunState, StopReason
from importmgr.services.figures import figures_of
from importmgr.store.tables import decisions, definitions, runs
from tests.acceptance.documents import DAILY, changed, idle, people
from tests.product import Product
from tests.stores import DONE, LEASE, ORIGIN

pytestmark = pytest.mark.usefixtures("one_clock")

FIRST = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # 02:30 in Prague, the night after it is created
DAY = timedelta(days=1)


def nightly(product: Product, **members: object) -> str:
    """Create a definition that fires every night."""
    return product.create(changed(people(), "trigger", {**DAILY, **members}))


def tick(product: Product, at: datetime) -> int:
    """Let the clock show `at` and fire what is due."""
    product.clock.at = at
    return product.wiring.firing().fire_due()


def told(product: Product, import_id: str) -> list[str]:
    """Return the codes of what was decided, in order."""
    schedules = product.services.schedules
    page = schedules.decisions(product.project, import_id, ORIGIN, (50, 0), None)
    return [decision.code for decision in page.items][::-1]


def row(product: Product, import_id: str) -> Any:  # noqa: ANN401 - a row
    """Return a definition's row."""
    with product.wiring.engine.connect() as connection:
        return connection.execute(sa.select(definitions).where(definitions.c.id == import_id)).one()


def move(product: Product, import_id: str, zone: str) -> None:
    """Let a definition have a time zone that nobody checked."""
    document = changed(row(product, import_id).document, "trigger.timezone", zone)
    change = sa.update(definitions).where(definitions.c.id == import_id)
    with product.wiring.engine.begin() as connection:
        connection.execute(change.values(document=document))


def test_the_lag_of_a_run_is_counted_unless_nobody_was_there(product: Product) -> None:
    nightly(product)

    tick(product, FIRST + timedelta(seconds=1))
    tick(product, FIRST + 5 * DAY + timedelta(hours=1))

    text = product.services.metrics.render().decode()
    assert "importmgr_firing_lag_seconds_sum 1.0" in text
    assert "importmgr_firing_lag_seconds_count 1.0" in text


def test_a_definition_fires_at_its_instant_and_not_before(product: Product) -> None:
    import_id = nightly(product)

    before = tick(product, FIRST - timedelta(seconds=1))
    assert product.runs(import_id) == ()
    at = tick(product, FIRST)
    again = tick(product, FIRST + timedelta(seconds=1))

    assert (before, at, again) == (0, 1, 0)
    (run,) = product.runs(import_id)
    assert (run.cause, run.state, run.scheduled_for, run.late) == (
        Cause.SCHEDULE,
        RunState.QUEUED,
        FIRST,
        False,
    )
    assert row(product, import_id).next_fire_at == FIRST + DAY
    assert told(product, import_id) == ["fired"]


def test_a_run_of_a_schedule_is_worked_off_like_any_other(product: Product) -> None:
    import_id = nightly(product)
    tick(product, FIRST)

    claim = product.wiring.stores.runs.claim("me", LEASE)

    assert claim is not None
    assert claim.run.definition_id == import_id


def test_what_was_missed_is_one_late_run_and_each_instant_is_told(product: Product) -> None:
    import_id = nightly(product)

    tick(product, FIRST + 2 * DAY + timedelta(hours=3))

    (run,) = product.runs(import_id)
    assert (run.scheduled_for, run.late) == (FIRST + 2 * DAY, True)
    assert told(product, import_id) == ["missed", "missed", "fired_late"]


def test_missed_instants_are_told_to_whoever_wants_to_know(product: Product) -> None:
    nightly(product)
    hook = {"url": "https://hooks.example.test", "events": ["run.missed"]}
    to = product.services.receivers["webhook"].create(product.project, hook)

    tick(product, FIRST + 2 * DAY + timedelta(hours=3))

    webhooks = product.services.receivers["webhook"]
    page = webhooks.deliveries(product.project, to.receiver_id, None, (10, 0))
    (delivery,) = page.items
    assert (delivery.type, delivery.at) == ("run.missed", FIRST + 2 * DAY + timedelta(hours=3))


def test_more_definitions_than_fit_into_a_transaction_all_fire(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importmgr.services.firing.AT_ONCE", 2)
    made = [nightly(product) for _ in range(5)]

    assert tick(product, FIRST) == 5
    assert all(len(product.runs(import_id)) == 1 for import_id in made)


def test_a_transaction_that_fails_leaves_everything_due(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = nightly(product)

    def fail(*_: object) -> None:
        msg = "no"
        raise StoreBusyError(msg)

    with monkeypatch.context() as broken:
        broken.setattr("importmgr.store.decisions.DecisionStore.add", fail)
        with pytest.raises(StoreBusyError):
            tick(product, FIRST)

    assert product.runs(import_id) == ()
    assert row(product, import_id).next_fire_at == FIRST
    assert tick(product, FIRST) == 1


def test_a_run_that_another_took_the_place_of_is_counted_once(product: Product) -> None:
    metrics = figures_of(product.wiring.stores)
    nightly(product, overlap="cancel_running")
    tick(product, FIRST)
    claim = product.wiring.stores.runs.claim("me", LEASE)
    assert claim is not None

    tick(product, FIRST + DAY)
    with pytest.raises(LostLeaseError):  # whoever worked on it hears of it too late
        product.wiring.stores.runs.finish(claim.run.id, claim.run.token, DONE, FIRST + DAY)

    told = metrics.render().decode()
    assert 'importmgr_runs_total{state="cancelled"} 1.0' in told
    assert 'importmgr_runs_total{state="completed"} 0.0' in told


def test_cancel_running_ends_the_old_run_and_queues_the_new_one(product: Product) -> None:
    import_id = nightly(product, overlap="cancel_running")
    tick(product, FIRST)
    claim = product.wiring.stores.runs.claim("me", LEASE)
    assert claim is not None

    assert tick(product, FIRST + DAY) == 1

    new, old = product.runs(import_id)
    assert (old.state, old.stop_reason) == (RunState.CANCELLED, StopReason.SUPERSEDED)
    assert (new.state, new.scheduled_for) == (RunState.QUEUED, FIRST + DAY)
    assert told(product, import_id) == ["fired", "cancelled_running"]
    assert not product.wiring.stores.runs.heartbeat(claim.run.id, claim.run.token, LEASE)


def test_cancelling_that_has_to_wait_holds_up_nobody_else(
    product: Product, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stubborn = nightly(product, overlap="cancel_running")
    tick(product, FIRST)
    other = nightly(product)

    def wait(*_: object) -> None:
        msg = "the database is busy"
        raise StoreBusyError(msg)

    with monkeypatch.context() as busy:
        busy.setattr("importmgr.store.schedules.ScheduleStore.cancel", wait)
        assert tick(product, FIRST + DAY) == 1

    assert len(product.runs(other)) == 1
    assert len(product.runs(stubborn)) == 1
    assert "definition not fired yet" in caplog.text
    assert tick(product, FIRST + DAY) == 1
    assert len(product.runs(stubborn)) == 2


def test_overlap_skip_leaves_a_run_out(product: Product) -> None:
    import_id = nightly(product, overlap="skip")
    for night in range(2):
        tick(product, FIRST + night * DAY)

    assert len(product.runs(import_id)) == 1
    assert told(product, import_id) == ["fired", "skipped_overlap"]


def test_an_inactive_or_deleted_definition_does_not_fire(product: Product) -> None:
    inactive = product.create({**changed(people(), "trigger", DAILY), "active": False})
    stopped, deleted = nightly(product), nightly(product)
    product.services.schedules.deactivate(product.project, stopped, ORIGIN)
    product.services.definitions.delete(product.project, deleted, ORIGIN)

    assert tick(product, FIRST + DAY) == 0
    assert product.runs(inactive) == product.runs(stopped) == ()


def test_activation_computes_from_now_on(product: Product) -> None:
    import_id = nightly(product)
    product.services.schedules.deactivate(product.project, import_id, ORIGIN)
    product.clock.at = FIRST + 5 * DAY

    product.services.schedules.activate(product.project, import_id, ORIGIN)

    assert tick(product, FIRST + 5 * DAY) == 0
    assert row(product, import_id).next_fire_at == FIRST + 6 * DAY
    assert told(product, import_id) == ["deactivated", "activated"]


def test_a_schedule_that_cannot_be_computed_is_told_and_does_not_hold_up_others(
    product: Product, caplog: pytest.LogCaptureFixture
) -> None:
    lost, fine = nightly(product), nightly(product)
    move(product, lost, "Mars/Base")

    tick(product, FIRST)

    assert len(product.runs(fine)) == 1
    assert told(product, lost) == ["schedule_unreadable"]
    assert "schedule unreadable" in caplog.text
    assert tick(product, FIRST + DAY) == 1


def test_an_instant_that_has_a_run_already_gets_no_second_one(product: Product) -> None:
    import_id = nightly(product)
    tick(product, FIRST)
    with product.wiring.engine.begin() as connection:  # as after a part of a backup was put back
        back = {"next_fire_at": FIRST, "decided_until": FIRST - DAY}
        connection.execute(sa.update(definitions).values(back))

    tick(product, FIRST)

    assert len(product.runs(import_id)) == 1
    assert row(product, import_id).next_fire_at == FIRST + DAY


def test_what_does_not_fire_by_the_clock_is_never_due(product: Product) -> None:
    for document in (idle(people()), people()):
        product.create(document)

    assert tick(product, FIRST + 400 * DAY) == 0
    with product.wiring.engine.connect() as connection:
        assert connection.execute(sa.select(decisions)).all() == []
        assert connection.execute(sa.select(runs.c.scheduled_for)).scalars().all() == [None]
