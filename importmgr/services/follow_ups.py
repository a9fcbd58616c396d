"""Doing what is owed to files of storages: they are moved, renamed or deleted after their run.

Each step can be repeated: whoever is killed in between, or loses a claim, leaves nothing behind
that another one does not finish. A file that is not the one that the run took is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from itertools import count
from zoneinfo import ZoneInfoNotFoundError

from definitions.decisions import Decision, DecisionCode, Facts
from definitions.errors import DefectError, ImportmgrError, LostLeaseError, SourceRefusedError
from definitions.follow_ups import FileAction, FollowUp, Naming, pause_after
from definitions.model import FileStorageSource
from definitions.passing_over import CHECKSUMS
from definitions.schema import to_definition
from importmgr.clock import Clock
from importmgr.log import get_logger
from importmgr.services.storages import Storages
from importmgr.store.follow_ups import FollowUpStore, OwedFile, Told
from sources.base import RemoteFile, StorageSession
from sources.choosing import version_of

log = get_logger(__name__)

LEASE = timedelta(minutes=5)
WORK_SECONDS = 240  # less than the lease: what is not begun by then is left to the next one
MOST_TOLD = 100  # files of a run whose good end is told one by one
MOST_NAMES = 1_000  # that are tried for one file


class FollowUps:
    """Does what is owed."""

    def __init__(self, store: FollowUpStore, storages: Storages, clock: Clock) -> None:
        """Take the store, what opens storages, and a clock for how long it takes."""
        self._store = store
        self._storages = storages
        self._clock = clock

    def work_off(self, go_on: Callable[[], bool], run_id: str | None = None) -> int:
        """Do all that is due, of one run if it is named; return how many files were claimed.

        Stop early when `go_on` says so; the rest is due again after a while, as is what a busy
        database does not let be written, upon which its error is raised.
        """
        total = 0
        while go_on() and (some := self._store.claim(LEASE, run_id)):
            total += len(some)
            self._work_off(some, go_on)
        return total

    def _work_off(self, some: Sequence[OwedFile], go_on: Callable[[], bool]) -> None:
        """Do what is owed to some files of one definition, over one connection."""
        until = self._clock.monotonic() + WORK_SECONDS
        rest = list(some)
        try:
            definition = to_definition(some[0].definition.document)
            source, zone = definition.source, definition.mapping.timezone
            if not isinstance(source, FileStorageSource):
                msg = f"definition {some[0].definition.id!r} has no files in a storage any more"
                raise SourceRefusedError(msg)
            project_id = some[0].definition.project_id
            with closing(self._storages.connect(project_id, source.integration_id)) as session:
                while rest and go_on() and self._clock.monotonic() < until:
                    naming = Naming(parent=source.parent_path, at=rest[0].asked_for, zone=zone)
                    _Work(self._store, session, source, naming).do(rest[0])
                    rest.pop(0)
        except LostLeaseError as exc:
            log.info("follow-up lost", error=str(exc))
        except ZoneInfoNotFoundError as exc:
            self._postpone(rest, SourceRefusedError(f"{exc}; update the zones"))
        except ImportmgrError as exc:
            self._postpone(rest, exc)
        except Exception as exc:
            log.exception("follow-ups broke", run_id=some[0].run_id)
            self._postpone(rest, DefectError.of(exc))

    def _postpone(self, rest: Sequence[OwedFile], error: ImportmgrError) -> None:
        """Note that the storage cannot be used now."""
        for owed in rest:
            _fail(self._store, owed, error, told=owed is rest[0])


class _Work:
    """What is done for one file, over an open connection."""

    def __init__(
        self,
        store: FollowUpStore,
        session: StorageSession,
        source: FileStorageSource,
        naming: Naming,
    ) -> None:
        self._store, self._session = store, session
        self._source, self._naming = source, naming

    def do(self, owed: OwedFile) -> None:
        """Do what is owed to a file, whatever was done of it already.

        Raise what may pass of the storage: it is the same for the files that follow.
        """
        follow_up = self._source.after.owed(owed.run_state, done=owed.done, reached=owed.reached)
        if follow_up.action is FileAction.KEEP:
            self._store.settle(owed, None)
            return
        try:
            told = self._done(owed, follow_up)
        except SourceRefusedError as exc:
            _fail(self._store, owed, exc, told=True)
            return
        except ImportmgrError:
            raise
        except Exception as exc:
            log.exception("follow-up broke", run_id=owed.run_id, file=owed.file.path)
            _fail(self._store, owed, DefectError.of(exc), told=True)
            return
        self._store.settle(owed, told)

    def _done(self, owed: OwedFile, follow_up: FollowUp) -> Told | None:
        """Do it and return what there is to say."""
        path, found = owed.file.path, self._session.stat(owed.file.path)
        if found is None:
            return self._gone(owed, follow_up)
        if version_of(found) != version_of(owed.file):
            warning = f"{path} was replaced after the run took it, and is left alone"
            return _told(DecisionCode.FILE_REPLACED, owed, warning)
        beside = tuple(self._beside(path))
        if follow_up.action is FileAction.DELETE:
            for suffix in (*beside, ""):
                self._session.remove(f"{path}{suffix}")
            return _well(DecisionCode.FILE_DELETED, owed)
        target = owed.target
        if target is not None and _is_copy(self._session.stat(target), found):
            self._session.remove(path)  # it was copied, and not removed any more
        else:
            target = self._moved(owed, follow_up, beside)
        return _well(DecisionCode.FILE_MOVED, owed, to=target)

    def _gone(self, owed: OwedFile, follow_up: FollowUp) -> Told | None:
        """Tell of a file that is not there any more: done before, or somebody else took it."""
        if follow_up.action is FileAction.DELETE:
            return _well(DecisionCode.FILE_DELETED, owed)
        if owed.target is not None and self._session.stat(owed.target) is not None:
            return _well(DecisionCode.FILE_MOVED, owed, to=owed.target)
        warning = f"{owed.file.path} was not there any more when the run had ended"
        return _told(DecisionCode.FILE_GONE, owed, warning)

    def _moved(self, owed: OwedFile, follow_up: FollowUp, beside: Sequence[str]) -> str:
        """Move a file and what stands beside it to the first name that is free; return that.

        The file comes last: without its marker it is not taken by anybody meanwhile.
        """
        path = owed.file.path
        for number in count(1):
            target = self._naming.target(follow_up, path, number)
            if number > MOST_NAMES:
                msg = f"there are {MOST_NAMES} files named like {target!r}; clear the folder up"
                raise SourceRefusedError(msg)
            if any(self._session.stat(f"{target}{suffix}") for suffix in (*beside, "")):
                continue
            if not self._store.reserve(owed, self._source.integration_id, target):
                continue
            for suffix in beside:
                self._session.move(f"{path}{suffix}", f"{target}{suffix}")
            if self._session.move(path, target):
                break
        return target

    def _beside(self, path: str) -> Iterator[str]:
        """Yield the endings of what only stands beside a file: its marker, its checksums."""
        marker = self._source.marker
        for suffix in (*([] if marker is None else [marker]), *CHECKSUMS):
            if self._session.stat(f"{path}{suffix}") is not None:
                yield suffix


def _is_copy(there: RemoteFile | None, file: RemoteFile) -> bool:
    """Tell whether a file has the content of another one, as far as that can be seen."""
    if there is None or there.size != file.size:
        return False
    if file.etag is not None:
        return there.etag == file.etag
    return there.modified_at == file.modified_at


def _fail(store: FollowUpStore, owed: OwedFile, error: ImportmgrError, *, told: bool) -> None:
    """Let it be tried again later, or give up; say so the first time and the last."""
    failures = owed.failures + 1
    pause = pause_after(failures)
    end = "importmgr gives up" if pause is None else "it is tried again"
    facts = {"error": str(error), "reason": error.code, "again": pause is not None}
    said: Told | None = None
    if told and (failures == 1 or pause is None):
        warning = f"{owed.file.path} was not moved or deleted ({error}); {end}"
        said = _told(DecisionCode.FILE_LEFT, owed, warning, **facts)
    log.info("follow-up failed", run_id=owed.run_id, file=owed.file.path, error=str(error))
    if pause is None:
        store.settle(owed, said)
    else:
        store.postpone(owed, pause, said)


def _well(code: DecisionCode, owed: OwedFile, **facts: object) -> Told | None:
    """Say what was done, of so many files of a run."""
    log.info("followed up", run_id=owed.run_id, file=owed.file.path, outcome=code.value)
    return _told(code, owed, None, **facts) if owed.number < MOST_TOLD else None


def _told(code: DecisionCode, owed: OwedFile, warning: str | None, **facts: object) -> Told:
    known: Facts = {"path": owed.file.path, "run_id": owed.run_id, **facts}
    return Told(decision=Decision(code=code, facts=known), warning=warning)
