from __future__ import annotations

from datetime import timedelta

import pytest

from definitions.decisions import Decision, DecisionCode
from definitions.errors import LostLeaseError
from definitions.follow_ups import AfterRun, FileAction, FollowUp
from importmgr.store.decisions import DecisionStore
from importmgr.store.file_ledger import FileLedger
from importmgr.store.follow_ups import FollowUpStore, OwedFile, Told
from tests.stores import DONE, NOW, Stores
from tests.unit.sources.files import remote

AFTER = AfterRun(success=FollowUp(action=FileAction.DELETE))
LEASE = timedelta(minutes=5)


@pytest.fixture
def store(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> FollowUpStore:
    monkeypatch.setattr("importmgr.store.follow_ups.present", lambda _, ours: ours)
    return FollowUpStore(stores.engine, stores.clock)


def owed(stores: Stores, store: FollowUpStore, *paths: str) -> tuple[OwedFile, ...]:
    """Return the files of a run that has just ended, claimed."""
    stores.queue(stores.definition())
    run = stores.claim().run
    FileLedger(stores.engine).plan(run, [remote(path) for path in paths], AFTER)
    assert store.claim(LEASE, run.id) == ()
    stores.runs.finish(run.id, run.token, DONE, NOW)
    return store.claim(LEASE, run.id)


def test_files_are_owed_something_once_their_run_has_ended(
    stores: Stores, store: FollowUpStore
) -> None:
    claimed = owed(stores, store, "a.csv", "b.csv")

    assert [(each.file.path, each.reached, each.done) for each in claimed] == [
        ("a.csv", True, False),
        ("b.csv", False, False),
    ]
    assert store.claim(LEASE, None) == ()
    assert [each.file.path for each in store.open(claimed[0].definition.id)] == ["a.csv", "b.csv"]


def test_who_lost_a_claim_changes_nothing(stores: Stores, store: FollowUpStore) -> None:
    (ours,) = owed(stores, store, "a.csv")
    stores.clock.move(LEASE.total_seconds())
    (theirs,) = store.claim(LEASE, None)

    store.settle(ours, None)
    for change in (
        lambda: store.reserve(ours, "i", "done/a.csv"),
        lambda: store.postpone(ours, LEASE, None),
    ):
        with pytest.raises(LostLeaseError, match="taken over"):
            change()

    assert [each.token for each in store.open(theirs.definition.id)] == [theirs.token]


def test_a_name_is_promised_to_one_file(stores: Stores, store: FollowUpStore) -> None:
    first, second = owed(stores, store, "a/x.csv", "b/x.csv")

    assert store.reserve(first, "i", "done/x.csv")
    assert store.reserve(first, "i", "done/x.csv")
    assert not store.reserve(second, "i", "done/x.csv")
    assert store.reserve(second, "another", "done/x.csv")
    store.settle(first, None)
    assert store.reserve(second, "i", "done/x.csv")


def test_what_is_told_is_found_with_the_definition_and_its_run(
    stores: Stores, store: FollowUpStore
) -> None:
    (ours,) = owed(stores, store, "a.csv")
    decision = Decision(code=DecisionCode.FILE_GONE, facts={"path": "a.csv"})

    store.settle(ours, Told(decision=decision, warning="gone"))

    page, _ = DecisionStore(stores.engine).list(ours.definition.id, 9, 0, None)
    run = stores.runs.get(ours.definition.id, ours.run_id)
    assert [each.code for each in page] == ["file_gone"]
    assert run is not None
    assert run.warnings == ("gone",)
