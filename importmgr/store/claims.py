"""Who works on which run: claimed under a lease, written under a token, given back or ended.

Every change repeats the token of the claim and the states it may start from; whoever lost the run
matches no row. Lock order: the run, then its ledger row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from definitions.decisions import DecisionCode
from definitions.errors import LostLeaseError
from definitions.lifecycle import HELD, RunState, states_before
from destinations.ledger import open_ledger, revoke
from destinations.tables import run_ledger
from destinations.texts import storable
from importmgr.store.attempts import begin
from importmgr.store.braking import explain_brake
from importmgr.store.definitions import to_definition
from importmgr.store.ending import FREE, end_runs, pause_runs
from importmgr.store.notices import tell_braked
from importmgr.store.projects import to_project
from importmgr.store.run_values import Braked, Claim, Ending, OpenedFile, select_runs, to_run
from importmgr.store.tables import definitions, is_held, is_queued, is_waiting, projects, runs
from importmgr.store.transactions import Transaction, present

MAX_WARNINGS = 100
MAX_COLUMNS = 2000  # of a file, likewise
MAX_FILES = 1000  # of a run that it remembers


@cache
def next_due() -> sa.Select[Any]:
    """Return the query of the run to work on next at the time `now`, a parameter.

    That is the one of the greatest priority, of these the oldest, that may start, is the first in
    the queue of its definition, whose definition has no run in hand, and whose project has fewer
    than it may have, `most` unless it says otherwise.

    A run that waits for another attempt, or is paused, keeps its place: the ones behind it must not
    load older data over newer. Every executor asks again and again, so the query is made once: that
    costs more than asking.
    """
    waiting, held = runs.alias("waiting"), runs.alias("held")
    first = sa.select(sa.func.min(waiting.c.number)).where(is_waiting(waiting))
    in_hand = sa.exists().where(held.c.definition_id == runs.c.definition_id, is_held(held))
    return (
        sa.select(runs.c.number, runs.c.definition_id, runs.c.project_id)
        .where(
            runs.c.number.in_(first.group_by(waiting.c.definition_id)),
            is_queued(),
            runs.c.not_before <= sa.bindparam("now"),
            ~in_hand,
            runs.c.project_id.not_in(_full()),
        )
        .order_by(sa.func.coalesce(runs.c.priority, 0).desc(), runs.c.number)
        .limit(1)
    )


def _full() -> sa.Select[Any]:
    """Return the query of the projects that have as many runs in hand as they may have."""
    held = runs.alias("held_of_project")
    limit = sa.func.coalesce(projects.c.max_running, sa.bindparam("most", type_=sa.Integer))
    return (
        sa.select(held.c.project_id)
        .join(projects, projects.c.id == held.c.project_id)
        .where(is_held(held))
        .group_by(held.c.project_id, projects.c.max_running)
        .having(sa.func.count() >= limit)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimer:
    """Who claims: under which name, for how long, and how many runs a project may have at a time.

    `lease` begins anew with every heartbeat.
    """

    owner: str
    lease: timedelta
    most: int


def claim(transaction: Transaction, claimer: Claimer, now: datetime) -> Claim | None:
    """Take the next run, or None if there is none that nobody else takes at this moment.

    `now` is our own time, for people; the lease ends by the time of the database.
    """
    shared = present(transaction, now)
    due = next_due().with_for_update(skip_locked=True, of=runs)
    found = transaction.execute(due, {"now": shared, "most": claimer.most}).one_or_none()
    if found is None or not _has_room(transaction, found, claimer.most):
        return None
    take = (
        sa.update(runs)
        .where(runs.c.number == found.number, is_queued())
        .values(
            state=RunState.STARTING,
            token=runs.c.token + 1,
            attempt=runs.c.attempt + 1,
            lease_owner=claimer.owner,
            lease_until=shared + claimer.lease,
            started_at=sa.func.coalesce(runs.c.started_at, _start(transaction, found, now)),
        )
        .returning(runs.c.id, runs.c.token)
    )
    taken = transaction.execute(take).one_or_none()
    if taken is None:
        return None
    begin(transaction, taken.id, taken.token, claimer.owner, now)
    return _claim(transaction, taken.id, taken.token)


def running(transaction: Transaction, run_id: str, token: int, source_location: str | None) -> None:
    """Note that batches begin to load, from where; raise `LostLeaseError` if it is not ours."""
    before = states_before(RunState.RUNNING) & HELD | {RunState.RUNNING}
    change = {"state": RunState.RUNNING, "source_location": source_location}
    _change(transaction, run_id, token, before, change)


def heartbeat(transaction: Transaction, run_id: str, token: int, until: datetime) -> bool:
    """Let the lease end at `until`; tell whether the run is still ours."""
    ours = _ours(run_id, token, HELD)
    return transaction.execute(sa.update(runs).where(ours).values(lease_until=until)).rowcount == 1


def is_ours(transaction: Transaction, run_id: str, token: int) -> bool:
    """Tell whether the run is still that of the token's owner."""
    found = sa.select(runs.c.number).where(_ours(run_id, token, HELD))
    return transaction.execute(found).one_or_none() is not None


def finish(
    transaction: Transaction, run_id: str, token: int, ending: Ending, now: datetime
) -> None:
    """End the run with the counts of its ledger; raise `LostLeaseError` if it is not ours."""
    change = {
        "state": ending.state,
        "stop_reason": ending.reason,
        "error": ending.error,
        "reason_code": ending.reason_code,
        "finished_at": now,
    }
    ours = _ours(run_id, token, states_before(ending.state) & HELD)
    if not end_runs(transaction, ours, change):
        raise _lost(run_id)
    warn(transaction, run_id, ending.warnings)
    if ending.braked is not None:
        explain_brake(transaction, run_id, DecisionCode.BRAKE_FAILED, ending.braked, now)


def brake(transaction: Transaction, run_id: str, token: int, braked: Braked, now: datetime) -> None:
    """Let the run wait for a person, who is told; raise `LostLeaseError` if it is not ours."""
    change = {"paused_at": now, "braked": asdict(braked)}
    if not pause_runs(transaction, _ours(run_id, token, HELD), change):
        raise _lost(run_id)
    explain_brake(transaction, run_id, DecisionCode.BRAKE_PAUSED, braked, now)
    tell_braked(transaction, run_id, now)


def note_columns(transaction: Transaction, run_id: str, token: int, columns: Sequence[str]) -> None:
    """Note what the columns of a file are; raise `LostLeaseError` if the run is not ours."""
    names = [storable(name) for name in columns[:MAX_COLUMNS]]
    _change(transaction, run_id, token, HELD, {"columns": names})


def count_failure(transaction: Transaction, run_id: str, token: int) -> int:
    """Count a failure that may pass; return how many there were since the run got further.

    Raise `LostLeaseError` if it is not ours.
    """
    reached = sa.select(run_ledger.c.batches).where(run_ledger.c.run_id == runs.c.id)
    batches = sa.func.coalesce(reached.scalar_subquery(), 0)
    got_further = batches > runs.c.failed_at_batch
    count = (
        sa.update(runs)
        .where(_ours(run_id, token, HELD))
        .values(
            failures=sa.case((got_further, 1), else_=runs.c.failures + 1), failed_at_batch=batches
        )
        .returning(runs.c.failures)
    )
    failures: int | None = transaction.execute(count).scalar_one_or_none()
    if failures is None:
        raise _lost(run_id)
    return failures


def give_back(transaction: Transaction, run_id: str, token: int, change: dict[str, Any]) -> None:
    """Put the run back in its place in the queue; raise `LostLeaseError` if it is not ours."""
    queued = {"state": RunState.QUEUED, **FREE, **change}
    _change(transaction, run_id, token, states_before(RunState.QUEUED) & HELD, queued)
    revoke(transaction, run_id, token)


def add_warnings(transaction: Transaction, run_id: str, token: int, texts: tuple[str, ...]) -> None:
    """Add what a person should look at; raise `LostLeaseError` if the run is not ours."""
    require_ours(transaction, run_id, token)
    warn(transaction, run_id, texts)


def add_file(transaction: Transaction, run_id: str, opened: OpenedFile) -> None:
    """Note how a file is read, the last word on it, whoever holds the run."""
    found = sa.select(runs.c.files).where(runs.c.id == run_id)
    known = transaction.execute(found).scalar_one() or []
    others = [each for each in known if each["file"] != opened.file]
    files = [*others, asdict(opened)][:MAX_FILES]
    transaction.execute(sa.update(runs).where(runs.c.id == run_id).values(files=files))


def require_ours(transaction: Transaction, run_id: str, token: int) -> None:
    """Keep the run ours to the end of the transaction; raise `LostLeaseError` if it is not."""
    _change(transaction, run_id, token, HELD, {"token": token})


def _has_room(transaction: Transaction, found: sa.Row[Any], most: int) -> bool:
    """Tell whether project and definition may have this run in hand, and keep others from claiming.

    The query of the run to work on counts those that others are claiming just now as waiting, and
    knows nothing of an elder that somebody lets be tried again meanwhile.
    """
    limit = sa.select(projects.c.max_running).where(projects.c.id == found.project_id)
    own = transaction.execute(limit.with_for_update(key_share=True)).scalar_one()
    mine = sa.func.count().filter(runs.c.definition_id == found.definition_id)
    held = sa.select(sa.func.count().label("all"), mine.label("mine")).where(
        runs.c.project_id == found.project_id, is_held()
    )
    counted = transaction.execute(held).one()
    return not counted.mine and int(counted.all) < (own or most)


def _start(transaction: Transaction, found: sa.Row[Any], now: datetime) -> datetime:
    """Return when a run claimed now starts: not before the one before it ended.

    That one may have ended by the clock of another machine.
    """
    before = (
        sa.select(runs.c.finished_at)
        .where(runs.c.definition_id == found.definition_id, runs.c.number < found.number)
        .order_by(runs.c.number.desc())
        .limit(1)
    )
    ended = transaction.execute(before).scalar_one_or_none()
    return now if ended is None else max(now, ended)


def _claim(transaction: Transaction, run_id: str, token: int) -> Claim:
    """Take over the ledger and return everything about a run just taken."""
    checkpoint = open_ledger(transaction, run_id, token)
    run = to_run(transaction.execute(select_runs().where(runs.c.id == run_id)).one())
    definition = sa.select(definitions).where(definitions.c.id == run.definition_id)
    project = sa.select(projects).where(projects.c.id == run.project_id)
    return Claim(
        run=run,
        definition=to_definition(transaction.execute(definition).one()),
        project=to_project(transaction.execute(project).one()),
        checkpoint=checkpoint,
    )


def _ours(run_id: str, token: int, states: frozenset[RunState]) -> sa.ColumnElement[bool]:
    """Return the guard of every change by whoever holds the run."""
    return sa.and_(runs.c.id == run_id, runs.c.token == token, runs.c.state.in_(sorted(states)))


def _change(
    transaction: Transaction,
    run_id: str,
    token: int,
    states: frozenset[RunState],
    change: dict[str, Any],
) -> None:
    """Make one guarded change."""
    done = transaction.execute(sa.update(runs).where(_ours(run_id, token, states)).values(change))
    if done.rowcount == 0:
        raise _lost(run_id)


def warn(transaction: Transaction, run_id: str, texts: tuple[str, ...]) -> None:
    """Add texts that are not there yet to a run, whoever holds it, up to a limit."""
    if not texts:
        return
    found = sa.select(runs.c.warnings).where(runs.c.id == run_id)
    known = transaction.execute(found).scalar_one()
    warnings = list(dict.fromkeys([*known, *texts]))[:MAX_WARNINGS]
    transaction.execute(sa.update(runs).where(runs.c.id == run_id).values(warnings=warnings))


def _lost(run_id: str) -> LostLeaseError:
    """Say that the run is somebody else's, or nobody's."""
    return LostLeaseError(f"run {run_id!r} was paused, cancelled or taken over")
