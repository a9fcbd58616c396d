"""Changing what a run that has ended tells of itself, when some of its rows are repaired."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from definitions.batches import Tally
from definitions.faults import MOST_FAULTS, Fault
from definitions.file_ledger import FileState
from destinations.session import report
from destinations.tables import run_faults, run_ledger
from importmgr.store.faults import to_fault
from importmgr.store.tables import file_ledger, runs
from importmgr.store.transactions import Transaction

LOADED = ("created", "updated", "unchanged", "skipped")


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What happened to rejected rows: how those that wait no more ended, and the change of faults.

    They are `rows` of the file `number` of the run, the bad ones among them included.
    """

    tally: Tally
    faults: int
    rows: frozenset[int]
    number: int = 0


def recount(transaction: Transaction, run_id: str, touched: Touched) -> None:
    """Move rows from the rejected ones of a run to where they ended, in all that counts them."""
    counts = {name: getattr(touched.tally, name) for name in LOADED}
    counts["rejected"] = -touched.tally.read
    of_run = {f"rows_{name}": runs.c[f"rows_{name}"] + count for name, count in counts.items()}
    of_run["fault_count"] = runs.c.fault_count + touched.faults
    transaction.execute(sa.update(runs).where(runs.c.id == run_id).values(of_run))
    in_ledger = {name: run_ledger.c[name] + count for name, count in counts.items()}
    in_ledger["fault_count"] = run_ledger.c.fault_count + touched.faults
    transaction.execute(
        sa.update(run_ledger).where(run_ledger.c.run_id == run_id).values(in_ledger)
    )
    file = file_ledger.c
    of_file = (file.run_id == run_id) & (file.number == touched.number)
    in_file = {f"rows_{name}": file[f"rows_{name}"] + count for name, count in counts.items()}
    loaded = sa.update(file_ledger).where(of_file, file.state == FileState.LOADED)
    transaction.execute(loaded.values(in_file))


def replace_faults(
    transaction: Transaction,
    run_id: str,
    file: str,
    rows: frozenset[int],
    faults: Iterable[Fault],
) -> None:
    """Let these faults take the place of all that the run has of some rows of a file.

    What is stored is written anew in file order, so that the first ones have the first numbers.
    """
    mine = run_faults.c.run_id == run_id
    stored = sa.select(run_faults).where(mine).order_by(run_faults.c.number)
    known = [to_fault(row) for row in transaction.execute(stored)]
    others = [fault for fault in known if fault.file != file or fault.row not in rows]
    order = {name: place for place, name in enumerate(dict.fromkeys([*_files(known), file]))}
    both = sorted((*others, *faults), key=lambda fault: (order[fault.file], fault.row))
    transaction.execute(sa.delete(run_faults).where(mine))
    report(transaction, run_id, both[:MOST_FAULTS], 0)


def _files(faults: Iterable[Fault]) -> Iterable[str]:
    return (fault.file for fault in faults)
