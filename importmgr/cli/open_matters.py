"""What waits for a person, each matter with the commands that lead on."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import click

from definitions.decisions import DecisionCode
from definitions.lifecycle import Cause, RunState
from importmgr.cli.text import one_line, plural

if TYPE_CHECKING:
    from importmgr.client import Client, Decision, Run

LOOKED_AT = 20  # of the last runs of a definition
TOLD = 3  # runs of which each has its own line
LOOKING = frozenset({DecisionCode.LOOKING_FAILED, DecisionCode.LOOKING_WELL})
FRESHNESS = frozenset({DecisionCode.FRESHNESS_BROKEN, DecisionCode.FRESHNESS_RESTORED})


def tell_what_is_open(client: Client, definition_id: str, decided: Sequence[Decision]) -> None:
    """Say on stderr what waits for somebody, of a definition of which this was decided."""
    runs = list(islice(client.runs.list(definition_id, at_once=LOOKED_AT), LOOKED_AT))
    is_blind = _last(decided, LOOKING) == DecisionCode.LOOKING_FAILED
    storage = None
    if is_blind or any(run.status == RunState.FAILED for run in runs):
        storage = client.definitions.read(definition_id).document["source"].get("integration_id")
    told = open_matters(definition_id, runs, storage)
    if is_blind and storage:
        told.append(f"no look at the storage: importmgr integration test {storage} asks it")
    if not told and _lacks_a_run(decided, runs):
        told.append(f"importmgr definitions run {definition_id} makes up for it now")
    for line in told:
        click.echo(one_line(line), err=True)


def open_matters(
    definition_id: str, runs: Sequence[Run], integration_id: str | None = None
) -> list[str]:
    """Return what waits for somebody, of runs of one definition with the newest first.

    A run that failed is closed by a later one that completed.
    """
    told = [how for run in _not_closed(runs) if (how := how_on(definition_id, run, integration_id))]
    more = len(told) - TOLD
    if more <= 0:
        return told
    return [*told[:TOLD], f"{plural(more, 'older run')} too: importmgr runs list {definition_id}"]


def how_on(definition_id: str, run: Run, integration_id: str | None = None) -> str | None:
    """Return what a person can do about a run, or None if there is nothing to be done."""
    which = f"{definition_id} {run.id}"
    if run.waits:
        command = "continue" if run.document["braked"] else "resume"
        return (
            f"run {run.id} waits for somebody: importmgr runs {command} {which} lets it go on, "
            f"importmgr runs cancel {which} ends it"
        )
    if run.status == RunState.FAILED and run.document["trigger"] == Cause.REPAIR:
        return (
            f"repair {run.id} failed: importmgr runs show {which} tells why, importmgr runs repair "
            f"{definition_id} RUN FILE hands rows of the run that rejected them in again, "
            f"importmgr runs retry {which} tries the same ones once more"
        )
    if run.status == RunState.FAILED:
        test = f"importmgr integration test {integration_id} asks its storage, "
        return (
            f"run {run.id} failed: importmgr runs show {which} tells each attempt, "
            f"{test if integration_id else ''}importmgr runs retry {which} goes on where it "
            "stopped once that is put right"
        )
    if run.rows_rejected and run.ended and run.document["trigger"] != Cause.REPAIR:
        return (
            f"run {run.id} rejected {plural(run.rows_rejected, 'row')}: importmgr runs faults "
            f"{which} tells why, importmgr runs rejects {which} -o bad.csv hands them out, "
            f"importmgr runs repair {which} bad.csv takes them back corrected"
        )
    return None


def _not_closed(runs: Sequence[Run]) -> Iterator[Run]:
    """Yield the runs without those that failed before one that completed.

    One that was a repair makes up for repairs only.
    """
    is_well = is_repaired = False
    for run in runs:
        is_repair = run.document["trigger"] == Cause.REPAIR
        is_closed = is_well or (is_repair and is_repaired)
        if not (is_closed and run.status == RunState.FAILED):
            yield run
        is_well |= run.completed and not is_repair
        is_repaired |= run.completed and is_repair


def _lacks_a_run(decided: Sequence[Decision], runs: Sequence[Run]) -> bool:
    """Tell whether instants were missed for good, or data are too old, and no run came since."""
    if _last(decided, FRESHNESS) == DecisionCode.FRESHNESS_BROKEN:
        return all(run.ended for run in runs)
    missed = [each.at for each in decided if each.code == DecisionCode.MISSED]
    return bool(missed) and all(run.document["created"] < missed[-1] for run in runs)


def _last(decided: Sequence[Decision], codes: Container[str]) -> str | None:
    """Return which of these codes was decided last."""
    return next((each.code for each in reversed(decided) if each.code in codes), None)
