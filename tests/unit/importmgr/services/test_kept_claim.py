"""A claim is kept while a look goes on, and no longer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from importmgr.services.kept_claim import LEASE, LONGEST
from importmgr.store.watches import Watched
from sources.base import RemoteFile
from sources.storages.local import LocalSession
from tests.watching import Slow, Watch, after_an_outage


def test_whoever_takes_a_look_over_looks_into_every_folder(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id, files = after_an_outage(watch)
    beside = watch.product.beside(local_folders=(watch.folder.parent,))
    slow = Slow()
    slow.install(monkeypatch)
    frozen_at = files[1].partition("/")[0]
    slow.before[frozen_at] = lambda: watch.look(LEASE.total_seconds() + 1, beside)

    watch.look()
    beside.close()

    assert sorted(watch.taken(import_id)) == sorted(files)


def test_a_claim_is_kept_for_as_long_as_a_look_goes_on(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = watch.create()
    for number in range(20):
        watch.put(f"{number:02}.csv", str(number))
    store = watch.product.wiring.stores.watches
    others: list[Watched] = []
    whole = LocalSession.list

    def slow(session: LocalSession, folder: str, depth: int | None) -> Iterator[RemoteFile]:
        for entry in whole(session, folder, depth):
            watch.pass_time(35)
            others.extend(store.claim(LEASE))
            yield entry

    monkeypatch.setattr(LocalSession, "list", slow)
    watch.pass_time(61)
    assert watch.product.wiring.watching().look_once()

    assert others == []
    assert len(watch.taken(import_id)) == 20


def test_a_look_without_end_is_given_up(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    import_id = watch.create()
    watch.put("a.csv", "a")
    slow = Slow()
    slow.install(monkeypatch)
    slow.before[""] = lambda: watch.pass_time(LONGEST.total_seconds() + 1)
    watch.look()

    (told,) = watch.told(import_id)
    assert told == (
        "new files cannot be looked for: looking takes more than 15 minutes; keep fewer files in "
        "the folder, or let the server answer with an ETag"
    )
