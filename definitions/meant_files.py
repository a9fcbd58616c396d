"""Which files of a storage a source means, without what its follow-ups leave behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from definitions.file_paths import FilePattern, pattern_of
from definitions.follow_ups import left_behind
from definitions.model import FileStorageSource


def files_of(source: FileStorageSource, at: datetime, zone: ZoneInfo) -> FilePattern:
    """Return the files that a source means at an instant."""
    pattern = pattern_of(source.parent_path, source.path, at, zone)
    return replace(pattern, never=left_behind(source.parent_path, source.after))
