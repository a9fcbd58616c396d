from __future__ import annotations

from dataclasses import asdict, replace

import sqlalchemy as sa

from definitions.batches import Tally
from definitions.faults import Fault, FaultCode
from definitions.file_ledger import FileState
from destinations.ledger import read_ledger
from destinations.tables import run_faults
from importmgr.store.faults import FaultStore, Wanted
from importmgr.store.file_ledger import FileLedger
from importmgr.store.recounting import Touched, recount, replace_faults
from importmgr.store.tables import file_ledger
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
    counts = {"rows_read": 5, "rows_created": 4, "rows_rejected": 1}
    file: dict[str, object] = {
        "run_id": run.id,
        "definition_id": run.definition_id,
        "state": FileState.LOADED,
    }
    file |= dict.fromkeys(("rows_updated", "rows_unchanged", "rows_skipped"), 0) | counts
    with writing(stores.engine) as transaction:
        files = [{**file, "number": number, "path": f"{number}.csv"} for number in (0, 1)]
        transaction.execute(sa.insert(file_ledger), files)
    touched = Touched(tally=Tally(read=1, updated=1), faults=-1, rows=frozenset({4}), number=1)

    with writing(stores.engine) as transaction:
        recount(transaction, run.id, touched)
        ledger = read_ledger(transaction, run.id)

    expected = Tally(read=10, created=9, updated=1)
    assert (stores.again(run).tally, stores.again(run).fault_count) == (expected, 0)
    assert ledger is not None
    assert (ledger.tally, ledger.fault_count) == (expected, 0)
    assert FileLedger(stores.engine).finished([run.id])[run.id] == {
        "0.csv": Tally(read=5, created=4, rejected=1),
        "1.csv": Tally(read=5, created=4, updated=1),
    }


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
