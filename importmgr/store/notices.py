"""What is told is queued for its receivers, in the transaction in which it comes about.

So nothing is told that did not happen, and nothing that happened is left untold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from definitions.decisions import Decision
from definitions.delivery import REPEAT_HOURS, DeliveryState
from definitions.lifecycle import Cause, RunState
from definitions.notices import (
    Notice,
    NoticeType,
    Subject,
    ToldRun,
    missed_notice,
    missed_of,
    run_notice,
    type_of,
)
from importmgr.store.run_values import Run, select_runs, to_run
from importmgr.store.tables import (
    definitions,
    deliveries,
    projects,
    receivers,
    run_repairs,
    runs,
)
from importmgr.store.transactions import Transaction, is_postgresql, present

RUN_ENDS = frozenset(
    {NoticeType.RUN_COMPLETED, NoticeType.RUN_COMPLETED_WITH_REJECTS, NoticeType.RUN_FAILED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whose notice it is: receivers are those of the project."""

    project_id: int
    definition_id: str


def tell_ended(transaction: Transaction, run_ids: Sequence[str]) -> None:
    """Queue what is told of runs that have just come into their last state.

    Called by whatever ends runs, in its transaction. Where nobody is told it costs a look.
    """
    for found in _heard(transaction, run_ids):
        kind, at = type_of(found.run.state, found.run.tally.rejected), found.run.finished_at
        if kind is not None and at is not None:
            _tell(transaction, found, kind, at)


def tell_braked(transaction: Transaction, run_id: str, now: datetime) -> None:
    """Queue what is told of a run that a brake has just paused."""
    for found in _heard(transaction, [run_id]):
        _tell(transaction, found, NoticeType.RUN_BRAKED, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """A run, and the import that it is of."""

    run: Run
    subject: Subject
    of_run_id: str | None  # of a repair


def _is_news(
    transaction: Transaction, receiver: sa.Row[Any], origin: Origin, notice: Notice
) -> bool:
    """Tell whether a notice says more than the last one of its type did, or much later.

    People are told of each change, and of what only goes on once in a while; programs of all.
    """
    if REPEAT_HOURS not in receiver.document:
        return True
    recently = notice.at - timedelta(hours=receiver.document[REPEAT_HOURS])
    last = sa.select(sa.func.max(deliveries.c.at)).where(
        deliveries.c.receiver_id == receiver.id,
        deliveries.c.definition_id == origin.definition_id,
        deliveries.c.type == notice.type,
        deliveries.c.at > recently,
    )
    told_at = transaction.execute(last).scalar_one()
    return told_at is None or _has_changed(transaction, origin, notice, told_at)


def _has_changed(transaction: Transaction, origin: Origin, notice: Notice, since: datetime) -> bool:
    """Tell whether a run has ended since then in another way than the notice tells."""
    if notice.type not in RUN_ENDS:
        return notice.type != NoticeType.RUN_MISSED
    ends = sa.select(runs.c.state, runs.c.rows_rejected).where(
        runs.c.definition_id == origin.definition_id,
        runs.c.finished_at > since,
        runs.c.finished_at <= notice.at,
        runs.c.cause != Cause.DRY_RUN,
    )
    kinds = {type_of(RunState(row.state), row.rows_rejected) for row in transaction.execute(ends)}
    return bool(kinds - {None, notice.type})


def _heard(transaction: Transaction, run_ids: Sequence[str]) -> Iterator[_Heard]:
    """Yield those of the runs that anybody is told of; of dry runs nobody is."""
    told = (
        select_runs()
        .add_columns(
            projects.c.token.label("project_token"),
            definitions.c.document,
            run_repairs.c.of_run_id,
        )
        .join(projects, projects.c.id == runs.c.project_id)
        .join(definitions, definitions.c.id == runs.c.definition_id)
        .outerjoin(run_repairs, run_repairs.c.run_id == runs.c.id)
        .where(runs.c.id.in_(run_ids), runs.c.cause != Cause.DRY_RUN, _is_heard())
        .order_by(runs.c.number)
    )
    for row in transaction.execute(told).all():
        run = to_run(row)
        subject = subject_of(row.project_token, row.document, run.definition_id)
        yield _Heard(run=run, subject=subject, of_run_id=row.of_run_id)


def _tell(transaction: Transaction, found: _Heard, kind: NoticeType, at: datetime) -> None:
    run = found.run
    notice = run_notice(kind, found.subject, _told_run(found), at)
    origin = Origin(project_id=run.project_id, definition_id=run.definition_id)
    queue_notice(transaction, origin, notice)


def tell_missed(
    transaction: Transaction, origin: Origin, made: Sequence[Decision], now: datetime
) -> None:
    """Queue what is told of instants that were decided to have no run, if there are any."""
    found = missed_of(made)
    if not found:
        return
    told = (
        sa.select(projects.c.token.label("project_token"), definitions.c.document)
        .join(projects, projects.c.id == definitions.c.project_id)
        .where(definitions.c.id == origin.definition_id)
    )
    row = transaction.execute(told).one()
    for missed in found:
        notice = missed_notice(
            subject_of(row.project_token, row.document, origin.definition_id), missed, now
        )
        queue_notice(transaction, origin, notice)


def queue_notice(transaction: Transaction, origin: Origin, notice: Notice) -> None:
    """Queue a notice for every active receiver of the project that wants it.

    One that is queued for a receiver already is not queued again. A receiver that is being deleted
    is waited for.
    """
    mine = (receivers.c.project_id == origin.project_id) & receivers.c.active
    found = sa.select(receivers).where(mine).with_for_update(read=True, key_share=True)
    wanting = [
        row.id
        for row in transaction.execute(found).all()
        if _wants(row, origin, notice) and _is_news(transaction, row, origin, notice)
    ]
    if not wanting:
        return
    values = {
        "notice_id": notice.id,
        "definition_id": origin.definition_id,
        "type": notice.type,
        "at": notice.at,
        "body": notice.body,
        "state": DeliveryState.PENDING,
        "attempt": 0,
        "due_at": present(transaction, notice.at),
        "tries": [],
    }
    insert = postgresql.insert if is_postgresql(transaction) else sqlite.insert
    rows = [{**values, "receiver_id": receiver_id} for receiver_id in wanting]
    transaction.execute(insert(deliveries).on_conflict_do_nothing(), rows)


def _is_heard() -> sa.ColumnElement[bool]:
    """Return the condition for runs of projects in which anybody is told."""
    mine = (receivers.c.project_id == runs.c.project_id) & receivers.c.active
    return sa.exists().where(mine)


def _wants(receiver: sa.Row[Any], origin: Origin, notice: Notice) -> bool:
    events, imports = receiver.document["events"], receiver.document["imports"]
    return (events is None or notice.type in events) and (
        imports is None or origin.definition_id in imports
    )


def subject_of(token: str, document: Mapping[str, Any], definition_id: str) -> Subject:
    """Return the import that a notice is about."""
    return Subject(project_token=token, import_id=definition_id, import_name=document["name"])


def _told_run(found: _Heard) -> ToldRun:
    """Return the run as it is told; what a brake says is the error of a run that it paused."""
    run, names = found.run, (name for name in ToldRun.__slots__ if name != "of_run_id")
    told = ToldRun(of_run_id=found.of_run_id, **{name: getattr(run, name) for name in names})
    return told if run.braked is None else replace(told, error=run.braked.text)
