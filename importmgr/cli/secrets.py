"""`importmgr secrets`."""

from __future__ import annotations

import click

from importmgr.cli.inside import inside
from importmgr.cli.text import plural


@click.group()
def secrets() -> None:
    """Renew the key of stored passwords."""


@secrets.command()
def rotate() -> None:
    """Make a new master key and encrypt every stored password under it.

    Stop the service first: one that runs does not know the new key, and on the embedded database
    this command refuses to run beside it. Old keys stay in the key file,
    so sealed passwords in copies of definitions, API keys and backups stay good. Where the key
    comes from IMPORTMGR_MASTER_KEY, put the new one in front of the old one, separated by a comma,
    and run this command: it encrypts everything under the first key.
    """
    from importmgr.serve import alone  # noqa: PLC0415 - only this command needs it

    with inside() as wiring, alone(wiring.settings):
        renewed = wiring.services.secrets.rotate()
    click.echo(f"{plural(renewed, 'stored password')} encrypted under the newest master key")
