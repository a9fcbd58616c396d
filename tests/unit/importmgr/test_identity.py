from __future__ import annotations

import base64
import re

from importmgr.identity import Identity, SystemIdentity


def test_ids_are_24_hexadecimal_characters_and_differ() -> None:
    identity: Identity = SystemIdentity()
    ids = {identity.hex24() for _ in range(100)}

    assert len(ids) == 100
    assert all(re.fullmatch("[0-9a-f]{24}", one) for one in ids)


def test_a_token_has_as_many_random_bytes_as_asked_for() -> None:
    token = SystemIdentity().token(48)

    assert len(base64.urlsafe_b64decode(token)) == 48
    assert token != SystemIdentity().token(48)


def test_fractions_lie_between_0_and_1_and_differ() -> None:
    fractions = [SystemIdentity().fraction() for _ in range(100)]

    assert all(0 <= fraction < 1 for fraction in fractions)
    assert len(set(fractions)) == 100
