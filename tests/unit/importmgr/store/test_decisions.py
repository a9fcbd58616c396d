"""Decisions are kept in order, for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine

from definitions.decisions import Decision, DecisionCode
from importmgr.store.decisions import DecisionStore
from importmgr.store.transactions import writing
from tests.stores import NOW, Stores

FIRED = Decision(code=DecisionCode.FIRED, facts={"note": None, "late_seconds": 3})
MISSED = Decision(code=DecisionCode.MISSED, facts={"zone": "Europe/Prague"})


def add(engine: Engine, definition_id: str, made: list[Decision], at: datetime = NOW) -> None:
    """Write down decisions about one definition."""
    with writing(engine) as transaction:
        DecisionStore(engine).add(transaction, [(definition_id, one) for one in made], at)


def test_decisions_of_a_definition_are_listed_newest_first(engine: Engine, stores: Stores) -> None:
    store, mine, other = DecisionStore(engine), stores.definition(), stores.definition()
    add(engine, mine.id, [FIRED, MISSED])
    add(engine, other.id, [FIRED])
    add(engine, other.id, [])

    found, total = store.list(mine.id, 10, 0, None)

    assert [(each.code, each.facts, each.at) for each in found] == [
        ("missed", MISSED.facts, NOW),
        ("fired", FIRED.facts, NOW),
    ]
    assert total == 2
    assert store.list(mine.id, 1, 1, None)[0] == found[1:]


def test_only_old_decisions_are_forgotten(engine: Engine, stores: Stores) -> None:
    store, mine = DecisionStore(engine), stores.definition()
    for days in (3, 2, 1):
        add(engine, mine.id, [FIRED], NOW - timedelta(days=days))

    assert store.prune(NOW - timedelta(days=2)) == 1
    assert store.prune(NOW - timedelta(days=2)) == 0

    assert store.list(mine.id, 10, 0, NOW - timedelta(days=1))[1] == 1
    assert store.list(mine.id, 10, 0, None)[1] == 2
