"""`importmgr runs`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from definitions.lifecycle import STAGED, Cause, RunState
from importmgr.cli.faults import show_summary, write_faults
from importmgr.cli.moments import MOMENT
from importmgr.cli.open_matters import how_on
from importmgr.cli.outcome import FAILED, WAITS
from importmgr.cli.progress import follow, until_it_waits
from importmgr.cli.rejects import rejects
from importmgr.cli.remote import connected
from importmgr.cli.repairs import repair, repairs
from importmgr.cli.report import show_faults, show_run
from importmgr.cli.text import moment, show_json, show_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from importmgr.client import Client, Run

HEADINGS = ("run", "status", "trigger", "created (UTC)", "read", "rejected", "faults")
SHOWN_FAULTS = 100
STATUSES = [state.value for state in RunState if state not in STAGED]
TRIGGERS = [cause.value for cause in Cause]


@click.group()
def runs() -> None:
    """List, show and watch runs, and tell them what to do, over HTTP."""


@runs.command("list")
@click.argument("definition_id", required=False)
@click.option("--status", type=click.Choice(STATUSES), help="Only those in this state.")
@click.option("--trigger", type=click.Choice(TRIGGERS), help="Only those that this asked for.")
@click.option("--rejecting", is_flag=True, help="Only those with rejected rows.")
@click.option("--since", type=MOMENT, help="Only those asked for then or later.")
@click.option("--until", type=MOMENT, help="Only those asked for before.")
@click.option("--last", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@connected
def list_(
    client: Client,
    definition_id: str | None,
    *,
    last: int,
    as_json: bool,
    rejecting: bool,
    **wanted: Any,  # noqa: ANN401 - the options above
) -> None:
    """List runs of a definition, or of all definitions, the newest first."""
    if rejecting:
        wanted["rejecting"] = "true"
    found = list(islice(client.runs.list(definition_id, at_once=last, **wanted), last))
    if as_json:
        show_json([run.document for run in found])
        return
    headings = HEADINGS if definition_id else ("definition", *HEADINGS)
    rows = [
        _row(run) if definition_id else (run.document["import_id"], *_row(run)) for run in found
    ]
    narrowed = rejecting or any(wanted.values())
    show_table(headings, rows, none="no such runs" if narrowed else "no runs yet")


@runs.command()
@click.argument("definition_id")
@click.argument("run_id")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@connected
def show(client: Client, definition_id: str, run_id: str, *, as_json: bool) -> None:
    """Show a run: where its rows went, what could not be used, and what can be done about it."""
    found = client.runs.show(definition_id, run_id)
    if as_json:
        show_json(found.document)
        return
    show_run(found)
    if how := how_on(definition_id, found):
        click.echo(how, err=True)


@runs.command()
@click.argument("definition_id")
@click.argument("run_id")
@click.option("--wait", is_flag=True, help="Stay while the run is paused.")
@click.option("--json", "as_json", is_flag=True, help="Print the run as JSON at its end.")
@connected
def watch(client: Client, definition_id: str, run_id: str, **how: bool) -> int:
    """Wait for the end of a run, showing how far it is.

    Exit with 1 unless it completed, with 4 as soon as it is paused: then it waits for somebody.
    """
    return watch_run(client, definition_id, run_id, **how)


@runs.command()
@click.argument("definition_id")
@click.argument("run_id")
@click.option("--column", help="Only those of this column.")
@click.option("--code", help="Only those of this code, such as not_a_number.")
@click.option("--csv", "form", flag_value="csv", help="Print them all as CSV.")
@click.option("--json", "form", flag_value="json", help="Print them all as JSON.")
@connected
def faults(
    client: Client, definition_id: str, run_id: str, *, form: str | None, **wanted: str | None
) -> None:
    """Show what could not be used in a run: how many of each kind, and the first 100 of them."""
    found = client.faults.list(definition_id, run_id, **wanted)
    match form:
        case "csv":
            write_faults(found, sys.stdout)
        case "json":
            show_json([asdict(fault) for fault in found])
        case _:
            show_summary(client.faults.summary(definition_id, run_id))
            show_faults(islice(found, SHOWN_FAULTS))


@runs.command()
@click.argument("definition_id")
@click.argument("run_id")
@connected
def pause(client: Client, definition_id: str, run_id: str) -> None:
    """Pause a run that has not ended; later runs of its definition wait behind it."""
    _say(client.runs.pause(definition_id, run_id))


@runs.command()
@click.argument("definition_id")
@click.argument("run_id")
@connected
def resume(client: Client, definition_id: str, run_id: str) -> None:
    """Let a paused run go on where it stopped."""
    _say(client.runs.resume(definition_id, run_id))


@runs.command()
@click.argument("definition_id")
@click.argument("run_id")
@connected
def cancel(client: Client, definition_id: str, run_id: str) -> None:
    """End a run that has not ended; what it has loaded stays."""
    _say(client.runs.cancel(definition_id, run_id))


@runs.command("continue")
@click.argument("definition_id")
@click.argument("run_id")
@connected
def continue_(client: Client, definition_id: str, run_id: str) -> None:
    """Let a run go on that a brake has paused; that brake does not act on it any more."""
    _say(client.runs.go_on(definition_id, run_id))


@runs.command()
@click.argument("definition_id")
@click.argument("run_id")
@connected
def retry(client: Client, definition_id: str, run_id: str) -> None:
    """Let a failed or cancelled run go on where it stopped."""
    _say(client.runs.retry(definition_id, run_id))


@runs.command()
@click.argument("definition_id")
@click.argument("run_id")
@connected
def rerun(client: Client, definition_id: str, run_id: str) -> None:
    """Load the files of a run again, from their beginnings, and print the id of the new run."""
    click.echo(client.runs.rerun(definition_id, run_id))


def watch_run(client: Client, definition_id: str, run_id: str, *, as_json: bool, wait: bool) -> int:
    """Follow a run to its end, show it, and return the exit code.

    A run that is paused is not followed any further, unless the caller wants to `wait`.
    """
    looks: Iterable[Run] = client.runs.watch(definition_id, run_id)
    last = follow(looks if wait else until_it_waits(looks), f"run {run_id}", sys.stderr)
    if as_json:
        show_json(last.document)
    else:
        show_run(last)
    if how := how_on(definition_id, last):
        click.echo(how, err=True)
    if last.waits:
        return WAITS
    return 0 if last.completed else FAILED


def _say(run: Run) -> None:
    """Tell in one line what a run that was told something does now."""
    click.echo(f"run {run.id}  {run.status}, {run.rows_read:,} rows read")


def _row(run: Run) -> tuple[object, ...]:
    document = run.document
    counts = (run.rows_read, run.rows_rejected, run.fault_count)
    return (run.id, run.status, document["trigger"], moment(document["created"]), *counts)


for command in (rejects, repair, repairs):
    runs.add_command(command)
