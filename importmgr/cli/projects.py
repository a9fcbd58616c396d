"""`importmgr project`."""

from __future__ import annotations

import click

from importmgr.cli.inside import inside
from importmgr.cli.text import moment, show_json, show_table


@click.group()
def project() -> None:
    """Create and list projects."""


@project.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def create(name: str, *, as_json: bool) -> None:
    """Create a project and print its token, which names it in every address of the API."""
    with inside() as wiring:
        made = wiring.services.projects.create(name)
    if as_json:
        show_json({"project_token": made.token, "name": made.name})
    else:
        click.echo(made.token)


@project.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(*, as_json: bool) -> None:
    """List every project."""
    with inside() as wiring:
        found = wiring.services.projects.list()
    if as_json:
        show_json([{"project_token": p.token, "name": p.name} for p in found])
        return
    rows = [(p.token, moment(p.created_at.timestamp()), p.name) for p in found]
    none = "no projects yet; `importmgr project create NAME` makes one"
    show_table(("token", "created (UTC)", "name"), rows, none=none)
