"""Old runs go with all that is about them; what somebody still needs stays."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.audit import AuditAction, Change
from definitions.batches import Tally
from definitions.lifecycle import RunState, StopReason
from destinations.tables import run_ledger
from importmgr.store.audit import AuditFilter, AuditStore
from importmgr.store.definitions import StoredDefinition
from importmgr.store.file_tables import file_ledger, follow_ups
from importmgr.store.retention import (
    NEWEST,
    OF_DEFINITIONS,
    OF_RUNS,
    STAYING,
    RetentionStore,
    RunLimits,
)
from importmgr.store.runs import Ending, Run
from importmgr.store.tables import decisions, definitions, metadata, run_repairs, runs
from tests.stores import DONE, NOW, Stores, checkpoint

DAY = timedelta(days=1)
FAILED = Ending(state=RunState.FAILED, reason=StopReason.SOURCE_ERROR, error="away")
AGES = RunLimits(before=NOW - 90 * DAY, most=1000)


@pytest.fixture
def retention(engine: Engine) -> RetentionStore:
    return RetentionStore(engine)


def run(stores: Stores, of: StoredDefinition, at: datetime, ending: Ending = DONE) -> Run:
    """Return a run that ended then, with one batch."""
    queued = stores.queue(of, at)
    claim = stores.claim()
    stores.commit(claim.run, checkpoint(1))
    stores.runs.finish(queued.id, claim.run.token, ending, at)
    return queued


def left(engine: Engine, of: StoredDefinition) -> list[str]:
    """Return the ids of the runs that a definition has, the oldest first."""
    mine = sa.select(runs.c.id).where(runs.c.definition_id == of.id).order_by(runs.c.number)
    with engine.begin() as connection:
        return list(connection.execute(mine).scalars())


def remember(engine: Engine, of: StoredDefinition, files: int) -> None:
    """Let a definition know some files that it imported."""
    row = {f"rows_{name}": 0 for name in asdict(Tally())} | {"run_id": of.id, "state": "loaded"}
    rows = [row | {"definition_id": of.id, "number": n, "path": f"{n}.csv"} for n in range(files)]
    with engine.begin() as connection:
        connection.execute(sa.insert(file_ledger), rows)


def count(engine: Engine, table: sa.Table) -> int:
    with engine.begin() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def newest(stores: Stores, of: StoredDefinition, ending: Ending = DONE) -> list[str]:
    """Return so many new runs as stay whatever their age."""
    return [run(stores, of, NOW - 200 * DAY, ending).id for _ in range(NEWEST)]


def test_every_table_with_a_run_is_thought_of() -> None:
    found = {table.name for table in metadata.sorted_tables if "run_id" in table.c}

    assert {*(table.name for table in OF_RUNS), *STAYING} == found


def test_every_table_with_a_definition_is_thought_of() -> None:
    found = {table.name for table in metadata.sorted_tables if "definition_id" in table.c}
    elsewhere = {"runs", "follow_ups", "promises", "watches", "deliveries", "dry_runs"}

    assert {*(table.name for table in OF_DEFINITIONS), *elsewhere} == found


def test_old_runs_go_with_what_is_about_them(
    engine: Engine, stores: Stores, retention: RetentionStore
) -> None:
    mine, other = stores.definition(), stores.definition()
    old = run(stores, mine, NOW - 91 * DAY)
    young = run(stores, mine, NOW - 89 * DAY)
    foreign = run(stores, other, NOW - 91 * DAY)
    last = newest(stores, mine)

    assert retention.forget_runs(AGES) == 1
    assert retention.forget_runs(AGES) == 0

    assert left(engine, mine) == [young.id, *last]
    assert left(engine, other) == [foreign.id]
    with engine.begin() as connection:
        ledger = set(connection.execute(sa.select(run_ledger.c.run_id)).scalars())
    assert ledger == {young.id, foreign.id, *last}
    assert old.id not in ledger


def test_forgetting_runs_stops_between_two_pieces(
    stores: Stores, retention: RetentionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importmgr.store.retention.RUNS_AT_ONCE", 2)
    mine = stores.definition()
    for _ in range(3):
        run(stores, mine, NOW - 91 * DAY)
    newest(stores, mine)
    answers = iter([True, False])

    assert retention.forget_runs(AGES, lambda: next(answers)) == 2
    assert retention.forget_runs(AGES) == 1


def test_the_last_good_run_stays(engine: Engine, stores: Stores, retention: RetentionStore) -> None:
    mine = stores.definition()
    run(stores, mine, NOW - 400 * DAY)
    good = run(stores, mine, NOW - 300 * DAY)
    run(stores, mine, NOW - 250 * DAY, FAILED)
    last = newest(stores, mine, FAILED)

    assert retention.forget_runs(AGES) == 2

    assert left(engine, mine) == [good.id, *last]


def test_of_a_deleted_definition_every_old_run_goes(
    engine: Engine, stores: Stores, retention: RetentionStore
) -> None:
    mine = stores.definition()
    made = newest(stores, mine)
    stores.definitions.delete(mine.project_id, mine.id, mine.origin, NOW)

    assert retention.forget_runs(AGES) == len(made)
    assert left(engine, mine) == []


def test_what_is_left_of_a_deleted_definition_goes_piece_by_piece_once_its_runs_are_gone(
    engine: Engine, stores: Stores, retention: RetentionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importmgr.store.retention.ROWS_AT_ONCE", 2)
    gone, alive = stores.definition(), stores.definition()
    run(stores, gone, NOW - 200 * DAY)
    for each in (gone, alive):
        remember(engine, each, files=3)
    stores.definitions.delete(gone.project_id, gone.id, gone.origin, NOW - 100 * DAY)

    before = NOW - 90 * DAY
    waits_for_runs = retention.forget_definitions(before)
    assert retention.forget_runs(AGES) == 1
    too_young = retention.forget_definitions(NOW - 101 * DAY)
    pieces = [retention.forget_definitions(before) for _ in range(5)]

    assert (waits_for_runs, too_young) == (0, 0)
    assert pieces == [2, 1, 1, 1, 0]
    assert [count(engine, table) for table in (file_ledger, decisions, definitions)] == [3, 0, 1]


def test_too_many_runs_go_too_the_oldest_first(
    engine: Engine, stores: Stores, retention: RetentionStore
) -> None:
    mine = stores.definition()
    made = [run(stores, mine, NOW).id for _ in range(NEWEST + 3)]

    assert retention.forget_runs(RunLimits(before=NOW - DAY, most=NEWEST + 1)) == 2

    assert left(engine, mine) == made[2:]


def test_to_find_old_runs_nobody_looks_at_young_ones(sqlite_engine: Engine) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:  # noqa: ANN401
        asked.append((statement, parameters))

    sa.event.listen(sqlite_engine, "before_cursor_execute", note)
    assert RetentionStore(sqlite_engine).forget_runs(AGES) == 0

    of_ends = [each for each in asked if "finished_at <" in each[0]]
    with sqlite_engine.connect() as connection:
        plans = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            for statement, parameters in of_ends
        ]

    assert len(plans) == 2
    for plan in plans:
        steps = [str(step.detail) for step in plan]
        by_end = [each for each in steps if "INDEX ix_runs_finished_at (finished_at>?" in each]
        assert len(by_end) == 1, steps
        assert [step for step in steps if step.startswith("SCAN runs")] == []


def test_old_runs_behind_many_that_stay_are_found(
    engine: Engine,
    stores: Stores,
    retention: RetentionStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importmgr.store.retention.RUNS_FOUND", 3)
    few, many, old = stores.definition(), stores.definition(), NOW - 200 * DAY
    for hour in range(NEWEST):
        run(stores, few, old + timedelta(hours=hour))
    made = [run(stores, many, old + DAY).id for _ in range(NEWEST + 2)]

    assert retention.forget_runs(AGES) == 2

    assert left(engine, many) == made[2:]
    assert len(left(engine, few)) == NEWEST


def test_a_run_that_has_not_ended_stays(
    engine: Engine, stores: Stores, retention: RetentionStore
) -> None:
    mine = stores.definition()
    waiting = [stores.queue(mine, NOW - 200 * DAY).id for _ in range(NEWEST + 1)]
    held = stores.claim().run.id

    assert retention.forget_runs(AGES) == 0

    assert held == waiting[0]
    assert left(engine, mine) == waiting


def test_a_run_that_owes_something_to_a_file_stays(
    engine: Engine, stores: Stores, retention: RetentionStore
) -> None:
    mine = stores.definition()
    owing = run(stores, mine, NOW - 200 * DAY)
    newest(stores, mine)
    row = {"number": 0, "definition_id": mine.id, "due_at": NOW, "token": 0, "failures": 0}
    with engine.begin() as connection:
        connection.execute(sa.insert(follow_ups).values(run_id=owing.id, **row))

    assert retention.forget_runs(AGES) == 0
    with engine.begin() as connection:
        connection.execute(sa.delete(follow_ups))
    assert retention.forget_runs(AGES) == 1


def test_a_run_that_is_being_repaired_stays(
    engine: Engine, stores: Stores, retention: RetentionStore
) -> None:
    mine, other = stores.definition(), stores.definition()
    rejecting = run(stores, mine, NOW - 200 * DAY)
    newest(stores, mine)
    repair = stores.queue(other, NOW)
    row = {"part": 1, "size": 1, "sha256": "", "asked_by": "k", "asked_at": NOW}
    with engine.begin() as connection:
        told = sa.insert(run_repairs).values(run_id=repair.id, of_run_id=rejecting.id, **row)
        connection.execute(told)

    assert retention.forget_runs(AGES) == 0
    claim = stores.claim()
    stores.runs.finish(repair.id, claim.run.token, DONE, NOW)
    assert retention.forget_runs(AGES) == 1


def test_what_keeps_an_instant_from_firing_twice_stays(
    engine: Engine, stores: Stores, retention: RetentionStore
) -> None:
    mine = stores.definition()
    fired = run(stores, mine, NOW - 200 * DAY)
    newest(stores, mine)
    with engine.begin() as connection:
        at = {"scheduled_for": NOW - 200 * DAY}
        connection.execute(sa.update(runs).where(runs.c.id == fired.id).values(at))
        connection.execute(sa.update(definitions).values(decided_until=NOW - 201 * DAY))

    assert retention.forget_runs(AGES) == 0
    with engine.begin() as connection:
        connection.execute(sa.update(definitions).values(decided_until=NOW - 200 * DAY))
    assert retention.forget_runs(AGES) == 1


def test_old_lines_of_the_audit_log_go_and_too_many(
    engine: Engine, stores: Stores, retention: RetentionStore
) -> None:
    audit = AuditStore(engine, stores.clock)
    for _ in range(5):
        audit.tell(Change(action=AuditAction.RUN_STARTED, project_id=None))
    at = audit.list(AuditFilter(), 1, 0)[0][0].at

    assert retention.forget_audit(at - DAY, 5) == 0
    assert retention.forget_audit(at - DAY, 3) == 2
    assert retention.forget_audit(at + DAY, 3) == 3
    assert retention.forget_audit(at + DAY, 3) == 0
