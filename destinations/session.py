"""Loading a run batch by batch: rows, faults and checkpoint in one transaction each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from operator import attrgetter

from sqlalchemy import Connection, Engine

from definitions.batches import Checkpoint, ReadyBatch, Records, Tally
from definitions.errors import PermanentError, RequestError
from definitions.faults import MOST_FAULTS, Fault
from destinations.base import Destination
from destinations.bulk import bulk_for
from destinations.engine import reading
from destinations.failures import database_errors
from destinations.keeping import Keeping
from destinations.lanes import Turn
from destinations.ledger import check_token, commit, keep_out, open_ledger
from destinations.spans import Spans
from destinations.tables import run_faults
from destinations.texts import storable

_PLAIN = tuple(field.name for field in fields(Fault) if field.name != "code")
_values = attrgetter(*_PLAIN)


class LoadSession:
    """Writes the batches of one run for the holder of its token."""

    def __init__(
        self,
        engine: Engine,
        destination: Destination,
        *,
        run_id: str,
        token: int,
        keeping: Keeping | None = None,
    ) -> None:
        """Take what was opened, and how rejected rows are kept; nothing is written yet."""
        self._engine = engine
        self._destination = destination
        self._run_id = run_id
        self._token = token
        self._keeping = keeping
        self._spans = Spans(engine, bulk_for(engine).span)

    @property
    def keeps(self) -> bool:
        """Tell whether there is room for rejected rows."""
        return self._keeping is not None and self._keeping.has_room

    @property
    def lanes(self) -> int:
        """Return how many batches may be written at once."""
        return 1 if bulk_for(self._engine).sides is None else 2

    def open(self) -> Checkpoint:
        """Take the run over from earlier holders and return how far they came.

        Raise `LostLeaseError` if a later holder was faster.
        """
        with database_errors(), self._engine.begin() as connection:
            return open_ledger(connection, self._run_id, self._token)

    def prepare(self, records: Records, reached: Checkpoint) -> Records:
        """Return the records with all that `load` would have to do and that can be done before.

        `reached` has the file and identity they come from. It may be called in another thread,
        while the batch before is being loaded. Raise `StoreBusyError` as `load` does.
        """
        placed = replace(records, file=reached.file, identity=reached.identity)
        if not placed.frame.height:
            return placed
        with database_errors():
            connect = reading(self._engine).begin
            return self._destination.prepare(placed, bulk_for(self._engine), connect)

    def load(self, batch: ReadyBatch, reached: Checkpoint, turn: Turn | None = None) -> Checkpoint:
        """Write one batch in a transaction, whole or not at all; return the checkpoint after it.

        On SQLite a batch whose `turn` is followed may be committed with a later one; an error rolls
        all of these back.

        `reached` has the batch's file and identity, and the counts before it; with a `turn` those
        are of the batch ahead, after which it is committed. Of the faults of a run the first
        `MOST_FAULTS` are stored. A batch without any record is committed like every other. The
        commit need not be on the disk before that of the run's end is; should a power cut take it,
        `open` knows nothing of it either. Raise `LostLeaseError` if the run is no longer the
        token's, `StoreBusyError` if the database is locked or away: then the outcome is what `open`
        says.
        """
        prepared, turn = self.prepare(batch.records, reached), turn or Turn()
        with database_errors(), self._spans.batch(turn) as connection, turn:
            bulk_for(connection).begin_batch(connection, self._run_id, self._token)
            check_token(connection, self._run_id, self._token)
            tally = write_records(connection, self._destination, prepared, turn)
            before = turn.reached_before(reached)
            report(connection, self._run_id, batch.faults, before.fault_count)
            if self._keeping is not None and batch.records.rejects is not None:
                self._keeping.keep(connection, self._run_id, batch.records.rejects)
            after = _after(before, batch, tally)
            commit(connection, self._run_id, self._token, after)
        return after

    def close(self) -> None:
        """Let go of a transaction that was kept for a batch that never came."""
        self._spans.close()

    def hold(self, faults: Sequence[Fault], reached: Checkpoint) -> None:
        """Show the faults of a batch that is not loaded; `reached` is the checkpoint before it.

        They are not counted, and gone when the run goes on. Raise as `load` does.
        """
        with database_errors(), self._engine.begin() as connection:
            keep_out(connection, self._run_id, self._token)
            report(connection, self._run_id, faults, reached.fault_count)


def write_records(
    connection: Connection, destination: Destination, records: Records, turn: Turn | None = None
) -> Tally:
    """Write the records, if there are any."""
    if not records.frame.height:
        return Tally()
    try:
        return destination.write(connection, records, turn)
    except RequestError as exc:  # a run has no caller who could change it
        msg = f"the destination takes no more rows: {exc}"
        raise PermanentError(msg) from exc


def report(connection: Connection, run_id: str, faults: Sequence[Fault], known: int) -> None:
    """Store the faults, numbered on from those the run has, as long as there are not many."""
    if known < MOST_FAULTS and faults:
        rows = [
            (run_id, number, *map(storable, _values(fault)), str(fault.code))
            for number, fault in enumerate(faults[: MOST_FAULTS - known], known + 1)
        ]
        columns = ("run_id", "number", *_PLAIN, "code")
        bulk_for(connection).add_rows(connection, run_faults.name, columns, rows)


def _after(before: Checkpoint, batch: ReadyBatch, tally: Tally) -> Checkpoint:
    """Count a batch in."""
    rejected = Tally(read=batch.rejected, rejected=batch.rejected)
    return replace(
        before,
        position=batch.end,
        batches=before.batches + 1,
        tally=before.tally + tally + rejected,
        fault_count=before.fault_count + batch.fault_count,
    )
