from __future__ import annotations

import sqlalchemy as sa

from definitions.lifecycle import HELD, WAITING, RunState
from importmgr.store.tables import is_held, is_queued, is_waiting, runs
from importmgr.store.transactions import reading
from tests.stores import Stores


def test_a_run_waits_or_is_held_by_its_state(stores: Stores) -> None:
    run = stores.queue(stores.definition())
    conditions = (is_queued(), is_held(), is_waiting())

    for state in RunState:
        with stores.engine.begin() as connection:
            connection.execute(sa.update(runs).where(runs.c.id == run.id).values(state=state))
        with reading(stores.engine) as transaction:
            found = tuple(transaction.execute(sa.select(*conditions)).one())
        assert found == (state is RunState.QUEUED, state in HELD, state in WAITING), state
