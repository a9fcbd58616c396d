"""`importmgr project`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from importmgr.cli.inside import inside
from importmgr.cli.text import moment, show_json, show_table

if TYPE_CHECKING:
    from importmgr.store.projects import Project


@click.group()
def project() -> None:
    """Create, list and limit projects."""


@project.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def create(name: str, *, as_json: bool) -> None:
    """Create a project and print its token, which names it in every address of the API."""
    with inside() as wiring:
        made = wiring.services.projects.create(name)
    if as_json:
        show_json(_document(made))
    else:
        click.echo(made.token)


@project.command()
@click.argument("token")
@click.option("--running", type=click.IntRange(1), help="How many runs at a time.")
@click.option("--default", is_flag=True, help="As many as the installation says.")
def limit(token: str, *, running: int | None, default: bool) -> None:
    """Say how many runs of a project are worked on at a time, by all services together."""
    if default == (running is not None):
        msg = "give --running N or --default"
        raise click.UsageError(msg)
    with inside() as wiring:
        wiring.services.projects.limit(token, running)


@project.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(*, as_json: bool) -> None:
    """List every project."""
    with inside() as wiring:
        found = wiring.services.projects.list()
    if as_json:
        show_json([_document(each) for each in found])
        return
    rows = [(p.token, moment(p.created_at.timestamp()), p.name) for p in found]
    none = "no projects yet; `importmgr project create NAME` makes one"
    show_table(("token", "created (UTC)", "name"), rows, none=none)


def _document(project: Project) -> dict[str, object]:
    return {
        "project_token": project.token,
        "name": project.name,
        "max_running": project.max_running,
    }
