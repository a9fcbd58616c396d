from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from definitions.errors import LimitError, NotFoundError
from definitions.lifecycle import Cause, RunState
from importmgr.store.run_lists import RunFilter
from importmgr.store.runs import NewRun, Run
from tests.stores import NOW, ORIGIN, Stores, new_run


def test_a_queued_run_is_as_it_was_asked_for(stores: Stores) -> None:
    definition = stores.definition()
    asked = replace(new_run(definition), cause=Cause.NEW_FILE, location="https://h.test/x.csv")

    queued = stores.runs.queue(None, asked, max_waiting=1)

    assert queued == stores.again(queued)
    assert (queued.id, queued.state, queued.cause) == (asked.id, RunState.QUEUED, Cause.NEW_FILE)
    assert (queued.location, queued.created_at) == ("https://h.test/x.csv", NOW)
    assert (queued.token, queued.attempt, queued.started_at) == (0, 0, None)


def test_more_runs_than_may_wait_are_refused(stores: Stores) -> None:
    definition = stores.definition()
    stores.queue(definition, most=2)
    stores.queue(definition, most=2)

    with pytest.raises(LimitError, match=r"2 runs of import .* wait already") as refused:
        stores.queue(definition, most=2)

    assert refused.value.retry_after == 60


def test_a_run_in_hand_does_not_wait(stores: Stores) -> None:
    definition = stores.definition()
    stores.queue(definition, most=1)
    stores.claim()

    stores.queue(definition, most=1)


def test_simultaneous_calls_do_not_queue_more_than_may_wait(stores: Stores) -> None:
    definition = stores.definition()

    def attempt(_: int) -> bool:
        try:
            stores.queue(definition, most=5)
        except LimitError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(16)))

    assert outcomes.count(True) == 5


def test_one_scheduled_instant_has_one_run(stores: Stores) -> None:
    definition = stores.definition()
    asked = replace(new_run(definition), cause=Cause.SCHEDULE, scheduled_for=NOW)

    def tick(number: int) -> Run:
        mine = replace(asked, id=f"{number:024d}")
        return stores.runs.queue(None, mine, max_waiting=100)

    with ThreadPoolExecutor(4) as pool:
        ids = {run.id for run in pool.map(tick, range(4))}

    assert len(ids) == 1
    assert stores.runs.list(RunFilter(definition_id=definition.id), 10, 0)[1] == 1
    later = replace(new_run(definition), scheduled_for=NOW + timedelta(hours=1))
    assert stores.runs.queue(None, later, max_waiting=100).id == later.id


def test_a_deleted_definition_gets_no_run(stores: Stores) -> None:
    definition = stores.definition()
    stores.definitions.delete(definition.project_id, definition.id, ORIGIN, NOW)

    with pytest.raises(NotFoundError, match="there is no import"):
        stores.queue(definition)


def test_a_run_queued_in_a_transaction_goes_with_it(stores: Stores) -> None:
    definition = stores.definition()
    asked: NewRun = new_run(definition)

    with stores.engine.connect() as transaction:
        stores.runs.queue(transaction, asked, max_waiting=1)
        transaction.rollback()

    assert stores.runs.get(definition.id, asked.id) is None
