from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from definitions.rejects import PLAIN_FORM, RejectedFile, RejectedRow, Rejects
from destinations.keeping import Keeping
from destinations.tables import run_rejects
from importmgr.store import rejects as module
from importmgr.store.rejects import RejectStore
from importmgr.store.transactions import writing
from tests.stores import NOW, Stores, new_id

FILE = RejectedFile(
    name="f.csv",
    number=0,
    identity="x",
    header=("a", "b"),
    form=PLAIN_FORM,
    styles={"dates": {"a": "day first"}},
)


def row(number: int) -> RejectedRow:
    return RejectedRow(
        row=number,
        line=number + 1,
        code="missing_key",
        column="a",
        message="…",
        faults=2,
        content=b"1,\xff\n",
        as_cells=False,
    )


def keep(stores: Stores, *numbers: int, at: datetime = NOW) -> str:
    run_id = new_id()
    rows = tuple(map(row, numbers))
    with writing(stores.engine) as transaction:
        Keeping(at, 1 << 20).keep(transaction, run_id, Rejects(file=FILE, rows=rows, count=9))
    return run_id


def test_rows_come_as_they_were_kept(stores: Stores) -> None:
    run_id = keep(stores, 5, 3)
    store = RejectStore(stores.engine)

    [kept] = store.files(run_id)

    assert (kept.part, kept.file, kept.rejected, kept.kept, kept.open) == (1, FILE, 9, 2, 2)
    assert list(store.rows(run_id, 1)) == [row(3), row(5)]
    assert list(store.rows(run_id, 2)) == []


def test_a_file_without_a_rejected_row_is_none(stores: Stores) -> None:
    run_id = new_id()
    with writing(stores.engine) as transaction:
        Keeping(NOW, 1 << 20).keep(transaction, run_id, Rejects(file=FILE, rows=(), count=0))

    assert RejectStore(stores.engine).files(run_id) == []


def test_rows_come_page_by_page_without_those_that_were_repaired(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    run_id = keep(stores, 1, 2, 3, 4, 5)
    repair = sa.update(run_rejects).where(run_rejects.c.row == 3).values(repaired_by=new_id())
    with writing(stores.engine) as transaction:
        transaction.execute(repair)

    found = RejectStore(stores.engine).rows(run_id, 1)

    assert [each.row for each in found] == [1, 2, 4, 5]


def test_old_rows_are_forgotten(stores: Stores) -> None:
    old = keep(stores, 1, 2, at=NOW - timedelta(days=2))
    new = keep(stores, 1)
    store = RejectStore(stores.engine)

    assert store.prune(NOW - timedelta(days=1)) == 1
    assert store.prune(NOW - timedelta(days=1)) == 0

    assert (store.files(old), list(store.rows(old, 1))) == ([], [])
    assert len(list(store.rows(new, 1))) == 1
