"""Runs of a definition: an extension, the vendor shows none."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from marshmallow import fields

from definitions.batches import Tally
from definitions.brakes import BrakeKind
from definitions.lifecycle import STAGED, Cause, Outcome, RunState
from definitions.schema.fields import DocumentSchema
from importmgr.api.dialects.bloomreach.schemas.faults import RunFault, render_fault
from importmgr.api.dialects.bloomreach.schemas.parts import (
    PageQuery,
    Success,
    count,
    epoch,
    our_id,
    told,
)
from importmgr.api.fields import QueryChoice, QueryInstant
from importmgr.services.runs import RunReport
from importmgr.store.attempts import StoredAttempt

STATUSES = [state.value for state in RunState if state not in STAGED]
CAUSES = [cause.value for cause in Cause]


class RunsQuery(PageQuery):
    """Which runs, and which part of their list."""

    state = QueryChoice(RunState, None, "only runs in this state", data_key="status")
    cause = QueryChoice(Cause, None, "only runs that this asked for", data_key="trigger")
    since = QueryInstant("only what was asked for then or later")
    until = QueryInstant("only what was asked for before")
    rejecting = fields.Boolean(
        load_default=False,
        truthy={"true", "1"},
        falsy={"false", "0"},
        error_messages={"invalid": "must be true or false"},
        metadata={"description": "only runs with rejected rows"},
    )


class RunFile(DocumentSchema):
    """A file of a run and how it was read."""

    file = told("the file, as its source calls it")
    read_as = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "what was found out, or given, about how it is written"},
    )
    rows_processed = count("rows of it read so far, whatever became of them")
    rows_created = count("rows of it that made a new record")
    rows_updated = count("rows of it that changed a record")
    rows_unchanged = count("rows of it that changed nothing")
    rows_failed = count("rows of it that were left out as faulty")
    rows_skipped = count("rows of it left out for a reason that is no fault")


class RunBraked(DocumentSchema):
    """Which brake of the definition paused a run."""

    brake = fields.String(
        required=True, metadata={"enum": [kind.value for kind in BrakeKind], "example": "row_count"}
    )
    text = told("why, for a person")
    figures = fields.Dict(
        keys=fields.String(),
        values=fields.Raw(),
        required=True,
        metadata={"description": "what it was decided from"},
    )


class RunItem(DocumentSchema):
    """One run: where it stands, how its rows ended."""

    run_id = our_id("id of the run")
    status = fields.String(required=True, metadata={"enum": STATUSES, "example": "completed"})
    trigger = fields.String(required=True, metadata={"enum": CAUSES, "example": "manual"})
    scheduled_for = epoch("the instant of the schedule that asked for it", allow_none=True)
    late = fields.Boolean(
        required=True, metadata={"description": "whether that instant had been missed"}
    )
    priority = fields.Integer(
        required=True, metadata={"description": "greater goes first", "example": 0}
    )
    rerun_of = our_id("the run whose files it loads again", allow_none=True)
    source_location = told("where the rows come from", allow_none=True)
    created = epoch("when it was asked for")
    started = epoch("when it was first worked on", allow_none=True)
    finished = epoch("when it ended", allow_none=True)
    paused = epoch("since when it is paused", allow_none=True)
    asked_by = told("who last told it what to do: the id of a key", allow_none=True)
    braked = fields.Nested(RunBraked, required=True, allow_none=True)
    attempt = count("how often it was begun")
    rows_total = count("rows of the files, once known", allow_none=True)
    rows_processed = count("rows read so far, whatever became of them")
    rows_created = count("rows that made a new record")
    rows_updated = count("rows that changed a record")
    rows_unchanged = count("rows that changed nothing")
    rows_failed = count("rows that were left out as faulty")
    rows_skipped = count("rows left out for a reason that is no fault")
    errors = fields.List(
        fields.Nested(RunFault), required=True, metadata={"description": "the first 100 faults"}
    )
    errors_total = count("all faults")
    warnings = fields.List(fields.String(), required=True)
    files = fields.List(
        fields.Nested(RunFile), required=True, metadata={"description": "the files opened so far"}
    )
    error = told("why it failed, for a person", allow_none=True)
    reason = told("why it failed, for a program", allow_none=True)
    stop_reason = told("why it reached its last state", allow_none=True)


class RunAttempt(DocumentSchema):
    """An attempt at a run."""

    number = count("from 1")
    started = epoch("when it began")
    ended = epoch("when it ended", allow_none=True)
    outcome = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "enum": [*(outcome.value for outcome in Outcome), None],
            "description": "how it ended; null while it goes on",
            "example": "again",
        },
    )
    reason = told("what ended it, for a program", allow_none=True)
    error = told("what ended it, for a person", allow_none=True)
    again_in = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "seconds that the next one waits at least", "example": 10.0},
    )


class RunDetail(RunItem):
    """One run with every attempt at it, of more than 100 the last ones."""

    attempts = fields.List(fields.Nested(RunAttempt), required=True)


class RunRead(Success):
    """One run."""

    run = fields.Nested(RunDetail, required=True)


class ImportRunItem(RunItem):
    """One run, and whose it is."""

    import_id = our_id("id of its definition")


class RunList(Success):
    """A page of runs, the newest first."""

    runs = fields.List(fields.Nested(RunItem), required=True)
    total = count("all runs that match")
    limit = count("how many at most")
    offset = count("how many were left out at the beginning")


class ProjectRunList(RunList):
    """A page of runs of all definitions, the newest first."""

    runs = fields.List(fields.Nested(ImportRunItem), required=True)


def render_run(report: RunReport) -> dict[str, Any]:
    """Return a run as the contract names its parts."""
    run = report.run
    return {
        "run_id": run.id,
        "status": run.state.value,
        "trigger": run.cause.value,
        "scheduled_for": _epoch(run.scheduled_for),
        "late": run.late,
        "priority": run.priority,
        "rerun_of": run.rerun_of,
        "source_location": run.source_location,
        "created": _epoch(run.created_at),
        "started": _epoch(run.started_at),
        "finished": _epoch(run.finished_at),
        "paused": _epoch(run.paused_at),
        "asked_by": run.asked_by,
        "braked": None if run.braked is None else asdict(run.braked),
        "attempt": run.attempt,
        "attempts": [_render_attempt(attempt) for attempt in report.attempts],
        "rows_total": run.rows_total,
        **_render_tally(run.tally),
        "errors": [render_fault(fault) for fault in report.faults],
        "errors_total": run.fault_count,
        "warnings": list(run.warnings),
        "files": [
            {**asdict(opened), **_render_tally(report.files.get(opened.file, Tally()))}
            for opened in run.files
        ],
        "error": run.error,
        "reason": run.reason_code,
        "stop_reason": run.stop_reason.value if run.stop_reason else None,
    }


def _render_tally(tally: Tally) -> dict[str, int]:
    """Return counts as the contract names them."""
    return {
        "rows_processed": tally.read,
        "rows_created": tally.created,
        "rows_updated": tally.updated,
        "rows_unchanged": tally.unchanged,
        "rows_failed": tally.rejected,
        "rows_skipped": tally.skipped,
    }


def _render_attempt(attempt: StoredAttempt) -> dict[str, Any]:
    """Return an attempt as the contract names its parts."""
    return {
        "number": attempt.number,
        "started": _epoch(attempt.started_at),
        "ended": _epoch(attempt.ended_at),
        "outcome": None if attempt.outcome is None else attempt.outcome.value,
        "reason": attempt.code,
        "error": attempt.text,
        "again_in": attempt.delay,
    }


def _epoch(instant: datetime | None) -> float | None:
    """Return seconds since 1970."""
    return None if instant is None else instant.timestamp()
