"""Runs as values, and how they come out of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from definitions.batches import Checkpoint, Tally
from definitions.lifecycle import TERMINAL, Cause, RunState, StopReason
from destinations.tables import run_ledger
from importmgr.store.projects import Project
from importmgr.store.tables import runs

if TYPE_CHECKING:
    from importmgr.store.definitions import StoredDefinition

COUNTS = ("read", "created", "updated", "unchanged", "rejected", "skipped")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """A run to queue; `location` overrides the definition's for this run only."""

    id: str
    definition_id: str
    project_id: int
    cause: Cause
    location: str | None
    now: datetime
    scheduled_for: datetime | None = None
    late: bool = False
    priority: int = 0
    rerun_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    """A file of a run, and what was found out, or given, about how it is written."""

    file: str
    read_as: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Braked:
    """Which brake paused, failed or warned of a run, why in a sentence, and by which figures."""

    brake: str
    text: str
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as it stands; counts of an unfinished one are those of its committed batches."""

    id: str
    definition_id: str
    project_id: int
    state: RunState
    stop_reason: StopReason | None
    cause: Cause
    scheduled_for: datetime | None
    late: bool
    priority: int
    rerun_of: str | None
    location: str | None
    source_location: str | None
    token: int
    attempt: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    paused_at: datetime | None
    asked_by: str | None
    braked: Braked | None
    passed: tuple[str, ...]
    error: str | None
    reason_code: str | None
    warnings: tuple[str, ...]
    files: tuple[OpenedFile, ...]
    tally: Tally
    fault_count: int
    rows_total: int | None

    @property
    def asked_for(self) -> datetime:
        """Return the instant that the run is for: that of its schedule, or when it was made."""
        return self.scheduled_for or self.created_at

    @property
    def is_held_back(self) -> bool:
        """Tell whether a brake has stopped it, so that rows of it may be held back."""
        return self.braked is not None or self.stop_reason is StopReason.THRESHOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a run ended; `braked` if a brake has failed it."""

    state: RunState
    reason: StopReason
    error: str | None = None
    reason_code: str | None = None
    warnings: tuple[str, ...] = ()
    braked: Braked | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A run that is ours, with everything needed to work it off from `checkpoint` on."""

    run: Run
    definition: StoredDefinition
    project: Project
    checkpoint: Checkpoint


def select_runs() -> sa.Select[Any]:
    """Return the query of runs with their present counts; add conditions and order to it."""
    done = runs.c.state.in_(sorted(TERMINAL))
    counts = [
        sa.case((done, runs.c[f"rows_{name}"]), else_=sa.func.coalesce(run_ledger.c[name], 0))
        for name in COUNTS
    ]
    faults = sa.case(
        (done, runs.c.fault_count), else_=sa.func.coalesce(run_ledger.c.fault_count, 0)
    )
    live = [*counts, faults]
    names = [*(f"live_{name}" for name in COUNTS), "live_faults"]
    return sa.select(
        runs, *(count.label(name) for count, name in zip(live, names, strict=True))
    ).select_from(runs.outerjoin(run_ledger, run_ledger.c.run_id == runs.c.id))


def to_run(row: sa.Row[Any]) -> Run:
    """Return the run of a row of `select_runs`."""
    return Run(
        id=row.id,
        definition_id=row.definition_id,
        project_id=row.project_id,
        state=RunState(row.state),
        stop_reason=None if row.stop_reason is None else StopReason(row.stop_reason),
        cause=Cause(row.cause),
        scheduled_for=row.scheduled_for,
        late=bool(row.late),
        priority=row.priority or 0,
        rerun_of=row.rerun_of,
        location=row.location,
        source_location=row.source_location,
        token=row.token,
        attempt=row.attempt,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        paused_at=row.paused_at,
        asked_by=row.asked_by,
        braked=None if row.braked is None else Braked(**row.braked),
        passed=tuple(row.passed or ()),
        error=row.error,
        reason_code=row.reason_code,
        warnings=tuple(row.warnings),
        files=tuple(OpenedFile(**opened) for opened in row.files or ()),
        tally=Tally(**{name: getattr(row, f"live_{name}") for name in COUNTS}),
        fault_count=row.live_faults,
        rows_total=row.rows_total,
    )
