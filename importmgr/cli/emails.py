"""`importmgr email`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from importmgr.cli.receivers import (
    STATES,
    filter_options,
    filters,
    show_deliveries,
    show_receiver,
    show_receivers,
    show_test,
)
from importmgr.cli.remote import connected
from importmgr.cli.text import show_json

if TYPE_CHECKING:
    from importmgr.client import Client

KIND = "email"
repeat = click.option(
    "--repeat-hours", type=click.IntRange(1, 720), help="How often what only goes on is told."
)


@click.group()
def email() -> None:
    """Manage people who are told about imports by mail, over HTTP."""


@email.command()
@click.argument("recipients", metavar="ADDRESS", nargs=-1, required=True)
@repeat
@filter_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@connected
def create(
    client: Client,
    recipients: tuple[str, ...],
    *,
    as_json: bool,
    **given: Any,  # noqa: ANN401 - click's
) -> None:
    """Let every ADDRESS be mailed and print the id of that."""
    made = client.emails.create({"recipients": list(recipients), **filters(**given)})
    if as_json:
        show_json({"email_id": made})
    else:
        click.echo(made)


@email.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@connected
def list_(client: Client, *, as_json: bool) -> None:
    """List who is told by mail, in the order of creation."""
    show_receivers(client.emails.list(), KIND, "recipients", as_json=as_json)


@email.command()
@click.argument("email_id")
@click.option("--json", "as_json", is_flag=True, help="Print how it does, too.")
@connected
def show(client: Client, email_id: str, *, as_json: bool) -> None:
    """Print who is told by mail as JSON."""
    show_receiver(client.emails.read(email_id), as_json=as_json)


@email.command()
@click.argument("email_id")
@click.option("--to", "recipients", multiple=True, metavar="ADDRESS", help="Who is mailed.")
@repeat
@filter_options
@click.option("--active/--inactive", default=None, help="Whether anything is sent to it.")
@connected
def update(
    client: Client,
    email_id: str,
    recipients: tuple[str, ...],
    **given: Any,  # noqa: ANN401 - click's
) -> None:
    """Change what is given and nothing else."""
    document, to = client.emails.read(email_id).document, list(recipients) or None
    client.emails.update(email_id, {**document, **filters(**given, recipients=to)})
    click.echo(f"email {email_id} is changed")


@email.command()
@click.argument("email_id")
@connected
def delete(client: Client, email_id: str) -> None:
    """Tell them no more; what waits is forgotten."""
    client.emails.delete(email_id)
    click.echo(f"email {email_id} is deleted")


@email.command()
@click.argument("email_id")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@connected
def test(client: Client, email_id: str, *, as_json: bool) -> int:
    """Mail a test now, and show how that went."""
    return show_test(client.emails.test(email_id), as_json=as_json)


@email.command()
@click.argument("email_id")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--last", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with every try.")
@connected
def deliveries(client: Client, email_id: str, **given: Any) -> None:  # noqa: ANN401 - click's
    """List what was mailed, or is to be, the newest first."""
    show_deliveries(client.emails, email_id, **given)


@email.command()
@click.argument("email_id")
@click.argument("notice_id")
@connected
def redeliver(client: Client, email_id: str, notice_id: str) -> None:
    """Mail something once more."""
    client.emails.redeliver(email_id, notice_id)
    click.echo(f"{notice_id} is queued again")
