"""What may stop a run between two batches."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from definitions.errors import ShutdownError

if TYPE_CHECKING:
    from collections.abc import Callable

    from definitions.batches import Tally
    from importmgr.executing.lease import Lease
    from importmgr.executing.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Answers, between two batches, whether the run may go on."""

    lease: Lease
    stop: threading.Event
    progress: Progress | None = None
    committed: Callable[[Tally], None] | None = None

    def loaded(self, rows: Tally) -> None:
        """Note that a batch was committed, with how its rows ended."""
        if self.committed is not None:
            self.committed(rows)
        self.advanced()

    def advanced(self) -> None:
        """Note that the run got a batch further."""
        if self.progress is not None:
            self.progress.advanced()

    def raise_if_asked(self) -> None:
        """Raise `LostLeaseError` for a run taken from us, `ShutdownError` when stopping.

        Raise `StalledError` for one that got no further for too long.
        """
        self.lease.check()
        if self.stop.is_set():
            msg = "the service is stopping"
            raise ShutdownError(msg)
        if self.progress is not None:
            self.progress.check()
