from __future__ import annotations

from dataclasses import replace

import pytest

from definitions.errors import ConflictError
from importmgr.store.integrations import IntegrationStore, StoredIntegration
from importmgr.store.projects import Project
from tests.stores import NOW, Stores, definition, new_id


@pytest.fixture
def integrations(stores: Stores) -> IntegrationStore:
    return IntegrationStore(stores.engine)


def made(project: Project, secret: bytes | None = None) -> StoredIntegration:
    return StoredIntegration(
        id=new_id(),
        project_id=project.id,
        name="Mine",
        kind="local",
        settings={"folder": "/srv"},
        secret=secret,
        created_at=NOW,
    )


def test_an_integration_is_found_in_its_project_only(
    stores: Stores, integrations: IntegrationStore
) -> None:
    project, other = stores.project(), stores.project()
    mine = made(project, b"sealed")
    integrations.add(mine)

    assert integrations.get(project.id, mine.id) == mine
    assert integrations.get(other.id, mine.id) is None
    assert integrations.get(project.id, "a\0") is None
    assert integrations.list(project.id, 10, 0) == ([mine], 1)
    assert integrations.list(other.id, 10, 0) == ([], 0)
    assert "sealed" not in repr(mine)


def test_one_in_use_is_not_deleted(stores: Stores, integrations: IntegrationStore) -> None:
    project = stores.project()
    mine = made(project)
    integrations.add(mine)
    user = replace(definition(project), document={"source": {"integration_id": mine.id}})
    stores.definitions.add(user, max_active=10)

    with pytest.raises(ConflictError, match=f"delete {user.id} first"):
        integrations.delete(project.id, mine.id)
    stores.definitions.delete(project.id, user.id, user.origin, NOW)

    assert integrations.delete(project.id, mine.id)
    assert not integrations.delete(project.id, mine.id)
    assert not integrations.delete(project.id, "a\0")


def test_settings_and_secrets_change_apart(stores: Stores, integrations: IntegrationStore) -> None:
    project = stores.project()
    mine = made(project, b"old")
    integrations.add(mine)

    integrations.change_settings(project.id, mine.id, {"folder": "/other"})

    assert integrations.replace_secret(mine.id, b"old", b"new")
    assert not integrations.replace_secret(mine.id, b"old", b"newer")
    assert list(integrations.secrets()) == [(mine.id, b"new")]
    found = integrations.get(project.id, mine.id)
    assert found is not None
    assert found.settings == {"folder": "/other"}
