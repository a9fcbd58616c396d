"""`importmgr backup` and `importmgr restore`."""

from __future__ import annotations

from pathlib import Path

import click

from importmgr.cli.inside import acting_user, inside, read_settings
from importmgr.cli.text import plural


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--with-key", is_flag=True, help="Write the master key beside it too.")
def backup(target: Path, *, with_key: bool) -> None:
    """Write a copy of the embedded database to TARGET, a new file or a folder.

    The service may run meanwhile: the copy is whole, as of the moment it begins, and checked.
    The master key is NOT in it, and without that key no password of a source can be read and no
    API key is valid. Keep a copy of it apart from the backups, or write it beside this one with
    --with-key and guard both as you guard the passwords.
    """
    from importmgr.services.backups import (  # noqa: PLC0415 - light start
        Backups,
        embedded_database,
    )

    embedded_database(read_settings())
    with inside() as wiring:
        audit, keyring, clock = wiring.stores.audit, wiring.keyring, wiring.world.clock
        backups = Backups(wiring.settings, audit=audit, keyring=keyring, clock=clock)
        made = backups.make(target, with_key=with_key)
    click.echo(f"{made.path} ({plural(made.size, 'byte')})")
    if made.key is not None:
        click.echo(f"{made.key} (opens every secret in it: guard it)")
        return
    click.echo(f"the master key is not in it: keep a copy of the one {keyring.place}", err=True)


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    help="File of the master key that the backup was made under, if it is not in place.",
)
@click.option("--force", is_flag=True, help="Replace a database that is there; it is kept.")
def restore(source: Path, key: Path | None, *, force: bool) -> None:
    """Put the backup SOURCE in the place of the embedded database, while the service is stopped.

    The backup is checked first: that it is whole, that this version can read it, that the master
    key fits. Nothing is changed unless all of it holds. Runs that were queued or running when it
    was made go on from their last committed batch when the service starts.
    """
    from importmgr.clock import SystemClock  # noqa: PLC0415 - light start
    from importmgr.serve import alone  # noqa: PLC0415 - light start
    from importmgr.services.backups import RestoreRequest  # noqa: PLC0415 - light start
    from importmgr.services.backups import restore as put_back  # noqa: PLC0415 - light start

    settings = read_settings()
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(settings), acting_user():
        done = put_back(
            settings, RestoreRequest(backup=source, key=key, force=force), SystemClock()
        )
    click.echo(f"restored {source}, made with schema {done.made_with}")
    if done.kept is not None:
        click.echo(f"the database that was there before is kept as {done.kept}")
