"""The installation remembers the key it was begun with."""

from __future__ import annotations

from sqlalchemy import Engine

from importmgr.store.installation import InstallationStore


def test_the_first_key_told_is_remembered(engine: Engine) -> None:
    store = InstallationStore(engine)

    assert store.begun_with(b"\x01\x02") == b"\x01\x02"
    assert store.begun_with(b"\x03\x04") == b"\x01\x02"
