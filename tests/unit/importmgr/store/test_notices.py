"""What is told is queued where it comes about, or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from definitions.batches import Tally
from definitions.decisions import Decision, DecisionCode
from definitions.lifecycle import Cause, RunState, StopReason
from importmgr.store.deliveries import DeliveryStore
from importmgr.store.notices import Origin
from importmgr.store.receivers import ReceiverStore, StoredReceiver
from importmgr.store.run_values import Braked
from importmgr.store.runs import Ending
from importmgr.store.tables import deliveries, runs
from importmgr.store.transactions import writing
from tests.receivers import one_time, receiver
from tests.stores import DONE, NOW, ORIGIN, Stores, checkpoint, new_run

FAILED = Ending(
    state=RunState.FAILED, reason=StopReason.SOURCE_ERROR, error="no", reason_code="source_refused"
)


@pytest.fixture
def receivers(stores: Stores) -> ReceiverStore:
    return ReceiverStore(stores.engine)


def told(stores: Stores) -> list[Any]:
    """Return what is queued, in order."""
    with writing(stores.engine) as transaction:
        return list(transaction.execute(sa.select(deliveries).order_by(deliveries.c.number)))


def finish(stores: Stores, ending: Ending) -> str:
    """End the next run and return its id."""
    claim = stores.claim()
    stores.runs.finish(claim.run.id, claim.run.token, ending, NOW)
    return claim.run.id


def test_the_end_of_a_run_is_queued_for_everybody_who_wants_it(
    stores: Stores, receivers: ReceiverStore
) -> None:
    project = stores.project()
    definition = stores.definition(project)
    everything, fitting = receiver(project), receiver(project, events=["run.failed"])
    others: list[StoredReceiver] = [
        receiver(project, events=["run.completed"]),
        receiver(project, imports=["another"]),
        receiver(project, active=False),
        receiver(stores.project()),
    ]
    mine = receiver(project, imports=[definition.id])
    for each in (everything, *others, fitting, mine):
        receivers.add(each)
    stores.queue(definition)

    run_id = finish(stores, FAILED)

    found = told(stores)
    assert {row.receiver_id for row in found} == {everything.id, fitting.id, mine.id}
    assert len({row.notice_id for row in found}) == 1
    said = json.loads(found[0].body)
    assert (said["type"], said["data"]["run"]["run_id"]) == ("run.failed", run_id)
    assert said["data"]["import_name"] == "People"
    assert (found[0].state, found[0].at, found[0].definition_id) == ("pending", NOW, definition.id)


def test_a_run_that_rejected_rows_is_told_as_such_with_its_counts(
    stores: Stores, receivers: ReceiverStore
) -> None:
    definition = stores.definition(project := stores.project())
    receivers.add(receiver(project))
    stores.queue(definition)
    claim = stores.claim()
    stores.commit(claim.run, checkpoint(1))

    stores.runs.finish(claim.run.id, claim.run.token, DONE, NOW)

    (row,) = told(stores)
    assert row.type == "run.completed_with_rejects"
    rows = json.loads(row.body)["data"]["run"]["rows"]
    assert (rows["read"], rows["rejected"]) == (10, 1)


def test_a_run_that_a_brake_pauses_is_told_with_what_the_brake_says(
    stores: Stores, receivers: ReceiverStore
) -> None:
    definition = stores.definition(project := stores.project())
    receivers.add(receiver(project))
    stores.queue(definition)
    claim = stores.claim()
    braked = Braked(brake="empty_file", text="the file is empty", figures={})

    stores.runs.brake(claim.run.id, claim.run.token, braked)

    (row,) = told(stores)
    data = json.loads(row.body)["data"]
    assert (row.type, row.at, data["run"]["status"]) == ("run.braked", NOW, "paused")
    assert data["summary"].endswith("was stopped by a brake: the file is empty")
    assert data["remedy"].startswith("let it go on with importmgr runs continue")


def test_nothing_is_told_of_what_is_rolled_back(stores: Stores, receivers: ReceiverStore) -> None:
    definition = stores.definition(project := stores.project())
    receivers.add(receiver(project))
    stores.queue(definition)
    claim = stores.claim()
    with stores.engine.begin() as connection:
        connection.execute(sa.update(runs).values(token=runs.c.token + 1))

    with pytest.raises(Exception, match="taken over"):
        stores.runs.finish(claim.run.id, claim.run.token, FAILED, NOW)

    assert told(stores) == []


def test_runs_that_are_cancelled_are_not_told(stores: Stores, receivers: ReceiverStore) -> None:
    definition = stores.definition(project := stores.project())
    receivers.add(receiver(project))
    stores.queue(definition)

    stores.definitions.delete(project.id, definition.id, ORIGIN, NOW)

    assert told(stores) == []


def test_dry_runs_are_not_told(stores: Stores, receivers: ReceiverStore) -> None:
    definition = stores.definition(project := stores.project())
    receivers.add(receiver(project))
    stores.runs.queue(None, replace(new_run(definition), cause=Cause.DRY_RUN), max_waiting=10)

    finish(stores, FAILED)

    assert told(stores) == []


def test_missed_instants_are_told_once(stores: Stores, receivers: ReceiverStore) -> None:
    definition = stores.definition(project := stores.project())
    receivers.add(receiver(project))
    origin = Origin(project_id=project.id, definition_id=definition.id)
    store = DeliveryStore(stores.engine, stores.clock)
    facts = {"scheduled_for": NOW.isoformat(), "count": 1}
    made = [Decision(code=DecisionCode.MISSED, facts=facts)]

    for _ in range(2):
        with writing(stores.engine) as transaction:
            store.tell_missed(transaction, origin, made, NOW)
            store.tell_missed(transaction, origin, [], NOW)

    (row,) = told(stores)
    assert (row.type, json.loads(row.body)["data"]["missed"]["count"]) == ("run.missed", 1)


def mailed(stores: Stores) -> list[str]:
    return [row.type for row in told(stores)]


def test_people_are_told_of_changes_and_seldom_of_what_goes_on(
    stores: Stores, receivers: ReceiverStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_time(monkeypatch, "notices")
    definition = stores.definition(project := stores.project())
    receivers.add(receiver(project, "email", repeat_hours=24))

    def run(ending: Ending, hours: int) -> None:
        stores.queue(definition)
        claim = stores.claim()
        if ending is DONE:
            stores.commit(claim.run, replace(checkpoint(1), tally=Tally(read=10, created=10)))
        stores.runs.finish(claim.run.id, claim.run.token, ending, NOW + timedelta(hours=hours))

    for hours in (0, 1, 2):
        run(FAILED, hours)
    assert mailed(stores) == ["run.failed"]
    run(FAILED, 25)
    assert mailed(stores) == ["run.failed"] * 2
    run(DONE, 26)
    run(FAILED, 27)
    assert mailed(stores) == ["run.failed", "run.failed", "run.completed", "run.failed"]
