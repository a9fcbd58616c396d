from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from importmgr.store.keys import Key
from tests.stores import NOW, Stores, new_id


def test_a_key_comes_back_as_it_was_stored(stores: Stores) -> None:
    key = _key(stores)
    stores.keys.add(key)

    assert stores.keys.by_id(key.key_id) == key


@pytest.mark.parametrize("key_id", ["unknown", "", "a\0b", "\ud800"])
def test_an_unknown_id_is_no_key(stores: Stores, key_id: str) -> None:
    assert stores.keys.by_id(key_id) is None


def test_the_keys_of_one_project_are_listed_oldest_first(stores: Stores) -> None:
    newer = _key(stores)
    older = replace(newer, key_id=new_id(), created_at=NOW - timedelta(days=1))
    foreign = _key(stores)
    for key in (newer, older, foreign):
        stores.keys.add(key)

    assert stores.keys.list(newer.project_id) == [older, newer]


def test_a_key_is_revoked_once(stores: Stores) -> None:
    key = _key(stores)
    stores.keys.add(key)

    assert stores.keys.revoke(key.key_id, NOW) is True
    assert stores.keys.revoke(key.key_id, NOW) is False
    assert stores.keys.revoke("unknown", NOW) is False
    assert stores.keys.by_id(key.key_id) == replace(key, revoked_at=NOW)


def test_rotation_keeps_the_previous_secret_for_a_while(stores: Stores) -> None:
    key = _key(stores)
    stores.keys.add(key)
    until = NOW + timedelta(hours=24)

    assert stores.keys.rotate(key.key_id, b"new", last4="wxyz", previous_until=until) is True

    rotated = stores.keys.by_id(key.key_id)
    assert rotated == replace(
        key, secret_hash=b"new", last4="wxyz", previous_hash=b"hash", previous_until=until
    )


def test_a_revoked_key_is_not_rotated(stores: Stores) -> None:
    key = _key(stores)
    stores.keys.add(key)
    stores.keys.revoke(key.key_id, NOW)

    assert stores.keys.rotate(key.key_id, b"new", last4="wxyz", previous_until=NOW) is False


def test_hashes_do_not_show(stores: Stores) -> None:
    assert "hash" not in repr(_key(stores))


def _key(stores: Stores) -> Key:
    return Key(
        key_id=new_id(),
        project_id=stores.project().id,
        name="connector",
        permissions=frozenset({"imports.list", "imports.read"}),
        last4="abcd",
        created_at=NOW,
        secret_hash=b"hash",
    )
