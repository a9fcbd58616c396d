"""Which files of a storage a source means, without what its follow-ups leave behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from definitions.file_paths import FilePattern, pattern_of
from definitions.follow_ups import left_behind
from definitions.model import FileStorageSource

MOST_HOURS = 31 * 24  # that are looked back
MOST_PATTERNS = 100


def files_of(source: FileStorageSource, at: datetime, zone: ZoneInfo) -> FilePattern:
    """Return the files that a source means at an instant."""
    pattern = pattern_of(source.parent_path, source.path, at, zone)
    return replace(pattern, never=left_behind(source.parent_path, source.after))


def files_between(
    source: FileStorageSource, since: datetime, now: datetime, zone: ZoneInfo
) -> tuple[FilePattern, ...]:
    """Return the files that a source meant at any instant of a time, the latest ones last.

    Of a longer time only the end counts: a month, and a hundred dates.
    """
    hour = timedelta(hours=1)
    count = min((now - since) // hour + 1, MOST_HOURS) if since < now else 0
    instants = [*(now - number * hour for number in range(count, 0, -1)), now]
    instants[0] = max(instants[0], min(since, now))
    return tuple(dict.fromkeys(files_of(source, at, zone) for at in instants))[-MOST_PATTERNS:]
