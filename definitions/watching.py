"""When to look for new files, and what is remembered of those that were seen.

Definitions that wait for files of one folder share a place, and with it the moments of their looks:
so one listing serves all of them. The moments of different places are spread over the interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from definitions.decisions import Decision, DecisionCode
from definitions.file_paths import pattern_of
from definitions.model import FileStorageSource, ImportDefinition

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_PAUSE = timedelta(minutes=15)
_SOONEST = timedelta(seconds=1)
_MOST_DOUBLINGS = 20


class SightState(StrEnum):
    """How a file stands with a definition that waits for files."""

    SEEN = "seen"  # new
    CHANGING = "changing"  # new, and it looked otherwise before
    TAKEN = "taken"  # imported, or a run was queued for it
    PASSED_OVER = "passed_over"  # told that it is


def place_of(definition_id: str, definition: ImportDefinition) -> str:
    """Return the name of what has to be looked at for a definition.

    Dates in folders are filled in with one and the same day: the name is for comparing only.
    """
    source = definition.source
    if not isinstance(source, FileStorageSource):
        return f"url:{definition_id}"
    pattern = pattern_of(source.parent_path, source.path, _EPOCH, definition.mapping.timezone)
    return f"{source.integration_id}:{pattern.folder}"


def next_look(place: str, now: datetime, every: timedelta) -> datetime:
    """Return the first moment after `now` at which a place is looked at."""
    share = int.from_bytes(sha256(place.encode()).digest()[:4]) / (1 << 32)
    first = _EPOCH + every * share
    return first + ((now - first) // every + 1) * every


def look_again(regular: datetime, now: datetime, stable_for: timedelta) -> datetime:
    """Return when to look at files that may still be written: sooner than usual, if that helps."""
    return min(regular, now + max(stable_for, _SOONEST))


def look_after(failures: int, now: datetime, every: timedelta) -> datetime:
    """Return when to look at what could not be looked at so many times in a row."""
    doublings = min(max(failures - 1, 0), _MOST_DOUBLINGS)
    return now + min(every * (1 << doublings), max(every, _LONGEST_PAUSE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one look at a definition's files found, and whether that changed anything.

    Of `matched` files, `taken` got a run, `waiting` are new but not ready, and `older` are left
    out as only the last one is wanted.
    """

    at: datetime
    matched: int
    older: int
    waiting: int
    taken: int
    passed_over: int
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LastLook:
    """The last look at a definition's files, and for how many looks there was nothing new."""

    at: datetime
    every: timedelta
    matched: int
    older: int
    waiting: int
    taken: int
    held_back: int
    passed_over: int
    unchanged: int
    changed_at: datetime | None
    failures: int
    failing_since: datetime | None

    def decision(self) -> Decision:
        """Return it in the form of a decision."""
        facts: dict[str, Any] = {"every_seconds": round(self.every.total_seconds())}
        if self.failing_since is not None:
            facts |= {"failures": self.failures, "since": self.failing_since.isoformat()}
            return Decision(code=DecisionCode.LOOK_FAILED, facts=facts)
        names = ("matched", "older", "waiting", "taken", "held_back", "passed_over", "unchanged")
        facts |= {name: getattr(self, name) for name in names}
        facts["since"] = None if self.changed_at is None else self.changed_at.isoformat()
        code = DecisionCode.LOOK_NOTHING_NEW if self.unchanged else DecisionCode.LOOK_NEWS
        return Decision(code=code, facts=facts)
