from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from definitions.batches import Checkpoint, Tally
from definitions.errors import LostLeaseError
from importmgr.store.definitions import StoredDefinition
from importmgr.store.dry_runs import ORIGIN, DryRunStore
from importmgr.store.runs import Run
from importmgr.store.transactions import writing
from tests.stores import DONE, NOW, Stores

ODD = {"text": "a\0b \ud800 é"}


@pytest.fixture
def dry_runs(stores: Stores) -> DryRunStore:
    return DryRunStore(stores.engine)


@pytest.fixture
def original(stores: Stores) -> StoredDefinition:
    return stores.definition()


@pytest.fixture
def run(stores: Stores, dry_runs: DryRunStore, original: StoredDefinition) -> Run:
    """A dry run of a definition, claimed."""
    copy = replace(stores.definition(), secret=b"x")
    stores.definitions.delete(copy.project_id, copy.id, copy.origin, NOW)
    copy = replace(copy, id="c" * 24, project_id=original.project_id, origin=ORIGIN, active=False)
    stores.definitions.add(copy, max_active=0)
    queued = stores.queue(copy)
    with writing(stores.engine) as transaction:
        dry_runs.add(transaction, queued.id, original.id, NOW)
    return stores.claim().run


def test_a_dry_run_knows_what_it_is_of(
    dry_runs: DryRunStore, original: StoredDefinition, run: Run
) -> None:
    found = dry_runs.get(original.project_id, run.id)

    assert found is not None
    assert (found.run.id, found.definition_id, found.report) == (run.id, original.id, None)
    assert dry_runs.original(run.id) == original
    assert dry_runs.get(original.project_id + 99, run.id) is None
    assert dry_runs.get(original.project_id, "a\0") is None
    assert dry_runs.original("f" * 24) is None


def test_the_report_is_kept_whatever_is_in_it_and_the_copy_let_go(
    stores: Stores, dry_runs: DryRunStore, run: Run
) -> None:
    dry_runs.save(run, ODD, NOW)

    found = dry_runs.get(run.project_id, run.id)
    assert found is not None
    assert found.report == ODD
    assert stores.definitions.get(run.project_id, run.definition_id, ORIGIN) is None
    assert list(stores.definitions.secrets()) == []


def test_how_far_it_is_can_be_seen(stores: Stores, dry_runs: DryRunStore, run: Run) -> None:
    dry_runs.go_on(run, Checkpoint(batches=1, tally=Tally(read=3, created=3)))

    assert stores.again(run).tally == Tally(read=3, created=3)


def test_who_lost_the_run_writes_nothing(stores: Stores, dry_runs: DryRunStore, run: Run) -> None:
    stores.runs.release(run.id, run.token)

    with pytest.raises(LostLeaseError):
        dry_runs.save(run, ODD, NOW)
    with pytest.raises(LostLeaseError):
        dry_runs.go_on(run, Checkpoint(batches=1))


def test_old_ones_are_forgotten_once_they_have_ended(
    stores: Stores, dry_runs: DryRunStore, run: Run
) -> None:
    later = NOW + timedelta(seconds=1)
    assert dry_runs.prune(later) == 0
    stores.runs.finish(run.id, run.token, DONE, NOW)

    assert dry_runs.prune(NOW) == 0
    assert dry_runs.prune(later) == 1

    assert dry_runs.get(run.project_id, run.id) is None
    assert stores.runs.get(run.definition_id, run.id) is None
    assert list(stores.definitions.secrets()) == []


def test_the_copy_of_one_that_failed_is_let_go(
    stores: Stores, dry_runs: DryRunStore, run: Run
) -> None:
    dry_runs.let_go(run, NOW)

    assert list(stores.definitions.secrets()) == []
    assert dry_runs.get(run.project_id, run.id) is not None
