"""The audit log is kept in order and asked for by its parts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from definitions.audit import AuditAction, Change
from importmgr.acting import Actor, acting
from importmgr.store.audit import AuditFilter, AuditStore
from importmgr.store.transactions import writing
from tests.clocks import HandClock
from tests.stores import NOW, Stores

JANA = Actor(name="cli:jana", request_id="r-1")


def change(project_id: int | None, what: str = "x") -> Change:
    return Change(action=AuditAction.RUN_STARTED, project_id=project_id, what=what)


def test_changes_are_listed_newest_first_with_who_made_them(engine: Engine, stores: Stores) -> None:
    store, project = AuditStore(engine, HandClock(NOW)), stores.project()
    with acting(JANA):
        store.tell(Change(action=AuditAction.KEY_REVOKED, project_id=project.id, what="k"))
    store.tell(change(None))

    found, total = store.list(AuditFilter(), 10, 0)

    assert total == 2
    assert [(each.actor, each.request_id, each.project_token) for each in found] == [
        ("service", None, None),
        ("cli:jana", "r-1", project.token),
    ]
    assert [each.action for each in found] == ["run.started", "key.revoked"]
    assert store.list(AuditFilter(), 1, 1) == (found[1:], 2)


def test_each_part_of_a_filter_narrows(engine: Engine, stores: Stores) -> None:
    store, mine, other = AuditStore(engine, stores.clock), stores.project(), stores.project()
    with acting(JANA):
        store.tell(change(mine.id, "wanted"))
    for each in (change(mine.id), change(other.id), change(None)):
        store.tell(each)
    at = store.list(AuditFilter(what="wanted"), 1, 0)[0][0].at

    def count(wanted: AuditFilter) -> int:
        return store.list(wanted, 0, 0)[1]

    assert count(AuditFilter(project_id=mine.id)) == 2
    assert count(AuditFilter(project_id=mine.id, actor=JANA.name)) == 1
    assert count(AuditFilter(action="run.started")) == 4
    assert count(AuditFilter(action="key.revoked")) == 0
    assert count(AuditFilter(since=at)) == 4
    assert count(AuditFilter(until=at)) == 0
    assert count(AuditFilter(since=at + timedelta(days=1))) == 0


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_what_no_database_can_hold_was_not_changed(engine: Engine, text: str) -> None:
    store = AuditStore(engine, HandClock(NOW))

    assert store.list(AuditFilter(what=text), 1, 0) == ([], 0)
    assert store.list(AuditFilter(actor=text), 1, 0) == ([], 0)


def test_a_record_goes_with_its_transaction(engine: Engine) -> None:
    store = AuditStore(engine, HandClock(NOW))

    def break_off() -> None:
        with writing(engine) as transaction:
            store.recording(change(None))(transaction)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()

    assert store.list(AuditFilter(), 1, 0) == ([], 0)
