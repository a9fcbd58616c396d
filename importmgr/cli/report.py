"""What became of a run, for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from importmgr.cli.text import moment, one_line, plural, show_table

if TYPE_CHECKING:
    from importmgr.client import RowCounts, Run, RunFault

FAULTS = ("file", "row", "line", "column", "value", "reason")
EMPTY = "(empty)"
OUTCOMES = {None: "goes on", "again": "tried again", "released": "the service stopped"}
COLOURS = {"completed": "green", "failed": "red", "cancelled": "yellow"}


def show_run(run: Run) -> None:
    """Print a run: how it ended, where its rows went, and what could not be used."""
    document = run.document
    status = click.style(run.status, fg=COLOURS.get(run.status))
    click.echo(f"run {run.id}  {status}")
    if run.error:
        click.echo(f"why       {one_line(run.error)}")
    if document.get("braked"):
        click.echo(f"braked    {one_line(document['braked']['text'])}; continue or cancel it")
    if len(run.files) <= 1:
        click.echo(f"source    {one_line(document['source_location'] or '-')}")
    click.echo(f"started   {_utc(document['started'])}")
    click.echo(f"finished  {_utc(document['finished'])}")
    _show_attempts(run)
    _show_files(run)
    click.echo(f"read      {balance(run)}")
    for warning in run.warnings:
        click.echo(f"warning   {one_line(warning)}")
    if run.faults:  # a dry run tells of its own ones apart
        click.echo(f"\n{_faults(run)}:")
        show_faults(run.faults)


def _utc(epoch: float | None) -> str:
    return "not yet" if epoch is None else f"{moment(epoch)} UTC"


def _show_attempts(run: Run) -> None:
    for attempt in run.document.get("attempts", ()):
        click.echo(f"attempt   {_attempt(attempt)}")


def _show_files(run: Run) -> None:
    for file, read_as in run.files.items():
        if len(run.files) > 1:
            click.echo(one_line(f"file      {file}"))
        for part, found in read_as.items():
            click.echo(one_line(f"read as   {part.replace('_', ' ')}: {found}"))
        if len(run.files) > 1:
            click.echo(f"rows      {balance(run.file_rows[file])}")


def _attempt(attempt: Mapping[str, Any]) -> str:
    """Return how an attempt ended, and why."""
    outcome = OUTCOMES.get(attempt["outcome"], attempt["outcome"])
    if attempt["again_in"] is not None:
        outcome = f"{outcome} in {attempt['again_in']:.0f} s"
    why = "" if attempt["error"] is None else f": {attempt['error']}"
    return one_line(f"{attempt['number']}  {moment(attempt['started'])} UTC  {outcome}{why}")


def balance(run: Run | RowCounts) -> str:
    """Return where the rows went; the parts add up to what was read."""
    return (
        f"{run.rows_read:,} = {run.rows_created:,} created + {run.rows_updated:,} updated "
        f"+ {run.rows_unchanged:,} unchanged + {run.rows_rejected:,} rejected "
        f"+ {run.rows_skipped:,} skipped"
    )


def show_faults(faults: Iterable[RunFault]) -> None:
    """Print a table of cells and rows that could not be used."""
    rows = [(_file(f), f.row, f.line, f.column, _value(f), _reason(f)) for f in faults]
    show_table(FAULTS, rows, none="no faults")


def _faults(run: Run) -> str:
    shown = len(run.faults)
    if shown > run.fault_count:
        return f"the first {plural(shown, 'fault')}, also in rows that the brake held back"
    first = f", the first {shown}" if shown < run.fault_count else ""
    return f"{plural(run.fault_count, 'fault')}{first}"


def _file(fault: RunFault) -> str:
    """Return the last part of where the file is: the run's source is told above the table."""
    return fault.file.partition("?")[0].rstrip("/").rpartition("/")[2] or fault.file


def _value(fault: RunFault) -> str | None:
    return EMPTY if fault.value == "" else fault.value


def _reason(fault: RunFault) -> str:
    return f"{fault.message} (row rejected)" if fault.row_rejected else fault.message
