"""Loading corrected rows in the place of those that a run rejected.

A row waits until one repair loads it. Its record is written as the run would have written it: for
the same file and row, at the time of that run. In the same transaction the row stops waiting, the
counts and faults of the run change, and the repair's own checkpoint moves on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.batches import Batch, Checkpoint, Tally
from definitions.compiled import CompiledMapping, Mapped
from definitions.correcting import malformed_rows, waiting_rows, with_old_faults
from definitions.faults import OF_ROWS, Fault
from definitions.model import ImportDefinition
from definitions.rejecting import gather_rejects
from definitions.rejects import PLAIN_FORM, CorrectedRows, RejectedRow
from destinations.base import Destination, LoadContext
from destinations.ledger import check_token, commit
from destinations.registry import open_destination
from destinations.session import report, write_records
from destinations.tables import run_reject_files, run_rejects
from importmgr.store.recounting import Touched, recount, replace_faults
from importmgr.store.rejects import to_row
from importmgr.store.repairs import Repair
from importmgr.store.run_values import Claim
from importmgr.store.transactions import Transaction, writing
from sources.formats.csv.handed_out import is_as_handed_out

ASKED_AT_ONCE = 1000  # rows of one query


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a repair works on, and under which token."""

    run_id: str
    token: int
    repair: Repair
    destination: Destination


class RepairSession:
    """Loads corrected rows batch by batch for the holder of the repair's token."""

    def __init__(self, engine: Engine, opened: Opened) -> None:
        """Take what was opened; nothing is written yet."""
        self._engine = engine
        self._opened = opened
        self._file = opened.repair.kept.file

    def load(
        self, corrected: CorrectedRows, mapping: CompiledMapping, reached: Checkpoint
    ) -> Checkpoint:
        """Load the rows that wait, whole or not at all, and return the checkpoint after them.

        Rows that do not wait (any more) are skipped; those that are bad still stay rejected, with
        their new faults, malformed ones that nobody changed with their old ones. Raise
        `LostLeaseError` if the repair is no longer the token's.
        """
        with writing(self._engine) as transaction:
            check_token(transaction, self._opened.run_id, self._opened.token)
            waiting = self._waiting(transaction, corrected)
            corrected = self._with_old_faults(corrected, waiting)
            lines = {row: one.line for row, one in waiting.items()}
            batch = waiting_rows(corrected, lines)
            mapped = mapping.apply(batch, self._file.name)
            malformed = mapping.masking.faults(
                list(malformed_rows(corrected, lines, self._file.name))
            )
            tally = self._write(transaction, mapped)
            self._settle(transaction, mapped, batch, malformed)
            touched = [*batch.rows.tolist(), *(fault.row for fault in malformed)]
            after = self._after(reached, corrected, tally, len(touched))
            faults = sorted((*mapped.faults, *malformed), key=lambda fault: fault.row)
            count = mapped.fault_count + len(malformed)
            change = Touched(
                tally=tally,
                faults=count - sum(waiting[row].faults for row in touched),
                rows=frozenset(touched),
            )
            self._tell(transaction, change, faults, reached)
            done = replace(after, fault_count=reached.fault_count + count)
            commit(transaction, self._opened.run_id, self._opened.token, done)
        return done

    def _waiting(
        self, transaction: Transaction, corrected: CorrectedRows
    ) -> dict[int, RejectedRow]:
        """Return those of the rows that wait for a repair, by number, and keep others from them.

        Only malformed ones come with what stands in them.
        """
        numbers = sorted({*corrected.rows, *(each.row for each in corrected.malformed)})
        columns = run_rejects.c
        content = sa.case((columns.code.in_(sorted(OF_ROWS)), columns.content)).label("content")
        names = [name for name in RejectedRow.__slots__ if name != content.name]
        asked_for: list[sa.ColumnElement[Any]] = [content, *(columns[name] for name in names)]
        waits = sa.select(*asked_for).where(self._mine, columns.repaired_by.is_(None))
        found: dict[int, RejectedRow] = {}
        for start in range(0, len(numbers), ASKED_AT_ONCE):
            asked = columns.row.in_(numbers[start : start + ASKED_AT_ONCE])
            for row in transaction.execute(waits.where(asked).with_for_update()):
                found[row.row] = to_row(row)
        return found

    def _with_old_faults(
        self, corrected: CorrectedRows, waiting: Mapping[int, RejectedRow]
    ) -> CorrectedRows:
        """Return the rows with malformed ones that nobody changed malformed as they were."""
        form = self._file.form or PLAIN_FORM
        was_malformed = {row: was for row, was in waiting.items() if was.code in OF_ROWS}
        return with_old_faults(
            corrected,
            was_malformed,
            lambda was, cells, text: is_as_handed_out(was, form, cells, text),
        )

    @property
    def _mine(self) -> sa.ColumnElement[bool]:
        repair, columns = self._opened.repair, run_rejects.c
        return (columns.run_id == repair.of.id) & (columns.part == repair.kept.part)

    def _write(self, transaction: Transaction, mapped: Mapped) -> Tally:
        """Write the records as those of their file."""
        records = replace(mapped.records, file=self._file.number, identity=self._file.identity)
        return write_records(transaction, self._opened.destination, records)

    def _settle(
        self, transaction: Transaction, mapped: Mapped, batch: Batch, malformed: Sequence[Fault]
    ) -> None:
        """Mark the rows that are loaded, and say what is wrong with the others now."""
        loaded = mapped.records.frame["row"].to_list()
        settled = {"repaired_by": self._opened.run_id}
        _change(transaction, self._mine, settled, [{"at_row": row} for row in loaded])
        bad = gather_rejects(batch, mapped, self._file)
        names = ("code", "column", "message", "faults", "content", "as_cells")
        rows = bad.rows if bad else ()
        changes = [
            {"at_row": row.row, **{f"new_{name}": getattr(row, name) for name in names}}
            for row in rows
        ]
        _change(transaction, self._mine, _new(names), changes)
        malformed_names = ("code", "column", "message", "faults")
        changes = [
            {
                "at_row": fault.row,
                "new_code": fault.code.value,
                "new_column": None,
                "new_message": fault.message,
                "new_faults": 1,
            }
            for fault in malformed
        ]
        _change(transaction, self._mine, _new(malformed_names), changes)

    def _tell(
        self,
        transaction: Transaction,
        change: Touched,
        faults: Sequence[Fault],
        reached: Checkpoint,
    ) -> None:
        """Change the counts and faults of the run, and report the faults of the repair."""
        repair, file = self._opened.repair, run_reject_files.c
        replace_faults(transaction, repair.of.id, self._file.name, change.rows, faults)
        recount(transaction, repair.of.id, change)
        transaction.execute(
            sa.update(run_reject_files)
            .where(file.run_id == repair.of.id, file.part == repair.kept.part)
            .values(repaired=file.repaired + change.tally.read)
        )
        report(transaction, self._opened.run_id, faults, reached.fault_count)

    @staticmethod
    def _after(
        reached: Checkpoint, corrected: CorrectedRows, tally: Tally, touched: int
    ) -> Checkpoint:
        """Count a batch in: what was not waiting is skipped."""
        others = corrected.read - touched
        rest = Tally(
            read=corrected.read - tally.read, rejected=touched - tally.read, skipped=others
        )
        return replace(
            reached,
            position=corrected.end,
            batches=reached.batches + 1,
            tally=reached.tally + tally + rest,
        )


def open_repair(
    engine: Engine, claim: Claim, definition: ImportDefinition, repair: Repair
) -> RepairSession:
    """Return what commits the batches of a claimed repair, as the run it belongs to would."""
    started_at = repair.of.started_at or repair.of.created_at
    context = LoadContext(project_id=claim.project.id, run_id=repair.of.id, started_at=started_at)
    with writing(engine) as transaction:
        destination = open_destination(transaction, definition, context)
    opened = Opened(
        run_id=claim.run.id, token=claim.run.token, repair=repair, destination=destination
    )
    return RepairSession(engine, opened)


def _new(names: Sequence[str]) -> Mapping[str, sa.BindParameter[object]]:
    """Return the parameters that hold new values of columns."""
    return {name: sa.bindparam(f"new_{name}") for name in names}


def _change(
    transaction: Transaction,
    mine: sa.ColumnElement[bool],
    values: Mapping[str, object],
    rows: Sequence[Mapping[str, object]],
) -> None:
    """Change rejected rows, each told by `at_row`."""
    if rows:
        change = sa.update(run_rejects).where(mine, run_rejects.c.row == sa.bindparam("at_row"))
        transaction.execute(change.values(dict(values)), list(rows))
