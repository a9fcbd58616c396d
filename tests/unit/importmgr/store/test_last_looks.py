"""What is kept of looks, on both kinds of database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from definitions.watching import Tally
from importmgr.store.transactions import writing
from importmgr.store.watch_tables import watches as table
from importmgr.store.watches import Rest, WatchStore
from tests.stores import LEASE, NOW, Stores

QUIET = Tally(at=NOW, matched=3, older=1, waiting=0, taken=0, passed_over=1, changed=False)


def test_looks_add_up_within_one_moment_and_count_after_another(stores: Stores) -> None:
    watches = WatchStore(stores.engine, stores.clock, timedelta(seconds=60))
    definition_id = stores.definition().id
    watches.take_in(definition_id, "a")
    later = NOW + timedelta(seconds=60)
    tallies = [
        replace(QUIET, changed=True, taken=2),
        QUIET,
        replace(QUIET, at=later),
        replace(QUIET, at=later),
    ]

    found = []
    for tally in tallies:
        with stores.engine.begin() as transaction:
            transaction.execute(sa.update(table).values(next_look_at=NOW - LEASE * 100_000))
        (watched,) = watches.claim(LEASE)
        with writing(stores.engine) as transaction:
            rest = Rest(next_look_at=NOW, looked_at=tally.at, tally=tally)
            watches.rest(transaction, watched, rest)
        look = watches.last_look(definition_id)
        assert look is not None
        assert look.older == look.matched / 3
        found.append((look.at, look.matched, look.taken, look.passed_over, look.unchanged))
        assert look.changed_at == NOW

    assert found == [(NOW, 3, 2, 1, 0), (NOW, 6, 2, 2, 0), (later, 3, 0, 1, 1), (later, 6, 0, 2, 1)]
