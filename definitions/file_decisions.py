"""Why a run took files of a storage, or left them: stable codes with facts, and their sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from definitions import passing_over

Fact: TypeAlias = str | int | float | None


class FileCode(StrEnum):
    """What became of a file that the path of a definition names; stable, machine-readable."""

    TAKEN = "file_taken"
    IMPORTED = "file_imported_before"
    SAME_CONTENT = "file_same_content"
    REPEATED = "file_repeated"
    IN_FLIGHT = "file_in_flight"
    NO_MARKER = "file_without_marker"
    MISNAMED = "file_misnamed"
    PASSED_OVER = "file_passed_over"
    LEAVING = "file_leaving"
    REFETCHED = "file_refetched"
    RELOADED = "file_reloaded"
    UNLIKE_BEFORE = "file_unlike_before"
    NOT_LAST = "file_not_last"
    NONE = "no_file"


SENTENCES: Mapping[FileCode, str] = {  # but for those that are passed over
    FileCode.TAKEN: "{path} is imported",
    FileCode.IMPORTED: "left out, as imported before: {count}",
    FileCode.SAME_CONTENT: "{path} is left out: its content was imported before as {known_as}",
    FileCode.REPEATED: "{path} is imported although its content was imported before as {known_as}",
    FileCode.IN_FLIGHT: "{path} is still being written and is left for a later run",
    FileCode.NO_MARKER: "{path} has no {marker} beside it and is left for a later run",
    FileCode.MISNAMED: "{path} is left out, as its name is not UTF-8; rename it",
    FileCode.LEAVING: "{path} is left out: an earlier run took it, and it is about to be moved",
    FileCode.REFETCHED: "{path} changed while it was fetched, and was fetched afresh",
    FileCode.RELOADED: "{path} changed between two attempts and was loaded afresh",
    FileCode.UNLIKE_BEFORE: (
        "{path} changed since run {of_run_id} loaded it; it was loaded as it is now"
    ),
    FileCode.NOT_LAST: "left out, as older than the last: {count}",
    FileCode.NONE: "no file is named like {pattern}",
}
# What a person should look at: the data of a run is not all that the path names.
NOTEWORTHY = frozenset(
    {
        FileCode.SAME_CONTENT,
        FileCode.REPEATED,
        FileCode.IN_FLIGHT,
        FileCode.NO_MARKER,
        FileCode.MISNAMED,
        FileCode.LEAVING,
        FileCode.REFETCHED,
        FileCode.RELOADED,
        FileCode.UNLIKE_BEFORE,
        FileCode.NONE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDecision:
    """One decision about a file, or about `count` of them alike; `facts` are fit for JSON."""

    code: FileCode
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return the decision as a sentence for people."""
        if self.code is FileCode.PASSED_OVER:
            return passing_over.told(self.facts)
        return SENTENCES[self.code].format_map(self.facts)

    @property
    def noteworthy(self) -> bool:
        """Tell whether a person should look at it."""
        return self.code in NOTEWORTHY


MOST_NAMED = 3  # of the files that a run takes


def choice(made: Sequence[FileDecision]) -> Mapping[str, Any] | None:
    """Return which files one look took and how many it left, fit for JSON; None if neither."""
    taken = [str(each.facts["path"]) for each in made if each.code is FileCode.TAKEN]
    imported, older = _left(made, FileCode.IMPORTED), _left(made, FileCode.NOT_LAST)
    if not (taken or imported or older):
        return None
    named = {"taken": len(taken), "paths": taken[:MOST_NAMED]}
    return {**named, "imported": imported, "older": older}


def _left(made: Sequence[FileDecision], code: FileCode) -> int:
    return sum(int(each.facts["count"] or 0) for each in made if each.code is code)


def same_content(path: str, known_as: str, *, known_run_id: str, left_out: bool) -> FileDecision:
    """Return that a file has bytes that a run imported before, and what follows from it."""
    code = FileCode.SAME_CONTENT if left_out else FileCode.REPEATED
    facts = {"path": path, "known_as": known_as, "known_run_id": known_run_id}
    return FileDecision(code=code, facts=facts)
