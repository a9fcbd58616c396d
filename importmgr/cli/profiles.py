"""`importmgr profile`."""

from __future__ import annotations

import click

from importmgr.cli.profile_file import ProfileFile
from importmgr.cli.remote import client_of, connection_options, profile_of
from importmgr.cli.text import show_json, show_table


@click.group()
def profile() -> None:
    """Save addresses and keys for remote commands."""


@profile.command()
@click.argument("name")
@connection_options
def save(name: str, **parts: str | None) -> None:
    """Save a service, a project and a key as NAME; `default` is used when none is named."""
    made = profile_of(**parts)
    client_of(made)  # refuses a wrong address before it is kept
    file = ProfileFile.of_user()
    file.save(name, made)
    click.echo(f"profile {name} is saved in {file.path}")


@profile.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(*, as_json: bool) -> None:
    """List the saved profiles, without their secrets."""
    saved = sorted(ProfileFile.of_user().all().items())
    if as_json:
        show_json(
            [
                {"name": name, "url": p.url, "key_id": p.key_id, "project": p.project}
                for name, p in saved
            ]
        )
        return
    rows = [(name, p.url, p.key_id, p.project) for name, p in saved]
    none = "no profiles yet; `importmgr profile save NAME` makes one"
    show_table(("name", "url", "key id", "project"), rows, none=none)


@profile.command()
@click.argument("name")
def remove(name: str) -> None:
    """Forget a profile."""
    ProfileFile.of_user().remove(name)
    click.echo(f"profile {name} is removed")
