"""Rejected rows of a run, as a file on this machine."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from importmgr.cli.remote import connected
from importmgr.cli.text import one_line, plural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from importmgr.client import Client, RejectFile


MASKED = "cells of sensitive columns are masked; only rows read with --unmasked can be handed in"


@click.command()
@click.argument("definition_id")
@click.argument("run_id")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file.")
@click.option("--spreadsheet", is_flag=True, help="For a spreadsheet, instead of byte by byte.")
@click.option("--unmasked", is_flag=True, help="With the cells of sensitive columns.")
@click.option("--file", type=click.IntRange(1), help="Of which file, if the run had several.")
@connected
def rejects(
    client: Client,
    definition_id: str,
    run_id: str,
    *,
    output: Path | None,
    unmasked: bool,
    **which: Any,  # noqa: ANN401 - the options above
) -> None:
    """Write the rejected rows of a run to a file, to be corrected and handed in again."""
    save(client.rejects.read(definition_id, run_id, unmasked=unmasked, **which), output)
    files = client.rejects.files(definition_id, run_id)
    tell_kept(files)
    if not unmasked and any(each.masked for each in files):
        click.echo(MASKED, err=True)


def save(pieces: Iterable[bytes], target: Path | None) -> None:
    """Write the pieces to a file, which is there whole or not at all, or to stdout."""
    from importmgr.services.outputs import whole_file  # noqa: PLC0415 - light start

    stdout = sys.stdout.buffer
    with whole_file(target) if target else nullcontext(stdout.write) as write:
        for piece in pieces:
            write(piece)
    stdout.flush()


def tell_kept(files: Iterable[RejectFile]) -> None:
    """Say on stderr how many rows there are to correct, and how many are not kept."""
    for each in files:
        left = f"{plural(each.open, 'row')} to correct" if each.open else "nothing to correct"
        text = f"{each.name}: {left}"
        if each.discarded:
            text += f"; {plural(each.discarded, 'row')} given up"
        if each.kept < each.rejected:
            text += f"; {each.rejected - each.kept:,} more were rejected and are not kept"
        click.echo(one_line(text), err=True)
