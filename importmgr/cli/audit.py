"""`importmgr audit`."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from importmgr.cli.inside import inside
from importmgr.cli.moments import MOMENT, instant
from importmgr.cli.remote import connected
from importmgr.cli.text import moment, one_line, show_json

if TYPE_CHECKING:
    from importmgr.client import Client
    from importmgr.store.audit import AuditEntry

Command = Callable[..., Any]


def _narrowing(command: Command) -> Command:
    """Add the options that say which changes are wanted."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
        click.option("--last", type=click.IntRange(1), default=20, show_default=True),
        click.option("--until", type=MOMENT, help="Only what was changed before."),
        click.option("--since", type=MOMENT, help="Only what was changed then or later."),
        click.option("--object", "what", metavar="ID", help="Only changes of this thing."),
        click.option("--action", metavar="NAME", help="Only such changes, as run.started."),
        click.option("--actor", metavar="WHO", help="Only by this key, or by cli:USER."),
    ):
        command = option(command)
    return command


@click.group()
def audit() -> None:
    """Show who changed what."""


@audit.command("list")
@_narrowing
@connected
def list_(client: Client, what: str | None, *, last: int, as_json: bool, **wanted: Any) -> None:  # noqa: ANN401 - the other options
    """Show changes in a project, the newest first, over HTTP."""
    found = islice(client.audit.list(object=what, **wanted), last)
    _show(
        [{name: getattr(each, name) for name in each.__slots__} for each in found], as_json=as_json
    )


@audit.command("all")
@_narrowing
def all_(
    since: float | None,
    until: float | None,
    *,
    last: int,
    as_json: bool,
    **wanted: str | None,
) -> None:
    """Show changes of the installation and in all its projects, the newest first."""
    from importmgr.store.audit import AuditFilter  # noqa: PLC0415 - light start

    narrowed = AuditFilter(**wanted, since=instant(since), until=instant(until))  # type: ignore[arg-type] # actor, action, what
    with inside() as wiring:
        page = wiring.services.audit.everywhere(narrowed, last, 0)
    _show([_document(each) for each in page.items], as_json=as_json)


def _document(entry: AuditEntry) -> dict[str, Any]:
    """Return a change for other programs, with the project it was made in."""
    return {
        "at": entry.at.timestamp(),
        "project": entry.project_token,
        "actor": entry.actor,
        "action": entry.action,
        "object": entry.what,
        "before": dict(entry.before),
        "after": dict(entry.after),
        "request_id": entry.request_id,
    }


def _show(found: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        show_json(found)
        return
    for entry in found:
        click.echo(one_line(_line(entry)))
        if change := _change(entry):
            click.echo(f"    {one_line(change)}")
    if not found:
        click.echo("nothing was changed")


def _line(entry: dict[str, Any]) -> str:
    """Return when who did what to what; no column is cut, as each may be looked for."""
    what = entry["object"] or entry.get("project") or "-"
    return "  ".join((moment(entry["at"]), entry["actor"], entry["action"], what))


def _change(entry: dict[str, Any]) -> str:
    """Return what was and what became of it."""
    parts = [entry["before"], entry["after"]]
    return " → ".join(json.dumps(part, ensure_ascii=False) for part in parts if part)
