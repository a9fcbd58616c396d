"""Which files of a storage are ready, and which are still being written.

A file is ready when its marker is there, or when it was not changed for `stable_for` seconds: by
the storage's own clock, or over two looks that far apart. Where a storage does not tell the time,
only looks prove anything: how old a file is cannot be told from the times of other files, which may
come from other clocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from definitions.file_decisions import FileCode, FileDecision
from sources.base import RemoteFile
from sources.choosing import Listing, version_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """How it is found out: `wait` lets so many seconds pass, `again` looks at files once more."""

    stable_for: float
    marker: str | None
    wait: Callable[[float], None]
    again: Callable[[Sequence[RemoteFile]], Mapping[str, RemoteFile]]

    def sort_out(
        self, files: Sequence[RemoteFile], listing: Listing, at: datetime | None
    ) -> tuple[tuple[RemoteFile, ...], tuple[FileDecision, ...]]:
        """Return the files that are ready, in their order, and why others are not.

        `at` is what the storage's clock shows, if it has one. This may take `stable_for`
        seconds.
        """
        if self.marker is not None:
            ready = [file for file in files if file.path in listing.marked]
            return self._parted(files, ready, FileCode.NO_MARKER)
        young = [file for file in files if not self.is_old(file, at)]
        ready = [file for file in files if self.is_old(file, at)]
        if young:
            self.wait(self.stable_for)
            now = self.again(young)
            ready += [file for file in young if _is_same(file, now.get(file.path))]
        return self._parted(files, ready, FileCode.IN_FLIGHT)

    def is_old(self, file: RemoteFile, at: datetime | None) -> bool:
        """Tell whether a file was last changed long enough before `at`."""
        return self.stable_for <= 0 or is_old(file, timedelta(seconds=self.stable_for), at)

    def _parted(
        self, files: Sequence[RemoteFile], ready: Iterable[RemoteFile], otherwise: FileCode
    ) -> tuple[tuple[RemoteFile, ...], tuple[FileDecision, ...]]:
        paths = {file.path for file in ready}
        left = (
            FileDecision(code=otherwise, facts={"path": file.path, "marker": self.marker})
            for file in files
            if file.path not in paths
        )
        return tuple(file for file in files if file.path in paths), tuple(left)


def is_old(file: RemoteFile, stable_for: timedelta, at: datetime | None) -> bool:
    """Tell whether a file was last changed long enough before `at`, the storage's own time.

    One whose times were set, as programs do that keep those of the original, is as old as the
    setting; a moment that is yet to come proves nothing.
    """
    if at is None or file.modified_at is None:
        return False
    is_touched = file.touched_at is not None and abs(at - file.touched_at) < stable_for
    return file.modified_at + stable_for <= at and not is_touched


def _is_same(file: RemoteFile, now: RemoteFile | None) -> bool:
    return now is not None and version_of(file) == version_of(now)
