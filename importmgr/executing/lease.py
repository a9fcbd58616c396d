"""Holding a claimed run: a heartbeat in a thread of its own."""

from __future__ import annotations

import math
import threading
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Self

from definitions.errors import ImportmgrError, LostLeaseError
from importmgr.log import get_logger

if TYPE_CHECKING:
    from types import TracebackType

    from importmgr.clock import Clock
    from importmgr.store.runs import RunStore

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseTerms:
    """How long a claim holds without a sign of life, and how often one is given.

    Whether it was taken away, since somebody paused or cancelled the run, is looked up more often.
    """

    duration: timedelta
    heartbeat: timedelta
    look: timedelta = timedelta(seconds=1)

    @property
    def looks(self) -> int:
        """Return how many looks there are up to a heartbeat, which is the last of them."""
        return max(1, math.ceil(self.heartbeat / self.look))


class Lease:
    """Keeps one claimed run ours until it is closed.

    The heartbeat goes on while the service shuts down, so that nobody else takes a run whose last
    batch is still being committed.
    """

    def __init__(
        self, run_id: str, token: int, *, runs: RunStore, terms: LeaseTerms, clock: Clock
    ) -> None:
        """Take the claim: the run and the token under which it is ours."""
        self._run_id = run_id
        self._token = token
        self._runs = runs
        self._terms = terms
        self._clock = clock
        self._closed = threading.Event()
        self._lost = threading.Event()
        self._valid_until = clock.monotonic() + terms.duration.total_seconds()
        self._thread = threading.Thread(
            target=copy_context().run, args=(self._beat,), name=f"lease-{run_id}", daemon=True
        )

    def __enter__(self) -> Self:
        """Begin to give signs of life."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop giving signs of life."""
        self._closed.set()
        self._thread.join()

    def check(self) -> None:
        """Raise `LostLeaseError` if the run is not ours any more."""
        if self._lost.is_set():
            msg = f"run {self._run_id!r} was paused, cancelled or taken over"
            raise LostLeaseError(msg)

    def is_held(self) -> bool:
        """Tell whether the run is still ours, as of now."""
        return not self._lost.is_set() and self._look()

    def _beat(self) -> None:
        """Extend the lease, and look at it in between, until closed or lost."""
        looks = self._terms.looks
        pause = self._terms.heartbeat.total_seconds() / looks
        for turn in count(1):
            if self._closed.wait(pause):
                return
            if not (self._look() if turn % looks else self._extend()):
                self._lost.set()
                return

    def _look(self) -> bool:
        """Tell whether the run is still ours; a database that is away tells nothing."""
        try:
            return self._runs.is_ours(self._run_id, self._token)
        except ImportmgrError:
            return True

    def _extend(self) -> bool:
        """Give one sign of life; tell whether the run is still ours."""
        asked_at = self._clock.monotonic()
        try:
            ours = self._runs.heartbeat(self._run_id, self._token, self._terms.duration)
        except ImportmgrError as exc:
            log.warning("heartbeat failed", run_id=self._run_id, error=str(exc))
            return asked_at < self._valid_until
        self._valid_until = asked_at + self._terms.duration.total_seconds()
        return ours
