from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from definitions.errors import LimitError
from importmgr.store import receivers as module
from importmgr.store.receivers import ReceiverStore
from tests.receivers import receiver
from tests.stores import NOW, Stores

WEBHOOK = "webhook"


@pytest.fixture
def receivers(stores: Stores) -> ReceiverStore:
    return ReceiverStore(stores.engine)


def test_a_receiver_is_found_in_its_project_and_as_what_it_is(
    stores: Stores, receivers: ReceiverStore
) -> None:
    project, other = stores.project(), stores.project()
    mine = receiver(project)
    receivers.add(mine)

    assert receivers.get(project.id, WEBHOOK, mine.id) == mine
    assert receivers.get(other.id, WEBHOOK, mine.id) is None
    assert receivers.get(project.id, "email", mine.id) is None
    assert receivers.get(project.id, WEBHOOK, "a\0") is None
    assert receivers.list(project.id, WEBHOOK, 10, 0) == ([mine], 1)
    assert receivers.list(project.id, "email", 10, 0) == ([], 0)
    assert "secret'" not in repr(mine)


def test_a_project_has_only_so_many(
    stores: Stores, receivers: ReceiverStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 1)
    project = stores.project()
    receivers.add(receiver(project))

    with pytest.raises(LimitError, match="has 1 webhook receivers, as many as"):
        receivers.add(receiver(project))
    receivers.add(receiver(project, "email"))
    receivers.add(receiver(stores.project()))


def test_a_change_replaces_the_document(stores: Stores, receivers: ReceiverStore) -> None:
    project = stores.project()
    mine = receiver(project)
    receivers.add(mine)

    assert receivers.change(mine, {**mine.document, "active": False, "name": "B"})

    found = receivers.get(project.id, WEBHOOK, mine.id)
    assert found is not None
    assert (found.active, found.document["name"]) == (False, "B")
    assert not receivers.change(replace(mine, id="x"), mine.document)


def test_the_secret_before_stays_for_a_while(stores: Stores, receivers: ReceiverStore) -> None:
    project, until = stores.project(), NOW + timedelta(days=1)
    mine = receiver(project)
    receivers.add(mine)

    assert receivers.change_secret(mine, b"new", until, older=b"old")
    assert not receivers.change_secret(mine, b"newer", until)  # `mine` has a secret that is gone

    found = receivers.get(project.id, WEBHOOK, mine.id)
    assert found is not None
    assert (found.secret, found.previous_secret) == (b"new", b"secret")
    assert found.previous_until == until
    assert list(receivers.secrets()) == [
        (mine.id, "secret", b"new"),
        (mine.id, "previous_secret", b"secret"),
        (mine.id, "older_secrets", b"old"),
    ]
    assert receivers.replace_secret(mine.id, "previous_secret", b"secret", b"again")
    assert not receivers.replace_secret(mine.id, "secret", b"secret", b"again")


def test_one_that_is_deleted_is_gone(stores: Stores, receivers: ReceiverStore) -> None:
    project = stores.project()
    mine = receiver(project)
    receivers.add(mine)

    assert not receivers.delete(replace(mine, project_id=stores.project().id))
    assert receivers.delete(mine)
    assert not receivers.delete(mine)
    assert receivers.get(project.id, WEBHOOK, mine.id) is None
