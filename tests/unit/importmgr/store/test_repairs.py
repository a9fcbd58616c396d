from __future__ import annotations

from datetime import timedelta

import pytest

from definitions.errors import PermanentError
from definitions.lifecycle import TERMINAL
from definitions.rejects import PLAIN_FORM, RejectedFile, Rejects
from destinations.keeping import Keeping
from importmgr.store.repairs import NewRepair, RepairStore
from importmgr.store.runs import Run
from importmgr.store.transactions import writing
from tests.stores import DONE, NOW, Stores

FILE = RejectedFile(name="f.csv", number=0, identity="x", header=("a",), form=PLAIN_FORM, styles={})


@pytest.fixture
def repairs(stores: Stores) -> RepairStore:
    return RepairStore(stores.engine)


@pytest.fixture
def runs(stores: Stores, repairs: RepairStore) -> tuple[Run, Run]:
    """A run that has rejected rows, and one that is to repair it."""
    definition = stores.definition()
    first, repair = stores.queue(definition), stores.queue(definition)
    new = NewRepair(
        run_id=repair.id,
        of_run_id=first.id,
        part=1,
        content=b"\x00\xff",
        sha256="0" * 64,
        asked_by="key",
        asked_at=NOW,
    )
    with repairs.writing() as transaction:
        repairs.add(transaction, new)
    with writing(stores.engine) as transaction:
        Keeping(NOW, 1000).keep(transaction, first.id, Rejects(file=FILE, rows=(), count=1))
    return first, repair


def test_a_repair_is_worked_off_with_what_was_handed_in(
    repairs: RepairStore, runs: tuple[Run, Run]
) -> None:
    first, repair = runs

    found = repairs.get(repair.id)

    assert (found.of, found.content, found.kept.file) == (first, b"\x00\xff", FILE)
    assert "xff" not in repr(found)


def test_what_is_loaded_is_forgotten_when_the_run_ends_but_not_that_it_was(
    stores: Stores, repairs: RepairStore, runs: tuple[Run, Run]
) -> None:
    first, repair = runs
    for _ in runs:
        assert repairs.get(repair.id).content == b"\x00\xff"
        claim = stores.claim()
        stores.runs.finish(claim.run.id, claim.run.token, DONE, NOW)

    with pytest.raises(PermanentError, match="not kept any more"):
        repairs.get(repair.id)

    [done] = repairs.of_run(first.id)
    assert (done.run.id, done.size, done.asked_by) == (repair.id, 2, "key")
    assert repairs.of_run(repair.id) == []


def test_old_repairs_are_forgotten_once_they_have_ended(
    stores: Stores, repairs: RepairStore, runs: tuple[Run, Run]
) -> None:
    later = NOW + timedelta(seconds=1)
    assert repairs.prune(later) == 0

    while stores.state(runs[1]) not in TERMINAL:
        claim = stores.claim()
        stores.runs.finish(claim.run.id, claim.run.token, DONE, NOW)

    assert repairs.prune(NOW) == 0
    assert repairs.prune(later) == 1
