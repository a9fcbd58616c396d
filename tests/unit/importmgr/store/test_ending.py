from __future__ import annotations

import pytest

from definitions.batches import Tally
from definitions.errors import LostLeaseError
from definitions.lifecycle import RunState, StopReason
from importmgr.store.ending import counts_of
from tests.stores import DONE, NOW, ORIGIN, Stores, checkpoint


def test_deleting_a_definition_cancels_its_waiting_and_its_held_run(stores: Stores) -> None:
    definition = stores.definition()
    held, waiting = stores.queue(definition), stores.queue(definition)
    stores.claim()

    stores.definitions.delete(definition.project_id, definition.id, ORIGIN, NOW)

    for run in (held, waiting):
        ended = stores.again(run)
        assert (ended.state, ended.finished_at) == (RunState.CANCELLED, NOW)
        assert ended.stop_reason is StopReason.DEFINITION_DELETED


def test_what_a_cancelled_run_had_committed_is_counted_and_nothing_more(stores: Stores) -> None:
    definition = stores.definition()
    stores.queue(definition)
    run = stores.claim().run
    stores.commit(run, checkpoint(1))

    stores.definitions.delete(definition.project_id, definition.id, ORIGIN, NOW)

    with pytest.raises(LostLeaseError):
        stores.commit(run, checkpoint(2))
    assert stores.again(run).tally == Tally(read=10, created=9, rejected=1)
    assert stores.again(run).fault_count == 1


def test_a_run_that_ended_before_stays_as_it_was(stores: Stores) -> None:
    definition = stores.definition()
    stores.queue(definition)
    run = stores.claim().run
    stores.runs.finish(run.id, run.token, DONE, NOW)

    stores.definitions.delete(definition.project_id, definition.id, ORIGIN, NOW)

    assert stores.state(run) is RunState.COMPLETED


def test_runs_of_other_definitions_go_on(stores: Stores) -> None:
    gone, staying = stores.definition(), stores.definition()
    run = stores.queue(staying)
    stores.claim()

    stores.definitions.delete(gone.project_id, gone.id, ORIGIN, NOW)

    assert stores.state(run) is RunState.STARTING


def test_a_run_without_ledger_has_no_counts_to_keep() -> None:
    assert counts_of(None) == {}
    assert counts_of(checkpoint(1))["rows_read"] == 10
