"""Lists of runs, narrowed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.lifecycle import Cause, RunState, StopReason
from importmgr.store.run_lists import RunFilter
from importmgr.store.runs import Ending
from importmgr.store.tables import runs
from tests.stores import DONE, NOW, Stores

DAY = timedelta(days=1)
FAILED = Ending(state=RunState.FAILED, reason=StopReason.SOURCE_ERROR, error="away")


@pytest.fixture
def made(engine: Engine, stores: Stores) -> list[str]:
    """Three runs of three definitions: one failed a day ago, one good with rejects, one queued."""
    found = []
    for age, ending in ((2, FAILED), (1, DONE)):
        queued = stores.queue(stores.definition(), NOW - age * DAY)
        stores.runs.finish(queued.id, stores.claim().run.token, ending, NOW - age * DAY)
        found.append(queued.id)
    found.append(stores.queue(stores.definition(), NOW).id)
    with engine.begin() as connection:
        rejecting = sa.update(runs).where(runs.c.id == found[1])
        connection.execute(rejecting.values(rows_rejected=2, cause=Cause.RERUN))
    return found


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (RunFilter(), [2, 1, 0]),
        (RunFilter(state=RunState.FAILED), [0]),
        (RunFilter(cause=Cause.RERUN), [1]),
        (RunFilter(rejecting=True), [1]),
        (RunFilter(since=NOW - DAY), [2, 1]),
        (RunFilter(until=NOW), [1, 0]),
        (RunFilter(since=NOW - DAY, state=RunState.QUEUED), [2]),
    ],
)
def test_runs_are_narrowed(
    stores: Stores, made: list[str], wanted: RunFilter, expected: list[int]
) -> None:
    found, total = stores.runs.list(wanted, 10, 0)

    assert [run.id for run in found] == [made[number] for number in expected]
    assert total == len(expected)
    assert [run.id for run in stores.runs.list(wanted, 1, 1)[0]] == [
        made[number] for number in expected[1:2]
    ]
