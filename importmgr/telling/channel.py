"""What every way of telling can do."""

from __future__ import annotations

from typing import Protocol

from definitions.delivery import Try
from importmgr.store.receivers import StoredReceiver


class Channel(Protocol):
    """Sends notices to receivers of one kind."""

    def send(self, receiver: StoredReceiver, notice_id: str, body: str) -> Try:
        """Send the text of a notice once; what went wrong is in what comes back."""
