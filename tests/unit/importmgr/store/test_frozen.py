from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from definitions.errors import StoreBusyError
from definitions.lifecycle import RunState
from destinations.bulk import bulk_for
from destinations.locks import customers_lock
from importmgr.store.frozen import end_frozen
from importmgr.store.run_values import Run
from importmgr.store.transactions import reading, wait_briefly, writing
from tests.stores import LEASE, Stores

AT_ONCE = timedelta(0)

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]


@pytest.fixture
def frozen(engine: Engine) -> Iterator[Connection]:
    """A session whose process does nothing any more; it ends without a word."""
    connection = engine.connect()
    yield connection
    connection.invalidate()
    connection.close()


def begin(connection: Connection, run: Run) -> None:
    """Begin a batch, as far as the lock."""
    bulk = bulk_for(connection)
    bulk.begin_batch(connection, run.id, run.token)
    bulk.lock(connection, customers_lock(run.project_id))


def is_free(engine: Engine, run: Run) -> bool:
    """Tell whether somebody else can write into the project."""
    try:
        with writing(engine) as transaction:
            wait_briefly(transaction)
            bulk_for(transaction).lock(transaction, customers_lock(run.project_id))
    except StoreBusyError:
        return False
    return True


def test_a_batch_without_a_lease_is_ended_and_its_lock_is_free(
    engine: Engine, stores: Stores, frozen: Connection
) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run
    begin(frozen, run)
    stores.pass_time(LEASE + timedelta(seconds=1))

    with reading(engine) as transaction:
        assert end_frozen(transaction, AT_ONCE) == 1

    assert is_free(engine, run)
    assert stores.runs.reap() == 1
    assert stores.state(run) is RunState.QUEUED
    with pytest.raises(sa.exc.DBAPIError):
        frozen.execute(sa.text("SELECT 1"))


def test_a_batch_whose_run_has_another_owner_by_now_is_ended(
    engine: Engine, stores: Stores, frozen: Connection
) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run
    stores.pass_time(LEASE + timedelta(seconds=1))
    stores.runs.reap()
    begin(frozen, run)
    assert stores.claim().run.token > run.token

    with reading(engine) as transaction:
        assert end_frozen(transaction, AT_ONCE) == 1


def test_a_batch_with_a_lease_and_one_that_just_began_are_left_alone(
    engine: Engine, stores: Stores, frozen: Connection
) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run
    begin(frozen, run)

    with reading(engine) as transaction:
        assert end_frozen(transaction, AT_ONCE) == 0
    stores.pass_time(LEASE + timedelta(seconds=1))
    with reading(engine) as transaction:
        assert end_frozen(transaction) == 0

    assert not is_free(engine, run)
