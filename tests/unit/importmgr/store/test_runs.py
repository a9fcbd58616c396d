from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest
import sqlalchemy as sa

from definitions.faults import Fault, FaultCode
from definitions.lifecycle import RunState
from destinations.tables import run_faults
from importmgr.store.run_lists import RunFilter
from importmgr.store.transactions import writing
from tests.stores import DONE, NOW, Stores, checkpoint


def test_runs_are_listed_newest_first_in_pages(stores: Stores) -> None:
    definition = stores.definition()
    asked = [stores.queue(definition).id for _ in range(5)]
    stores.queue(stores.definition())

    page, total = stores.runs.list(RunFilter(definition_id=definition.id), 2, 1)

    assert total == 5
    assert [run.id for run in page] == [asked[3], asked[2]]


def test_a_run_is_found_through_its_own_definition_only(stores: Stores) -> None:
    definition, other = stores.definition(), stores.definition()
    run = stores.queue(definition)

    assert stores.runs.get(definition.id, run.id) == run
    assert stores.runs.get(other.id, run.id) is None


@pytest.mark.parametrize("strange", ["zzz", "", "a\0b", "\ud800", "x" * 10_000])
def test_a_strange_id_is_just_not_found(stores: Stores, strange: str) -> None:
    assert stores.runs.get(stores.definition().id, strange) is None


def test_a_run_in_hand_shows_the_counts_of_its_committed_batches(stores: Stores) -> None:
    definition = stores.definition()
    stores.queue(definition)
    run = stores.claim().run

    assert stores.again(run).tally.read == 0
    stores.commit(run, checkpoint(1))
    stores.commit(run, checkpoint(2))

    assert stores.again(run).tally == checkpoint(2).tally
    assert stores.again(run).fault_count == 2
    assert (
        stores.runs.list(RunFilter(definition_id=definition.id), 1, 0)[0][0].tally
        == checkpoint(2).tally
    )


def test_the_first_faults_of_several_runs_come_in_file_order(stores: Stores) -> None:
    definition = stores.definition()
    many, one, none, other = (stores.queue(definition).id for _ in range(4))
    faults = [_fault(row) for row in (3, 5, 9)]
    _report(stores, many, faults)
    _report(stores, one, faults[:1])
    _report(stores, other, faults)

    found = stores.runs.faults_of([many, one, none], 2)

    assert found == {many: faults[:2], one: faults[:1]}


def test_unfinished_runs_are_counted_by_state(stores: Stores) -> None:
    definition = stores.definition()
    for _ in range(3):
        stores.queue(definition)
    stores.claim()

    assert stores.runs.counts() == {RunState.STARTING: 1, RunState.QUEUED: 2}


def test_times_come_back_as_they_were_given(stores: Stores) -> None:
    moment = NOW + timedelta(microseconds=1)
    run = stores.queue(stores.definition(), at=moment)

    assert run.created_at == moment
    assert run.created_at.utcoffset() == timedelta(0)


def _report(stores: Stores, run_id: str, faults: list[Fault]) -> None:
    """Store the faults of a run, the last one first."""
    rows = [{"run_id": run_id, "number": n, **asdict(f)} for n, f in enumerate(faults, 1)]
    with writing(stores.engine) as transaction:
        transaction.execute(sa.insert(run_faults), rows[::-1])


def _fault(row: int) -> Fault:
    return Fault(
        file="p.csv",
        row=row,
        line=row + 1,
        column="price",
        value="abc",
        code=FaultCode.NOT_A_NUMBER,
        message="'abc' is not a number",
        rejects_row=False,
    )


def test_ended_runs_are_told_from_those_that_wait_run_or_are_unknown(stores: Stores) -> None:
    ended = stores.queue(stores.definition())
    claimed = stores.claim()
    stores.runs.finish(claimed.run.id, claimed.run.token, DONE, NOW)
    held = stores.queue(stores.definition())
    stores.claim()
    waiting = stores.queue(stores.definition())

    assert stores.runs.ended([ended.id, held.id, waiting.id, "f" * 24]) == {ended.id}
    assert stores.runs.ended([]) == set()
