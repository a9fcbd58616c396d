"""How decisions are told to people.

A sentence is made from the code of a decision and its facts alone, so that old decisions can be
read for as long as they are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from definitions import passing_over
from definitions.decisions import DecisionCode, Facts
from definitions.look_sentences import looked, moment, times


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

    `when` is the local time, or how late it was by then; `late` is the latter or nothing; `stopped`
    is which run waits for a person, if one does.
    """

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        clock, seconds = datetime.fromisoformat(facts["local"]).strftime("%H:%M"), ""
        if facts.get("late_seconds") is not None:
            seconds = f"{facts['late_seconds']} s late (no service was there at {clock})"
        delay = f", {facts['delay_seconds']} s late" if facts.get("delay_seconds") else ""
        self["when"] = seconds or f"at {clock}{delay}"
        self["late"] = f" {seconds}" if seconds else ""
        paused = facts.get("paused")
        self["stopped"] = f"; run {paused} is paused and waits for somebody" if paused else ""


def _missed(facts: Facts) -> str:
    count, then = facts["count"], _POLICIES[facts["policy"]]
    if "made_up_by" in facts:
        run, them = facts["made_up_by"], "it" if count == 1 else "them"
        then = f"run {run} makes up for {them}" if run else f"no run makes up for {them}"
    if count == 1:
        return f"{_asked(facts)} missed, as no service was there; {then}"
    return (
        f"{count} instants from {facts['scheduled_for']} to {facts['last']} missed, as no service "
        f"was there; {then}"
    )


def _cancelled(facts: Facts) -> str:
    others = facts.get("others")
    more = f" and {others} more" if others else ""
    return _instant("ran {when} in place of run {behind}" + f"{more}, now cancelled")(facts)


def _attempt_failed(facts: Facts) -> str:
    attempt, seconds = facts["attempt"], facts["delay_seconds"]
    return (
        f"attempt {attempt} at run {facts['run_id']} failed: {facts['why']}; tried again at "
        f"{moment(facts['next'])}, in {seconds:,.0f} s"
    )


def _imported_before(facts: Facts) -> str:
    if facts["count"] == 1:
        return f"file {facts['path']}: imported before"
    return f"{facts['count']} files, the first {facts['path']}: imported before"


def _same_content(facts: Facts) -> str:
    known = f"{facts['known_as']} imported in run {facts['known_run_id']}"
    return f"file {facts['path']}: same content as {known}"


def _taken(facts: Facts) -> str:
    older = facts.get("older")
    left = f"; left out: {older} older than the last" if older else ""
    return f"file {facts['path']}: {_PROOFS[facts['proof']]}, taken by run {facts['run_id']}{left}"


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


def _failed(facts: Facts) -> str:
    of_run = facts.get("of_run_id")
    which = f"run {facts['run_id']}" if of_run is None else f"a repair of run {of_run}"
    return f"{which} failed: {facts['why']}"


def _repaired(facts: Facts) -> str:
    left, loaded = facts["rejected"], facts["loaded"]
    are = "is" if left == 1 else "are"
    still = (
        f"{left} of its rows {are} rejected still" if left else "none of its rows is rejected now"
    )
    done = f"run {facts['run_id']} loaded {loaded} corrected {'row' if loaded == 1 else 'rows'}"
    dropped = facts.get("discarded")
    given_up = f" and gave up {dropped}" if dropped else ""
    return f"{done} of run {facts['of_run_id']}{given_up}: {still}"


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
        _C.QUEUED_BEHIND: _instant(
            "{when} queued behind run {behind}, which has not ended{stopped}"
        ),
        _C.CANCELLED_RUNNING: _cancelled,
        _C.SKIPPED_OVERLAP: _instant("left out {when}, as run {behind} has not ended{stopped}"),
        _C.SUPERSEDED: _instant("left out{late}, as a later one is due as well"),
        _C.QUEUE_FULL: _instant("left out {when}, as {waiting} runs wait already{stopped}"),
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
        _C.FILE_PASSED_OVER: passing_over.told,
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
        _C.FILE_RELOADED: lambda facts: (
            f"file {facts['path']}: changed between two attempts at run {facts['run_id']}, loaded "
            "afresh"
        ),
        _C.FILE_UNLIKE_BEFORE: lambda facts: (
            f"file {facts['path']}: changed since run {facts['of_run_id']}, loaded by run "
            f"{facts['run_id']} as it is now"
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
        _C.LOOK_NEWS: looked,
        _C.LOOK_NOTHING_NEW: looked,
        _C.LOOK_FAILED: lambda facts: (
            f"looked (every {facts['every_seconds']} s): failed, {times(facts['failures'])} since "
            f"{moment(facts['since'])}"
        ),
        _C.ATTEMPT_FAILED: _attempt_failed,
        _C.ATTEMPT_LOST: lambda facts: (
            f"attempt {facts['attempt']} at run {facts['run_id']} was lost, as {facts['owner']} "
            "died or was cut off; queued again"
        ),
        _C.RUN_FAILED: _failed,
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
