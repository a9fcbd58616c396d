"""Claims of places, and what is remembered of files."""

from __future__ import annotations

from datetime import timedelta

import pytest

from importmgr.store.transactions import writing
from importmgr.store.watches import Rest, Watched, WatchStore
from tests.stores import LEASE, NOW, Stores


@pytest.fixture
def watches(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> WatchStore:
    """A store whose clock is that of the test on either database."""
    monkeypatch.setattr("importmgr.store.watches.present", lambda _, ours: ours)
    return WatchStore(stores.engine, stores.clock, timedelta(seconds=60))


def give_back(stores: Stores, watches: WatchStore, watched: Watched, rest: Rest) -> None:
    with writing(stores.engine) as transaction:
        watches.rest(transaction, watched, rest)


def test_a_claim_takes_a_whole_place_and_no_other(stores: Stores, watches: WatchStore) -> None:
    made = [stores.definition().id for _ in range(3)]
    for definition_id, place in zip(made, ("a", "a", "b"), strict=True):
        watches.take_in(definition_id, place)
    assert watches.claim(LEASE) == []
    stores.clock.move(61)

    claims = [watches.claim(LEASE) for _ in range(3)]

    taken = sorted(sorted(each.definition.id for each in claim) for claim in claims)
    assert taken == [[], made[:2], made[2:]]


def test_a_claim_runs_out_and_fences_its_owner(stores: Stores, watches: WatchStore) -> None:
    watches.take_in(stores.definition().id, "a")
    stores.clock.move(61)
    (first,) = watches.claim(LEASE)
    stores.clock.move(LEASE.total_seconds() + 1)
    (second,) = watches.claim(LEASE)

    give_back(stores, watches, first, Rest(next_look_at=NOW, looked_at=NOW))
    assert watches.claim(LEASE) == []
    with writing(stores.engine) as transaction:
        assert not watches.hold(transaction, first)
        assert watches.hold(transaction, second)


def test_a_claim_does_not_outlive_switching_off_and_on(stores: Stores, watches: WatchStore) -> None:
    definition_id = stores.definition().id
    watches.take_in(definition_id, "a")
    stores.clock.move(61)
    (old,) = watches.claim(LEASE)

    with writing(stores.engine) as transaction:
        watches.end(transaction, definition_id)
    stores.clock.move(61)
    assert watches.claim(LEASE) == []
    with writing(stores.engine) as transaction:
        watches.begin(transaction, definition_id, "a")
    stores.clock.move(61)
    (new,) = watches.claim(LEASE)

    with writing(stores.engine) as transaction:
        assert not watches.hold(transaction, old)
        assert watches.hold(transaction, new)


def test_how_a_look_went_is_known_at_the_next(stores: Stores, watches: WatchStore) -> None:
    watches.take_in(stores.definition().id, "a")
    stores.clock.move(61)
    (first,) = watches.claim(LEASE)

    rest = Rest(next_look_at=NOW, looked_at=NOW, failures=3, failing_since=NOW, held_back=2)
    give_back(stores, watches, first, rest)
    (second,) = watches.claim(LEASE)

    assert (second.failures, second.failing_since, second.held_back) == (3, NOW, 2)


def test_an_inactive_definition_is_not_taken_in(stores: Stores, watches: WatchStore) -> None:
    watches.take_in(stores.definition(active=False).id, "a")
    stores.clock.move(61)

    assert watches.claim(LEASE) == []


def test_a_renewed_claim_lasts_and_one_that_was_given_back_does_not(
    stores: Stores, watches: WatchStore
) -> None:
    for _ in range(2):
        watches.take_in(stores.definition().id, "a")
    stores.clock.move(61)
    claimed = first, second = watches.claim(LEASE)
    soon = stores.clock.at + LEASE * 0.5
    give_back(stores, watches, first, Rest(next_look_at=soon, looked_at=NOW))

    until = watches.renew(claimed, first.claimed_until, LEASE)
    stores.clock.move(LEASE.total_seconds() * 0.75)
    until = watches.renew(claimed, until, LEASE)
    stores.clock.move(LEASE.total_seconds() * 0.75)

    assert [each.definition.id for each in watches.claim(LEASE)] == [first.definition.id]
    assert until == stores.clock.at + LEASE * 0.25
    stores.clock.move(LEASE.total_seconds() * 0.5)
    assert [each.definition.id for each in watches.claim(LEASE)] == [second.definition.id]
