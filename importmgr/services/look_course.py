"""How looking for the files of one definition goes, which may be in several folders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from definitions.errors import ImportmgrError
from importmgr.store.watches import Watched

PATIENCE: Final = timedelta(days=1)  # for so long a file that is not ready is looked for by date


@dataclass(slots=True, kw_only=True)
class LookCourse:
    """A look at `left` more folders for one definition; it went well if nothing went wrong in any.

    `waiting` files were new but not ready, as many as were `held_back` had no room, and what was
    `missed` could not be written.
    """

    watched: Watched
    left: int
    error: ImportmgrError | None = None
    waiting: int = 0
    held_back: int = 0
    missed: bool = False

    @property
    def ends(self) -> bool:
        """Tell whether the folder that is looked at is the last one, and all others went well."""
        return self.left == 1 and self.error is None

    def failed(self, error: ImportmgrError) -> None:
        """Note what went wrong in a folder; the first error is the one that is told."""
        self.error = self.error or error

    def covered_until(self, now: datetime) -> datetime | None:
        """Return up to when the files that are meant were found, None: as far as before.

        Whatever has a date in its path is looked for by that date until it is taken.
        """
        before = self.watched.covered_until
        if before is None:
            return None if self.missed else now
        if self.missed or self.held_back:
            return None
        if self.waiting:
            return max(before, now - PATIENCE)
        return now
