"""What may stop a run between two batches."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from definitions.errors import ShutdownError

if TYPE_CHECKING:
    from importmgr.executing.lease import Lease


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Answers, between two batches, whether the run may go on."""

    lease: Lease
    stop: threading.Event

    def raise_if_asked(self) -> None:
        """Raise `LostLeaseError` for a run taken from us, `ShutdownError` when stopping."""
        self.lease.check()
        if self.stop.is_set():
            msg = "the service is stopping"
            raise ShutdownError(msg)
