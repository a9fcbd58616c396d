"""`importmgr webhook`."""

from __future__ import annotations

from dataclasses import asdict
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
from importmgr.cli.text import moment, show_json

if TYPE_CHECKING:
    from importmgr.client import Client
    from importmgr.client.receiver_values import WebhookSecret

KIND = "webhook"


@click.group()
def webhook() -> None:
    """Manage programs that are told about imports, over HTTP."""


@webhook.command()
@click.argument("address", metavar="URL")
@filter_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@connected
def create(client: Client, address: str, *, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - click's
    """Create a webhook that posts to URL; print its id, and its secret this once."""
    made = client.webhooks.create({"url": address, **filters(**given)})
    if as_json:
        show_json(asdict(made))
    else:
        _show_secret(made)


@webhook.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@connected
def list_(client: Client, *, as_json: bool) -> None:
    """List the webhooks in the order of their creation."""
    show_receivers(client.webhooks.list(), KIND, "url", as_json=as_json)


@webhook.command()
@click.argument("webhook_id")
@click.option("--json", "as_json", is_flag=True, help="Print how it does, too.")
@connected
def show(client: Client, webhook_id: str, *, as_json: bool) -> None:
    """Print a webhook as JSON, without its secret."""
    show_receiver(client.webhooks.read(webhook_id), as_json=as_json)


@webhook.command()
@click.argument("webhook_id")
@click.option("--to", "address", metavar="URL", help="Where it posts to.")
@filter_options
@click.option("--active/--inactive", default=None, help="Whether anything is sent to it.")
@connected
def update(
    client: Client,
    webhook_id: str,
    address: str | None,
    **given: Any,  # noqa: ANN401 - click's
) -> None:
    """Change what is given and nothing else."""
    document = client.webhooks.read(webhook_id).document
    client.webhooks.update(webhook_id, {**document, **filters(**given, url=address)})
    click.echo(f"webhook {webhook_id} is changed")


@webhook.command()
@click.argument("webhook_id")
@connected
def delete(client: Client, webhook_id: str) -> None:
    """Delete a webhook with its deliveries, also those that wait."""
    client.webhooks.delete(webhook_id)
    click.echo(f"webhook {webhook_id} is deleted")


@webhook.command()
@click.argument("webhook_id")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@connected
def test(client: Client, webhook_id: str, *, as_json: bool) -> int:
    """Send a notice of the type `test` now, and show how that went."""
    return show_test(client.webhooks.test(webhook_id), as_json=as_json)


@webhook.command("rotate-secret")
@click.argument("webhook_id")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@connected
def rotate_secret(client: Client, webhook_id: str, *, as_json: bool) -> None:
    """Let a new secret sign, and for a day the present one too; print it this once."""
    made = client.webhooks.rotate_secret(webhook_id)
    if as_json:
        show_json(asdict(made))
    else:
        _show_secret(made)


@webhook.command()
@click.argument("webhook_id")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--last", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with every try.")
@connected
def deliveries(client: Client, webhook_id: str, **given: Any) -> None:  # noqa: ANN401 - click's
    """List what was sent to a webhook, or is to be, the newest first."""
    show_deliveries(client.webhooks, webhook_id, **given)


@webhook.command()
@click.argument("webhook_id")
@click.argument("notice_id")
@connected
def redeliver(client: Client, webhook_id: str, notice_id: str) -> None:
    """Send something once more, under the same id."""
    client.webhooks.redeliver(webhook_id, notice_id)
    click.echo(f"{notice_id} is queued again")


def _show_secret(made: WebhookSecret) -> None:
    click.echo(f"id      {made.webhook_id}")
    click.echo(f"secret  {made.secret}")
    if made.previous_secret_until is not None:
        until = moment(made.previous_secret_until)
        click.echo(f"the secret before signs too until {until} UTC", err=True)
