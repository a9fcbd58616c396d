"""From a look at a source to runs: each new file that is ready is one run, whoever else looks.

Runs, what is remembered of their files, and what there is to tell are written in one transaction
that holds the definition, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from definitions.decisions import Decision, DecisionCode, Facts
from definitions.errors import ImportmgrError
from definitions.lifecycle import Cause
from definitions.running import priority_of
from definitions.schema import to_definition
from definitions.watching import SightState, Tally, look_after, look_again, next_look
from importmgr.log import get_logger
from importmgr.services.look_course import LookCourse
from importmgr.services.storages import after_run
from importmgr.store import Stores
from importmgr.store.database import Database
from importmgr.store.definitions import Transaction
from importmgr.store.runs import NewRun
from importmgr.store.watches import Rest, Watched
from sources.base import RemoteFile
from sources.choosing import MOST_MISNAMED, PassedOver, version_of
from sources.watching import Judgement, Look, Ready, Sight, fresh, judge

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFileTerms:
    """How many runs of a definition may wait, and where ids come from."""

    most_waiting: int
    new_id: Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What a look at the source of one definition found."""

    course: LookCourse
    old: tuple[RemoteFile, ...]  # that runs loaded already, of which the watcher did not know
    judged: Judgement
    awaited: str | None  # how the files are named of which the first look found none
    gone: tuple[str, ...]  # that were passed over at earlier looks
    older: int  # than the last file, which alone is wanted
    tally: Tally
    regular_at: datetime  # when it is looked again
    soonest_at: datetime  # the same if files were not ready

    @property
    def watched(self) -> Watched:
        """Return the definition."""
        return self.course.watched


class NewFiles:
    """Takes new files, and writes down what became of looking for them."""

    def __init__(self, database: Database, stores: Stores, terms: NewFileTerms) -> None:
        """Take the stores."""
        self._database = database
        self._watches = stores.watches
        self._sights = stores.sights
        self._files = stores.files
        self._runs = stores.runs
        self._decisions = stores.decisions
        self._terms = terms

    def take(self, course: LookCourse, files: Sequence[RemoteFile], look: Look) -> None:
        """Queue a run for every one of the files that is new and ready, in their order.

        The claim is given back with the last folder of a definition, unless one went wrong.
        """
        watched, found = course.watched, self._find(course, files, look)
        judged = found.judged
        course.waiting += found.tally.waiting
        is_news = found.old or judged.ready or judged.sights or found.awaited or found.gone
        with self._database.writing() as transaction:
            if not (is_news or watched.failing_since):
                self._end(transaction, found, found.tally)
            elif self._watches.hold(transaction, watched):
                self._write(transaction, found)

    def fail(self, watched: Watched, error: ImportmgrError) -> None:
        """Note that a source cannot be looked at, and look less often; tell each reason once."""
        log.info("look failed", definition_id=watched.definition.id, error=str(error))
        with self._database.writing() as transaction:
            if not self._watches.hold(transaction, watched):
                return
            now = self._watches.now(transaction)
            failures = watched.failures + 1
            failed = _failed(error)
            if not self._is_known(transaction, watched, failed):
                self._decisions.add(transaction, [(watched.definition.id, failed)], now)
            rest = Rest(
                next_look_at=look_after(failures, now, self._watches.every),
                looked_at=now,
                failures=failures,
                failing_since=watched.failing_since or now,
                held_back=watched.held_back,
            )
            self._watches.rest(transaction, watched, rest)

    def _is_known(self, transaction: Transaction, watched: Watched, failed: Decision) -> bool:
        """Tell whether it was told already that looking fails, for the same reason."""
        if watched.failing_since is None:
            return False
        last = self._decisions.last(transaction, watched.definition.id, failed.code)
        return last is not None and _reason(last) == _reason(failed.facts)

    def _find(self, course: LookCourse, files: Sequence[RemoteFile], look: Look) -> _Found:
        watched, definition_id = course.watched, course.watched.definition.id
        paths = [*(file.path for file in files), *look.misnamed]
        sights = self._sights.of(definition_id, paths)
        found = fresh(files, sights)
        known = self._files.known(definition_id) if found else frozenset()
        new = [pair for pair in found if version_of(pair[0]) not in known]
        misnamed = [path for path in look.misnamed if path not in sights][:MOST_MISNAMED]
        told = self._sights.passed_over(definition_id) if watched.passed_over else set()
        passed = tuple(each for each in look.passed_over if each.path not in told)
        judged = judge(new, replace(look, misnamed=tuple(misnamed), passed_over=passed))
        regular = next_look(watched.place, look.now, self._watches.every)
        soonest = look_again(regular, look.now, look.stable_for)
        return _Found(
            course=course,
            old=tuple(file for file, _ in found if version_of(file) in known),
            judged=judged,
            awaited=None if files or misnamed or not watched.is_first else look.pattern,
            gone=() if look.partial else _gone(told, look.passed_over),
            older=look.older,
            tally=Tally(
                at=look.now,
                matched=len(files) + look.older,
                older=look.older,
                waiting=len(new) - len(judged.ready),
                taken=0,
                passed_over=len(look.passed_over),
                changed=False,
            ),
            regular_at=regular,
            soonest_at=regular if look.marker else soonest,
        )

    def _write(self, transaction: Transaction, found: _Found) -> None:
        """Queue runs as far as there is room; the other files are as new at the next look."""
        watched, judged, now = found.watched, found.judged, self._watches.now(transaction)
        waiting = self._runs.waiting(transaction, watched.definition.id)
        room = max(self._terms.most_waiting - waiting, 0)
        taken = [(self._terms.new_id(), ready) for ready in judged.ready[:room]]
        self._queue(transaction, watched, taken, now)
        done = [_taken(file, now, None) for file in found.old]
        done += [_taken(ready.file, now, run_id) for run_id, ready in taken]
        self._sights.forget(transaction, watched.definition.id, found.gone)
        self._sights.note(transaction, watched.definition.id, (*done, *judged.sights))
        held_back = len(judged.ready) - len(taken)
        found.course.held_back += held_back
        facts = {"count": held_back, "waiting": waiting + len(taken)}
        full = Decision(code=DecisionCode.FILES_HELD_BACK, facts=facts)
        made = [*_told(found, taken), *([full] if held_back and not watched.held_back else [])]
        self._decisions.add(transaction, [(watched.definition.id, one) for one in made], now)
        changed = bool(made or done or judged.sights or found.gone)
        tally = replace(found.tally, taken=len(taken), changed=changed)
        self._end(transaction, found, tally)

    def _end(self, transaction: Transaction, found: _Found, tally: Tally) -> None:
        """Give the claim back, or keep it for the folders that are left."""
        course = found.course
        if not course.ends:
            self._watches.go_on(transaction, course.watched, tally)
            return
        rest = Rest(
            next_look_at=found.soonest_at if course.waiting else found.regular_at,
            looked_at=tally.at,
            covered_until=course.covered_until(tally.at),
            held_back=course.held_back,
            tally=tally,
        )
        self._watches.rest(transaction, course.watched, rest)

    def _queue(
        self,
        transaction: Transaction,
        watched: Watched,
        taken: Sequence[tuple[str, Ready]],
        now: datetime,
    ) -> None:
        """Queue a run for each file, which loads that one: it is planned already."""
        definition = watched.definition
        runs = [
            NewRun(
                id=run_id,
                definition_id=definition.id,
                project_id=definition.project_id,
                cause=Cause.NEW_FILE,
                location=None,
                now=now,
                priority=priority_of(definition.document),
            )
            for run_id, _ in taken
        ]
        self._runs.queue_scheduled(transaction, runs)
        after = after_run(to_definition(definition.document))
        for run_id, ready in taken:
            self._files.plan_one(transaction, run_id, definition.id, ready.file, after)
            log.info("file taken", definition_id=definition.id, run_id=run_id, file=ready.file.path)


def _gone(told: set[str], passed_over: Sequence[PassedOver]) -> tuple[str, ...]:
    """Return what was passed over at earlier looks, and is there no more."""
    return tuple(sorted(told.difference(each.path for each in passed_over)))


def _taken(file: RemoteFile, now: datetime, run_id: str | None) -> Sight:
    return Sight(file=file, since=now, state=SightState.TAKEN, run_id=run_id)


def _failed(error: ImportmgrError) -> Decision:
    trouble = getattr(error, "trouble", None)
    facts = {"error": str(error), "reason": error.code, "trouble": trouble and str(trouble)}
    return Decision(code=DecisionCode.LOOKING_FAILED, facts=facts)


def _reason(facts: Facts) -> tuple[object, object]:
    return facts.get("reason"), facts.get("trouble")


def _told(found: _Found, taken: Sequence[tuple[str, Ready]]) -> Iterator[Decision]:
    """Yield what there is to tell of the files that were looked at."""
    watched = found.watched
    if watched.failing_since is not None and found.course.ends:
        since = watched.failing_since.isoformat(sep=" ", timespec="seconds")
        facts: dict[str, object] = {"failures": watched.failures, "since": since}
        yield Decision(code=DecisionCode.LOOKING_WELL, facts=facts)
    if found.old:
        facts = {"count": len(found.old), "path": found.old[0].path}
        yield Decision(code=DecisionCode.FILE_IMPORTED_BEFORE, facts=facts)
    if found.awaited is not None:
        yield Decision(code=DecisionCode.FILE_AWAITED, facts={"pattern": found.awaited})
    yield from found.judged.decisions
    for run_id, ready in taken:
        facts = {"path": ready.file.path, "proof": ready.proof, "run_id": run_id}
        facts |= {"older": found.older} if found.older else {}
        yield Decision(code=DecisionCode.FILE_TAKEN, facts=facts)
