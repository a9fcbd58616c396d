"""What the service decided by itself about a definition, and how that is told to people.

A decision has a stable code and the facts it was made from, as JSON; its sentence is made from
these two alone, so that old decisions can be read for as long as they are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

Facts: TypeAlias = Mapping[str, Any]


class DecisionCode(StrEnum):
    """The stable names of decisions."""

    FIRED = "fired"  # a run was queued
    FIRED_LATE = "fired_late"  # a run was queued for an instant that had been missed
    QUEUED_BEHIND = "queued_behind"  # a run was queued behind one that has not ended
    CANCELLED_RUNNING = "cancelled_running"  # a run was queued in place of one that was cancelled
    SKIPPED_OVERLAP = "skipped_overlap"  # no run, as one had not ended
    SUPERSEDED = "superseded"  # no run, as a later instant was due as well
    QUEUE_FULL = "queue_full"  # no run, as too many waited
    MISSED = "missed"  # no run, as nobody was there at the instant
    SCHEDULE_ENDED = "schedule_ended"  # there is no further instant
    SCHEDULE_UNREADABLE = "schedule_unreadable"  # its next instant cannot be computed here
    RECOMPUTED = "recomputed"  # rule or time zone changed, and with them the next instant
    ACTIVATED = "activated"
    DEACTIVATED = "deactivated"
    FILE_AWAITED = "file_awaited"  # the first look found none
    FILE_SEEN = "file_seen"  # new; taken when it looks the same once more
    FILE_CHANGING = "file_changing"  # it is being written
    FILE_UNMARKED = "file_unmarked"  # new; taken when its marker is there
    FILE_MISNAMED = "file_misnamed"  # its name is not UTF-8, so that no path can name it
    FILE_TAKEN = "file_taken"  # a run was queued for it
    FILE_IMPORTED_BEFORE = "file_imported_before"  # a run had loaded it already
    FILE_SAME_CONTENT = "file_same_content"  # a run left it out: its bytes had been imported
    FILE_REPEATED = "file_repeated"  # a run imported it all the same
    FILE_IN_FLIGHT = "file_in_flight"  # a run left it for a later one, as it was being written
    FILE_WITHOUT_MARKER = "file_without_marker"  # a run left it for a later one
    FILES_CHOSEN = "files_chosen"  # which ones a run takes, and how many it leaves for what
    NO_FILE = "no_file"  # a run found none
    FILE_REFETCHED = "file_refetched"  # it changed while a run fetched it
    FILE_LEAVING = "file_leaving"  # a run left it out, as it is about to be moved away
    FILE_MOVED = "file_moved"  # after its run
    FILE_DELETED = "file_deleted"  # after its run
    FILE_REPLACED = "file_replaced"  # since its run took it; it was left alone
    FILE_GONE = "file_gone"  # it was not there any more after its run
    FILE_LEFT = "file_left"  # it could not be moved or deleted
    BRAKE_WARNED = "brake_warned"  # a run went on
    BRAKE_PAUSED = "brake_paused"  # a run waits for a person
    BRAKE_FAILED = "brake_failed"  # a run failed
    BRAKE_PASSED = "brake_passed"  # a person let a run go on
    FILES_HELD_BACK = "files_held_back"  # ready, but too many runs wait
    LOOKING_FAILED = "looking_failed"  # the source cannot be looked at; said once for each reason
    LOOKING_WELL = "looking_well"  # it can again
    RUN_FAILED = "run_failed"  # and was given up
    ROWS_REJECTED = "rows_rejected"  # a run completed without them
    ROWS_REPAIRED = "rows_repaired"  # that a run had rejected
    FRESHNESS_BROKEN = "freshness_broken"  # there was no good run in time; said once
    FRESHNESS_RESTORED = "freshness_restored"  # there was one again
    PING_FAILED = "ping_failed"  # its address did not hear of a good run; said first and last


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision: its code and the facts it was made from, of JSON values."""

    code: DecisionCode
    facts: Facts


def sentence(code: str, facts: Facts) -> str:
    """Return a decision as people read it; one whose code is not known here by its facts."""
    write = _SENTENCES.get(code)
    if write is not None:
        return write(facts)
    return ", ".join([code, *(f"{name} {value}" for name, value in sorted(facts.items()))])


def _instant(outcome: str) -> Callable[[Facts], str]:
    """Return what writes about one instant: the time asked for, then what became of it."""
    return lambda facts: f"{_asked(facts)} {outcome.format_map(_Told(facts))}"


def _asked(facts: Facts) -> str:
    """Return the local time that was asked for, and what is special about it."""
    when = f"{facts['asked']} {facts['timezone']}"
    match facts.get("note"):
        case "gap":
            return f"{when} does not exist;"
        case "repeat":
            return f"{when} happens twice, of which the first counts;"
        case "month_end":
            return f"{when} is the last day of a month that lacks the day asked for;"
        case _:
            return f"{when}:"


class _Told(dict[str, Any]):
    """Facts, and what can be said of them: an instant is never told as if on time when it was not.

    `when` is the local time, or how late it was by then; `late` is the latter or nothing.
    """

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        clock, seconds = datetime.fromisoformat(facts["local"]).strftime("%H:%M"), ""
        if facts.get("late_seconds") is not None:
            seconds = f"{facts['late_seconds']} s late (no service was there at {clock})"
        delay = f", {facts['delay_seconds']} s late" if facts.get("delay_seconds") else ""
        self["when"] = seconds or f"at {clock}{delay}"
        self["late"] = f" {seconds}" if seconds else ""


def _missed(facts: Facts) -> str:
    if facts["count"] == 1:
        return f"{_asked(facts)} missed, as no service was there; {_POLICIES[facts['policy']]}"
    return (
        f"{facts['count']} instants from {facts['scheduled_for']} to {facts['last']} missed, as no "
        f"service was there; {_POLICIES[facts['policy']]}"
    )


def _imported_before(facts: Facts) -> str:
    if facts["count"] == 1:
        return f"file {facts['path']}: imported before"
    return f"{facts['count']} files, the first {facts['path']}: imported before"


def _same_content(facts: Facts) -> str:
    known = f"{facts['known_as']} imported in run {facts['known_run_id']}"
    return f"file {facts['path']}: same content as {known}"


def _taken(facts: Facts) -> str:
    return f"file {facts['path']}: {_PROOFS[facts['proof']]}, taken by run {facts['run_id']}"


def _chosen(facts: Facts) -> str:
    """Return what a run takes and leaves: `paths` are the first ones of those `taken`."""
    paths, taken = ", ".join(facts["paths"]), facts["taken"]
    more = taken - len(facts["paths"])
    takes = f"takes {paths}" + (f" and {more} more" if more else "") if taken else "takes no file"
    left = [
        f"{facts[name]} {why}"
        for name, why in (("imported", "imported before"), ("older", "older than the last"))
        if facts[name]
    ]
    return f"run {facts['run_id']} {takes}" + (f"; left out: {', '.join(left)}" if left else "")


def _ping_failed(facts: Facts) -> str:
    if facts["again_seconds"] is None:
        tries = facts["attempt"]
        return f"ping given up after {tries} tries: {facts['error']}; the next good run pings again"
    return f"ping not heard: {facts['error']}; tried again in {facts['again_seconds']} s"


def _repaired(facts: Facts) -> str:
    left, loaded = facts["rejected"], facts["loaded"]
    are = "is" if left == 1 else "are"
    still = (
        f"{left} of its rows {are} rejected still" if left else "none of its rows is rejected now"
    )
    done = f"run {facts['run_id']} loaded {loaded} corrected {'row' if loaded == 1 else 'rows'}"
    return f"{done} of run {facts['of_run_id']}: {still}"


_PROOFS = MappingProxyType(
    {
        "looks": "2 of 2 stable looks",
        "age": "not changed for long enough",
        "marker": "its marker is there",
        "version": "new",
    }
)
_POLICIES = MappingProxyType(
    {
        "latest": "one run makes up for all that are missed",
        "skip": "the definition does not make up for them",
    }
)
_C = DecisionCode
_SENTENCES: Mapping[str, Callable[[Facts], str]] = MappingProxyType(
    {
        _C.FIRED: _instant("ran {when}"),
        _C.FIRED_LATE: _instant("ran {when}"),
        _C.QUEUED_BEHIND: _instant("{when} queued behind run {behind}, which has not ended"),
        _C.CANCELLED_RUNNING: _instant("ran {when} in place of run {behind}, now cancelled"),
        _C.SKIPPED_OVERLAP: _instant("left out {when}, as run {behind} has not ended"),
        _C.SUPERSEDED: _instant("left out{late}, as a later one is due as well"),
        _C.QUEUE_FULL: _instant("left out {when}, as {waiting} runs wait already"),
        _C.MISSED: _missed,
        _C.SCHEDULE_ENDED: lambda _: "the schedule has ended: there is no further instant",
        _C.SCHEDULE_UNREADABLE: lambda facts: (
            f"the schedule cannot be computed here, and does not fire: {facts['error']}"
        ),
        _C.RECOMPUTED: lambda facts: (
            f"the rules of time zone {facts['timezone']} changed: fires at "
            f"{facts['next'] or 'no further instant'} instead of {facts['before']}"
        ),
        _C.ACTIVATED: lambda facts: (
            f"activated; fires next at {facts['next']}" if facts["next"] else "activated"
        ),
        _C.DEACTIVATED: lambda _: "deactivated; it does not fire any more",
        _C.FILE_AWAITED: lambda facts: (
            f"no file is named like {facts['pattern']} yet; it is looked for again and again"
        ),
        _C.FILE_SEEN: lambda facts: f"file {facts['path']}: seen, 1 of 2 stable looks",
        _C.FILE_CHANGING: lambda facts: (
            f"file {facts['path']}: still being written, 1 of 2 stable looks"
        ),
        _C.FILE_UNMARKED: lambda facts: (
            f"file {facts['path']}: seen, waits for {facts['path']}{facts['marker']}"
        ),
        _C.FILE_MISNAMED: lambda facts: (
            f"file {facts['path']}: left out, as its name is not UTF-8; rename it"
        ),
        _C.FILE_TAKEN: _taken,
        _C.FILE_IMPORTED_BEFORE: _imported_before,
        _C.FILE_SAME_CONTENT: lambda facts: f"{_same_content(facts)}; left out",
        _C.FILE_REPEATED: lambda facts: f"{_same_content(facts)}; imported all the same",
        _C.FILE_IN_FLIGHT: lambda facts: (
            f"file {facts['path']}: still being written, left out by run {facts['run_id']}"
        ),
        _C.FILE_WITHOUT_MARKER: lambda facts: (
            f"file {facts['path']}: no {facts['marker']} beside it, left out by run "
            f"{facts['run_id']}"
        ),
        _C.FILES_CHOSEN: _chosen,
        _C.NO_FILE: lambda facts: (
            f"run {facts['run_id']} found no file that is named like {facts['pattern']}"
        ),
        _C.FILE_REFETCHED: lambda facts: (
            f"file {facts['path']}: changed while run {facts['run_id']} fetched it, fetched afresh"
        ),
        _C.FILE_LEAVING: lambda facts: (
            f"file {facts['path']}: about to be moved away, left out by run {facts['run_id']}"
        ),
        _C.FILE_MOVED: lambda facts: (
            f"file {facts['path']}: moved to {facts['to']} after run {facts['run_id']}"
        ),
        _C.FILE_DELETED: lambda facts: f"file {facts['path']}: deleted after run {facts['run_id']}",
        _C.FILE_REPLACED: lambda facts: (
            f"file {facts['path']}: replaced since run {facts['run_id']} took it, left alone"
        ),
        _C.FILE_GONE: lambda facts: (
            f"file {facts['path']}: not there any more after run {facts['run_id']}"
        ),
        _C.FILE_LEFT: lambda facts: (
            f"file {facts['path']}: not moved or deleted after run {facts['run_id']} "
            f"({facts['error']}); {'tried again later' if facts['again'] else 'given up'}"
        ),
        _C.BRAKE_WARNED: lambda facts: (
            f"run {facts['run_id']} went on all the same: {facts['why']}"
        ),
        _C.BRAKE_PAUSED: lambda facts: (
            f"run {facts['run_id']} paused until it is continued or cancelled: {facts['why']}"
        ),
        _C.BRAKE_FAILED: lambda facts: f"run {facts['run_id']} failed: {facts['why']}",
        _C.BRAKE_PASSED: lambda facts: (
            f"run {facts['run_id']} continued by {facts['by']}, although {facts['why']}"
        ),
        _C.FILES_HELD_BACK: lambda facts: (
            f"new files are held back ({facts['count']}), as {facts['waiting']} runs wait already"
        ),
        _C.LOOKING_FAILED: lambda facts: f"new files cannot be looked for: {facts['error']}",
        _C.LOOKING_WELL: lambda facts: (
            f"new files are looked for again, after {facts['failures']} failures since "
            f"{facts['since']}"
        ),
        _C.RUN_FAILED: lambda facts: f"run {facts['run_id']} failed: {facts['why']}",
        _C.ROWS_REJECTED: lambda facts: (
            f"run {facts['run_id']} completed, but {facts['rejected']} of {facts['read']} rows are "
            "rejected: its faults say why"
        ),
        _C.ROWS_REPAIRED: _repaired,
        _C.FRESHNESS_BROKEN: lambda facts: (
            f"not fresh: no run with at least {facts['min_rows']} good rows in "
            f"{facts['every_seconds']} s, the last one: {facts['last_good'] or 'none yet'}"
        ),
        _C.FRESHNESS_RESTORED: lambda facts: (
            f"fresh again, after it was not since {facts['since']}"
        ),
        _C.PING_FAILED: _ping_failed,
    }
)
