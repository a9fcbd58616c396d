"""Files of a storage: chosen by path and selection, left alone while they are being written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from definitions import model
from definitions.errors import SourceRefusedError, SourceUnreachableError
from definitions.file_decisions import FileCode, FileDecision
from definitions.meant_files import files_of
from definitions.passing_over import CHECKSUMS
from definitions.retry import RetryPolicy
from sources.base import RemoteFile, SpooledFile, Storage, StorageSession
from sources.checksums import LARGEST, checksum_in, checksum_of, malformed
from sources.choosing import (
    Listing,
    Version,
    leave_out,
    left_for_their_names,
    left_unread,
    select,
    survey,
    version_of,
)
from sources.folders import listed
from sources.part import NOTHING, Identity, Part
from sources.readiness import Readiness
from sources.transfer import AnyRoom, FetchLimits, Room, Watch, in_time, write_attended
from sources.trying import FEW_TRIES, Patience, Paused, keep_trying, nap, open_part, unheard

FEW = 50  # files that are looked at one by one rather than listed again
BEAT_EVERY = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStorageSettings:
    """What all file storages of one process share; `room` says what may be written."""

    stable_for: float = 30.0
    limits: FetchLimits = field(default_factory=FetchLimits)
    retry: RetryPolicy = FEW_TRIES
    paused: Paused = unheard
    room: Room = field(default_factory=AnyRoom)
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    fraction: Callable[[], float] = lambda: 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """For which instant, in which zone, files are asked for, and what tells those imported.

    `leaving` are files of earlier runs that are about to be moved away; they are not taken again.
    """

    at: datetime
    zone: ZoneInfo
    known: Callable[[], frozenset[Version]] = frozenset
    leaving: Callable[[], frozenset[Version]] = frozenset


class FileStorageSource:
    """Files of one storage; one connection serves all calls until `close`.

    `heartbeat` is called again and again while something is awaited or received; what it raises
    ends the wait, and the part that is there stays for the next one.
    """

    def __init__(
        self,
        source: model.FileStorageSource,
        storage: Storage,
        asked: Asked,
        settings: FileStorageSettings,
        heartbeat: Callable[[], None] = lambda: None,
    ) -> None:
        self._source, self._storage, self._asked = source, storage, asked
        self._settings, self._heartbeat = settings, heartbeat
        self._pattern = files_of(source, asked.at, asked.zone)
        self._session: StorageSession | None = None
        self._decisions: tuple[FileDecision, ...] = ()

    def check(self) -> None:
        """Return if the folder can be listed now, within five seconds; else raise."""
        seconds = self._settings.limits.check_timeout
        in_time(self._glance, seconds, self._heartbeat).close()

    def list(self) -> Sequence[RemoteFile]:
        """Return the files of one run by name, waiting for those that may still be written to.

        Raise `SourceRefusedError` if the one file that is named is not there.
        """
        listing = self._look()
        left_out = leave_out(listing.files, self._asked.leaving())
        staying = replace(listing, files=left_out.files)
        wanted = select(staying, self._source.selection, self._asked.known())
        at = self._open().now()
        ready, left = self._readiness.sort_out(wanted.files, listing, at)
        taken = (FileDecision(code=FileCode.TAKEN, facts={"path": each.path}) for each in ready)
        odd = (*left_for_their_names(listing), *left_unread(listing))
        why = (*left_out.decisions, *wanted.decisions, *odd, *left)
        self._decisions = (*why, *taken, *self._none_of(listing))
        return ready

    def decisions(self) -> Sequence[FileDecision]:
        """Return why files were taken, left or fetched afresh since this was last asked."""
        made, self._decisions = self._decisions, ()
        return made

    def fetch(self, file: RemoteFile, into: Path) -> SpooledFile:
        """Bring the file to the spool path `into`, resuming a part that is already there.

        A whole file that is already there is returned as it is: one run sees one content. What
        differs from the checksum beside it is fetched afresh, and in the end refused for now.
        """
        settings = self._settings
        watch = Watch(settings.limits, monotonic=settings.monotonic, room=settings.room)
        patience = Patience(
            retry=settings.retry,
            longest_pause=settings.limits.longest_pause,
            sleep=settings.sleep,
            fraction=settings.fraction,
            paused=settings.paused,
        )
        found = open_part(file, into, patience, self._heartbeat)
        if isinstance(found, SpooledFile):
            return found
        with found as part:
            return keep_trying(
                lambda: self._try(file, part, watch), part, watch, patience, self._heartbeat
            )

    def close(self) -> None:
        """Give the connection back."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def _open(self) -> StorageSession:
        if self._session is None:
            self._session = self._storage.connect()
        return self._session

    def _glance(self, go_on: Callable[[], None]) -> StorageSession:
        """Look whether the folder is there, and the one file if one is named."""
        go_on()
        session = self._storage.connect()
        try:
            go_on()
            next(listed(session, replace(self._pattern, depth=1)), None)
            exact = self._pattern.exact
            if exact is not None and self._must_be_there and session.stat(exact) is None:
                raise _no_file(exact)
        except BaseException:
            session.close()
            raise
        return session

    def _look(self) -> Listing:
        pattern = self._pattern
        entries = listed(self._open(), pattern)
        return survey(self._beating(entries), pattern, self._source.marker)

    def _beating(self, entries: Iterator[RemoteFile]) -> Iterator[RemoteFile]:
        for number, entry in enumerate(entries):
            if number % BEAT_EVERY == 0:
                self._heartbeat()
            yield entry

    def _none_of(self, listing: Listing) -> Sequence[FileDecision]:
        """Say that nothing has the name that is looked for; refuse it where a file must be."""
        if listing.files:
            return ()
        if self._pattern.exact is not None and self._must_be_there:
            raise _no_file(self._pattern.exact, listing)
        return (FileDecision(code=FileCode.NONE, facts={"pattern": self._source.path}),)

    @property
    def _must_be_there(self) -> bool:
        return self._source.selection is not model.FileSelection.NOT_IMPORTED

    @property
    def _readiness(self) -> Readiness:
        given, settings = self._source.stable_for, self._settings
        return Readiness(
            stable_for=settings.stable_for if given is None else given,
            marker=self._source.marker,
            wait=lambda seconds: nap(seconds, settings.sleep, self._heartbeat),
            again=self._again,
        )

    def _again(self, files: Sequence[RemoteFile]) -> Mapping[str, RemoteFile]:
        """Return what is there now of some files."""
        if len(files) > FEW:
            return {file.path: file for file in self._look().files}
        found = (self._open().stat(file.path) for file in files)
        return {file.path: file for file in found if file is not None}

    def _try(self, file: RemoteFile, part: Part, watch: Watch) -> SpooledFile:
        try:
            session = self._open()
            now = self._settled(session, file)
            if part.identity != _identity(now):
                self._restart(part, _identity(now), now.path)
            if not part.is_whole:
                watch.expect(part)
                pieces = session.open(now.path, part.size)
                write_attended(pieces, part, watch, self._heartbeat, session.close)
            self._verify(session, now, part)
            return part.finish(now)
        except BaseException:
            self.close()
            raise

    def _restart(self, part: Part, identity: Identity, path: str) -> None:
        """Begin a part anew, and say so if there was something of it."""
        if part.size:
            made = FileDecision(code=FileCode.REFETCHED, facts={"path": path})
            self._decisions = (*self._decisions, made)
        part.restart(identity)

    def _settled(self, session: StorageSession, file: RemoteFile) -> RemoteFile:
        """Return the file as it is now; one that was changed since it was chosen must be ready."""
        now = _there(session, file.path)
        if version_of(now) == version_of(file) or self._source.marker is not None:
            return now
        readiness = self._readiness
        if not readiness.is_old(now, session.now()):
            readiness.wait(readiness.stable_for)
            if version_of(_there(session, file.path)) != version_of(now):
                msg = f"{file.path} is still being written; it is fetched later"
                raise SourceUnreachableError(msg)
        return now

    def _verify(self, session: StorageSession, file: RemoteFile, part: Part) -> None:
        """Raise unless the file is still the same and has the checksum that stands beside it."""
        after = session.stat(file.path)
        if after is None or version_of(after) != version_of(file):
            self._restart(part, NOTHING, file.path)
            msg = f"{file.path} changed while it was fetched; it is fetched afresh"
            raise SourceUnreachableError(msg)
        for suffix in CHECKSUMS:
            beside = session.stat(f"{file.path}{suffix}")
            if beside is None:
                continue
            is_short = (beside.size or 0) <= LARGEST
            text = b"".join(session.open(beside.path, 0)) if is_short else None
            self._compare(text, beside.path, file.path, part)

    def _compare(self, text: bytes | None, beside: str, path: str, part: Part) -> None:
        """Raise unless what was fetched has the checksum that the file beside it says.

        That one may not be written to its end yet, so its text is read again another time.
        """
        suffix, name = beside.removeprefix(path), path.rpartition("/")[2]
        wanted = checksum_in(text or b"", suffix, name)
        if wanted is None:
            raise SourceUnreachableError(malformed(text, suffix, beside))
        found = checksum_of(part.path, suffix, self._heartbeat)
        if wanted != found:
            part.restart(NOTHING)
            msg = f"{path} has the checksum {found}, but {beside} says {wanted}; send both again"
            raise SourceUnreachableError(msg)


def _there(session: StorageSession, path: str) -> RemoteFile:
    found = session.stat(path)
    if found is None:
        raise _no_file(path)
    return found


def _identity(file: RemoteFile) -> Identity:
    moment = file.modified_at
    modified = None if moment is None else moment.isoformat()
    return Identity(etag=file.etag, modified=modified, size=file.size)


def _no_file(path: str, listing: Listing | None = None) -> SourceRefusedError:
    instead = () if listing is None else left_unread(listing)
    why = next((each.text for each in instead), "correct the path")
    return SourceRefusedError(f"there is no file {path!r} in the storage; {why}")
