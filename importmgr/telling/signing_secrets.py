"""Which secrets sign for a receiver now: the present one, and each before it in its overlap."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from definitions.errors import LimitError

if TYPE_CHECKING:
    from importmgr.security.sealing import Sealer
    from importmgr.store.receivers import StoredReceiver

MOST = 10  # that sign at a time: each is a part of a header


def signing_secrets(sealer: Sealer, receiver: StoredReceiver, now: datetime) -> list[str]:
    """Return what signs, the newest first; raise `SettingsError` if the key to it is missing."""
    if receiver.secret is None:
        return []
    present = sealer.decrypt_signing(receiver.id, receiver.secret)
    return [present, *(secret for secret, _ in _before(sealer, receiver, now))]


def older_secrets(sealer: Sealer, receiver: StoredReceiver, now: datetime) -> bytes | None:
    """Return what is to be kept beside the present secret when it gets a successor.

    Those are the secrets before it that are in their overlap still: a rotation ends none early.
    Raise `LimitError` if too many would sign.
    """
    kept = [[secret, until.timestamp()] for secret, until in _before(sealer, receiver, now)]
    if len(kept) + 2 > MOST:
        first = min(until for _, until in _before(sealer, receiver, now))
        msg = (
            f"{MOST} secrets sign for {receiver.kind} {receiver.id!r}, as many as may: wait until "
            f"{first:%Y-%m-%d %H:%M} UTC, when the first of them ends"
        )
        raise LimitError(msg)
    return sealer.encrypt_signing(receiver.id, json.dumps(kept)) if kept else None


def _before(
    sealer: Sealer, receiver: StoredReceiver, now: datetime
) -> Iterator[tuple[str, datetime]]:
    """Yield each secret before the present one that signs still, and until when."""
    until = receiver.previous_until
    if receiver.previous_secret is not None and until is not None and now < until:
        yield sealer.decrypt_signing(receiver.id, receiver.previous_secret), until
    if receiver.older_secrets is None:
        return
    for secret, seconds in json.loads(sealer.decrypt_signing(receiver.id, receiver.older_secrets)):
        ends = datetime.fromtimestamp(seconds, now.tzinfo)
        if now < ends:
            yield secret, ends
