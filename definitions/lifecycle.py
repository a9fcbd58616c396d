"""The states of a run, why it stopped, and which moves are allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from definitions.errors import ConflictError


class RunState(StrEnum):
    """Where a run stands. The first three serve staged uploads only."""

    RECEIVED = "received"  # bytes are stored, not inspected
    AWAITING_MAPPING = "awaiting_mapping"
    AWAITING_RESOLUTION = "awaiting_resolution"
    QUEUED = "queued"  # waits for an executor, or for the run before it
    STARTING = "starting"  # claimed: listing and fetching
    RUNNING = "running"  # batches are being committed
    PAUSED = "paused"  # nobody works on it until somebody says so; its place in the queue stays
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StopReason(StrEnum):
    """Why a run reached its last state."""

    DONE = "done"
    SOURCE_ERROR = "source_error"
    FORMAT_ERROR = "format_error"
    DESTINATION_ERROR = "destination_error"
    THRESHOLD = "threshold"
    RECONCILE = "reconcile"
    USER = "user"
    SUPERSEDED = "superseded"
    DEFINITION_DELETED = "definition_deleted"
    CRASH = "crash"
    INTERNAL = "internal"


class Cause(StrEnum):
    """What asked for a run."""

    CREATE = "create"
    MANUAL = "manual"
    SCHEDULE = "schedule"
    NEW_FILE = "new_file"
    RERUN = "rerun"
    DRY_RUN = "dry_run"  # of a copy of its definition; nothing is written
    REPAIR = "repair"  # rows that a run rejected, corrected


class Outcome(StrEnum):
    """How an attempt at a run ended."""

    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PAUSED = "paused"
    BRAKED = "braked"
    AGAIN = "again"  # for a reason that may pass; there is another one
    RELEASED = "released"  # its service stopped
    LOST = "lost"  # its executor gave no sign of life any more


class RunCommand(StrEnum):
    """What somebody may tell a run to do."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    RETRY = "retry"
    CONTINUE = "continue"


_S = RunState

MOVES: Mapping[RunState, frozenset[RunState]] = MappingProxyType(
    {
        _S.RECEIVED: frozenset({_S.AWAITING_MAPPING, _S.FAILED, _S.CANCELLED}),
        _S.AWAITING_MAPPING: frozenset({_S.AWAITING_RESOLUTION, _S.FAILED, _S.CANCELLED}),
        _S.AWAITING_RESOLUTION: frozenset(
            {_S.AWAITING_MAPPING, _S.QUEUED, _S.FAILED, _S.CANCELLED}
        ),
        _S.QUEUED: frozenset({_S.STARTING, _S.PAUSED, _S.CANCELLED}),
        _S.STARTING: frozenset(
            {_S.RUNNING, _S.PAUSED, _S.QUEUED, _S.COMPLETED, _S.FAILED, _S.CANCELLED}
        ),
        _S.RUNNING: frozenset({_S.PAUSED, _S.QUEUED, _S.COMPLETED, _S.FAILED, _S.CANCELLED}),
        _S.PAUSED: frozenset({_S.QUEUED, _S.CANCELLED}),
        _S.COMPLETED: frozenset(),
        _S.FAILED: frozenset({_S.QUEUED}),  # when somebody asks for it
        _S.CANCELLED: frozenset({_S.QUEUED}),
    }
)

TERMINAL = frozenset({_S.COMPLETED, _S.FAILED, _S.CANCELLED})
STAGED = frozenset({_S.RECEIVED, _S.AWAITING_MAPPING, _S.AWAITING_RESOLUTION})
HELD = frozenset({_S.STARTING, _S.RUNNING})  # states in which an executor holds a lease
WAITING = frozenset({_S.QUEUED, _S.PAUSED})  # states in which a run has a place in the queue


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a command does: the states it is fit for, the one after it, and how that is called."""

    before: frozenset[RunState]
    after: RunState
    done: str


COMMANDS: Mapping[RunCommand, Step] = MappingProxyType(
    {
        RunCommand.PAUSE: Step(before=HELD | {_S.QUEUED}, after=_S.PAUSED, done="paused"),
        RunCommand.RESUME: Step(before=frozenset({_S.PAUSED}), after=_S.QUEUED, done="resumed"),
        RunCommand.CANCEL: Step(
            before=frozenset(MOVES) - TERMINAL, after=_S.CANCELLED, done="cancelled"
        ),
        RunCommand.CONTINUE: Step(before=frozenset({_S.PAUSED}), after=_S.QUEUED, done="continued"),
        RunCommand.RETRY: Step(
            before=frozenset({_S.FAILED, _S.CANCELLED}), after=_S.QUEUED, done="retried"
        ),
    }
)


def check_move(old: RunState, new: RunState) -> None:
    """Raise `ConflictError` unless a run may go from `old` to `new`."""
    if new not in MOVES[old]:
        msg = f"a {old} run cannot become {new}"
        raise ConflictError(msg)


def states_before(new: RunState) -> frozenset[RunState]:
    """Return every state from which a run may become `new`: the guard of the move's UPDATE."""
    return frozenset(old for old, targets in MOVES.items() if new in targets)


def refusal(run_id: str, state: RunState, command: RunCommand) -> ConflictError:
    """Return why a run cannot be told that now, and which runs can."""
    step = COMMANDS[command]
    fit = [each.value for each in RunState if each in step.before and each not in STAGED]
    words = " or ".join([", ".join(fit[:-1]), fit[-1]] if fit[1:] else fit)
    return ConflictError(f"run {run_id!r} is {state}; only a {words} one can be {step.done}")
