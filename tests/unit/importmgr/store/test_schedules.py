"""Who holds which due definition, and what is known of its runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.lifecycle import Cause, RunState, StopReason
from importmgr.store.definitions import StoredDefinition
from importmgr.store.schedules import ScheduleStore, Timing
from importmgr.store.tables import runs
from importmgr.store.transactions import reading, writing
from tests.stores import NOW, Stores

LATER = timedelta(hours=1)
TIMING = Timing(next_fire_at=NOW, decided_until=NOW - LATER, timezone="UTC", stamp="1-a")


@pytest.fixture
def schedules(engine: Engine, stores: Stores) -> ScheduleStore:
    return ScheduleStore(engine, stores.clock)


def scheduled(
    schedules: ScheduleStore, stores: Stores, timing: Timing = TIMING
) -> StoredDefinition:
    """Return a definition with a timing."""
    made = stores.definition()
    with writing(stores.engine) as transaction:
        schedules.set_timing(transaction, {made.id: timing})
    return made


def test_what_is_due_comes_in_the_order_of_its_instants(
    schedules: ScheduleStore, stores: Stores
) -> None:
    late = scheduled(schedules, stores)
    later = scheduled(schedules, stores, replace(TIMING, next_fire_at=NOW - LATER))
    scheduled(schedules, stores, replace(TIMING, next_fire_at=NOW + LATER))
    scheduled(schedules, stores, replace(TIMING, next_fire_at=None))

    with writing(stores.engine) as transaction:
        found = schedules.due(transaction, NOW, 10)
        first = schedules.due(transaction, NOW, 1)

    assert [each.id for each in found] == [later.id, late.id]
    assert [each.id for each in first] == [later.id]


def test_a_due_definition_comes_with_its_runs(schedules: ScheduleStore, stores: Stores) -> None:
    mine = scheduled(schedules, stores)
    old, held, waiting = (stores.queue(mine) for _ in range(3))
    with writing(stores.engine) as transaction:
        schedules.cancel(transaction, [old.id], NOW)
    stores.claim()

    with writing(stores.engine) as transaction:
        (found,) = schedules.due(transaction, NOW, 10)

    assert (found.unfinished, found.waiting) == ((held.id, waiting.id), 1)
    assert stores.again(old).stop_reason is StopReason.SUPERSEDED


@pytest.mark.postgres
def test_what_one_process_holds_no_other_sees(postgres_engine: Engine) -> None:
    stores = Stores(postgres_engine)
    schedules = ScheduleStore(postgres_engine, stores.clock)
    mine, free = scheduled(schedules, stores), scheduled(schedules, stores)

    with writing(postgres_engine) as first, writing(postgres_engine) as second:
        held = schedules.due(first, NOW, 1)
        others = schedules.due(second, NOW, 10)
        none = schedules.due_one(second, held[0].id, NOW)

    assert {held[0].id, others[0].id} == {mine.id, free.id}
    assert (len(others), none) == (1, [])


def test_one_definition_is_had_only_while_it_is_due(
    schedules: ScheduleStore, stores: Stores
) -> None:
    mine = scheduled(schedules, stores)

    with writing(stores.engine) as transaction:
        assert [each.id for each in schedules.due_one(transaction, mine.id, NOW)] == [mine.id]
        assert schedules.due_one(transaction, mine.id, NOW - LATER) == []


def test_a_cancelled_run_that_has_ended_already_stays_as_it_ended(
    schedules: ScheduleStore, stores: Stores
) -> None:
    run = stores.queue(stores.definition())
    for _ in range(2):
        with writing(stores.engine) as transaction:
            schedules.cancel(transaction, [run.id], stores.clock.now())
        stores.clock.move(60)

    assert stores.state(run) is RunState.CANCELLED
    assert stores.again(run).finished_at == NOW


def test_definitions_are_found_by_the_rules_they_were_computed_by(
    schedules: ScheduleStore, stores: Stores
) -> None:
    first, second = (scheduled(schedules, stores) for _ in range(2))
    fresh = stores.definition()
    stores.definition(active=False)

    assert set(schedules.stamps()) == {("UTC", "1-a"), (None, None)}
    assert set(schedules.stamped("UTC", "1-a")) == {first.id, second.id}
    assert schedules.stamped(None, None) == [fresh.id]
    with writing(stores.engine) as transaction:
        held = schedules.held(transaction, [first.id, fresh.id, "unknown"])
    assert {each.id for each in held} == {first.id, fresh.id}


def test_looking_for_what_is_due_uses_the_index(schedules: ScheduleStore, engine: Engine) -> None:
    """The cost of a look must not grow with the definitions that are not due."""
    query = "SELECT id FROM definitions WHERE next_fire_at <= '2026-03-01' ORDER BY next_fire_at"
    with reading(engine) as transaction:
        if engine.dialect.name == "postgresql":
            transaction.execute(sa.text("SET LOCAL enable_seqscan = off"))
            plan = transaction.execute(sa.text(f"EXPLAIN {query}")).scalars().all()
        else:
            plan = [
                row.detail for row in transaction.execute(sa.text(f"EXPLAIN QUERY PLAN {query}"))
            ]

    assert "ix_definitions_next_fire_at" in " ".join(plan)
    assert schedules.is_any_due() is False


def test_no_schedule_decides_about_repairs(schedules: ScheduleStore, stores: Stores) -> None:
    definition = scheduled(schedules, stores)
    queued = stores.queue(definition)
    with writing(stores.engine) as transaction:
        as_repair = sa.update(runs).where(runs.c.id == queued.id).values(cause=Cause.REPAIR)
        transaction.execute(as_repair)

        [due] = schedules.due(transaction, NOW, 10)

    assert (due.unfinished, due.waiting) == ((), 0)
