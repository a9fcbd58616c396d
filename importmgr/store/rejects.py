"""Rejected rows as stored: read by whoever repairs them, forgotten when they are old."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.rejects import RejectedFile, RejectedRow, TextForm
from destinations.tables import run_reject_files, run_rejects
from importmgr.store.transactions import Transaction, reading, writing

PAGE = 500  # rows that are read at once
PRUNED_AT_ONCE = 100  # files, so that nobody waits long for the end of it


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file of a run with rejected rows, by its number among these.

    Of the `rejected` rows, `kept` can be handed in again; `repaired` of them were and have loaded,
    `discarded` of them somebody gave up.
    """

    part: int
    file: RejectedFile
    rejected: int
    kept: int
    repaired: int
    discarded: int

    @property
    def open(self) -> int:
        """Return how many rows wait for a repair."""
        return self.kept - self.repaired - self.discarded


class RejectStore:
    """Keeps what the batches of runs rejected."""

    def __init__(self, engine: Engine) -> None:
        """Take the database."""
        self._engine = engine

    def files(self, run_id: str) -> list[KeptFile]:
        """Return the files of a run that have rejected rows, in the order they were loaded."""
        with reading(self._engine) as transaction:
            return files_of(transaction, run_id)

    def rows(self, run_id: str, part: int) -> Iterator[RejectedRow]:
        """Yield the rows of a file that wait for a repair, in file order.

        They are read page by page, each by itself: what is repaired meanwhile is left out.
        """
        file = run_rejects.c
        waits = (file.run_id == run_id) & (file.part == part) & file.repaired_by.is_(None)
        page = sa.select(run_rejects).where(waits).order_by(file.row).limit(PAGE)
        last = 0
        while True:
            with reading(self._engine) as transaction:
                found = transaction.execute(page.where(file.row > last)).all()
            yield from map(to_row, found)
            if len(found) < PAGE:
                return
            last = found[-1].row

    def prune(self, before: datetime) -> int:
        """Forget some of the rows of runs that began before then; tell how many files that were."""
        file = run_reject_files.c
        old = (
            sa.select(file.run_id, file.part)
            .where(file.at < before)
            .order_by(file.at)
            .limit(PRUNED_AT_ONCE)
        )
        with reading(self._engine) as transaction:
            parts = transaction.execute(old).all()
        for run_id, part in parts:
            with writing(self._engine) as transaction:
                for table in (run_rejects, run_reject_files):
                    mine = (table.c.run_id == run_id) & (table.c.part == part)
                    transaction.execute(sa.delete(table).where(mine))
        return len(parts)


def files_of(transaction: Transaction, run_id: str) -> list[KeptFile]:
    """Return the files of a run that have rejected rows."""
    file = run_reject_files.c
    mine = sa.select(run_reject_files).where(file.run_id == run_id, file.rejected > 0)
    return [_to_file(row) for row in transaction.execute(mine.order_by(file.part))]


def to_row(row: sa.Row[Any]) -> RejectedRow:
    """Return the rejected row of a row."""
    return RejectedRow(**{name: getattr(row, name) for name in RejectedRow.__slots__})


def _to_file(row: sa.Row[Any]) -> KeptFile:
    file = RejectedFile(
        name=row.name,
        number=row.number,
        identity=row.identity,
        header=tuple(row.header),
        form=None if row.form is None else TextForm(**row.form),
        styles=row.styles,
    )
    return KeptFile(
        part=row.part,
        file=file,
        rejected=row.rejected,
        kept=row.kept,
        repaired=row.repaired,
        discarded=row.discarded,
    )
