"""Trying out whether files of a storage may be moved and deleted, with a file of our own.

It is called like a temporary file, so that nobody imports it, and does not stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from definitions.errors import SourceRefusedError, SourceUnreachableError
from sources.base import StorageSession

CONTENT = b"importmgr tries whether it may write here; this file can be deleted\n"


def try_writing(session: StorageSession, name: str, folder: str = "") -> None:
    """Write a file called `name` in a folder of the storage, rename it and delete it.

    The folder must be there; without one it is the storage's own. The name must be one that nobody
    has. Raise what is wrong, saying which of the three failed, and what is left there if need be.
    """
    inside = "".join(f"{step}/" for step in folder.split("/") if step not in {"", "."})
    before, after = f"{inside}.{name}.tmp", f"{inside}.{name}-renamed.tmp"
    step = "written"
    try:
        session.put(before, CONTENT)
        step = "renamed"
        if not session.move(before, after):
            msg = f"{after!r} is there already"
            raise SourceRefusedError(msg)
        step = "deleted"
        session.remove(after)
    except (SourceRefusedError, SourceUnreachableError) as exc:
        left = " and ".join(_left_over(session, (before, after)))
        rest = f"; {left} stays there: delete it by hand" if left else ""
        where = f"the folder {folder!r}" if inside else "the folder"
        msg = f"a file cannot be {step} in {where}: {exc}{rest}"
        raise type(exc)(msg, trouble=exc.trouble) from exc


def _left_over(session: StorageSession, paths: Sequence[str]) -> Iterator[str]:
    """Remove what is there of some files, and yield those that stay, or may."""
    for path in paths:
        try:
            session.remove(path)
        except (SourceRefusedError, SourceUnreachableError):
            if _may_be_there(session, path):
                yield path


def _may_be_there(session: StorageSession, path: str) -> bool:
    try:
        return session.stat(path) is not None
    except (SourceRefusedError, SourceUnreachableError):
        return True
