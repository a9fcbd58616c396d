"""Looking for new files: one listing serves every definition that watches the same folder.

Any number of processes may look at the same time; each place is claimed by one of them. Nothing of
the database is held while a storage is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

from definitions.errors import ImportmgrError, SourceRefusedError, StoreBusyError
from definitions.file_paths import FilePattern
from definitions.meant_files import files_of
from definitions.model import FileStorageSource
from definitions.schema import to_definition
from definitions.watching import place_of
from importmgr.clock import Clock
from importmgr.log import get_logger
from importmgr.services.addresses import Addresses
from importmgr.services.new_files import NewFiles
from importmgr.services.storages import Storages
from importmgr.store import Stores
from importmgr.store.watches import Watched
from sources.base import RemoteFile, StorageSession
from sources.choosing import select, survey
from sources.watching import Look

log = get_logger(__name__)

LEASE = timedelta(minutes=5)
LOOK_SECONDS = 240  # less than the lease: whoever looks longer has lost the claim


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A definition, and which files it means at this moment."""

    watched: Watched
    source: FileStorageSource
    pattern: FilePattern


class Watching:
    """Looks at what is due."""

    def __init__(
        self,
        stores: Stores,
        *,
        storages: Storages,
        addresses: Addresses,
        new_files: NewFiles,
        clock: Clock,
    ) -> None:
        """Take the stores, what opens sources, and what takes files."""
        self._watches = stores.watches
        self._storages = storages
        self._addresses = addresses
        self._new_files = new_files
        self._clock = clock

    def take_in(self) -> int:
        """Look for the files of definitions that a release without watchers made; count them."""
        found = self._watches.unwatched()
        for stored in found:
            place = place_of(stored.id, to_definition(stored.document))
            self._watches.take_in(stored.id, place)
        return len(found)

    def look_once(self) -> bool:
        """Look at one place that is due, if there is one; tell whether there was."""
        claimed = self._watches.claim(LEASE)
        now = self._watches.look_at_clock()
        folders: dict[tuple[str, int | None], list[_Wanted]] = {}
        for watched in claimed:
            try:
                definition = to_definition(watched.definition.document)
            except ZoneInfoNotFoundError as exc:
                self._new_files.fail(watched, SourceRefusedError(f"{exc}; update the zones"))
                continue
            source, zone = definition.source, definition.mapping.timezone
            if isinstance(source, FileStorageSource):
                pattern = files_of(source, now, zone)
                wanted = _Wanted(watched=watched, source=source, pattern=pattern)
                folders.setdefault((pattern.folder, pattern.depth), []).append(wanted)
            else:
                self._look_at_address(watched, now)
        if folders:
            self._look_into_all(list(folders.values()), now)
        return bool(claimed)

    def _look_at_address(self, watched: Watched, now: datetime) -> None:
        """Take the file behind an address if it is another one; nobody sees it half written."""
        until = self._clock.monotonic() + LOOK_SECONDS
        try:
            file = self._addresses.look(watched.definition, lambda: self._check_time(until))
        except ImportmgrError as exc:
            self._new_files.fail(watched, exc)
            return
        look = Look(
            now=now,
            storage_clock=None,
            stable_for=timedelta(0),
            marker=None,
            marked=frozenset(),
        )
        self._take(watched, [file], look)

    def _look_into_all(self, folders: Sequence[Sequence[_Wanted]], now: datetime) -> None:
        """List every folder once, over one connection."""
        try:
            session = self._connect(folders[0][0])
        except ImportmgrError as exc:
            for some in folders:
                self._fail(some, exc)
            return
        with closing(session):
            for some in folders:
                self._look_into(session, some, now)

    def _connect(self, wanted: _Wanted) -> StorageSession:
        stored, integration_id = wanted.watched.definition, wanted.source.integration_id
        return self._storages.connect(stored.project_id, integration_id)

    def _look_into(self, session: StorageSession, wanted: Sequence[_Wanted], now: datetime) -> None:
        """List one folder for all who want it."""
        pattern = wanted[0].pattern
        try:
            entries = tuple(self._in_time(session.list(pattern.folder, pattern.depth)))
            clock = session.now()
        except ImportmgrError as exc:
            self._fail(wanted, exc)
            return
        for each in wanted:
            look, files = self._seen(each, entries, clock, now)
            self._take(each.watched, files, look)

    def _seen(
        self,
        wanted: _Wanted,
        entries: Sequence[RemoteFile],
        clock: datetime | None,
        now: datetime,
    ) -> tuple[Look, Sequence[RemoteFile]]:
        """Return what one definition sees in a listing."""
        source = wanted.source
        listing = survey(entries, wanted.pattern, source.marker)
        if clock is None and listing.newest is not None:
            clock = min(listing.newest, self._clock.now())
        look = Look(
            now=now,
            storage_clock=clock,
            stable_for=self._storages.stable_for(source),
            marker=source.marker,
            marked=listing.marked,
        )
        return look, select(listing, source.selection, frozenset()).files

    def _take(self, watched: Watched, files: Sequence[RemoteFile], look: Look) -> None:
        """Take what is new; what a busy database does not let be written is new another time."""
        try:
            self._new_files.take(watched, files, look)
        except StoreBusyError as exc:
            definition_id = watched.definition.id
            log.warning("new files not taken yet", definition_id=definition_id, error=str(exc))

    def _fail(self, wanted: Sequence[_Wanted], error: ImportmgrError) -> None:
        for each in wanted:
            self._new_files.fail(each.watched, error)

    def _in_time(self, entries: Iterator[RemoteFile]) -> Iterator[RemoteFile]:
        """Pass entries on as long as the claim surely holds."""
        until = self._clock.monotonic() + LOOK_SECONDS
        for entry in entries:
            self._check_time(until)
            yield entry

    def _check_time(self, until: float) -> None:
        if self._clock.monotonic() > until:
            msg = (
                f"looking takes more than {LOOK_SECONDS} s; keep fewer files in the folder, "
                "or let the server answer with an ETag"
            )
            raise SourceRefusedError(msg)
