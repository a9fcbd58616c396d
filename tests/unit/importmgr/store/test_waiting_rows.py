"""Rejected rows as a repair finds and changes them."""

from __future__ import annotations

from dataclasses import replace

from importmgr.store.rejects import RejectStore
from importmgr.store.transactions import writing
from importmgr.store.waiting_rows import WaitingRows
from tests.rejects import ROW, keep_a_row
from tests.stores import Stores, new_id


def test_rows_wait_until_they_are_loaded_or_given_up(stores: Stores) -> None:
    run_id, other = new_id(), new_id()
    for each in (run_id, other):
        keep_a_row(stores.engine, each)
    rows = WaitingRows(run_id, 1, by=new_id())
    changed = replace(ROW, code="too_few_fields", content=b"new\n")

    with writing(stores.engine) as transaction:
        before = rows.take(transaction, {1, 2})
        whole = list(rows.whole(transaction, {1, 2}))
        rows.keep(transaction, [changed])
        after = rows.take(transaction, {1})
        rows.settle(transaction, loaded=(), given_up={1})
        left = rows.take(transaction, {1})
        mine = rows.mine(transaction, {1})
        of_another = WaitingRows(run_id, 1, by=new_id()).mine(transaction, {1})

    assert before == {1: replace(ROW, content=None)}  # it is not malformed
    assert (whole, after, left) == ([ROW], {1: changed}, {})
    assert (mine, of_another) == ({1: changed}, {})
    store = RejectStore(stores.engine)
    assert [(kept.repaired, kept.discarded, kept.open) for kept in store.files(run_id)] == [
        (0, 1, 0)
    ]
    assert list(store.rows(other, 1)) == [ROW]


def test_rows_with_cells_that_are_no_text_come_with_what_stands_in_them(stores: Stores) -> None:
    run_id = new_id()
    keep_a_row(stores.engine, run_id)
    rows = WaitingRows(run_id, 1, by=new_id())
    changed = replace(ROW, content=b'["", "1.5"]', as_cells=True, typed=b"\0\1")

    with writing(stores.engine) as transaction:
        rows.keep(transaction, [changed])

        assert rows.take(transaction, {1}) == {1: changed}
