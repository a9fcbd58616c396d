"""Runs: asked for, looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from definitions.audit import AuditAction, Change, without_query
from definitions.batches import Tally
from definitions.errors import (
    NotFoundError,
    PermanentError,
    RequestError,
    SourceRefusedError,
    TemporaryError,
)
from definitions.faults import Fault
from definitions.file_tallies import tallies_of
from definitions.lifecycle import Cause
from definitions.policy import Policy
from definitions.running import priority_of
from importmgr.services.definitions import Definitions
from importmgr.services.paging import Page
from importmgr.services.sources import Sources
from importmgr.store import Stores
from importmgr.store.attempts import StoredAttempt
from importmgr.store.definitions import StoredDefinition
from importmgr.store.projects import Project
from importmgr.store.run_lists import RunFilter
from importmgr.store.runs import NewRun, Run
from importmgr.store.transactions import Also
from importmgr.world import World
from sources.base import Source

FAULTS_SHOWN = 100
ALL = RunFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRun:
    """How to start one run: from where, how soon, and whether to look at the source first.

    Without a priority it has that of its definition.
    """

    location: str | None = None
    priority: int | None = None
    test_connection: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """A run, its first faults, how the rows of each file that it opened ended, and its attempts.

    Only a run that is looked at by itself is shown with its attempts.
    """

    run: Run
    faults: tuple[Fault, ...] = ()
    files: Mapping[str, Tally] = field(default_factory=dict)
    attempts: tuple[StoredAttempt, ...] = ()


class Runs:
    """The use cases around runs of one definition."""

    def __init__(
        self,
        stores: Stores,
        *,
        definitions: Definitions,
        sources: Sources,
        policy: Policy,
        world: World,
    ) -> None:
        """Take the stores and what opens sources."""
        self._store = stores.runs
        self._files = stores.files
        self._audit = stores.audit
        self._definitions = definitions
        self._sources = sources
        self._policy = policy
        self._clock = world.clock
        self._identity = world.identity

    def start(
        self, project: Project, definition_id: str, origin: str, command: StartRun, cause: Cause
    ) -> str:
        """Queue one run and return its id, without waiting for it.

        An inactive definition starts too: an explicit call wins. Raise `RequestError` if the
        source cannot be had here or, when it was to be looked at, cannot be read; `LimitError` if
        too many runs wait or the source was asked too often to be looked at now.
        """
        stored = self._definitions.require(project, definition_id, origin)
        source = self._open(stored, command.location)
        if command.test_connection:
            _check(source)
        run = NewRun(
            id=self._identity.hex24(),
            definition_id=stored.id,
            project_id=project.id,
            cause=cause,
            location=command.location,
            now=self._clock.now(),
            priority=priority_of(stored.document) if command.priority is None else command.priority,
        )
        most = self._policy.max_waiting_runs
        return self._store.queue(None, run, max_waiting=most, also=self._recording(run)).id

    def check_source(
        self, project: Project, definition_id: str, origin: str, location: str | None
    ) -> None:
        """Return if the source can be read now, else raise `RequestError` that says why not.

        Raise `LimitError` if the source was asked too often to be looked at now.
        """
        stored = self._definitions.require(project, definition_id, origin)
        _check(self._open(stored, location))

    def list(
        self,
        project: Project,
        definition_id: str,
        origin: str,
        page: tuple[int, int],
        wanted: RunFilter = ALL,
    ) -> Page[RunReport]:
        """Return runs with their first faults, the newest first; `page` is limit and offset."""
        stored = self._definitions.require(project, definition_id, origin)
        return self._listed(replace(wanted, definition_id=stored.id), page)

    def everywhere(
        self, project: Project, origin: str, page: tuple[int, int], wanted: RunFilter = ALL
    ) -> Page[RunReport]:
        """Return the same of all definitions of a project."""
        return self._listed(replace(wanted, project_id=project.id, origin=origin), page)

    def _listed(self, wanted: RunFilter, page: tuple[int, int]) -> Page[RunReport]:
        found, total = self._store.list(wanted, *page)
        return Page(items=self._reports(found), total=total)

    def show(self, project: Project, definition_id: str, origin: str, run_id: str) -> RunReport:
        """Return one run with its first faults and its attempts, or raise `NotFoundError`."""
        report = self._reports([self.require(project, definition_id, origin, run_id)])[0]
        return replace(report, attempts=self._store.attempts(report.run.id))

    def require(self, project: Project, definition_id: str, origin: str, run_id: str) -> Run:
        """Return one run, or raise `NotFoundError`."""
        stored = self._definitions.require(project, definition_id, origin)
        run = self._store.get(stored.id, run_id)
        if run is None:
            msg = f"import {definition_id!r} has no run {run_id!r}"
            raise NotFoundError(msg)
        return run

    def _recording(self, run: NewRun) -> Also:
        """Return what writes down that somebody started a run."""
        location = None if run.location is None else without_query(run.location)
        after = {"import_id": run.definition_id, "cause": run.cause.value, "location": location}
        action = AuditAction.RUN_STARTED
        change = Change(action=action, project_id=run.project_id, what=run.id, after=after)
        return self._audit.recording(change)

    def _reports(self, runs: Sequence[Run]) -> tuple[RunReport, ...]:
        """Add to runs their first faults and counts per file, those of all in one query each."""
        faulty = [run.id for run in runs if run.fault_count or run.is_held_back]
        faults = self._store.faults_of(faulty, FAULTS_SHOWN) if faulty else {}
        several = [run.id for run in runs if len(run.files) > 1]
        finished = self._files.finished(several) if several else {}
        return tuple(
            RunReport(
                run=run,
                faults=tuple(faults.get(run.id, ())),
                files=tallies_of(
                    run.tally, [opened.file for opened in run.files], finished.get(run.id, {})
                ),
            )
            for run in runs
        )

    def _open(self, stored: StoredDefinition, location: str | None) -> Source:
        """Return the source, if it is to be had here."""
        try:
            return self._sources.open_to_check(stored, location)
        except SourceRefusedError as exc:
            raise _unreadable(exc) from exc


def _check(source: Source) -> None:
    """Turn what a source says of itself into an answer to the caller."""
    try:
        with closing(source):
            source.check()
    except (TemporaryError, PermanentError) as exc:
        raise _unreadable(exc) from exc


def _unreadable(error: Exception) -> RequestError:
    """Tell the caller what the source said."""
    return RequestError(f"the source cannot be read: {error}")
