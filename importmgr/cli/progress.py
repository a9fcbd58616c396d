"""A run as it goes on: a bar on a terminal, a line per change everywhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TextIO

import click

from importmgr.cli.text import cut, terminal_width

if TYPE_CHECKING:
    from importmgr.client import Run

BAR = 24
CLEAR_LINE = "\r\x1b[K"


def follow(looks: Iterable[Run], name: str, stream: TextIO) -> Run:
    """Show each look at a run and return the last one; there is at least one."""
    return (_draw if stream.isatty() else _write)(looks, name, stream)


def until_it_waits(looks: Iterable[Run]) -> Iterator[Run]:
    """Yield looks at a run up to the first one at which it waits for somebody."""
    for run in looks:
        yield run
        if run.waits:
            return


def line(run: Run, name: str) -> str:
    """Return how far a run is, as one line."""
    return f"{name}  {run.status:<9}  {_rows(run)}"


def bar(run: Run, name: str) -> str:
    """Return how far a run is, as a bar where its end is known."""
    if not run.rows_total:
        return line(run, name)
    done = BAR if run.completed else min(BAR, BAR * run.rows_read // run.rows_total)
    return f"{name}  {run.status:<9}  {'█' * done}{'░' * (BAR - done)}  {_rows(run)}"


def _draw(looks: Iterable[Run], name: str, stream: TextIO) -> Run:
    """Draw a bar and draw it anew at each look."""
    shown = None
    for shown in looks:
        drawn = cut(bar(shown, name), terminal_width() - 1)
        click.echo(CLEAR_LINE + drawn, file=stream, nl=False)
    click.echo(file=stream)
    return _last(shown)


def _write(looks: Iterable[Run], name: str, stream: TextIO) -> Run:
    """Write a line at each change of state, and at the end."""
    shown = status = None
    for shown in looks:
        if shown.status != status:
            click.echo(line(shown, name), file=stream)
        status = shown.status
    return _last(shown)


def _last(run: Run | None) -> Run:
    if run is None:
        msg = "a run is looked at once at least"
        raise ValueError(msg)
    return run


def _rows(run: Run) -> str:
    total = "" if run.rows_total is None else f" of {run.rows_total:,}"
    return f"{run.rows_read:,}{total} rows"
