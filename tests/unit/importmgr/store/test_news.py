"""Whoever queues a run is heard, when the transaction has committed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.errors import StoreBusyError
from importmgr.store.news import announce, hear_own, listening
from importmgr.store.queueing import queue_scheduled
from importmgr.store.transactions import writing
from tests.stores import LEASE, Stores, new_run

SOON, LATE = 0.05, 10.0


@pytest.fixture
def heard(sqlite_engine: Engine) -> list[str]:
    """What is heard of an embedded database."""
    rings = list[str]()
    hear_own(sqlite_engine, lambda: rings.append("ring"))
    return rings


def test_an_embedded_database_rings_once_for_each_transaction_that_queues(
    sqlite_engine: Engine, heard: list[str]
) -> None:
    stores = Stores(sqlite_engine)
    definition = stores.definition()
    assert heard == []

    stores.queue(definition)
    assert heard == ["ring"]
    with writing(sqlite_engine) as transaction:
        queue_scheduled(transaction, [new_run(definition), new_run(definition)])
        assert heard == ["ring"]
    assert heard == ["ring"] * 2


def test_a_run_that_is_given_back_or_taken_from_the_dead_is_told_of(
    sqlite_engine: Engine, heard: list[str]
) -> None:
    stores = Stores(sqlite_engine)
    stores.queue(stores.definition())
    claim = stores.claim()
    stores.runs.release(claim.run.id, claim.run.token)
    assert heard == ["ring"] * 2

    stores.claim()
    stores.pass_time(LEASE + timedelta(seconds=1))
    assert stores.runs.reap() == 1
    assert heard == ["ring"] * 3


@pytest.mark.postgres
def test_a_server_tells_all_who_listen_when_it_is_committed(postgres_engine: Engine) -> None:
    stores = Stores(postgres_engine)
    definition = stores.definition()
    with listening(postgres_engine) as first, listening(postgres_engine) as second:
        with writing(postgres_engine) as transaction:
            announce(transaction)
            assert not first(SOON)
        assert first(LATE)
        stores.queue(definition)
        assert first(LATE)
        assert second(LATE)
        assert not first(SOON)


@pytest.mark.postgres
def test_a_connection_that_breaks_is_a_database_that_is_away(
    postgres_engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(StoreBusyError):
        _listen_to_the_end(postgres_engine)

    assert caplog.records == []  # nobody has to look into this


def _listen_to_the_end(engine: Engine) -> None:
    """Listen on a connection that the server ends."""
    end = sa.text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE query LIKE 'LISTEN%' AND datname = current_database()"
    )
    with listening(engine) as wait:
        with engine.connect() as connection:
            assert connection.execute(end).scalars().all() == [True]
        wait(LATE)
