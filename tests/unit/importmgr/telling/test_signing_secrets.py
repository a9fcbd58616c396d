from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from definitions.errors import LimitError
from importmgr.security.keyring import Keyring, MasterKey
from importmgr.security.sealing import Sealer
from importmgr.store.projects import Project
from importmgr.store.receivers import StoredReceiver
from importmgr.telling.signing_secrets import MOST, older_secrets, signing_secrets
from tests.receivers import receiver
from tests.stores import NOW

SEALER = Sealer(Keyring((MasterKey(secret=bytes(32)),)))
HOUR = timedelta(hours=1)


def rotated(times: int) -> StoredReceiver:
    """Return a receiver that got another secret at each full hour, for five hours each."""
    made = receiver(Project(id=1, token="t", name="Shop", created_at=NOW))
    made = replace(made, secret=SEALER.encrypt_signing(made.id, "0"))
    for turn in range(1, times + 1):
        now = NOW + turn * HOUR
        made = replace(
            made,
            older_secrets=older_secrets(SEALER, made, now),
            secret=SEALER.encrypt_signing(made.id, str(turn)),
            previous_secret=made.secret,
            previous_until=now + 5 * HOUR,
        )
    return made


def test_one_that_was_never_rotated_signs_by_itself() -> None:
    assert signing_secrets(SEALER, rotated(0), NOW) == ["0"]
    assert signing_secrets(SEALER, replace(rotated(0), secret=None), NOW) == []


def test_each_secret_signs_to_its_own_end() -> None:
    made = rotated(3)

    assert signing_secrets(SEALER, made, NOW + 3 * HOUR) == ["3", "2", "1", "0"]
    assert signing_secrets(SEALER, made, NOW + 6 * HOUR) == ["3", "2", "1"]
    assert signing_secrets(SEALER, made, NOW + 8 * HOUR) == ["3"]


def test_those_that_have_ended_are_not_kept() -> None:
    made = rotated(9)

    assert signing_secrets(SEALER, made, NOW + 9 * HOUR) == ["9", "8", "7", "6", "5", "4"]
    assert older_secrets(SEALER, made, NOW + 20 * HOUR) is None


def test_too_many_at_a_time_are_refused() -> None:
    made = rotated(1)
    for turn in range(MOST - 2):
        now = NOW + HOUR + timedelta(seconds=turn)
        made = replace(made, older_secrets=older_secrets(SEALER, made, now))

    with pytest.raises(LimitError, match=f"{MOST} secrets sign for webhook"):
        older_secrets(SEALER, made, NOW + 2 * HOUR)
