"""Faults of runs as stored: the first ones of each run, in file order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.faults import Fault, FaultCode
from destinations.tables import run_faults
from importmgr.store.transactions import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which faults of a run are meant: those of a column, of a code, or all."""

    column: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultCount:
    """How many stored faults of a run have this code in this column (None: the whole row)."""

    code: str
    column: str | None
    count: int


class FaultStore:
    """Reads the faults of runs; a run's batches write them."""

    def __init__(self, engine: Engine) -> None:
        """Take the database."""
        self._engine = engine

    def list(self, run_id: str, wanted: Wanted, limit: int, offset: int) -> tuple[list[Fault], int]:
        """Return one page of a run's faults in file order, and how many stored ones are meant."""
        meant = _meant(run_id, wanted)
        counted = sa.select(sa.func.count()).select_from(run_faults).where(meant)
        page = sa.select(run_faults).where(meant).order_by(run_faults.c.number)
        with reading(self._engine) as transaction:
            total = transaction.execute(counted).scalar_one()
            rows = transaction.execute(page.limit(limit).offset(offset)).all()
        return [to_fault(row) for row in rows], total

    def counts(self, run_id: str) -> Sequence[FaultCount]:
        """Return how many stored faults there are of each code in each column, most first."""
        code, column = run_faults.c.code, run_faults.c.column
        count = sa.func.count()
        counted = (
            sa.select(code, column, count)
            .where(run_faults.c.run_id == run_id)
            .group_by(code, column)
            .order_by(count.desc(), code, column)
        )
        with reading(self._engine) as transaction:
            rows = transaction.execute(counted).all()
        return [FaultCount(code=row[0], column=row[1], count=row[2]) for row in rows]


def to_fault(row: sa.Row[Any]) -> Fault:
    """Return the fault of a row."""
    values = {name: getattr(row, name) for name in Fault.__slots__}
    return Fault(**values | {"code": FaultCode(row.code)})


def _meant(run_id: str, wanted: Wanted) -> sa.ColumnElement[bool]:
    """Return the condition for the faults that are meant."""
    meant = run_faults.c.run_id == run_id
    if wanted.column is not None:
        meant &= run_faults.c.column == wanted.column
    if wanted.code is not None:
        meant &= run_faults.c.code == wanted.code
    return meant
