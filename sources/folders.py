"""Listing the folder of a pattern, which may be one that comes with its day."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.errors import SourceRefusedError
from definitions.file_paths import FilePattern
from definitions.troubles import Trouble
from sources.base import RemoteFile, StorageSession


def listed(session: StorageSession, pattern: FilePattern) -> Iterator[RemoteFile]:
    """Yield the files that are where a pattern looks.

    A dated folder that is not there yet holds none; any other one must be there, and so must the
    folder of the storage itself.
    """
    entries = session.list(pattern.folder, pattern.depth)
    try:
        first = next(entries, None)
    except SourceRefusedError as exc:
        if not pattern.dated or exc.trouble is not Trouble.PATH:
            raise
        next(session.list("", 1), None)
        return
    if first is not None:
        yield first
        yield from entries
