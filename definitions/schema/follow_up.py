"""What a document says of files once their run has ended: `after_success` and `after_failure`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from definitions.file_paths import folder_problem
from definitions.follow_ups import FileAction
from definitions.schema.fields import StrictSchema, Text
from definitions.schema.rules import checked_by, length, one_of
from definitions.shown import shown

MARKERS = (".done", ".ok")
_BESIDE = (*MARKERS, ".md5", ".sha256")
_NEEDED = {FileAction.MOVE: "to", FileAction.RENAME: "suffix"}
_SUFFIX = re.compile(r"\.[^/\\]{1,62}[^/\\.]")
_LONGEST_TARGET = 500  # characters: with the name of a file it is a path that any storage takes
_LONGEST_NAME = 255  # bytes of one folder's name


def _target_problem(folder: str) -> str | None:
    """Return why files cannot be moved to a folder."""
    if not folder.isprintable():
        return f"must not contain line ends or other control characters, as {shown(folder)} does"
    if "*" in folder or "?" in folder:
        return f"must be one folder, without '*' and '?', not {shown(folder)}"
    return folder_problem(folder) or _name_problem(folder)


def _name_problem(folder: str) -> str | None:
    """Return which folder's name is too long for a file system."""
    for name in folder.split("/"):
        if len(name.encode()) > _LONGEST_NAME:
            return f"must not hold names over {_LONGEST_NAME} bytes, such as {shown(name)}"
    return None


def _suffix_problem(suffix: str) -> str | None:
    """Return why names cannot have that added."""
    if suffix in _BESIDE:
        return (
            f"must not be one of {', '.join(_BESIDE)}, which stand beside files, but is {suffix!r}"
        )
    if suffix.isprintable() and _SUFFIX.fullmatch(suffix):
        return None
    return (
        "must be a dot and 2 to 63 more characters, without slashes and line ends, such as "
        f"'.imported', not {shown(suffix)}"
    )


class FollowUpSchema(StrictSchema):
    """What is done with a file when its run has ended; an extension."""

    action = Text(
        required=True,
        validate=one_of(FileAction),
        metadata={
            "description": "`keep` it as it is, `move` it to the folder `to`, `rename` it by "
            "adding `suffix`, or `delete` it.",
            "example": "move",
        },
    )
    to = Text(
        allow_none=True,
        validate=[*length(1, _LONGEST_TARGET), checked_by(_target_problem)],
        metadata={
            "description": "Only to `move`: a folder below `parent_path`, or below that of the "
            "integration with a slash in front; `{yyyy}`, `{MM}`, `{dd}` and `{HH}` are of the "
            "run's date. It is made if need be.",
            "example": "done/{yyyy}",
        },
    )
    suffix = Text(
        allow_none=True,
        validate=checked_by(_suffix_problem),
        metadata={
            "description": "Only to `rename`.",
            "pattern": f"^{_SUFFIX.pattern}$",
            "example": ".imported",
        },
    )

    @validates_schema
    def _check_needed(self, data: Mapping[str, Any], **_: object) -> None:
        """Refuse an action that lacks a word, and a word that its action does not heed."""
        action = data["action"]
        problems: dict[str, list[str]] = {}
        for needs, word in _NEEDED.items():
            given = data.get(word)
            if needs == action and given is None:
                problems[word] = [f"is required to {action} a file"]
            elif needs != action and given is not None:
                text = f"is {shown(given)}, but the action {action!r} does not heed it"
                problems[word] = [f"{text}; leave it out, or let the action be {needs.value!r}"]
        if problems:
            raise ValidationError(problems)
