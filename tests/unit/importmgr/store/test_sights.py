"""What is remembered of files."""

from __future__ import annotations

from definitions.watching import SightState
from importmgr.store.sights import SightStore
from importmgr.store.transactions import writing
from sources.base import RemoteFile
from sources.watching import Sight
from tests.stores import NOW, Stores


def test_the_last_sight_of_a_file_is_remembered(stores: Stores) -> None:
    definition, other = stores.definition(), stores.definition()
    sights = SightStore(stores.engine)
    path = "ä/" * 2_000 + "a.csv"
    file = RemoteFile(path=path, size=3, modified_at=NOW, etag='"e"')
    seen = Sight(file=file, since=NOW, state=SightState.SEEN)
    run = stores.queue(definition)
    taken = Sight(file=file, since=NOW, state=SightState.TAKEN, run_id=run.id, busy=True)

    with writing(stores.engine) as transaction:
        sights.note(transaction, definition.id, [seen])
    before = sights.of(definition.id, [path, "b.csv"])
    with writing(stores.engine) as transaction:
        sights.note(transaction, definition.id, [taken])

    assert before == {path: seen}
    assert sights.of(definition.id, [path]) == {path: taken}
    assert sights.of(other.id, [path]) == {}
