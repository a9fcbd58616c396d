"""The promise of a definition: a good run at least every so often, with at least so many rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from definitions.notices import Notice, NoticeType, Subject, iso, notice_id

_DURATION = re.compile(r"([1-9][0-9]{0,4})(m|h|d)", re.ASCII)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class FreshnessState(StrEnum):
    """How a promise stands."""

    FRESH = "fresh"
    BROKEN = "broken"
    OFF = "off"  # the definition is inactive, and promises nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A run that loads at least `min_rows`, at least once in `every`; `ping_url` hears of each."""

    every: timedelta
    min_rows: int
    ping_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """A promise and how it stands; `due_at` is when it breaks, or broke, without a good run."""

    promise: Promise
    due_at: datetime | None
    broken_since: datetime | None
    last_good_at: datetime | None

    @property
    def state(self) -> FreshnessState:
        """Return how it stands."""
        if self.broken_since is not None:
            return FreshnessState.BROKEN
        return FreshnessState.OFF if self.due_at is None else FreshnessState.FRESH


def duration_problem(text: str) -> str | None:
    """Return why a text is no duration, or None."""
    if _DURATION.fullmatch(text):
        return None
    return "must be a whole number of minutes, hours or days, such as 90m, 26h or 7d"


def duration_of(text: str) -> timedelta:
    """Return how long a checked text means."""
    found = _DURATION.fullmatch(text)
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else timedelta()


def promise_of(document: Mapping[str, Any]) -> Promise | None:
    """Return what a normal document promises, None if nothing."""
    said = document.get("freshness")
    if said is None:
        return None
    return Promise(
        every=duration_of(said["every"]),
        min_rows=said["min_rows"],
        ping_url=said.get("ping_url"),
    )


def broken_notice(subject: Subject, freshness: Freshness, at: datetime) -> Notice:
    """Return what is told when there was no good run in time."""
    promise, last = freshness.promise, freshness.last_good_at
    since = "there was none yet"
    if last is not None:
        since = f"the last one ended {last:%Y-%m-%d %H:%M} UTC"
    summary = (
        f"Import {subject.import_name!r} is not fresh: no run with at least {promise.min_rows} "
        f"good rows in {_shown(promise.every)}; {since}"
    )
    remedy = (
        f"see why it did not run, or loaded less: importmgr definitions why {subject.import_id}"
    )
    return _notice(NoticeType.FRESHNESS_BROKEN, subject, freshness, at, (summary, remedy))


def restored_notice(subject: Subject, freshness: Freshness, at: datetime) -> Notice:
    """Return what is told when a good run ended after the promise was broken."""
    summary = f"Import {subject.import_name!r} is fresh again"
    said = (summary, "nothing has to be done")
    return _notice(NoticeType.FRESHNESS_RESTORED, subject, freshness, at, said)


def _notice(
    kind: NoticeType, subject: Subject, freshness: Freshness, at: datetime, said: tuple[str, str]
) -> Notice:
    data = {
        **asdict(subject),
        "summary": said[0],
        "remedy": said[1],
        "path": f"/imports/v1/{subject.project_token}/{subject.import_id}/decisions",
        "command": f"importmgr definitions why {subject.import_id}",
        "freshness": {
            "every_seconds": int(freshness.promise.every.total_seconds()),
            "min_rows": freshness.promise.min_rows,
            "due": iso(freshness.due_at),
            "last_good": iso(freshness.last_good_at),
            "broken_since": iso(freshness.broken_since),
        },
    }
    since = freshness.broken_since or at
    mark = notice_id(kind, subject.import_id, since.isoformat())
    return Notice(id=mark, type=kind, at=at, data=data)


def _shown(every: timedelta) -> str:
    minutes = int(every.total_seconds()) // 60
    for size, unit in ((24 * 60, "days"), (60, "hours")):
        if minutes % size == 0 and minutes > size:
            return f"{minutes // size} {unit}"
    return f"{minutes} minutes"
