"""What the commands around all kinds of receivers share: options, tables, texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from importmgr.cli.text import moment, one_line, show_json, show_table

if TYPE_CHECKING:
    from importmgr.client.receiver_values import Delivery, Receiver, ReceiverTest
    from importmgr.client.receivers import Receivers

FAILED = 1
STATES = ("pending", "delivered", "failed")
EVERYTHING = "all"


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what is told, and of which definitions."""
    for option in (
        click.option("--name", help="For people."),
        click.option(
            "--event", "events", multiple=True, metavar="TYPE", help="What is told; `all` at once."
        ),
        click.option(
            "--import",
            "imports",
            multiple=True,
            metavar="ID",
            help="A definition of which is told; `all` at once.",
        ),
    ):
        command = option(command)
    return command


def filters(
    name: str | None, events: Iterable[str], imports: Iterable[str], **more: object
) -> dict[str, Any]:
    """Return the members of a document that were given."""
    chosen: dict[str, Any] = {} if name is None else {"name": name}
    for member, words in (("events", list(events)), ("imports", list(imports))):
        if words:
            chosen[member] = None if EVERYTHING in words else words
    return chosen | {member: value for member, value in more.items() if value is not None}


def show_made(id_name: str, made: Mapping[str, Any], *, as_json: bool) -> None:
    """Print what was made: an id, and a secret if there is one."""
    if as_json:
        show_json(dict(made))
        return
    if "secret" not in made:
        click.echo(made[id_name])
        return
    click.echo(f"id      {made[id_name]}")
    click.echo(f"secret  {made['secret']}")
    if made["previous_secret_until"] is not None:
        until = moment(made["previous_secret_until"])
        click.echo(f"the secret before signs too until {until} UTC", err=True)


def show_receivers(found: Iterable[Receiver], kind: str, where: str, *, as_json: bool) -> None:
    """Print receivers; `where` is the member of their documents that says where they are."""
    if as_json:
        show_json([asdict(each) for each in found])
        return
    none = f"no {kind}s yet; `importmgr {kind} create` makes one"
    rows = [(each.id, _state(each), _events(each), _where(each.document[where])) for each in found]
    show_table(("id", "state", "events", where), rows, none=none)


def show_receiver(found: Receiver, *, as_json: bool) -> None:
    """Print a receiver's document, and on stderr why it is disabled."""
    show_json(asdict(found) if as_json else found.document)
    if found.disabled is not None and not as_json:
        click.echo(f"disabled: {one_line(found.disabled)}", err=True)


def show_test(report: ReceiverTest, *, as_json: bool) -> int:
    """Print what came of a test and return the exit code."""
    if as_json:
        show_json(asdict(report))
    elif report.error is None:
        click.echo(f"delivered in {report.milliseconds:.0f} ms")
    else:
        click.echo(f"failed: {one_line(report.error)}")
    return 0 if report.error is None else FAILED


def show_deliveries(
    receivers: Receivers, receiver_id: str, state: str | None, last: int, *, as_json: bool
) -> None:
    """Print what was sent to a receiver, the newest first."""
    found = list(islice(receivers.deliveries(receiver_id, state), last))
    if as_json:
        show_json([asdict(each) for each in found])
        return
    rows = [(moment(each.at), each.notice_id, each.type, each.state, _last(each)) for each in found]
    show_table(("at (UTC)", "id", "type", "state", "last try"), rows, none="nothing was sent")


def _last(delivery: Delivery) -> str:
    """Return what came of the last try, and when the next one is."""
    if not delivery.tries:
        return "not tried yet"
    last = delivery.tries[-1]
    text = last["error"] or f"took {last['milliseconds']:.0f} ms"
    return f"{text}; again at {moment(delivery.due)}" if delivery.state == "pending" else text


def _state(receiver: Receiver) -> str:
    if receiver.disabled is not None:
        return "disabled"
    return "active" if receiver.document["active"] else "inactive"


def _events(receiver: Receiver) -> str:
    events = receiver.document["events"]
    return EVERYTHING if events is None else " ".join(events)


def _where(place: str | list[str]) -> str:
    return place if isinstance(place, str) else " ".join(place)
