"""What lies behind the web address of a definition, as it is now."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

from importmgr.services.sources import Sources
from importmgr.store.definitions import StoredDefinition
from sources.base import RemoteFile
from sources.spool import Spool


class Addresses:
    """Looks at files behind addresses."""

    def __init__(self, sources: Sources, spool: Spool) -> None:
        """Take what opens sources, and where files are fetched to."""
        self._sources = sources
        self._spool = spool

    def look(self, stored: StoredDefinition, heartbeat: Callable[[], None]) -> RemoteFile:
        """Return the file with what tells it from another one, or raise why it cannot be had.

        A server that gives neither an etag nor a time is asked for the whole of it, whose hash then
        stands for the etag.
        """
        source = self._sources.open_address(stored, heartbeat)
        with closing(source):
            file = source.look()
            if file.etag is not None or file.modified_at is not None:
                return file
            place = f"look-{stored.id}"
            self._spool.clear(place)  # what a look left that was killed
            try:
                spooled = source.fetch(file, self._spool.place(place, 0))
            finally:
                self._spool.clear(place)
        return replace(file, size=spooled.size, etag=f"sha256:{spooled.sha256}")
