"""Loading corrected rows in the place of those that a run rejected.

A row waits until one repair loads it, or gives it up. Its record is written as the run would have
written it: for the same file and row, at the time of that run. In the same transaction the row
stops waiting, the counts and faults of the run change, and the repair's own checkpoint moves on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from definitions.audit import AuditAction, Change
from definitions.batches import Batch, Checkpoint, Tally
from definitions.compiled import CompiledMapping, Mapped
from definitions.correcting import (
    given_up,
    malformed_rows,
    waiting_rows,
    with_accepted,
    with_old_faults,
    with_typed,
)
from definitions.faults import OF_ROWS, Fault
from definitions.model import ImportDefinition
from definitions.null_values import emptied
from definitions.rejecting import gather_rejects
from definitions.rejects import PLAIN_FORM, CorrectedRows, RejectedRow, StillMalformed
from destinations.base import Destination, LoadContext
from destinations.ledger import check_token, commit
from destinations.registry import open_destination
from destinations.session import report, write_records
from importmgr.acting import Actor, acting
from importmgr.store.audit import AuditStore
from importmgr.store.recounting import Touched, recount, replace_faults
from importmgr.store.repairs import Repair, RepairCounts, count_rows
from importmgr.store.run_values import Claim
from importmgr.store.transactions import Transaction, writing
from importmgr.store.waiting_rows import WaitingRows
from sources.formats.csv.handed_out import is_as_handed_out
from sources.formats.csv.rejected import cells_of

MOST_TOLD = 100  # numbers of rows in one line of the audit log


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a repair works on, under which token, and who is told what it gives up."""

    run_id: str
    token: int
    repair: Repair
    destination: Destination
    audit: AuditStore
    null_values: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sorted:
    """The rows of a batch that wait: those that can be read, malformed ones, those given up."""

    waiting: Mapping[int, RejectedRow]
    batch: Batch
    malformed: Sequence[StillMalformed]
    given_up: frozenset[int]

    @property
    def tried(self) -> list[int]:
        """Return the numbers of the rows that were to be loaded."""
        return [*self.batch.rows.tolist(), *(each.row for each in self.malformed)]

    @property
    def old_faults(self) -> int:
        """Return how many faults these rows had."""
        return sum(self.waiting[row].faults for row in (*self.tried, *self.given_up))


class RepairSession:
    """Loads corrected rows batch by batch for the holder of the repair's token."""

    def __init__(self, engine: Engine, opened: Opened) -> None:
        """Take what was opened; nothing is written yet."""
        self._engine = engine
        self._opened = opened
        self._file = opened.repair.kept.file
        self._form = self._file.form or PLAIN_FORM
        repair = opened.repair
        self._rows = WaitingRows(repair.of.id, repair.kept.part, by=opened.run_id)

    def look(self, corrected: CorrectedRows) -> Batch:
        """Return the rows that `load` would try, those that this repair has loaded too."""
        with writing(self._engine) as transaction:
            mine = self._rows.mine(transaction, corrected.numbers)
        return self._as_read(self._sorted(corrected, mine))

    def load(
        self, corrected: CorrectedRows, mapping: CompiledMapping, reached: Checkpoint
    ) -> Checkpoint:
        """Load the rows that wait, whole or not at all, and return the checkpoint after them.

        Rows that do not wait (any more) are skipped, and so are those that are given up; those
        that are bad still stay rejected, with their new faults, malformed ones that nobody changed
        with their old ones. Raise `LostLeaseError` if the repair is no longer the token's.
        """
        with writing(self._engine) as transaction:
            check_token(transaction, self._opened.run_id, self._opened.token)
            rows = self._sorted(corrected, self._rows.take(transaction, corrected.numbers))
            mapped = mapping.apply(self._as_read(rows), self._file.name)
            tally = self._write(transaction, mapped)
            self._settle(transaction, rows, mapped)
            bad = mapping.masking.faults([each.fault for each in rows.malformed])
            faults = sorted((*mapped.faults, *bad), key=lambda fault: fault.row)
            count = mapped.fault_count + len(bad)
            dropped = len(rows.given_up)
            change = Touched(
                tally=tally + Tally(read=dropped, skipped=dropped),
                faults=count - rows.old_faults,
                rows=frozenset((*rows.tried, *rows.given_up)),
                number=self._file.number,
            )
            self._tell(transaction, change, faults, reached)
            after = _after(reached, corrected, tally, len(rows.tried))
            done = replace(after, fault_count=reached.fault_count + count)
            commit(transaction, self._opened.run_id, self._opened.token, done)
        return done

    def _sorted(self, corrected: CorrectedRows, waiting: Mapping[int, RejectedRow]) -> _Sorted:
        """Return the rows that wait; malformed ones as they were, unless changed or accepted."""
        was_malformed = {row: was for row, was in waiting.items() if was.code in OF_ROWS}
        accepting = with_accepted(corrected, was_malformed, self._is_same, self._parted)
        found = with_old_faults(accepting, was_malformed, self._is_same)
        lines = {row: was.line for row, was in waiting.items()}
        return _Sorted(
            waiting=waiting,
            batch=with_typed(waiting_rows(found, lines), waiting, self._parted),
            malformed=list(malformed_rows(found, lines, self._file.name)),
            given_up=given_up(found, lines),
        )

    def _as_read(self, rows: _Sorted) -> Batch:
        """Return the rows as a run reads them, which keep the cells that were handed in."""
        return emptied(rows.batch, self._opened.null_values)

    def _parted(self, was: RejectedRow) -> Sequence[str]:
        return cells_of(was, self._form)

    def _is_same(self, was: RejectedRow, cells: Sequence[str] | None, text: bytes) -> bool:
        return is_as_handed_out(was, self._form, cells, text)

    def _write(self, transaction: Transaction, mapped: Mapped) -> Tally:
        """Write the records as those of their file."""
        records = replace(mapped.records, file=self._file.number, identity=self._file.identity)
        return write_records(transaction, self._opened.destination, records)

    def _settle(self, transaction: Transaction, rows: _Sorted, mapped: Mapped) -> None:
        """Let rows wait no more that are loaded or given up, and keep the others as they are."""
        bad = gather_rejects(rows.batch, mapped, self._file)
        unusable = bad.rows if bad else ()
        changed = [row for each in rows.malformed if (row := _rejected(each)) is not None]
        untouched = len(rows.malformed) - len(changed) + self._unchanged(transaction, unusable)
        self._rows.keep(transaction, [*unusable, *changed])
        loaded = mapped.records.frame["row"].to_list()
        self._rows.settle(transaction, loaded=loaded, given_up=rows.given_up)
        counts = RepairCounts(untouched=untouched, discarded=len(rows.given_up))
        count_rows(transaction, self._opened.run_id, counts)
        if rows.given_up:
            self._admit(transaction, rows.given_up)

    def _unchanged(self, transaction: Transaction, bad: Sequence[RejectedRow]) -> int:
        """Return how many rows that are rejected again have the cells that they had."""
        now = {row.row: cells_of(row, self._form) for row in bad}
        found = self._rows.whole(transaction, now)
        return sum(self._is_same(was, now[was.row], b"") for was in found)

    def _admit(self, transaction: Transaction, rows: Collection[int]) -> None:
        """Write down that a person has given up rows, and which."""
        repair = self._opened.repair
        told = {"file": repair.kept.part, "count": len(rows), "rows": sorted(rows)[:MOST_TOLD]}
        change = Change(
            action=AuditAction.RUN_DISCARDED,
            project_id=repair.of.project_id,
            what=repair.of.id,
            after={"repair": self._opened.run_id, **told},
        )
        with acting(Actor(name=repair.asked_by)):
            self._opened.audit.record(transaction, change)

    def _tell(
        self,
        transaction: Transaction,
        change: Touched,
        faults: Sequence[Fault],
        reached: Checkpoint,
    ) -> None:
        """Change the counts and faults of the run, and report the faults of the repair."""
        run_id = self._opened.repair.of.id
        replace_faults(transaction, run_id, self._file.name, change.rows, faults)
        recount(transaction, run_id, change)
        report(transaction, self._opened.run_id, faults, reached.fault_count)


def open_repair(
    engine: Engine, claim: Claim, definition: ImportDefinition, repair: Repair, audit: AuditStore
) -> RepairSession:
    """Return what commits the batches of a claimed repair, as the run it belongs to would."""
    started_at = repair.of.started_at or repair.of.created_at
    context = LoadContext(project_id=claim.project.id, run_id=repair.of.id, started_at=started_at)
    with writing(engine) as transaction:
        destination = open_destination(transaction, definition, context)
    opened = Opened(
        run_id=claim.run.id,
        token=claim.run.token,
        repair=repair,
        destination=destination,
        audit=audit,
        null_values=definition.source.format.null_values,
    )
    return RepairSession(engine, opened)


def _after(reached: Checkpoint, corrected: CorrectedRows, tally: Tally, tried: int) -> Checkpoint:
    """Count a batch in: what was not waiting, or is given up, is skipped."""
    rest = Tally(
        read=corrected.read - tally.read,
        rejected=tried - tally.read,
        skipped=corrected.read - tried,
    )
    return replace(
        reached,
        position=corrected.end,
        batches=reached.batches + 1,
        tally=reached.tally + tally + rest,
    )


def _rejected(malformed: StillMalformed) -> RejectedRow | None:
    """Return a row that is malformed still as it is kept; None if it is as it was."""
    fault = malformed.fault
    if malformed.content is None:
        return None
    return RejectedRow(
        row=fault.row,
        line=fault.line,
        code=fault.code.value,
        column=None,
        message=fault.message,
        faults=1,
        content=malformed.content,
        as_cells=malformed.as_cells,
    )
