from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from definitions.batches import Tally
from definitions.errors import LostLeaseError
from definitions.follow_ups import NOTHING
from importmgr.store.file_ledger import FileLedger
from sources.base import RemoteFile, SpooledFile
from sources.choosing import version_of
from tests.stores import Stores
from tests.unit.sources.files import remote

A, B = remote("a.csv", etag='"1"'), remote("ž b.csv")


@pytest.fixture
def files(stores: Stores) -> FileLedger:
    return FileLedger(stores.engine)


def spooled(file: RemoteFile, sha256: str = "a" * 64) -> SpooledFile:
    return SpooledFile(remote=file, path=Path("x"), size=1, sha256=sha256)


def test_every_attempt_sees_the_files_of_the_first(stores: Stores, files: FileLedger) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run

    assert files.planned(run.id) == ()
    planned = files.plan(run, [A, B], NOTHING)

    assert [(each.number, each.remote, each.done) for each in planned] == [
        (0, A, False),
        (1, B, False),
    ]
    assert files.planned(run.id) == planned


def test_each_file_has_its_own_counts(stores: Stores, files: FileLedger) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run
    files.plan(run, [A, B], NOTHING)

    first = files.loaded(run, 0, spooled(A), Tally(read=5, created=4, rejected=1))
    second = files.loaded(run, 1, spooled(B), Tally(read=7, created=4, updated=2, rejected=1))

    assert first == Tally(read=5, created=4, rejected=1)
    assert second == Tally(read=2, updated=2)
    assert files.loaded(run, 0, spooled(A), first) == first
    assert [each.done for each in files.planned(run.id)] == [True, True]


def test_what_was_loaded_or_left_out_is_known_for_good(stores: Stores, files: FileLedger) -> None:
    of = stores.definition()
    stores.queue(of)
    run = stores.claim().run
    changed = replace(A, size=9)
    files.plan(run, [A, B, remote("c.csv")], NOTHING)
    assert files.known(of.id) == frozenset()

    files.loaded(run, 0, spooled(changed, "1" * 64), Tally())
    files.same_content(run, 1, spooled(B, "1" * 64))

    assert files.known(of.id) == {version_of(changed), version_of(B)}
    assert files.with_content(of.id, "1" * 64) == ("a.csv", run.id)
    assert files.with_content(of.id, "2" * 64) is None
    assert files.known(stores.definition().id) == frozenset()


def test_who_lost_the_run_writes_nothing(stores: Stores, files: FileLedger) -> None:
    of = stores.definition()
    stores.queue(of)
    run = stores.claim().run
    files.plan(run, [A], NOTHING)
    stores.runs.release(run.id, run.token)
    again = stores.claim().run

    with pytest.raises(LostLeaseError):
        files.loaded(run, 0, spooled(A), Tally())
    with pytest.raises(LostLeaseError):
        files.same_content(run, 0, spooled(A))
    with pytest.raises(LostLeaseError):
        files.plan(run, [B], NOTHING)

    assert files.known(of.id) == frozenset()
    assert files.planned(again.id)[0].done is False
