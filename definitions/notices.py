"""What people and programs are told about imports: the kinds of notice, and what each one says.

A notice is written once, when it comes about, as the text that every receiver gets, however often
it is sent. Receivers read it by its `version`: members may be added to it, none change or go.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from definitions.batches import Tally
from definitions.decisions import Decision, DecisionCode
from definitions.lifecycle import Cause, RunState, StopReason

VERSION = 1


class NoticeType(StrEnum):
    """The stable names of what is told."""

    RUN_COMPLETED = "run.completed"
    RUN_COMPLETED_WITH_REJECTS = "run.completed_with_rejects"
    RUN_FAILED = "run.failed"
    RUN_BRAKED = "run.braked"
    RUN_MISSED = "run.missed"
    FRESHNESS_BROKEN = "freshness.broken"
    FRESHNESS_RESTORED = "freshness.restored"


TEST = "test"  # the type of what a test of a receiver sends; no notice has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The import that a notice is about."""

    project_token: str
    import_id: str
    import_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRun:
    """A run as it stands when something about it is told."""

    id: str
    token: int
    state: RunState
    stop_reason: StopReason | None
    cause: Cause
    scheduled_for: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    attempt: int
    error: str | None
    reason_code: str | None
    tally: Tally
    fault_count: int
    of_run_id: str | None = None  # whose rejected rows were handed in, corrected


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing that is told: `id` stays the same however often it is sent."""

    id: str
    type: str
    at: datetime
    data: Mapping[str, Any]

    @property
    def body(self) -> str:
        """Return the text that is sent."""
        said = {"type": self.type, "timestamp": iso(self.at), "version": VERSION}
        return json.dumps({**said, "data": dict(self.data)}, ensure_ascii=False)


def type_of(state: RunState, rejected: int) -> NoticeType | None:
    """Return what is told of a run that has come into a state; None if nothing is."""
    match state:
        case RunState.COMPLETED if rejected:
            return NoticeType.RUN_COMPLETED_WITH_REJECTS
        case RunState.COMPLETED:
            return NoticeType.RUN_COMPLETED
        case RunState.FAILED:
            return NoticeType.RUN_FAILED
        case _:
            return None


def run_notice(kind: NoticeType, subject: Subject, run: ToldRun, at: datetime) -> Notice:
    """Return what is told of a run; each of its attempts can be told of once."""
    summaries = _SUMMARIES if run.of_run_id is None else _REPAIR_SUMMARIES
    run_path = f"/imports/v1/{subject.project_token}/{subject.import_id}/runs/{run.id}"
    data = {
        **asdict(subject),
        "summary": summaries[kind](subject.import_name, run),
        "remedy": _remedy(kind, subject, run),
        "path": run_path,
        "command": f"importmgr runs show {subject.import_id} {run.id}",
        "run": {
            "run_id": run.id,
            "status": run.state.value,
            "trigger": run.cause.value,
            "scheduled_for": iso(run.scheduled_for),
            "started": iso(run.started_at),
            "finished": iso(run.finished_at),
            "attempt": run.attempt,
            "error": run.error,
            "reason": run.reason_code,
            "stop_reason": None if run.stop_reason is None else run.stop_reason.value,
            "rows": asdict(run.tally),
            "faults": run.fault_count,
            **({} if run.of_run_id is None else {"of_run_id": run.of_run_id}),
        },
    }
    return Notice(id=notice_id(kind, run.id, str(run.token)), type=kind, at=at, data=data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Instants of a schedule that have no run of their own, and why: a code of decisions."""

    first: datetime
    last: datetime
    count: int
    why: str


def missed_of(made: Sequence[Decision]) -> list[Missed]:
    """Return which instants of a definition have no run and will have none, by the reason."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for decision in made:
        if decision.code in _MISSED:
            found.setdefault(decision.code, []).append(decision.facts)
    return [
        Missed(
            first=datetime.fromisoformat(facts[0]["scheduled_for"]),
            last=datetime.fromisoformat(facts[-1].get("last", facts[-1]["scheduled_for"])),
            count=sum(each.get("count", 1) for each in facts),
            why=why,
        )
        for why, facts in found.items()
    ]


def missed_notice(subject: Subject, missed: Missed, at: datetime) -> Notice:
    """Return what is told of instants without a run."""
    kind = NoticeType.RUN_MISSED
    times = "1 instant" if missed.count == 1 else f"{missed.count} instants"
    cause, remedy = _MISSED[missed.why]
    data = {
        **asdict(subject),
        "summary": f"Import {subject.import_name!r} has no run for {times}: {cause}",
        "remedy": remedy,
        "path": f"/imports/v1/{subject.project_token}/{subject.import_id}/decisions",
        "command": f"importmgr definitions why {subject.import_id}",
        "missed": {
            "first": iso(missed.first),
            "last": iso(missed.last),
            "count": missed.count,
            "why": missed.why,
        },
    }
    mark = notice_id(kind, subject.import_id, missed.first.isoformat(), missed.why)
    return Notice(id=mark, type=kind, at=at, data=data)


def trial_notice(token: str, project_token: str, at: datetime) -> Notice:
    """Return what is sent to try a receiver; `token` makes its id."""
    summary = "This is a test; nothing has happened and nothing has to be done"
    data = {
        "project_token": project_token,
        "summary": summary,
        "remedy": "",
        "path": "",
        "command": "",
    }
    return Notice(id=f"msg_{token}", type=TEST, at=at, data=data)


def notice_id(*parts: str) -> str:
    """Return the id of a notice: the same for the same thing, so that nobody tells it twice."""
    return f"msg_{hashlib.sha256(' '.join(parts).encode()).hexdigest()[:24]}"


def iso(instant: datetime | None) -> str | None:
    """Return an instant as it is told."""
    if instant is None:
        return None
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _remedy(kind: NoticeType, subject: Subject, run: ToldRun) -> str:
    """Return what a person can do next."""
    again = f"importmgr definitions run {subject.import_id}"
    rows_of = f"{subject.import_id} {run.of_run_id}"
    match kind:
        case NoticeType.RUN_COMPLETED_WITH_REJECTS if run.of_run_id:
            return f"correct what is still rejected: importmgr runs rejects {rows_of}"
        case NoticeType.RUN_FAILED if run.of_run_id:
            return f"correct them and hand them in again: importmgr runs repair {rows_of} FILE"
        case NoticeType.RUN_COMPLETED:
            return "nothing has to be done"
        case NoticeType.RUN_COMPLETED_WITH_REJECTS:
            return "look at the rejected rows and correct them where they come from"
        case NoticeType.RUN_BRAKED:
            one = f"{subject.import_id} {run.id}"
            return f"let it go on with importmgr runs continue {one}, or cancel it"
        case _:
            known = _REMEDIES.get(run.reason_code or "", "look at the run's error")
            return f"{known}; then run it again: {again}"


_REMEDIES: Mapping[str, str] = MappingProxyType(
    {
        "source_unreachable": "see whether the source answers",
        "source_refused": "correct the address or the login of the source",
        "format": "look at the file, or say in source.format how it is written",
        "missing_column": "bring the column back, or change the mapping",
        "store_busy": "look after the database",
        "reconcile": "look at the loaded data, as the counts do not add up",
        "internal": "look into the service's log",
        "settings": "correct the service's settings",
        "crash": "look into the service's log for why it died",
    }
)
_MISSED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        DecisionCode.MISSED: (
            "no service was there to start it",
            "see that the service runs all the time; a run by hand makes up for what is missing",
        ),
        DecisionCode.QUEUE_FULL: (
            "too many of its runs wait",
            "see why its runs take longer than its schedule allows",
        ),
    }
)
_SUMMARIES: Mapping[NoticeType, Callable[[str, ToldRun], str]] = MappingProxyType(
    {
        NoticeType.RUN_COMPLETED: lambda name, run: (
            f"Import {name!r} completed: {run.tally.read} rows read"
        ),
        NoticeType.RUN_COMPLETED_WITH_REJECTS: lambda name, run: (
            f"Import {name!r} completed, but rejected {run.tally.rejected} of {run.tally.read} rows"
        ),
        NoticeType.RUN_FAILED: lambda name, run: f"Import {name!r} failed: {run.error}",
        NoticeType.RUN_BRAKED: lambda name, run: (
            f"Import {name!r} was stopped by a brake: {run.error}"
        ),
    }
)
_REPAIR_SUMMARIES: Mapping[NoticeType, Callable[[str, ToldRun], str]] = MappingProxyType(
    {
        NoticeType.RUN_COMPLETED: lambda name, run: (
            f"Corrected rows of import {name!r} were loaded: {run.tally.read} rows read"
        ),
        NoticeType.RUN_COMPLETED_WITH_REJECTS: lambda name, run: (
            f"Of corrected rows of import {name!r}, {run.tally.rejected} of {run.tally.read} are "
            "rejected still"
        ),
        NoticeType.RUN_FAILED: lambda name, run: (
            f"Corrected rows of import {name!r} were not loaded: {run.error}"
        ),
    }
)
