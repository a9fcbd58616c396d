"""`importmgr definitions dry-run`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

import click

from importmgr.cli.documents import read_document
from importmgr.cli.outcome import FAILED
from importmgr.cli.progress import follow
from importmgr.cli.remote import connected
from importmgr.cli.report import show_run
from importmgr.cli.text import one_line, plural, show_json, show_table

if TYPE_CHECKING:
    from importmgr.client import Client, DryRun, Run

COLUMNS = ("column", "filled", "different", "suits", "lowest", "highest", "odd")
FAULTS = ("faults", "code", "column")
_DOES = {"warn": "warn", "pause": "be paused", "fail": "fail"}


@click.command("dry-run")
@click.argument("definition_id", required=False)
@click.option("-f", "file", type=click.File(encoding="utf-8"), help="Of the JSON document in FILE.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@connected
def dry_run(
    client: Client, definition_id: str | None, *, file: IO[str] | None, as_json: bool
) -> int:
    """Show what a run of a definition would do now: nothing is written.

    The definition is a stored one, or with -f one that is not stored (- for stdin).
    """
    if (definition_id is None) == (file is None):
        msg = "give either the id of a definition or -f FILE"
        raise click.UsageError(msg)
    if file is None:
        queued = client.dry_runs.start(definition_id or "")
    else:
        queued = client.dry_runs.start_unsaved(read_document(file))
    looks: list[DryRun] = []
    try:
        last = follow(_noting(client, queued, looks), f"dry run {queued}", sys.stderr)
    except KeyboardInterrupt:
        goes_on = f"\nit goes on; importmgr definitions cancel-dry-run {queued} ends it"
        click.echo(goes_on, err=True)
        raise
    if as_json:
        show_json(last.document)
    else:
        show_run(last)
        show_report(looks[-1].report)
    return 0 if last.completed else FAILED


@click.command("cancel-dry-run")
@click.argument("run_id")
@connected
def cancel_dry_run(client: Client, run_id: str) -> None:
    """End a dry run that has not ended."""
    client.dry_runs.cancel(run_id)
    click.echo(f"dry run {run_id} is cancelled")


def show_report(report: Any) -> None:  # noqa: ANN401 - JSON as it came
    """Print what a dry run found out; there is nothing if it did not complete."""
    if report is None:
        return
    click.echo("\nnothing was written")
    for each in report.get("brakes", ()):  # an older service does not tell
        click.echo(
            f"a run would {_DOES[each['action']]}: {one_line(each['text'])} ({each['brake']})"
        )
    for outcome, samples in report["samples"].items():
        if samples:
            click.echo(f"\n{outcome}, the first {plural(len(samples), 'row')} met:")
            for sample in samples:
                click.echo(f"  {one_line(_sample(outcome, sample))}")
    if report["fault_counts"]:
        click.echo()
        rows = [
            (f"{each['count']:,}", each["code"], each["column"]) for each in report["fault_counts"]
        ]
        show_table(FAULTS, rows, none="no faults")
    for read in report["files"]:
        click.echo(f"\n{one_line(read['file'])}")
        show_table(COLUMNS, map(_column, read["columns"]), none="no columns")


def _noting(client: Client, run_id: str, looks: list[DryRun]) -> Iterator[Run]:
    for found in client.dry_runs.watch(run_id):
        looks.append(found)
        yield found.run


def _sample(outcome: str, sample: dict[str, Any]) -> str:
    if outcome == "rejected":
        return f"line {sample['line']}: {sample['message']}: {sample['text']}"
    keys = ", ".join(f"{name} {value}" for name, value in sample["keys"].items())
    before, after = sample["before"] or {}, sample["after"] or {}
    changes = [
        f"{name}: {_json(before.get(name))} -> {_json(value)}"
        for name, value in after.items()
        if before.get(name) != value
    ]
    return f"row {sample['row']} ({keys})  {'; '.join(changes) or 'nothing changes'}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _column(column: dict[str, Any]) -> tuple[object, ...]:
    found = column["numbers"] if column["suggested_type"] == "number" else column["times"]
    bounds = (found["lowest"], found["highest"]) if found else (None, None)
    different = column["distinct"] if column["distinct"] is not None else "many"
    odd = (
        [f"{plural(column['leading_zeros'], 'cell')} with leading zeros"]
        if column["leading_zeros"]
        else []
    )
    plus = column.get("plus_signs")  # which reports of earlier versions do not have
    odd += [f"{plural(plus, 'cell')} with a plus sign"] if plus else []
    odd += [f"dates: {column['date_order']}"] if column["date_order"] else []
    odd += [f"{plural(column['nul'], 'cell')} with NUL"] if column["nul"] else []
    return (
        column["name"],
        f"{column['fill']:.0%}",
        different,
        column["suggested_type"],
        *bounds,
        ", ".join(odd),
    )
