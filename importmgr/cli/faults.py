"""The faults of a run: how many of each kind for a person, each of them for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

import click

from definitions.spreadsheets import neutral
from importmgr.cli.text import plural, show_table

if TYPE_CHECKING:
    from importmgr.client import FaultSummary, RunFault

HEADINGS = ("faults", "code", "column")
COLUMNS = ("file", "row", "line", "column", "value", "code", "message", "row_rejected")


def show_summary(summary: FaultSummary) -> None:
    """Print how many faults there are, and of these that are stored how many of each kind."""
    if not summary.total and not summary.stored:
        return
    click.echo(f"{plural(summary.total, 'fault')}{_apart(summary)}")
    rows = [(f"{each.count:,}", each.code, each.column) for each in summary.counts]
    show_table(HEADINGS, rows, none="none of them is stored")
    click.echo()


def _apart(summary: FaultSummary) -> str:
    """Return what the number of all faults does not tell."""
    if summary.held_back:
        return f", and {summary.held_back:,} in rows that a brake held back"
    return "" if summary.stored == summary.total else f", the first {summary.stored:,} stored"


def write_faults(faults: Iterable[RunFault], to: TextIO) -> None:
    """Write faults as CSV that a spreadsheet takes for nothing but text."""
    lines = csv.writer(to, lineterminator="\n")
    lines.writerow(COLUMNS)
    for fault in faults:
        cells = (getattr(fault, name) for name in COLUMNS)
        lines.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in cells])
