"""Handing in corrected rows, and looking back on it."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING

import click

from definitions.lifecycle import RunState
from importmgr.cli.open_matters import how_on
from importmgr.cli.outcome import FAILED, WAITS
from importmgr.cli.progress import follow, until_it_waits
from importmgr.cli.rejects import tell_kept
from importmgr.cli.remote import connected
from importmgr.cli.report import show_run
from importmgr.cli.text import moment, show_json, show_table

if TYPE_CHECKING:
    from importmgr.client import Client

HEADINGS = (
    "run",
    "status",
    "handed in (UTC)",
    "by key",
    "rows",
    "loaded",
    "rejected",
    "as before",
    "skipped",
    "given up",
)


@click.command()
@click.argument("definition_id")
@click.argument("run_id")
@click.argument("corrected", type=click.File("rb"))
@click.option("--file", type=click.IntRange(1), help="Of which file, if the run had several.")
@click.option("--no-wait", is_flag=True, help="Print the id of the repair and leave.")
@connected
def repair(
    client: Client,
    definition_id: str,
    run_id: str,
    *,
    corrected: IO[bytes],
    no_wait: bool,
    **which: int | None,
) -> int:
    """Hand in rejected rows, CORRECTED (- for stdin), and wait until they are loaded.

    Exit with 4 while a paused run of the definition holds the repair up.
    """
    queued = client.rejects.repair(definition_id, run_id, corrected.read(), **which)
    if no_wait:
        click.echo(queued)
        return 0
    if held_up := _held_up(client, definition_id):
        click.echo(f"repair {queued} is loaded once another run goes on or ends", err=True)
        click.echo(held_up, err=True)
        return WAITS
    looks = until_it_waits(client.runs.watch(definition_id, queued))
    last = follow(looks, f"repair {queued}", sys.stderr)
    show_run(last)
    tell_kept(client.rejects.files(definition_id, run_id))
    if last.completed:
        return 0
    click.echo(how_on(definition_id, last), err=True)
    return WAITS if last.waits else FAILED


def _held_up(client: Client, definition_id: str) -> str | None:
    """Return how a paused run goes on that the runs after it wait for, None if there is none."""
    paused = next(iter(client.runs.list(definition_id, at_once=1, status=RunState.PAUSED)), None)
    return None if paused is None else how_on(definition_id, paused)


@click.command()
@click.argument("definition_id")
@click.argument("run_id")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@connected
def repairs(client: Client, definition_id: str, run_id: str, *, as_json: bool) -> None:
    """List the repairs of a run, the oldest first."""
    found = client.rejects.repairs(definition_id, run_id)
    if as_json:
        show_json([repair.document for repair in found])
        return
    rows = [
        (
            each.run_id,
            each.status,
            moment(each.created),
            each.asked_by,
            each.rows,
            each.loaded,
            each.rejected,
            each.untouched,
            each.skipped,
            each.discarded,
        )
        for each in found
    ]
    show_table(HEADINGS, rows, none="no repairs yet")
