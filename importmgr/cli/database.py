"""`importmgr db`."""

from __future__ import annotations

import click

from importmgr.cli.inside import read_settings


@click.group()
def db() -> None:
    """Upgrade or check the database."""


@db.command()
def upgrade() -> None:
    """Create or change the tables as this version needs them.

    Stop every service on this database first, and make a backup.
    """
    from importmgr.store import migrate  # noqa: PLC0415 - only this command needs it

    settings = read_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(settings.database_url)
    click.echo("the database is up to date")


@db.command()
def check() -> None:
    """Tell whether this version can work with the database as it is; change nothing."""
    from importmgr.store import migrate  # noqa: PLC0415 - only this command needs it

    migrate.check(read_settings().database_url)
    click.echo("the database is up to date")
