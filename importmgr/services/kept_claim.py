"""A claim of a place that is kept for as long as a look goes on, and not much longer than that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from definitions.errors import SourceRefusedError, StoreBusyError
from importmgr.clock import Clock
from importmgr.log import get_logger
from importmgr.store.watches import Watched, WatchStore
from sources.base import RemoteFile

log = get_logger(__name__)

LEASE: Final = timedelta(minutes=2)  # for so long nobody looks where a watcher died
RENEWAL: Final = timedelta(seconds=30)  # how often a look says that it goes on
LONGEST: Final = timedelta(minutes=15)  # of one look at a place, all of its folders together


class KeptClaim:
    """Renews a claim while its look goes on; a look without end would keep a worker for ever."""

    def __init__(self, watches: WatchStore, claimed: Sequence[Watched], clock: Clock) -> None:
        """Begin with what was just claimed for `LEASE`; that is something."""
        self._watches = watches
        self._claimed = claimed
        self._claimed_until = claimed[0].claimed_until
        self._clock = clock
        self._renewed_at = clock.monotonic()
        self._until = self._renewed_at + LONGEST.total_seconds()

    def __call__(self) -> None:
        """Say that the look goes on; raise `SourceRefusedError` if it took too long."""
        now = self._clock.monotonic()
        if now > self._until:
            msg = (
                f"looking takes more than {LONGEST.total_seconds() / 60:.0f} minutes; keep fewer "
                "files in the folder, or let the server answer with an ETag"
            )
            raise SourceRefusedError(msg)
        if now - self._renewed_at >= RENEWAL.total_seconds():
            self._renewed_at = now
            self._renew()

    def over(self, entries: Iterator[RemoteFile]) -> Iterator[RemoteFile]:
        """Pass the entries of a listing on while the look goes on."""
        for entry in entries:
            self()
            yield entry

    def _renew(self) -> None:
        """Claim anew what is still ours; a claim that runs out costs one look."""
        try:
            self._claimed_until = self._watches.renew(self._claimed, self._claimed_until, LEASE)
        except StoreBusyError as exc:
            log.warning(
                "claim of a place not renewed", place=self._claimed[0].place, error=str(exc)
            )
