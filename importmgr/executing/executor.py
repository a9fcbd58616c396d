"""Claiming queued runs and seeing each one through to its end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Protocol

from definitions.brakes import BrakeAction
from definitions.errors import (
    BrakedError,
    DefectError,
    FormatError,
    ImportmgrError,
    LostLeaseError,
    MissingColumnError,
    NotFoundError,
    PermanentError,
    ReconcileError,
    SettingsError,
    ShutdownError,
    SourceRefusedError,
    StoreBusyError,
    TemporaryError,
)
from definitions.lifecycle import RunState, StopReason
from definitions.retry import RetryPolicy, retry_of
from definitions.running import stall_of
from importmgr.executing.bell import Bell
from importmgr.executing.braking import braked_of
from importmgr.executing.control import Control
from importmgr.executing.lacking import lack_behind
from importmgr.executing.lease import Lease, LeaseTerms
from importmgr.executing.progress import Progress
from importmgr.log import about, get_logger
from importmgr.metrics import Metrics
from importmgr.outage import Outage
from importmgr.store.runs import Claim, Ending, RunStore
from importmgr.world import World

log = get_logger(__name__)


class Attempt(Protocol):
    """Works off one claimed run; returns when every row is accounted for, raises when it cannot."""

    def __call__(self, claim: Claim, control: Control) -> None:
        """Load what is left of the run."""

    def fetched(self, run_id: str) -> int:
        """Return how many bytes were fetched for a run so far."""

    def forget(self, run_id: str) -> None:
        """Clean up after a run that will not be tried again."""

    def follow_up(self, run_id: str, go_on: Callable[[], bool]) -> None:
        """Do what is owed to the files of a run if it has ended; stop when `go_on` says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutorTerms:
    """How an executor behaves: its name, what wakes it, its pace, its patience."""

    owner: str
    bell: Bell
    poll: timedelta
    lease: LeaseTerms
    retry: RetryPolicy
    stall: timedelta  # after which a run that gets no further is stopped


class Executor:
    """Works off queued runs, one at a time, until told to stop."""

    def __init__(
        self,
        runs: RunStore,
        attempt: Attempt,
        *,
        terms: ExecutorTerms,
        world: World,
        metrics: Metrics,
    ) -> None:
        """Take the store of runs, what does the work, and where committed rows are counted."""
        self._runs = runs
        self._attempt = attempt
        self._terms = terms
        self.bell = terms.bell
        self._metrics = metrics
        self._clock = world.clock
        self._identity = world.identity

    def work(self, stop: threading.Event) -> None:
        """Claim and work off runs until `stop` is set; whatever goes wrong is waited out."""
        outage = Outage("executor", pause=self._terms.poll, clock=self._clock)
        while not stop.is_set():
            pause = self._work_once(stop, outage)
            if pause:
                self.bell.wait(pause, stop)

    def _work_once(self, stop: threading.Event, outage: Outage) -> timedelta:
        """Work off a run if there is one; return how long to wait before the next.

        What breaks outside of an attempt (no memory, no thread) may not cost the worker: the lease
        of a run that it held runs out.
        """
        try:
            claim = self._runs.claim(self._terms.owner, self._terms.lease.duration)
            outage.passed()
            if claim is not None:
                self.bell.ring()  # there may be more
                with about(**_names(claim)):
                    self._see_through(claim, stop)
        except ImportmgrError as exc:
            return outage.failed(exc)
        except BaseException:
            log.exception("executor stumbled")
            return self._terms.poll
        return self._terms.poll if claim is None else timedelta(0)

    def _see_through(self, claim: Claim, stop: threading.Event) -> None:
        """Work off one claim and write down how it ended, while its lease is held."""
        lease = Lease(
            claim.run.id,
            claim.run.token,
            runs=self._runs,
            terms=self._terms.lease,
            clock=self._clock,
        )
        with lease:
            control = Control(
                lease=lease,
                stop=stop,
                progress=self._progress(claim),
                committed=self._metrics.rows_committed,
            )
            error = self._try(claim, control)
            try:
                self._conclude_in_the_end(claim, error, control)
            except LostLeaseError:
                log.warning("run lost", **_names(claim))
            except ImportmgrError as exc:  # the lease runs out, another attempt concludes
                log.warning("conclusion failed", **_names(claim), error=str(exc))
        self._attempt.follow_up(claim.run.id, lambda: not stop.is_set())

    def _progress(self, claim: Claim) -> Progress:
        """Return what watches that a run gets further."""
        limit = stall_of(claim.definition.document, self._terms.stall)
        fetched = partial(self._attempt.fetched, claim.run.id)
        return Progress(limit, fetched=fetched, clock=self._clock)

    def _conclude_in_the_end(
        self, claim: Claim, error: BaseException | None, control: Control
    ) -> None:
        """Write down how an attempt ended as soon as the database lets us, if it is still ours."""
        outage = Outage("conclusion", pause=self._terms.poll, clock=self._clock)
        while True:
            try:
                self._conclude(claim, error)
            except StoreBusyError as exc:
                pause = outage.failed(exc)
                if control.stop.wait(pause.total_seconds()):
                    raise
                control.lease.check()
            else:
                outage.passed()
                return

    def _try(self, claim: Claim, control: Control) -> BaseException | None:
        """Make the attempt; return the error that ended it.

        A defect may not cost the worker, nor may a panic of the column engine, which is no
        `Exception`. Where the machine was out of something, that is the error. What breaks a run
        that is not ours any more is none: whoever has it, or ended it, may have removed its files.
        """
        log.info("attempt started", **_names(claim))
        try:
            self._attempt(claim, control)
        except ImportmgrError as exc:
            return lack_behind(exc) or exc
        except BaseException as exc:
            if not control.lease.is_held():
                return LostLeaseError(f"run {claim.run.id!r} was lost ({type(exc).__name__})")
            log.exception("attempt broke", **_names(claim))
            return lack_behind(exc) or exc
        return None

    def _conclude(self, claim: Claim, error: BaseException | None) -> None:
        """Finish the run, or hand it back for another attempt."""
        match error:
            case None:
                self._finish(claim, Ending(state=RunState.COMPLETED, reason=StopReason.DONE))
            case LostLeaseError():
                log.warning("run lost", **_names(claim))
            case ShutdownError():
                self._runs.release(claim.run.id, claim.run.token)
                log.info("run released", **_names(claim))
            case BrakedError():
                self._brake(claim, error)
            case TemporaryError():
                self._retry_or_fail(claim, error)
            case ImportmgrError():
                self._finish(claim, _failure(error))
            case _:
                self._finish(claim, _defect(error))

    def _brake(self, claim: Claim, error: BrakedError) -> None:
        """Let the run wait for a person, with all that was fetched, or fail it."""
        braking, braked = error.braking, braked_of(error.braking)
        if braking.action is BrakeAction.PAUSE:
            self._runs.brake(claim.run.id, claim.run.token, braked)
            log.warning("run braked", **_names(claim), brake=braked.brake, why=braked.text)
        else:
            ending = replace(_failure(error), reason=StopReason.THRESHOLD, braked=braked)
            self._finish(claim, ending)

    def _retry_or_fail(self, claim: Claim, error: TemporaryError) -> None:
        """Hand the run back with a delay; fail it when that got it no further too often."""
        failures = self._runs.count_failure(claim.run.id, claim.run.token)
        policy = retry_of(claim.definition.document, self._terms.retry)
        delay = policy.delay_after(failures, error, self._identity.fraction())
        if delay is None:
            self._finish(claim, _failure(error, failures=failures))
            return
        self._runs.requeue(claim.run.id, claim.run.token, delay, error=error)
        if error.retry_after is not None:
            self._metrics.source_paused(error, delay)
        log.warning("attempt failed", **_names(claim), error=str(error), again_in=delay)

    def _finish(self, claim: Claim, ending: Ending) -> None:
        """Write down the end of a run."""
        self._runs.finish(claim.run.id, claim.run.token, ending, self._clock.now())
        self._attempt.forget(claim.run.id)
        log.info("run ended", **_names(claim), state=ending.state, error=ending.error)


def _failure(error: ImportmgrError, *, failures: int = 1) -> Ending:
    """Tell a person what stopped the run."""
    text = str(error) if failures == 1 else f"{error} (gave up after {failures} failures in a row)"
    return Ending(
        state=RunState.FAILED, reason=_stop_reason(error), error=text, reason_code=error.code
    )


def _defect(error: BaseException) -> Ending:
    """Tell a person that the product broke, without its inside."""
    told = DefectError.of(error)
    return Ending(
        state=RunState.FAILED, reason=StopReason.INTERNAL, error=str(told), reason_code=told.code
    )


def _stop_reason(error: ImportmgrError) -> StopReason:
    """Name the kind of failure."""
    match error:
        case FormatError() | MissingColumnError():
            return StopReason.FORMAT_ERROR
        case ReconcileError():
            return StopReason.RECONCILE
        case SettingsError():
            return StopReason.INTERNAL
        case SourceRefusedError():
            return StopReason.SOURCE_ERROR
        case StoreBusyError() | NotFoundError() | PermanentError():
            return StopReason.DESTINATION_ERROR
        case _:
            return StopReason.SOURCE_ERROR


def _names(claim: Claim) -> dict[str, object]:
    """Name the run in every log line about it."""
    run = claim.run
    return {"run_id": run.id, "definition_id": run.definition_id, "attempt": run.attempt}
