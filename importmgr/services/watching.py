"""Looking for new files: one listing serves every definition that watches the same folder.

Any number of processes may look at the same time; each place is claimed by one of them. Nothing of
the database is held while a storage is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias, TypeVar
from zoneinfo import ZoneInfoNotFoundError

from definitions.errors import DefectError, ImportmgrError, SourceRefusedError, StoreBusyError
from definitions.file_paths import FilePattern
from definitions.meant_files import files_between
from definitions.model import FileStorageSource
from definitions.schema import to_definition
from definitions.watching import place_of
from importmgr.clock import Clock
from importmgr.log import get_logger
from importmgr.services.addresses import Addresses
from importmgr.services.kept_claim import LEASE, KeptClaim
from importmgr.services.look_course import LookCourse
from importmgr.services.new_files import NewFiles
from importmgr.services.storages import Storages
from importmgr.store import Stores
from importmgr.store.definitions import StoredDefinition
from importmgr.store.watches import Watched
from sources.base import RemoteFile, StorageSession
from sources.choosing import select, survey
from sources.folders import listed
from sources.watching import Look

log = get_logger(__name__)

_T = TypeVar("_T")
_Listed: TypeAlias = tuple[Sequence[RemoteFile], datetime | None]
UNKNOWN = "unknown"  # place
EARLIER = timedelta(minutes=2)  # files are looked for by date so much longer than they are meant


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A definition, and which files it means now, or meant since it was looked for.

    It is `partial` if others are looked for too.
    """

    course: LookCourse
    source: FileStorageSource
    pattern: FilePattern
    partial: bool

    @property
    def watched(self) -> Watched:
        """Return the definition."""
        return self.course.watched


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
            self._watches.take_in(stored.id, _place(stored))
        return len(found)

    def look_once(self) -> bool:
        """Look at one place that is due, if there is one; tell whether there was."""
        claimed = self._watches.claim(LEASE)
        if not claimed:
            return False
        claim = KeptClaim(self._watches, claimed, self._clock)
        now = self._watches.look_at_clock()
        folders: dict[tuple[str, int | None, bool], list[_Wanted]] = {}
        for watched in claimed:
            course = LookCourse(watched=watched, left=1)
            begun = self._try([course], partial(self._begin, course, claim, now))
            if begun is None:
                self._passed(course)
            for wanted in begun or ():
                folders.setdefault(wanted.pattern.where, []).append(wanted)
        if folders:
            self._look_into_all(list(folders.values()), claim, now)
        return True

    def _begin(self, course: LookCourse, claim: KeptClaim, now: datetime) -> Sequence[_Wanted]:
        """Return which files of a storage a definition means; behind an address, look at once.

        A file that arrived just before its date passed is still meant, and so are those that
        nobody could look for.
        """
        definition = to_definition(course.watched.definition.document)
        source = definition.source
        if not isinstance(source, FileStorageSource):
            self._look_at_address(course, claim, now)
            return ()
        since = self._covered_until(course.watched, now)
        if not course.watched.is_first:
            since -= self._storages.stable_for(source) + EARLIER
        patterns = files_between(source, since, now, definition.mapping.timezone)
        course.left = len(patterns)
        return [
            _Wanted(course=course, source=source, pattern=each, partial=len(patterns) > 1)
            for each in patterns
        ]

    def _covered_until(self, watched: Watched, now: datetime) -> datetime:
        """Return up to when everything was found; a release before did not write that down."""
        if watched.is_first:
            return now
        looked = min(watched.due_at, watched.failing_since or now) - self._watches.every
        return watched.covered_until or looked

    def _look_at_address(self, course: LookCourse, claim: KeptClaim, now: datetime) -> None:
        """Take the file behind an address if it is another one; nobody sees it half written."""
        file = self._addresses.look(course.watched.definition, claim)
        look = Look(
            now=now,
            storage_clock=None,
            stable_for=timedelta(0),
            marker=None,
            marked=frozenset(),
        )
        self._take(course, [file], look)

    def _look_into_all(
        self, folders: Sequence[Sequence[_Wanted]], claim: KeptClaim, now: datetime
    ) -> None:
        """List every folder once, over one connection."""
        every = [each.course for some in folders for each in some]
        session = self._try(every, partial(self._connect, folders[0][0]))
        if session is None:
            for course in every:
                self._passed(course)
            return
        with closing(session):
            for some in folders:
                self._look_into(session, some, claim, now)

    def _connect(self, wanted: _Wanted) -> StorageSession:
        stored, integration_id = wanted.watched.definition, wanted.source.integration_id
        return self._storages.connect(stored.project_id, integration_id)

    def _look_into(
        self, session: StorageSession, wanted: Sequence[_Wanted], claim: KeptClaim, now: datetime
    ) -> None:
        """List one folder for all who want it."""
        every = [each.course for each in wanted]
        found = self._try(every, partial(self._listed, session, wanted[0].pattern, claim))
        for each in wanted:
            if found is not None:
                self._try([each.course], partial(self._look_for, each, found, now))
            self._passed(each.course)

    def _listed(self, session: StorageSession, pattern: FilePattern, claim: KeptClaim) -> _Listed:
        """Return what is there, and the storage's time after that."""
        claim()
        entries = tuple(claim.over(listed(session, pattern)))
        return entries, session.now()

    def _look_for(self, wanted: _Wanted, found: _Listed, now: datetime) -> None:
        """Take what one definition sees in a listing."""
        look, files = self._seen(wanted, *found, now)
        self._take(wanted.course, files, look)

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
        chosen = select(listing, source.selection, frozenset()).files
        look = Look(
            now=now,
            storage_clock=clock,
            stable_for=self._storages.stable_for(source),
            marker=source.marker,
            marked=listing.marked,
            misnamed=listing.misnamed,
            passed_over=listing.passed_over,
            older=len(listing.files) - len(chosen),
            partial=wanted.partial,
            pattern="/".join(filter(None, (source.parent_path, source.path))),
        )
        return look, chosen

    def _take(self, course: LookCourse, files: Sequence[RemoteFile], look: Look) -> None:
        """Take what is new; what a busy database does not let be written is new another time."""
        try:
            self._new_files.take(course, files, look)
        except StoreBusyError as exc:
            course.missed = True
            definition_id = course.watched.definition.id
            log.warning("new files not taken yet", definition_id=definition_id, error=str(exc))

    def _try(self, courses: Sequence[LookCourse], look: Callable[[], _T]) -> _T | None:
        """Look for these; whatever goes wrong, foreseen or not, is noted with each of them.

        A panic of the column engine is no `Exception`.
        """
        error: ImportmgrError
        try:
            return look()
        except ZoneInfoNotFoundError as exc:
            error = SourceRefusedError(f"{exc}; update the zones")
        except ImportmgrError as exc:
            error = exc
        except BaseException as exc:
            log.exception(
                "look broke", definition_ids=[one.watched.definition.id for one in courses]
            )
            error = DefectError.of(exc)
        for course in courses:
            course.failed(error)
        return None

    def _passed(self, course: LookCourse) -> None:
        """Note that one more folder was looked into, and after the last one what went wrong."""
        course.left -= 1
        if not course.left and course.error is not None:
            self._new_files.fail(course.watched, course.error)


def _place(stored: StoredDefinition) -> str:
    """Return what has to be looked at; one that cannot be understood is told at its first look."""
    try:
        return place_of(stored.id, to_definition(stored.document))
    except Exception:
        log.exception("definition not understood", definition_id=stored.id)
        return f"{UNKNOWN}:{stored.id}"
