"""What becomes of a file that a run has taken."""

from __future__ import annotations

from enum import StrEnum


class FileState(StrEnum):
    """Where a file of a run stands."""

    PLANNED = "planned"  # chosen, not loaded to its end
    LOADED = "loaded"
    SAME_CONTENT = "same_content"  # left out: its bytes were loaded under another name or time


FILE_DONE = frozenset({FileState.LOADED, FileState.SAME_CONTENT})
