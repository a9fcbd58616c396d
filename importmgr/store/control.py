"""Telling runs what to do: one guarded UPDATE per command, in effect when it returns.

Whoever works on the run is not asked: its ledger is closed, so that a batch is loaded whole before
the command or not at all, and a dead executor keeps nothing from happening. A live one notices
within a second or two and turns to other work.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.errors import ConflictError
from definitions.lifecycle import COMMANDS, RunCommand, RunState, StopReason, refusal
from importmgr.acting import actor
from importmgr.clock import Clock
from importmgr.store.ending import end_runs, pause_runs
from importmgr.store.file_ledger import pin
from importmgr.store.news import announce
from importmgr.store.queueing import queue
from importmgr.store.run_values import NewRun, Run, select_runs, to_run
from importmgr.store.tables import runs
from importmgr.store.transactions import Also, Transaction, nothing, present, writing

UNENDED: dict[str, Any] = {
    **dict.fromkeys(("finished_at", "stop_reason", "error", "reason_code", "rows_total")),
    **dict.fromkeys(("failures", "failed_at_batch", "crashes", "crashed_at_batch"), 0),
}


class RunControl:
    """Tells runs what to do; who asks for it is `importmgr.acting`'s to say."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        """Take the database, and our own clock."""
        self._engine = engine
        self._clock = clock

    def tell(self, run: Run, command: RunCommand, also: Also = nothing) -> Run:
        """Let a run do as told, with `also`, and return it as it is then.

        Raise `ConflictError` if its state does not allow it.
        """
        with writing(self._engine) as transaction:
            done = _do(transaction, _fit(run, command), command, self._clock.now())
            row = transaction.execute(select_runs().where(runs.c.id == run.id)).one()
            if not done:
                raise _refusal(to_run(row), command)
            also(transaction)
            return to_run(row)

    def rerun(self, old: Run, new: NewRun, *, max_waiting: int, also: Also) -> None:
        """Queue a run that loads the files of an older one from their beginnings, with `also`.

        Raise `ConflictError` if that one has chosen none, `LimitError` if too many runs wait.
        """
        with writing(self._engine) as transaction:
            queue(transaction, new, max_waiting)
            if not pin(transaction, old.id, new.id):
                msg = f"run {old.id!r} has chosen no files yet; start a new run instead"
                raise ConflictError(msg)
            also(transaction)


def _fit(run: Run, command: RunCommand) -> sa.ColumnElement[bool]:
    """Return the condition under which a run can be told that."""
    fit = (runs.c.id == run.id) & runs.c.state.in_(sorted(COMMANDS[command].before))
    match command:
        case RunCommand.RESUME:
            return fit & runs.c.braked.is_(None)
        case RunCommand.CONTINUE:
            return fit & runs.c.braked.is_not(None)
        case _:
            return fit


def _refusal(run: Run, command: RunCommand) -> ConflictError:
    """Return why a run cannot be told that, and what it can be told instead."""
    if run.state is not RunState.PAUSED or command not in {RunCommand.RESUME, RunCommand.CONTINUE}:
        return refusal(run.id, run.state, command)
    if run.braked is None:
        return ConflictError(f"run {run.id!r} was paused by a person, not by a brake; resume it")
    why = run.braked.text
    return ConflictError(
        f"run {run.id!r} was braked ({why}); continue it all the same, or cancel it"
    )


def _let_pass(
    transaction: Transaction, fit: sa.ColumnElement[bool], asked: dict[str, Any], now: datetime
) -> bool:
    """Let a braked run go on, without that brake from now on."""
    found = transaction.execute(sa.select(runs).where(fit).with_for_update()).one_or_none()
    if found is None:
        return False
    passed = [*(found.passed or ()), found.braked["brake"]]
    return _queue_again(transaction, fit, {**asked, "passed": passed, "braked": None}, now)


def _do(
    transaction: Transaction, fit: sa.ColumnElement[bool], command: RunCommand, now: datetime
) -> bool:
    """Make the move if the run is fit for it; tell whether it was."""
    asked: dict[str, Any] = {"asked_by": actor().name}
    match command:
        case RunCommand.PAUSE:
            return bool(pause_runs(transaction, fit, asked | {"paused_at": now}))
        case RunCommand.RESUME:
            return _queue_again(transaction, fit, asked, now)
        case RunCommand.CONTINUE:
            return _let_pass(transaction, fit, asked, now)
        case RunCommand.RETRY:
            return _queue_again(transaction, fit, asked | UNENDED, now)
        case RunCommand.CANCEL:
            end = {
                "state": RunState.CANCELLED,
                "stop_reason": StopReason.USER,
                "finished_at": now,
            }
            ended = end_runs(transaction, fit, asked | end)
            announce(transaction)  # the one behind it
            return bool(ended)


def _queue_again(
    transaction: Transaction, fit: sa.ColumnElement[bool], asked: dict[str, Any], now: datetime
) -> bool:
    """Let a run start as soon as its turn comes, from its checkpoint."""
    again = {
        "state": RunState.QUEUED,
        "paused_at": None,
        "not_before": present(transaction, now),
    }
    done = transaction.execute(sa.update(runs).where(fit).values(asked | again)).rowcount == 1
    announce(transaction)
    return done
