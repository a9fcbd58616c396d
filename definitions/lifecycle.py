"""The states of a run, why it stopped, and which moves are allowed."""

from __future__ import annotations

from collections.abc import Mapping
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
    PAUSED = "paused"
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


_S = RunState

MOVES: Mapping[RunState, frozenset[RunState]] = MappingProxyType(
    {
        _S.RECEIVED: frozenset({_S.AWAITING_MAPPING, _S.FAILED, _S.CANCELLED}),
        _S.AWAITING_MAPPING: frozenset({_S.AWAITING_RESOLUTION, _S.FAILED, _S.CANCELLED}),
        _S.AWAITING_RESOLUTION: frozenset(
            {_S.AWAITING_MAPPING, _S.QUEUED, _S.FAILED, _S.CANCELLED}
        ),
        _S.QUEUED: frozenset({_S.STARTING, _S.CANCELLED}),
        _S.STARTING: frozenset({_S.RUNNING, _S.QUEUED, _S.COMPLETED, _S.FAILED, _S.CANCELLED}),
        _S.RUNNING: frozenset({_S.PAUSED, _S.QUEUED, _S.COMPLETED, _S.FAILED, _S.CANCELLED}),
        _S.PAUSED: frozenset({_S.RUNNING, _S.QUEUED, _S.FAILED, _S.CANCELLED}),
        _S.COMPLETED: frozenset(),
        _S.FAILED: frozenset(),
        _S.CANCELLED: frozenset(),
    }
)

TERMINAL = frozenset(state for state, targets in MOVES.items() if not targets)
HELD = frozenset({_S.STARTING, _S.RUNNING, _S.PAUSED})  # states in which an executor holds a lease


def check_move(old: RunState, new: RunState) -> None:
    """Raise `ConflictError` unless a run may go from `old` to `new`."""
    if new not in MOVES[old]:
        msg = f"a {old} run cannot become {new}"
        raise ConflictError(msg)


def states_before(new: RunState) -> frozenset[RunState]:
    """Return every state from which a run may become `new`: the guard of the move's UPDATE."""
    return frozenset(old for old, targets in MOVES.items() if new in targets)
