"""Runs told what to do: in effect at once, with exact counts, whatever became of the executor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from definitions.errors import ConflictError, LostLeaseError, SourceUnreachableError
from definitions.lifecycle import RunCommand, RunState, StopReason
from importmgr.acting import Actor, acting
from importmgr.store.control import RunControl
from importmgr.store.runs import Ending, Run
from tests.stores import DONE, LEASE, NOW, ORIGIN, Stores, checkpoint

BY = "66f0c1d2e3a4b5c6d7e8f903"
HOUR = timedelta(hours=1)
PAUSE, RESUME = RunCommand.PAUSE, RunCommand.RESUME
CANCEL, RETRY = RunCommand.CANCEL, RunCommand.RETRY

BROKEN = Ending(
    state=RunState.FAILED,
    reason=StopReason.SOURCE_ERROR,
    error="the source answers 404",
    reason_code="source_refused",
)


def tell(stores: Stores, run: Run, command: RunCommand) -> Run:
    """Tell a run what to do and return it as it is then."""
    with acting(Actor(name=BY)):
        return RunControl(stores.engine, stores.clock).tell(run, command)


def loading(stores: Stores) -> Run:
    """Return a claimed run that has loaded one batch."""
    run = stores.claim().run
    stores.runs.running(run.id, run.token, None)
    stores.commit(run, checkpoint(1))
    return run


def test_a_run_that_waits_can_be_paused_and_later_ones_wait_behind_it(stores: Stores) -> None:
    definition = stores.definition()
    first, second = stores.queue(definition), stores.queue(definition)

    paused = tell(stores, first, PAUSE)

    assert (paused.state, paused.paused_at, paused.asked_by) == (RunState.PAUSED, NOW, BY)
    assert stores.runs.claim("me", LEASE) is None
    resumed = tell(stores, first, RESUME)
    assert (resumed.state, resumed.paused_at) == (RunState.QUEUED, None)
    assert stores.claim().run.id == first.id
    assert stores.state(second) is RunState.QUEUED


def test_a_paused_run_goes_on_after_its_last_batch(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = loading(stores)

    paused = tell(stores, run, PAUSE)

    with pytest.raises(LostLeaseError):
        stores.commit(run, checkpoint(2))
    assert stores.runs.is_ours(run.id, run.token) is False
    assert (paused.tally, paused.finished_at) == (checkpoint(1).tally, None)
    tell(stores, run, RESUME)
    again = stores.claim()
    assert again.checkpoint == checkpoint(1)
    stores.commit(again.run, checkpoint(2))
    stores.runs.finish(again.run.id, again.run.token, DONE, NOW)
    assert stores.again(run).tally == checkpoint(2).tally


def test_a_pause_outlives_the_executor_and_its_restart(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = loading(stores)
    tell(stores, run, PAUSE)
    stores.pass_time(HOUR)

    assert (stores.runs.reap(), stores.runs.requeue_owned("me")) == (0, 0)
    assert stores.state(run) is RunState.PAUSED


def test_a_paused_run_counts_among_those_that_wait(stores: Stores) -> None:
    definition = stores.definition()
    tell(stores, stores.queue(definition), PAUSE)

    with stores.engine.connect() as connection:
        assert stores.runs.waiting(connection, definition.id) == 1


def test_resuming_does_not_wait_for_the_delay_before_the_next_attempt(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run
    stores.runs.requeue(run.id, run.token, HOUR, error=SourceUnreachableError("gone"))
    tell(stores, run, PAUSE)

    tell(stores, run, RESUME)

    assert stores.claim().run.id == run.id


def _leave_waiting(stores: Stores, run: Run) -> None:
    """Leave it as it is."""


def _pause_in_the_middle(stores: Stores, run: Run) -> None:
    loading(stores)
    tell(stores, run, PAUSE)


def _load(stores: Stores, run: Run) -> None:
    del run
    loading(stores)


@pytest.mark.parametrize(
    ("prepare", "batches"), [(_leave_waiting, 0), (_pause_in_the_middle, 1), (_load, 1)]
)
def test_a_cancelled_run_keeps_what_it_has_loaded(
    stores: Stores, prepare: Callable[[Stores, Run], None], batches: int
) -> None:
    definition = stores.definition()
    run, later = stores.queue(definition), stores.queue(definition)
    prepare(stores, run)

    ended = tell(stores, run, CANCEL)

    assert (ended.state, ended.stop_reason) == (RunState.CANCELLED, StopReason.USER)
    assert (ended.finished_at, ended.paused_at, ended.asked_by) == (NOW, None, BY)
    assert (ended.tally, ended.fault_count) == (checkpoint(batches).tally, batches)
    assert stores.claim().run.id == later.id


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (PAUSE, "is completed; only a queued, starting or running one can be paused"),
        (RESUME, "is completed; only a paused one can be resumed"),
        (CANCEL, "is completed; only a queued, starting, running or paused one can be cancelled"),
        (RETRY, "is completed; only a failed or cancelled one can be retried"),
    ],
)
def test_an_ended_run_is_told_nothing_any_more(
    stores: Stores, command: RunCommand, text: str
) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run
    stores.runs.finish(run.id, run.token, DONE, NOW)
    before = stores.again(run)

    with pytest.raises(ConflictError, match=f"^run '{run.id}' {text}$"):
        tell(stores, run, command)

    assert stores.again(run) == before


@pytest.mark.parametrize("command", [PAUSE, CANCEL])
def test_nothing_is_done_twice(stores: Stores, command: RunCommand) -> None:
    run = stores.queue(stores.definition())
    state = tell(stores, run, command).state

    with pytest.raises(ConflictError, match=f"is {state}; only a .* can be {state}$"):
        tell(stores, run, command)


def test_a_paused_run_goes_with_its_definition(stores: Stores) -> None:
    definition = stores.definition()
    run = stores.queue(definition)
    tell(stores, run, PAUSE)

    stores.definitions.delete(definition.project_id, definition.id, ORIGIN, NOW)

    assert stores.state(run) is RunState.CANCELLED


@pytest.mark.parametrize("end", [BROKEN, None])
def test_a_run_that_ended_too_early_goes_on_after_its_last_batch(
    stores: Stores, end: Ending | None
) -> None:
    definition = stores.definition()
    stores.queue(definition)
    later = stores.queue(definition)
    run = loading(stores)
    if end is None:
        tell(stores, run, CANCEL)
    else:
        stores.runs.finish(run.id, run.token, end, NOW)

    again = tell(stores, run, RETRY)

    assert (again.state, again.finished_at, again.stop_reason) == (RunState.QUEUED, None, None)
    assert (again.error, again.reason_code, again.tally) == (None, None, checkpoint(1).tally)
    claim = stores.claim()
    assert (claim.run.id, claim.checkpoint) == (run.id, checkpoint(1))
    stores.runs.finish(run.id, claim.run.token, DONE, NOW)
    assert stores.again(run).rows_total == 10
    assert stores.claim().run.id == later.id


def test_a_retried_run_has_all_its_attempts_again(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run
    assert stores.runs.count_failure(run.id, run.token) == 1
    stores.runs.finish(run.id, run.token, BROKEN, NOW)

    tell(stores, run, RETRY)

    assert stores.runs.count_failure(run.id, stores.claim().run.token) == 1
