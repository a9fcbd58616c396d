"""Holding a run: signs of life, a database that is busy for a moment, and a run that was lost."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import sqlalchemy as sa

from definitions.errors import LostLeaseError, PermanentError, StoreBusyError
from importmgr.executing.lease import Lease, LeaseTerms
from importmgr.store.runs import Claim, RunStore
from importmgr.store.tables import runs
from importmgr.store.transactions import present
from tests.acceptance.documents import idle, people
from tests.product import Product, wait_until
from tests.stores import LEASE, ORIGIN

BEAT = timedelta(milliseconds=5)


@pytest.fixture
def claim(product: Product) -> Claim:
    product.start(product.create(idle(people())))
    claimed = product.wiring.stores.runs.claim("me", LEASE)
    assert claimed is not None
    return claimed


def hold(product: Product, claim: Claim, store: RunStore | None = None) -> Lease:
    """Return a lease of the claimed run that is not begun."""
    return Lease(
        claim.run.id,
        claim.run.token,
        runs=store or product.wiring.stores.runs,
        terms=LeaseTerms(duration=LEASE, heartbeat=BEAT),
        clock=product.clock,
    )


def is_fresh(product: Product) -> bool:
    """Tell whether a sign of life has just been given for the one run."""
    with product.wiring.engine.connect() as connection:
        now = present(connection, product.clock.now())
        until = connection.execute(sa.select(runs.c.lease_until)).scalar_one()
        return bool(until - now > LEASE * 0.9)


def is_lost(lease: Lease) -> bool:
    """Tell whether the run is somebody else's."""
    try:
        lease.check()
    except LostLeaseError:
        return True
    return False


@dataclass
class Stumbling(RunStore):
    """A store whose heartbeats fail as long as `error` is set."""

    store: RunStore
    error: Exception | None
    asked: threading.Event = field(default_factory=threading.Event)

    def heartbeat(self, run_id: str, token: int, lease: timedelta) -> bool:
        """Fail, or give the sign of life."""
        self.asked.set()
        if self.error is not None:
            raise self.error
        return self.store.heartbeat(run_id, token, lease)


def test_signs_of_life_keep_a_run_from_being_reaped(product: Product, claim: Claim) -> None:
    with hold(product, claim) as lease:
        for _ in range(2):
            product.pass_time(50)
            wait_until(lambda: is_fresh(product))
        reaped = product.wiring.stores.runs.reap()
        lease.check()

    assert reaped == 0


def test_no_sign_of_life_is_given_after_the_end(product: Product, claim: Claim) -> None:
    with hold(product, claim):
        pass
    product.pass_time(61)

    assert product.wiring.stores.runs.reap() == 1
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("lease-")]


def test_a_cancelled_run_is_lost(product: Product, claim: Claim) -> None:
    with hold(product, claim) as lease:
        lease.check()
        definition_id = claim.run.definition_id
        product.services.definitions.delete(product.project, definition_id, ORIGIN)
        wait_until(lambda: is_lost(lease))

        with pytest.raises(LostLeaseError, match="was paused, cancelled or taken over"):
            lease.check()


def test_a_run_that_is_taken_away_is_lost_long_before_the_next_heartbeat(
    product: Product, claim: Claim
) -> None:
    terms = LeaseTerms(duration=LEASE, heartbeat=LEASE / 4, look=BEAT)
    store = product.wiring.stores.runs
    own = Lease(claim.run.id, claim.run.token, runs=store, terms=terms, clock=product.clock)

    with own as lease:
        lease.check()
        store.release(claim.run.id, claim.run.token)
        wait_until(lambda: is_lost(lease))


def test_a_run_that_was_reaped_is_lost_for_its_old_owner(product: Product, claim: Claim) -> None:
    product.pass_time(61)
    product.wiring.stores.runs.reap()

    with hold(product, claim) as lease:
        wait_until(lambda: is_lost(lease))


@pytest.mark.parametrize("error", [StoreBusyError("locked"), PermanentError("refused")])
def test_a_database_that_is_away_for_a_moment_costs_nothing(
    product: Product, claim: Claim, error: Exception
) -> None:
    store = Stumbling(product.wiring.stores.runs, error)

    with hold(product, claim, store) as lease:
        product.pass_time(59)
        beat_twice(store)
        lease.check()
        store.error = None
        wait_until(lambda: is_fresh(product))
        lease.check()


def test_a_run_is_lost_when_no_sign_of_life_got_through_in_time(
    product: Product, claim: Claim
) -> None:
    store = Stumbling(product.wiring.stores.runs, StoreBusyError("locked"))

    with hold(product, claim, store) as lease:
        product.clock.move(60)
        wait_until(lambda: is_lost(lease))


def beat_twice(store: Stumbling) -> None:
    """Return after a heartbeat that began later than now has ended."""
    for _ in range(2):
        store.asked.clear()
        assert store.asked.wait(5)
