"""`importmgr serve` and `importmgr settings`."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from importmgr.cli.inside import read_settings
from importmgr.cli.text import show_json, show_table
from importmgr.setting_values import ALL, EVERY_ROLE
from importmgr.setting_values import roles as as_roles


@click.command()
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([*map(str, EVERY_ROLE), ALL]),
    help="What this process does; may be given several times. Without it IMPORTMGR_ROLES says so.",
)
def serve(*, roles: tuple[str, ...]) -> int:
    """Start the service: HTTP API, ticker and executors, or some of them.

    It prints its address on stdout once it is ready and logs to stderr. Stop it with Ctrl-C or
    SIGTERM; runs that are not finished then go on at the next start, or in another process. For
    everything else that can be set see `importmgr settings`.
    """
    from importmgr.memory import nothing_is_garbage  # noqa: PLC0415 - only this command needs it

    with nothing_is_garbage():
        from importmgr import log  # noqa: PLC0415 - as above
        from importmgr.serve import serve as run  # noqa: PLC0415 - as above

    settings = read_settings()
    if roles:
        settings = replace(settings, roles=as_roles(",".join(roles)))
    log.set_up(settings.log_level, settings.log_format, sys.stderr)
    return run(settings, lambda url: click.echo(f"importmgr is ready on {url}"))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def settings(*, as_json: bool) -> None:
    """Show the settings in effect, secrets masked.

    Each is an environment variable; docs/reference/settings.md tells what it means.
    """
    shown = read_settings().shown()
    if as_json:
        show_json([{"name": n, "value": v, "default": is_default} for n, v, is_default in shown])
        return
    rows = [(name, "" if is_default else "set", value) for name, value, is_default in shown]
    show_table(("setting", "", "value"), rows, none="no settings")
