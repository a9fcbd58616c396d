"""What is done with a file of a storage when its run has ended: kept, moved, renamed or deleted.

What a follow-up leaves behind is never taken again: neither what lies in the folder that files are
moved to, nor what has the suffix that they are renamed with.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from definitions.file_paths import dated_folder, folder_expression
from definitions.lifecycle import RunState

_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=6)
MOST_TRIES = 12  # in a day and a half


class FileAction(StrEnum):
    """The stable names of what can be done."""

    KEEP = "keep"
    MOVE = "move"
    RENAME = "rename"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """One thing to do; `to` is the folder to move to, `suffix` what is added to the name."""

    action: FileAction = FileAction.KEEP
    to: str | None = None
    suffix: str | None = None


KEEP = FollowUp()


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterRun:
    """What is done with a file that was loaded, and with the one at which a run failed."""

    success: FollowUp = KEEP
    failure: FollowUp = KEEP

    @property
    def both(self) -> tuple[FollowUp, FollowUp]:
        """Return the two."""
        return self.success, self.failure

    def owed(self, run: RunState, *, done: bool, reached: bool) -> FollowUp:
        """Return what is owed to a file of an ended run.

        It is `done` if nothing was left to load of it; else the run had `reached` it, or not.
        """
        if run is RunState.CANCELLED:
            return KEEP
        if done:
            return self.success
        return self.failure if run is RunState.FAILED and reached else KEEP


NOTHING = AfterRun()


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """From where folders are named, and the instant that dates in them are of."""

    parent: str | None
    at: datetime
    zone: ZoneInfo

    def target(self, follow_up: FollowUp, path: str, number: int) -> str:
        """Return the path that a file gets, if the ones with a lower number (from 1) are taken."""
        again = "" if number == 1 else f"-{number}"
        if follow_up.suffix is not None:
            return f"{path}{again}{follow_up.suffix}"
        stem, ending = posixpath.splitext(posixpath.basename(path))
        folder = dated_folder(self.parent, follow_up.to or "", self.at, self.zone)
        return f"{folder}/{stem}{again}{ending}"


def left_behind(parent: str | None, after: AfterRun) -> str | None:
    """Return the expression of paths that follow-ups leave behind; None if there are none."""
    parts = [
        re.escape(each.suffix).join((".*", ""))
        if each.suffix is not None
        else f"{folder_expression(parent, each.to)}/.*"
        for each in after.both
        if each.suffix is not None or each.to is not None
    ]
    return f"^(?:{'|'.join(parts)})$" if parts else None


def pause_after(failures: int) -> timedelta | None:
    """Return how long to wait after so many failures (from 1), or None to give up."""
    if failures >= MOST_TRIES:
        return None
    return min(_FIRST_PAUSE * (1 << (failures - 1)), _LONGEST_PAUSE)
