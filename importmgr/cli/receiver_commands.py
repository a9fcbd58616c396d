"""`importmgr webhook`, `importmgr email`, and a group like them for every other channel."""

# tested by: tests/contract/test_channels.py

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from importmgr.cli.receiver_options import (
    argument_of,
    given_document,
    hidden_members,
    member_options,
    place_option,
)
from importmgr.cli.receivers import (
    STATES,
    filter_options,
    show_deliveries,
    show_made,
    show_receiver,
    show_receivers,
    show_test,
)
from importmgr.cli.remote import connected
from importmgr.telling.registry import CHANNELS, channel

if TYPE_CHECKING:
    from importmgr.client import Client
    from importmgr.telling.channel import ChannelKind

Command = Callable[..., Any]
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class ReceiverGroup(click.Group):
    """The commands around receivers of one kind, made when they are asked for.

    A channel's file is not imported before.
    """

    def __init__(self, kind: str) -> None:
        """Take the name of a channel."""
        super().__init__(name=kind, help=f"Manage {CHANNELS[kind].about}, over HTTP.")

    @cached_property
    def _made(self) -> dict[str, click.Command]:
        return {one.name or "": one for one in _commands(channel(self.name or ""))}

    @property
    def commands(self) -> MutableMapping[str, click.Command]:
        """Return every command by its name."""
        return self._made

    @commands.setter
    def commands(self, given: MutableMapping[str, click.Command]) -> None:
        """Take nothing: click gives an empty one in the beginning."""


def receiver_groups() -> tuple[ReceiverGroup, ...]:
    """Return a group of commands for each channel."""
    return tuple(ReceiverGroup(kind) for kind in CHANNELS)


def _commands(kind: ChannelKind) -> Iterator[click.Command]:
    yield _create(kind)
    yield _list(kind)
    yield _show(kind)
    yield _update(kind)
    yield _delete(kind)
    yield _test(kind)
    if kind.is_signed:
        yield _rotate_secret(kind)
    yield _deliveries(kind)
    yield _redeliver(kind)


def _receiver_id(kind: ChannelKind) -> Callable[[Command], Command]:
    return click.argument("receiver_id", metavar=kind.id_name.upper())


def _create(kind: ChannelKind) -> click.Command:
    secret = ", and its secret this once" if kind.is_signed else ""

    @click.command("create", help=f"Create a receiver and print its id{secret}.")
    @argument_of(kind)
    @member_options(kind)
    @filter_options
    @as_json
    @connected
    def create(client: Client, *, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - click's
        document = given_document(kind, given) | hidden_members(kind, given)
        show_made(kind.id_name, client.receivers(kind.name).add(document), as_json=as_json)

    return create


def _list(kind: ChannelKind) -> click.Command:
    @click.command("list")
    @as_json
    @connected
    def list_(client: Client, *, as_json: bool) -> None:
        """List these receivers in the order of their creation, and which are disabled."""
        found = client.receivers(kind.name).list()
        show_receivers(found, kind.name, kind.place, as_json=as_json)

    return list_


def _show(kind: ChannelKind) -> click.Command:
    @click.command("show")
    @_receiver_id(kind)
    @click.option("--json", "as_json", is_flag=True, help="Print how it does, too.")
    @connected
    def show(client: Client, receiver_id: str, *, as_json: bool) -> None:
        """Print a receiver as JSON, without its secrets; why it is disabled goes to stderr."""
        show_receiver(client.receivers(kind.name).read(receiver_id), as_json=as_json)

    return show


def _update(kind: ChannelKind) -> click.Command:
    @click.command("update")
    @_receiver_id(kind)
    @place_option(kind)
    @member_options(kind)
    @filter_options
    @click.option("--active/--inactive", default=None, help="Whether anything is sent to it.")
    @connected
    def update(client: Client, receiver_id: str, **given: Any) -> None:  # noqa: ANN401 - click's
        """Change what is given and nothing else."""
        receivers = client.receivers(kind.name)
        document = receivers.read(receiver_id).document
        receivers.update(receiver_id, {**document, **given_document(kind, given)})
        click.echo(f"{kind.name} {receiver_id} is changed")

    return update


def _delete(kind: ChannelKind) -> click.Command:
    @click.command("delete")
    @_receiver_id(kind)
    @connected
    def delete(client: Client, receiver_id: str) -> None:
        """Delete a receiver with its deliveries, also those that wait."""
        client.receivers(kind.name).delete(receiver_id)
        click.echo(f"{kind.name} {receiver_id} is deleted")

    return delete


def _test(kind: ChannelKind) -> click.Command:
    @click.command("test")
    @_receiver_id(kind)
    @as_json
    @connected
    def test(client: Client, receiver_id: str, *, as_json: bool) -> int:
        """Send a notice of the type `test` now, and show how that went."""
        return show_test(client.receivers(kind.name).test(receiver_id), as_json=as_json)

    return test


def _rotate_secret(kind: ChannelKind) -> click.Command:
    @click.command("rotate-secret")
    @_receiver_id(kind)
    @as_json
    @connected
    def rotate_secret(client: Client, receiver_id: str, *, as_json: bool) -> None:
        """Let a new secret sign, and for a day the present one too; print it this once."""
        made = client.receivers(kind.name).renew_secret(receiver_id)
        show_made(kind.id_name, made, as_json=as_json)

    return rotate_secret


def _deliveries(kind: ChannelKind) -> click.Command:
    @click.command("deliveries")
    @_receiver_id(kind)
    @click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
    @click.option("--last", type=click.IntRange(1), default=20, show_default=True, help="How many.")
    @click.option("--json", "as_json", is_flag=True, help="Print JSON, with every try.")
    @connected
    def deliveries(client: Client, receiver_id: str, **given: Any) -> None:  # noqa: ANN401 - click's
        """List what was sent, or is to be, the newest first."""
        show_deliveries(client.receivers(kind.name), receiver_id, **given)

    return deliveries


def _redeliver(kind: ChannelKind) -> click.Command:
    @click.command("redeliver")
    @_receiver_id(kind)
    @click.argument("notice_id")
    @connected
    def redeliver(client: Client, receiver_id: str, notice_id: str) -> None:
        """Send something once more, under the same id."""
        client.receivers(kind.name).redeliver(receiver_id, notice_id)
        click.echo(f"{notice_id} is queued again")

    return redeliver
