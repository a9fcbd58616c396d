from __future__ import annotations

from dataclasses import fields

import sqlalchemy as sa

from definitions.batches import Tally
from importmgr.store.run_values import COUNTS, select_runs, to_run
from importmgr.store.tables import runs
from importmgr.store.transactions import reading
from tests.stores import Stores


def test_every_count_of_a_tally_is_read() -> None:
    assert tuple(field.name for field in fields(Tally)) == COUNTS


def test_every_count_has_a_column_of_its_own() -> None:
    assert {f"rows_{name}" for name in COUNTS} < set(runs.c.keys())


def test_a_run_without_ledger_row_has_counts_of_zero(stores: Stores) -> None:
    queued = stores.queue(stores.definition())

    with reading(stores.engine) as transaction:
        row = transaction.execute(select_runs().where(runs.c.id == queued.id)).one()

    assert to_run(row).tally == Tally()


def test_a_row_appears_once_however_many_ledgers_there_are(stores: Stores) -> None:
    for _ in range(3):
        stores.queue(stores.definition())
        stores.claim()

    with reading(stores.engine) as transaction:
        counted = sa.select(sa.func.count()).select_from(select_runs().subquery())
        assert transaction.execute(counted).scalar_one() == 3
