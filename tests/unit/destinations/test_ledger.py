from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection, Engine

from definitions.batches import Checkpoint, Position, Tally
from definitions.errors import LostLeaseError
from destinations.ledger import (
    check_token,
    commit,
    keep_out,
    open_ledger,
    read_ledger,
    revoke,
)

RUN = "a" * 24
FIRST = Checkpoint(
    file=1,
    identity="f" * 64,
    position=Position(byte=10**12, row=7, line=9),
    batches=1,
    tally=Tally(read=6, created=1, updated=1, unchanged=1, rejected=2, skipped=1),
    fault_count=3,
)


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


def test_a_run_begins_at_nothing(connection: Connection) -> None:
    assert read_ledger(connection, RUN) is None
    assert open_ledger(connection, RUN, 1) == Checkpoint()
    assert read_ledger(connection, RUN) == Checkpoint()


def test_a_checkpoint_comes_back_as_it_was(connection: Connection) -> None:
    open_ledger(connection, RUN, 1)

    commit(connection, RUN, 1, FIRST)

    assert open_ledger(connection, RUN, 1) == FIRST
    assert read_ledger(connection, RUN) == FIRST


def test_a_later_holder_goes_on_and_the_zombie_is_refused(connection: Connection) -> None:
    open_ledger(connection, RUN, 1)
    commit(connection, RUN, 1, FIRST)

    assert open_ledger(connection, RUN, 2) == FIRST

    for refused in (
        lambda: commit(connection, RUN, 1, replace(FIRST, batches=2)),
        lambda: check_token(connection, RUN, 1),
        lambda: open_ledger(connection, RUN, 1),
    ):
        with pytest.raises(LostLeaseError, match=f"run '{RUN}' is no longer this executor's"):
            refused()
    commit(connection, RUN, 2, replace(FIRST, batches=2))


@pytest.mark.parametrize("batches", [0, 1, 3])
def test_no_batch_is_committed_twice_or_left_out(connection: Connection, batches: int) -> None:
    open_ledger(connection, RUN, 1)
    commit(connection, RUN, 1, FIRST)

    with pytest.raises(LostLeaseError):
        commit(connection, RUN, 1, replace(FIRST, batches=batches))


def test_a_revoked_token_commits_nothing_and_the_next_one_does(connection: Connection) -> None:
    open_ledger(connection, RUN, 1)
    revoke(connection, RUN, 1)

    with pytest.raises(LostLeaseError):
        commit(connection, RUN, 1, FIRST)
    with pytest.raises(LostLeaseError):
        open_ledger(connection, RUN, 1)
    assert open_ledger(connection, RUN, 2) == Checkpoint()
    commit(connection, RUN, 2, FIRST)


def test_a_run_can_be_revoked_before_it_begins(connection: Connection) -> None:
    revoke(connection, RUN, 1)

    with pytest.raises(LostLeaseError):
        open_ledger(connection, RUN, 1)


def test_revoking_an_old_token_leaves_the_new_holder_alone(connection: Connection) -> None:
    open_ledger(connection, RUN, 5)

    revoke(connection, RUN, 3)

    commit(connection, RUN, 5, FIRST)


def test_a_run_that_is_kept_is_not_taken_over_from_a_zombie(connection: Connection) -> None:
    open_ledger(connection, RUN, 1)
    keep_out(connection, RUN, 1)
    open_ledger(connection, RUN, 2)

    with pytest.raises(LostLeaseError):
        keep_out(connection, RUN, 1)
