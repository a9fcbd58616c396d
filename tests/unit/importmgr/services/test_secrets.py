"""Renewing the master key: everything stored stays readable, everything handed out stays good."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from definitions.errors import InvalidError, SettingsError
from importmgr.security.permissions import PERMISSIONS
from tests.acceptance.documents import changed, idle, people
from tests.product import Product
from tests.unit.importmgr.services.test_definitions import GUARDED, password, read

PASSWORDS = ["one", "two", "three"]
OLD, NEW = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))


def fill(product: Product) -> list[str]:
    """Create a definition for each password, and one without."""
    product.create(idle(people()))
    return [product.create(changed(GUARDED, "source.auth.password", word)) for word in PASSWORDS]


def reopened(product: Product, **settings: str) -> Product:
    """Return a process that is started after the rotation, for the same project."""
    again = product.beside(**settings)
    again.project = product.project
    return again


def test_all_passwords_are_readable_and_under_the_new_key_afterwards(product: Product) -> None:
    imports = fill(product)

    renewed = product.services.secrets.rotate()

    after = reopened(product)
    assert renewed == len(PASSWORDS)
    assert [password(after, import_id) for import_id in imports] == PASSWORDS
    keyring = after.wiring.keyring
    assert all(keyring.is_current(blob) for _, blob in after.wiring.stores.definitions.secrets())
    assert password(product, product.create(GUARDED))  # the old process still works
    after.close()


def test_secrets_of_integrations_and_webhooks_are_under_the_new_key_too(product: Product) -> None:
    login = {"host": "files.example.test", "username": "me", "password": "correct horse battery"}
    settings = {**login, "host_key": f"SHA256:{'A' * 43}"}
    integration = {"name": "Drop", "kind": "sftp", "settings": settings}
    product.services.integrations.create(product.project, integration)
    webhooks = product.services.receivers["webhook"]
    made = webhooks.create(product.project, {"url": "https://hooks.example.test"})
    webhooks.rotate_secret(product.project, made.receiver_id)  # the one before signs for a day

    renewed = product.services.secrets.rotate()

    after = reopened(product)
    stores, keyring = after.wiring.stores, after.wiring.keyring
    blobs = [blob for _, blob in stores.integrations.secrets()]
    blobs += [blob for _, _, blob in stores.receivers.secrets()]
    assert (renewed, len(blobs)) == (3, 3)
    assert all(keyring.is_current(blob) for blob in blobs)
    after.close()


def test_seals_and_api_keys_of_before_are_still_accepted(product: Product) -> None:
    key = product.services.keys.create(product.project.token, "crm", PERMISSIONS)
    document = read(product, product.create(GUARDED))

    product.services.secrets.rotate()

    after = reopened(product)
    sealed_anew = read(after, after.create(document))
    assert password(after, after.create(document)) == "correct horse"
    assert sealed_anew["source"]["auth"]["password"] != document["source"]["auth"]["password"]
    caller = after.services.access.authenticate(key.key_id, key.secret, "192.0.2.1")
    assert caller.key_id == key.key_id
    after.close()


def test_repeating_a_rotation_loses_nothing(product: Product) -> None:
    imports = fill(product)

    for _ in range(3):
        again = reopened(product)
        assert again.services.secrets.rotate() == len(PASSWORDS)
        again.close()

    after = reopened(product)
    assert [password(after, import_id) for import_id in imports] == PASSWORDS
    after.close()


def test_keys_of_the_settings_are_taken_as_they_are(database_url: str, tmp_path: Path) -> None:
    product = Product(database_url, tmp_path, master_key=OLD)
    imports = fill(product)
    assert product.services.secrets.rotate() == 0

    both = reopened(product, master_key=f"{NEW},{OLD}")

    assert both.services.secrets.rotate() == len(PASSWORDS)
    assert both.services.secrets.rotate() == 0
    new_alone = reopened(product, master_key=NEW)
    assert [password(new_alone, import_id) for import_id in imports] == PASSWORDS
    for process in (product, both, new_alone):
        process.close()


def test_without_its_key_a_password_is_not_guessed(database_url: str, tmp_path: Path) -> None:
    product = Product(database_url, tmp_path, master_key=OLD)
    import_id = product.create(GUARDED)
    document = read(product, import_id)
    foreign = reopened(product, master_key=NEW)

    with pytest.raises(SettingsError, match="restore the key"):
        password(foreign, import_id)
    with pytest.raises(InvalidError, match="sealed by another installation"):
        foreign.create(document)
    for process in (product, foreign):
        process.close()
