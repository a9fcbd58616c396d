"""Lists of runs: of one definition or of a whole project, narrowed by what is known of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from definitions.lifecycle import Cause, RunState
from importmgr.store.run_values import Run, select_runs, to_run
from importmgr.store.tables import definitions, runs
from importmgr.store.transactions import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFilter:
    """Which runs are asked for: those of a definition or of all of a project's, None is any.

    `since` and `until` are about when a run was asked for; `rejecting` ones have rejected rows.
    """

    definition_id: str | None = None
    project_id: int | None = None
    origin: str | None = None
    state: RunState | None = None
    cause: Cause | None = None
    since: datetime | None = None
    until: datetime | None = None
    rejecting: bool = False


def list_runs(
    transaction: Transaction, wanted: RunFilter, limit: int, offset: int
) -> tuple[list[Run], int]:
    """Return one page of runs, the newest first, and how many there are."""
    which = sa.and_(sa.true(), *_conditions(wanted))
    count = sa.select(sa.func.count()).select_from(runs).where(which)
    page = select_runs().where(which).order_by(runs.c.number.desc()).limit(limit).offset(offset)
    total = transaction.execute(count).scalar_one()
    return [to_run(row) for row in transaction.execute(page)], total


def _conditions(wanted: RunFilter) -> Iterator[sa.ColumnElement[bool]]:
    """Yield a condition for each part of the filter that is there."""
    if wanted.definition_id is not None:
        yield runs.c.definition_id == wanted.definition_id
    if wanted.project_id is not None:
        yield runs.c.definition_id.in_(_visible(wanted.project_id, wanted.origin))
    if wanted.state is not None:
        yield runs.c.state == wanted.state
    if wanted.cause is not None:
        yield runs.c.cause == wanted.cause
    if wanted.rejecting:
        yield runs.c.rows_rejected > 0
    if wanted.until is not None:
        yield runs.c.created_at < wanted.until
    if wanted.since is not None:
        yield runs.c.created_at >= wanted.since
        # implied, and known to an index
        yield runs.c.finished_at.is_(None) | (runs.c.finished_at >= wanted.since)


def _visible(project_id: int, origin: str | None) -> sa.Select[tuple[str]]:
    """Return the query of the definitions of a project that have not been deleted."""
    mine = (definitions.c.project_id == project_id) & definitions.c.deleted_at.is_(None)
    return sa.select(definitions.c.id).where(mine, definitions.c.origin == origin)
