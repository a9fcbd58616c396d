from __future__ import annotations

import pytest

from definitions.errors import InvalidError, NotFoundError
from tests.product import Product


def test_a_secret_is_shown_once_and_kept_nowhere(product: Product) -> None:
    keys = product.services.keys

    new = keys.create(product.project.token, "crm", ["imports.read", "imports.list"])

    (kept,) = keys.list(product.project.token)
    assert (kept.name, kept.permissions) == ("crm", frozenset({"imports.read", "imports.list"}))
    assert kept.last4 == new.secret[-4:]
    assert new.secret not in repr(kept)
    assert new.secret not in repr(new)
    assert new.secret.encode() not in kept.secret_hash


def test_unknown_permissions_are_refused_all_at_once(product: Product) -> None:
    with pytest.raises(InvalidError) as caught:
        product.services.keys.create(product.project.token, "crm", ["imports.raed", "events.wrote"])

    assert len(caught.value.problems["permissions"]) == 2
    assert "did you mean 'imports.read'?" in str(caught.value)
    assert product.services.keys.list(product.project.token) == []


def test_a_key_that_may_do_nothing_is_refused(product: Product) -> None:
    with pytest.raises(InvalidError, match="grant at least one"):
        product.services.keys.create(product.project.token, "crm", [])


def test_a_key_without_a_name_is_refused(product: Product) -> None:
    with pytest.raises(InvalidError, match="name: must not be empty"):
        product.services.keys.create(product.project.token, " ", ["imports.read"])


def test_a_key_of_no_project_is_refused(product: Product) -> None:
    with pytest.raises(NotFoundError, match="no project 'nope'"):
        product.services.keys.create("nope", "crm", ["imports.read"])


def test_a_rotated_key_keeps_its_id_and_permissions(product: Product) -> None:
    keys = product.services.keys
    old = keys.create(product.project.token, "crm", ["imports.read"])

    new = keys.rotate(old.key_id)

    assert new.secret != old.secret
    assert (new.key_id, new.project_token) == (old.key_id, product.project.token)
    assert (new.name, new.permissions) == (old.name, old.permissions)


def test_a_revoked_key_stays_listed_and_cannot_be_used_for_anything(product: Product) -> None:
    keys = product.services.keys
    key = keys.create(product.project.token, "crm", ["imports.read"])
    keys.revoke(key.key_id)

    (kept,) = keys.list(product.project.token)
    assert kept.revoked_at == product.clock.now()
    for change in (keys.revoke, keys.rotate):
        with pytest.raises(NotFoundError, match=f"no key {key.key_id!r} in use"):
            change(key.key_id)


def test_an_unknown_key_is_not_found(product: Product) -> None:
    for change in (product.services.keys.revoke, product.services.keys.rotate):
        with pytest.raises(NotFoundError, match="no key 'nope' in use"):
            change("nope")
