from __future__ import annotations

from dataclasses import asdict, replace

import sqlalchemy as sa

from definitions.batches import Tally
from definitions.faults import Fault, FaultCode
from destinations.ledger import read_ledger
from destinations.tables import run_faults
from importmgr.store.faults import FaultStore, Wanted
from importmgr.store.recounting import Touched, recount, replace_faults
from importmgr.store.transactions import writing
from tests.stores import DONE, NOW, Stores, checkpoint


def fault(file: str, row: int) -> Fault:
    return Fault(
        file=file,
        row=row,
        line=row + 1,
        column=None,
        value="x",
        code=FaultCode.TOO_FEW_FIELDS,
        message="…",
        rejects_row=True,
    )


def test_run_and_ledger_are_counted_anew(stores: Stores) -> None:
    run = stores.queue(stores.definition())
    claimed = stores.claim()
    stores.commit(claimed.run, checkpoint(1))
    stores.runs.finish(run.id, claimed.run.token, DONE, NOW)
    touched = Touched(tally=Tally(read=1, updated=1), faults=-1, rows=frozenset({4}))

    with writing(stores.engine) as transaction:
        recount(transaction, run.id, touched)
        ledger = read_ledger(transaction, run.id)

    expected = Tally(read=10, created=9, updated=1)
    assert (stores.again(run).tally, stores.again(run).fault_count) == (expected, 0)
    assert ledger is not None
    assert (ledger.tally, ledger.fault_count) == (expected, 0)


def test_faults_are_replaced_in_file_order_and_numbered_from_one(stores: Stores) -> None:
    run = stores.queue(stores.definition())
    known = [fault("b", 3), fault("b", 8), fault("a", 1), fault("a", 3)]
    rows = [{"run_id": run.id, "number": n, **asdict(one)} for n, one in enumerate(known, 1)]
    new = replace(fault("b", 3), code=FaultCode.STRAY_QUOTE)
    with writing(stores.engine) as transaction:
        transaction.execute(sa.insert(run_faults), rows)

        replace_faults(transaction, run.id, "b", frozenset({3, 8}), [fault("b", 9), new])

    found, _ = FaultStore(stores.engine).list(run.id, Wanted(), 10, 0)
    assert found == [new, fault("b", 9), fault("a", 1), fault("a", 3)]
    assert list(stores.runs.faults_of([run.id], 2)[run.id]) == found[:2]
