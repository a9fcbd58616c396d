from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from importmgr.identity import SystemIdentity
from importmgr.security.secrets import hash_secret, new_secret, same_hash


def test_a_secret_is_recognisable_and_random() -> None:
    secrets = {new_secret(SystemIdentity()) for _ in range(50)}

    assert len(secrets) == 50
    assert all(re.fullmatch(r"imk_[\w-]{43}", secret) for secret in secrets)


@given(st.binary(min_size=1), st.text(), st.text())
def test_equal_secrets_have_equal_hashes_and_others_do_not(
    pepper: bytes, secret: str, other: str
) -> None:
    try:
        stored = hash_secret(pepper, secret)
        given_hash = hash_secret(pepper, other)
    except UnicodeEncodeError:
        return
    assert same_hash(given_hash, stored) == (secret == other)


def test_the_hash_depends_on_the_pepper() -> None:
    assert hash_secret(b"one", "imk_x") != hash_secret(b"two", "imk_x")


def test_without_a_stored_hash_nothing_is_the_same() -> None:
    given_hash = hash_secret(b"pepper", "imk_x")

    assert same_hash(given_hash, None) is False
    assert same_hash(given_hash, b"") is False
    assert same_hash(bytes(32), None) is False
