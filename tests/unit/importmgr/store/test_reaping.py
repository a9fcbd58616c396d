from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from definitions.lifecycle import RunState, StopReason
from destinations.ledger import commit
from importmgr.store.reaping import MAX_CRASHES
from importmgr.store.transactions import writing
from tests.stores import LEASE, Stores, checkpoint

SECOND = timedelta(seconds=1)


def test_a_run_with_a_living_lease_stays_where_it_is(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run
    stores.pass_time(LEASE - SECOND)

    assert stores.runs.reap() == 0
    assert stores.state(run) is RunState.STARTING


def test_a_run_whose_lease_ran_out_is_queued_again_at_once(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run
    stores.pass_time(LEASE + SECOND)

    assert stores.runs.reap() == 1

    assert stores.state(run) is RunState.QUEUED
    assert stores.claim().run.token == run.token + 1


@pytest.mark.postgres
def test_a_frozen_owner_in_the_middle_of_a_batch_holds_up_no_other_run(
    postgres_engine: Engine,
) -> None:
    stores = Stores(postgres_engine)
    for _ in range(2):
        stores.queue(stores.definition())
    frozen, dead = stores.claim().run, stores.claim().run
    stores.pass_time(LEASE + SECOND)

    with writing(postgres_engine) as batch:
        commit(batch, frozen.id, frozen.token, checkpoint(1))
        assert stores.runs.reap() == 1
        assert stores.state(dead) is RunState.QUEUED

    assert stores.runs.reap() == 1
    assert stores.state(frozen) is RunState.QUEUED


def test_the_runs_of_one_dead_owner_are_queued_again(stores: Stores) -> None:
    stores.queue(stores.definition())
    stores.queue(stores.definition())
    mine = stores.claim(owner="embedded").run
    other = stores.claim(owner="elsewhere").run

    assert stores.runs.requeue_owned("embedded") == 1

    assert stores.state(mine) is RunState.QUEUED
    assert stores.state(other) is RunState.STARTING


def test_a_reaped_run_keeps_its_place_before_later_ones(stores: Stores) -> None:
    definition = stores.definition()
    first = stores.queue(definition)
    stores.queue(definition)
    stores.claim()
    stores.pass_time(LEASE + SECOND)
    stores.runs.reap()

    assert stores.claim().run.id == first.id


def test_a_run_that_kills_its_executor_at_the_same_place_fails_in_the_end(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run
    stores.commit(run, checkpoint(1))
    for _ in range(MAX_CRASHES - 1):
        stores.runs.requeue_owned("me")
        stores.claim()

    assert stores.runs.requeue_owned("me") == 1

    failed = stores.again(run)
    assert (failed.state, failed.stop_reason) == (RunState.FAILED, StopReason.CRASH)
    assert failed.error == "the service died 20 times at the same place of this run"
    assert failed.tally == checkpoint(1).tally
    assert failed.finished_at is not None


def test_a_run_that_gets_further_between_crashes_is_never_given_up(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run
    for batch in range(1, MAX_CRASHES + 5):
        stores.commit(run, checkpoint(batch))
        assert stores.runs.requeue_owned("me") == 1
        run = stores.claim().run

    assert stores.state(run) is RunState.STARTING
