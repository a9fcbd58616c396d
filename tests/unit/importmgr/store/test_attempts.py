"""Every attempt at a run is written down, with what ended it, whoever did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from definitions.errors import SourceUnreachableError
from definitions.lifecycle import Outcome, RunCommand, RunState, StopReason
from importmgr.store.attempts import StoredAttempt
from importmgr.store.control import RunControl
from importmgr.store.runs import Braked, Ending, Run
from tests.stores import DONE, LEASE, NOW, ORIGIN, Stores

LATER = NOW + timedelta(seconds=5)
GONE = SourceUnreachableError("connection refused")
BROKEN = Ending(
    state=RunState.FAILED, reason=StopReason.SOURCE_ERROR, error="404", reason_code="source_refused"
)
Act = Callable[[Stores, Run], object]


def only(stores: Stores, run: Run) -> StoredAttempt:
    """Return the one attempt at a run."""
    [attempt] = stores.runs.attempts(run.id)
    return attempt


def _tell(command: RunCommand) -> Act:
    return lambda stores, run: RunControl(stores.engine, stores.clock).tell(run, command)


def _reap(stores: Stores, _: Run) -> None:
    stores.pass_time(2 * LEASE)
    assert stores.runs.reap() == 1


def _brake(stores: Stores, run: Run) -> None:
    braked = Braked(brake="empty_file", text="no rows", figures={})
    stores.runs.brake(run.id, run.token, braked)


def test_an_attempt_that_goes_on_has_no_outcome(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = stores.claim("executor-1").run

    assert only(stores, run) == StoredAttempt(
        number=1,
        owner="executor-1",
        started_at=NOW,
        ended_at=None,
        outcome=None,
        code=None,
        text=None,
        delay=None,
    )


@pytest.mark.parametrize(
    ("end", "outcome", "why"),
    [
        (lambda s, r: s.runs.finish(r.id, r.token, DONE, LATER), Outcome.COMPLETED, (None, None)),
        (
            lambda s, r: s.runs.finish(r.id, r.token, BROKEN, LATER),
            Outcome.FAILED,
            ("source_refused", "404"),
        ),
        (
            lambda s, r: s.runs.requeue(r.id, r.token, timedelta(seconds=9), error=GONE),
            Outcome.AGAIN,
            ("source_unreachable", "connection refused"),
        ),
        (lambda s, r: s.runs.release(r.id, r.token), Outcome.RELEASED, (None, None)),
        (_tell(RunCommand.PAUSE), Outcome.PAUSED, (None, None)),
        (_tell(RunCommand.CANCEL), Outcome.CANCELLED, (None, None)),
        (_brake, Outcome.BRAKED, ("empty_file", "no rows")),
        (_reap, Outcome.LOST, (None, None)),
        (
            lambda s, r: s.definitions.delete(r.project_id, r.definition_id, ORIGIN, LATER),
            Outcome.CANCELLED,
            (None, None),
        ),
    ],
)
def test_what_ends_an_attempt_is_written_down(
    stores: Stores, end: Act, outcome: Outcome, why: tuple[str | None, str | None]
) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run

    end(stores, run)

    attempt = only(stores, run)
    assert (attempt.outcome, (attempt.code, attempt.text)) == (outcome, why)
    assert attempt.ended_at is not None
    assert attempt.delay == (9 if outcome is Outcome.AGAIN else None)


def test_attempts_are_told_in_order(stores: Stores) -> None:
    stores.queue(stores.definition())
    for _ in range(2):
        run = stores.claim().run
        stores.runs.requeue(run.id, run.token, timedelta(0), error=GONE)
    last = stores.claim().run
    stores.runs.finish(last.id, last.token, DONE, NOW)

    told = [(each.number, each.outcome) for each in stores.runs.attempts(last.id)]

    assert told == [(1, Outcome.AGAIN), (2, Outcome.AGAIN), (3, Outcome.COMPLETED)]


def test_a_run_that_nobody_worked_on_has_none(stores: Stores) -> None:
    run = stores.queue(stores.definition())
    RunControl(stores.engine, stores.clock).tell(run, RunCommand.CANCEL)

    assert stores.runs.attempts(run.id) == ()
