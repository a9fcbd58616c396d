"""New files become runs in one transaction, or stay new."""

from __future__ import annotations

from datetime import timedelta

import pytest

from definitions.errors import StoreBusyError
from importmgr.services.kept_claim import LEASE
from importmgr.services.look_course import LookCourse
from importmgr.store.watches import Watched
from sources.base import RemoteFile
from sources.watching import Look
from tests.acceptance.documents import idle, people
from tests.product import Product

pytestmark = pytest.mark.usefixtures("one_clock")
FILE = RemoteFile(path="a.csv", size=1, modified_at=None, etag='"1"')


@pytest.fixture
def watched(product: Product, monkeypatch: pytest.MonkeyPatch) -> Watched:
    """A definition that is claimed."""
    monkeypatch.setattr("importmgr.store.watches.present", lambda _, ours: ours)
    product.create(idle(people()))
    product.clock.move(61)
    (found,) = product.wiring.stores.watches.claim(LEASE)
    return found


def look(product: Product) -> Look:
    return Look(
        now=product.clock.at,
        storage_clock=None,
        stable_for=timedelta(0),
        marker=None,
        marked=frozenset(),
    )


def test_a_transaction_that_fails_leaves_the_file_new(
    product: Product, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_files = product.wiring.new_files()

    def fail(*_: object) -> None:
        msg = "no"
        raise StoreBusyError(msg)

    with monkeypatch.context() as broken:
        broken.setattr("importmgr.store.decisions.DecisionStore.add", fail)
        with pytest.raises(StoreBusyError):
            new_files.take(LookCourse(watched=watched, left=1), [FILE], look(product))
    assert product.runs(watched.definition.id) == ()

    new_files.take(LookCourse(watched=watched, left=1), [FILE], look(product))
    assert len(product.runs(watched.definition.id)) == 1


def test_a_look_that_finds_nothing_new_writes_no_decision(
    product: Product, watched: Watched
) -> None:
    product.wiring.new_files().take(LookCourse(watched=watched, left=1), [], look(product))

    definition_id = watched.definition.id
    assert product.wiring.stores.decisions.list(definition_id, 1, 0, None) == ([], 0)
    assert product.wiring.stores.watches.claim(LEASE) == []
    product.clock.move(60)
    assert len(product.wiring.stores.watches.claim(LEASE)) == 1
