"""What somebody may have to look at is among the decisions, and nothing else of how runs end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.errors import SourceUnreachableError
from definitions.lifecycle import Cause, RunState, StopReason
from definitions.sentences import sentence
from importmgr.store.decisions import DecisionStore
from importmgr.store.runs import Ending
from importmgr.store.tables import run_repairs, runs
from importmgr.store.transactions import writing
from tests.stores import DONE, NOW, Stores, checkpoint, new_run

FAILED = Ending(state=RunState.FAILED, reason=StopReason.SOURCE_ERROR, error="answers 404")


def decided(engine: Engine, definition_id: str) -> list[tuple[str, dict[str, object]]]:
    """Return the decisions about a definition, the oldest first."""
    found, _ = DecisionStore(engine).list(definition_id, 10, 0, None)
    return [(each.code, dict(each.facts)) for each in reversed(found)]


def test_a_run_that_failed_is_explained(engine: Engine, stores: Stores) -> None:
    definition = stores.definition()
    stores.queue(definition)
    run = stores.claim().run

    stores.runs.finish(run.id, run.token, FAILED, NOW)

    assert decided(engine, definition.id) == [
        ("run_failed", {"run_id": run.id, "why": "answers 404"})
    ]


def test_an_attempt_that_is_made_again_is_explained(engine: Engine, stores: Stores) -> None:
    definition = stores.definition()
    stores.queue(definition)
    run = stores.claim().run
    refused = SourceUnreachableError("answers 503")

    stores.runs.requeue(run.id, run.token, timedelta(seconds=20), error=refused)

    ((code, facts),) = decided(engine, definition.id)
    assert (code, facts["run_id"], facts["attempt"]) == ("attempt_failed", run.id, 1)
    assert (facts["why"], facts["reason"], facts["delay_seconds"]) == (
        "answers 503",
        refused.code,
        20,
    )
    assert sentence(code, facts).startswith(f"attempt 1 at run {run.id} failed: answers 503; tried")


def test_an_attempt_whose_executor_is_gone_is_explained(engine: Engine, stores: Stores) -> None:
    definition = stores.definition()
    stores.queue(definition)
    run = stores.claim(owner="embedded").run

    stores.runs.requeue_owned("embedded")

    told = {"run_id": run.id, "attempt": 1, "owner": "embedded"}
    assert decided(engine, definition.id) == [("attempt_lost", told)]


def test_attempts_at_a_dry_run_are_not_told(engine: Engine, stores: Stores) -> None:
    definition = stores.definition()
    stores.runs.queue(None, replace(new_run(definition), cause=Cause.DRY_RUN), max_waiting=100)
    run = stores.claim().run

    stores.runs.requeue(run.id, run.token, timedelta(0), error=SourceUnreachableError("no"))

    assert decided(engine, definition.id) == []


def test_rejected_rows_are_pointed_at_and_then_their_repair(engine: Engine, stores: Stores) -> None:
    definition = stores.definition()
    stores.queue(definition)
    run = stores.claim().run
    stores.commit(run, checkpoint(1))
    stores.runs.finish(run.id, run.token, DONE, NOW)
    repair = replace(new_run(definition), cause=Cause.REPAIR)
    stores.runs.queue(None, repair, max_waiting=100)
    handed_in = {"run_id": repair.id, "of_run_id": run.id, "part": 0, "size": 1, "sha256": ""}
    with writing(engine) as transaction:
        transaction.execute(
            sa.insert(run_repairs).values(**handed_in, asked_by="key", asked_at=NOW)
        )
        transaction.execute(
            sa.update(runs).where(runs.c.id == run.id).values(rows_rejected=0, rows_created=10)
        )
    mending = stores.claim().run
    stores.commit(mending, checkpoint(1))
    stores.runs.finish(mending.id, mending.token, DONE, NOW)

    assert decided(engine, definition.id) == [
        ("rows_rejected", {"run_id": run.id, "rejected": 1, "read": 10}),
        (
            "rows_repaired",
            {"run_id": repair.id, "of_run_id": run.id, "loaded": 9, "rejected": 0, "discarded": 0},
        ),
    ]


def test_neither_good_nor_cancelled_nor_braked_runs_are(engine: Engine, stores: Stores) -> None:
    definition = stores.definition()
    braked = replace(FAILED, reason=StopReason.THRESHOLD)
    cancelled = Ending(state=RunState.CANCELLED, reason=StopReason.USER)
    for ending in (DONE, braked, cancelled):
        stores.queue(definition)
        run = stores.claim().run
        stores.runs.finish(run.id, run.token, ending, NOW)

    assert decided(engine, definition.id) == []


def test_nor_is_a_dry_run(engine: Engine, stores: Stores) -> None:
    definition = stores.definition()
    stores.runs.queue(None, replace(new_run(definition), cause=Cause.DRY_RUN), max_waiting=100)
    run = stores.claim().run

    stores.runs.finish(run.id, run.token, FAILED, NOW)

    assert decided(engine, definition.id) == []
