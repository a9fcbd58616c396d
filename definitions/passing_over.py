"""Which names of files are never taken, although a path means them, and how that is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

TEMPORARY = (".part", ".tmp", ".filepart")
CHECKSUMS = (".sha256", ".md5")
_EXPRESSION = re.compile(r"/(.+)/", re.DOTALL)


class Reason(StrEnum):
    """Why a file is passed over; stable, machine-readable."""

    TEMPORARY_NAME = "temporary_name"  # it ends like one, or it or its folder begins with a dot
    LEADS_OUT = "leads_out"  # it is a link to something outside of the storage
    LEADS_NOWHERE = "leads_nowhere"  # it is a link to something that is not there
    NO_PLAIN_FILE = "no_plain_file"  # it is a pipe, a socket or a device


_WHY: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        Reason.TEMPORARY_NAME: (
            "temporary name",
            "rename it, without .part, .tmp, .filepart or a dot in front, once it is complete",
        ),
        Reason.LEADS_OUT: (
            "link leads out of the folder",
            "put the file itself there, or the link's target into the folder",
        ),
        Reason.LEADS_NOWHERE: ("link leads nowhere", "put the file itself there"),
        Reason.NO_PLAIN_FILE: ("no plain file", "put a file there"),
    }
)


def is_temporary(below: str) -> bool:
    """Tell whether a path, as it is below the folder that is looked at, is a temporary one."""
    return below.startswith(".") or "/." in below or below.lower().endswith(TEMPORARY)


def finished(path: str) -> str:
    """Return the path that a file with a temporary name may get once it is written."""
    folder, slash, name = path.rpartition("/")
    ending = next((end for end in TEMPORARY if name.lower().endswith(end)), "")
    return f"{folder}{slash}{name[: len(name) - len(ending)].removeprefix('.')}"


def told(facts: Mapping[str, Any]) -> str:
    """Return as a sentence that one file was passed over, or `count` of them."""
    path, count = facts["path"], facts["count"]
    files = f"file {path}" if count == 1 else f"{count} files, the first {path}"
    why, remedy = _WHY.get(facts["reason"], (facts["reason"], "look at it"))
    by = f" by run {facts['run_id']}" if "run_id" in facts else ""
    return f"{files}: passed over{by} ({why}); {remedy}"


def never_taken(path: str, marker: str | None) -> str | None:
    """Return why no file that `path` of a definition means is ever taken, or None."""
    found = _EXPRESSION.fullmatch(path)
    name = (_plain(found[1]) if found else path).rpartition("/")[2]
    if name.startswith(".") or name.lower().endswith(TEMPORARY):
        return (
            "means files with a temporary name (.part, .tmp, .filepart, or a dot in front), which "
            "are never taken; write the name that they get once they are complete"
        )
    beside = (*CHECKSUMS, *([] if marker is None else [marker]))
    ending = next((end for end in beside if name.endswith(end)), None)
    if ending is None:
        return None
    return (
        f"means files that only stand beside another one, as all do that end in {ending}, and are "
        "never taken; write the name of that other one"
    )


def _plain(expression: str) -> str:
    """Return how names begin and end that an expression fits, if it says so without a choice."""
    if "|" in expression:
        return ""
    fixed = expression.removeprefix("^").removesuffix("$")
    return fixed.replace(r"\.", "\0").replace("[.]", "\0").replace(".", "?").replace("\0", ".")
