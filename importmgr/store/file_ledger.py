"""Which files runs took, and what became of them: nothing of it is forgotten.

A run writes down its files before it fetches the first one, so that every attempt sees the same
files under the same numbers. Who is not the holder of the run writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.batches import Tally
from definitions.file_ledger import FILE_DONE, FileState
from definitions.follow_ups import NOTHING, AfterRun
from importmgr.store.claims import require_ours
from importmgr.store.file_tables import IS_KNOWN, IS_LOADED, file_ledger
from importmgr.store.follow_ups import owe
from importmgr.store.run_values import COUNTS, Run
from importmgr.store.transactions import Transaction, reading, writing
from sources.base import RemoteFile, SpooledFile
from sources.choosing import Version

AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """A file of a run, and whether there is nothing left to do for it.

    `expected` is the SHA-256 of what an older run loaded whose files this one loads again.
    """

    number: int
    remote: RemoteFile
    done: bool
    expected: str | None = None


class FileLedger:
    """Keeps the files of runs."""

    def __init__(self, engine: Engine) -> None:
        """Take the database."""
        self._engine = engine

    def plan(
        self, run: Run, files: Sequence[RemoteFile], after: AfterRun
    ) -> tuple[PlannedFile, ...]:
        """Write down the files that a run takes, in order, and what may be owed to them later.

        Raise `LostLeaseError` if the run is not ours.
        """
        rows = [
            _values(run.id, run.definition_id, number, remote)
            for number, remote in enumerate(files)
        ]
        with writing(self._engine) as transaction:
            require_ours(transaction, run.id, run.token)
            for first in range(0, len(rows), AT_ONCE):
                transaction.execute(sa.insert(file_ledger), rows[first : first + AT_ONCE])
            if after != NOTHING and rows:
                owe(transaction, run.id, run.definition_id, len(rows))
        return tuple(
            PlannedFile(number=number, remote=remote, done=False)
            for number, remote in enumerate(files)
        )

    def plan_one(
        self,
        transaction: Transaction,
        run_id: str,
        definition_id: str,
        remote: RemoteFile,
        after: AfterRun,
    ) -> None:
        """Write down the one file of a run that is being queued: it loads that and no other."""
        row = _values(run_id, definition_id, 0, remote)
        transaction.execute(sa.insert(file_ledger).values(row))
        if after != NOTHING:
            owe(transaction, run_id, definition_id, 1)

    def planned(self, run_id: str) -> tuple[PlannedFile, ...]:
        """Return the files of a run in order; none if they were not written down yet."""
        found = sa.select(file_ledger).where(file_ledger.c.run_id == run_id)
        with reading(self._engine) as transaction:
            rows = transaction.execute(found.order_by(file_ledger.c.number)).all()
        return tuple(_to_planned(row) for row in rows)

    def loaded(self, run: Run, number: int, spooled: SpooledFile, total: Tally) -> Tally:
        """Note that a file is loaded to its end; return its own counts.

        `total` are those of the run so far. Raise `LostLeaseError` if the run is not ours.
        """
        with writing(self._engine) as transaction:
            require_ours(transaction, run.id, run.token)
            own = total - _before(transaction, run.id, number)
            counts = {f"rows_{name}": count for name, count in asdict(own).items()}
            _end(transaction, run, number, spooled, {"state": FileState.LOADED, **counts})
        return own

    def same_content(self, run: Run, number: int, spooled: SpooledFile) -> None:
        """Note that a file was left out; raise `LostLeaseError` if the run is not ours."""
        with writing(self._engine) as transaction:
            require_ours(transaction, run.id, run.token)
            _end(transaction, run, number, spooled, {"state": FileState.SAME_CONTENT})

    def known(self, definition_id: str) -> frozenset[Version]:
        """Return every file of a definition that need not be looked at again."""
        of = file_ledger.c
        found = sa.select(of.path, of.size, of.modified_at, of.etag).where(
            of.definition_id == definition_id, sa.text(IS_KNOWN)
        )
        with reading(self._engine) as transaction:
            rows = transaction.execution_options(yield_per=AT_ONCE).execute(found)
            return frozenset((row[0], row[1], row[2], row[3]) for row in rows)

    def finished(self, run_ids: Sequence[str]) -> Mapping[str, Mapping[str, Tally]]:
        """Return the counts of the loaded files of runs, by path."""
        of = file_ledger.c
        counts = [of[f"rows_{name}"] for name in COUNTS]
        loaded = sa.select(of.run_id, of.path, *counts).where(
            of.run_id.in_(run_ids), of.state == FileState.LOADED
        )
        found: dict[str, dict[str, Tally]] = {}
        with reading(self._engine) as transaction:
            for row in transaction.execute(loaded.order_by(of.run_id, of.number)):
                tally = Tally(**{name: getattr(row, f"rows_{name}") for name in COUNTS})
                found.setdefault(row.run_id, {})[row.path] = tally
        return found

    def with_content(self, definition_id: str, sha256: str) -> tuple[str, str] | None:
        """Return the path under which, and the run in which a definition loaded these bytes."""
        same = sa.select(file_ledger.c.path, file_ledger.c.run_id).where(
            file_ledger.c.definition_id == definition_id,
            file_ledger.c.sha256 == sha256,
            sa.text(IS_LOADED),
        )
        with reading(self._engine) as transaction:
            row = transaction.execute(same.limit(1)).one_or_none()
        return None if row is None else (row.path, row.run_id)


def pin(transaction: Transaction, old: str, new: str) -> int:
    """Let a new run have the files of an old one; return how many these are."""
    of = file_ledger.c
    same = (of.number, of.definition_id, of.path, of.size, of.modified_at, of.etag, of.sha256)
    counts = [of[f"rows_{name}"] for name in COUNTS]
    found = sa.select(
        sa.literal(new), *same, sa.literal(FileState.PLANNED), *[sa.literal(0) for _ in counts]
    ).where(of.run_id == old)
    copy = sa.insert(file_ledger).from_select([of.run_id, *same, of.state, *counts], found)
    return int(transaction.execute(copy, execution_options={"preserve_rowcount": True}).rowcount)


def _values(run_id: str, definition_id: str, number: int, remote: RemoteFile) -> dict[str, Any]:
    """Return the columns of a file that nothing was done for."""
    return {
        "run_id": run_id,
        "number": number,
        "definition_id": definition_id,
        "path": remote.path,
        "size": remote.size,
        "modified_at": remote.modified_at,
        "etag": remote.etag,
        "state": FileState.PLANNED,
        **dict.fromkeys((f"rows_{name}" for name in COUNTS), 0),
    }


def _end(
    transaction: Transaction, run: Run, number: int, spooled: SpooledFile, change: dict[str, Any]
) -> None:
    """Note what became of a file, and which content it turned out to have."""
    remote = spooled.remote
    content = {
        "size": remote.size,
        "modified_at": remote.modified_at,
        "etag": remote.etag,
        "sha256": spooled.sha256,
    }
    which = (file_ledger.c.run_id == run.id) & (file_ledger.c.number == number)
    transaction.execute(sa.update(file_ledger).where(which).values(content | change))


def _before(transaction: Transaction, run_id: str, number: int) -> Tally:
    """Return the counts of the files of a run before one of them."""
    sums = [sa.func.coalesce(sa.func.sum(file_ledger.c[f"rows_{name}"]), 0) for name in COUNTS]
    earlier = (file_ledger.c.run_id == run_id) & (file_ledger.c.number < number)
    row = transaction.execute(sa.select(*sums).where(earlier)).one()
    return Tally(**{name: int(count) for name, count in zip(COUNTS, row, strict=True)})


def _to_planned(row: sa.Row[Any]) -> PlannedFile:
    remote = RemoteFile(path=row.path, size=row.size, modified_at=row.modified_at, etag=row.etag)
    done = row.state in FILE_DONE
    expected = None if done else row.sha256
    return PlannedFile(number=row.number, remote=remote, done=done, expected=expected)
