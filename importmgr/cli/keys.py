"""`importmgr key`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from importmgr.cli.inside import inside
from importmgr.cli.text import moment, show_json, show_table

if TYPE_CHECKING:
    from datetime import datetime

    from importmgr.services.keys import NewKey
    from importmgr.store.keys import Key

NEW_KEY = ("key_id", "secret", "project_token", "name")


@click.group()
def key() -> None:
    """Create, list, revoke and rotate keys."""


@key.command()
@click.option("--project", "token", required=True, metavar="TOKEN", help="The project's token.")
@click.option("--name", required=True, help="Who or what uses the key.")
@click.option("--permission", "permissions", multiple=True, metavar="P", help="May be repeated.")
@click.option("--all-permissions", "everything", is_flag=True, help="Grant all there are.")
@click.option("--json", "form", flag_value="json", help="Print JSON.")
@click.option(
    "--basic", "form", flag_value="basic", help="Print KEY_ID:SECRET, as curl -u takes it."
)
def create(
    token: str, name: str, permissions: tuple[str, ...], form: str | None, *, everything: bool
) -> None:
    """Create a key and print its secret, which is shown this once and never again."""
    from importmgr.security.permissions import PERMISSIONS  # noqa: PLC0415 - light start

    if everything == bool(permissions):
        msg = f"give --all-permissions or --permission, one of {', '.join(PERMISSIONS)}"
        raise click.UsageError(msg)
    with inside() as wiring:
        made = wiring.services.keys.create(token, name, PERMISSIONS if everything else permissions)
    _show(made, form)


@key.command("list")
@click.option("--project", "token", required=True, metavar="TOKEN", help="The project's token.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(token: str, *, as_json: bool) -> None:
    """List the keys of a project, revoked ones too; no secrets."""
    with inside() as wiring:
        found = wiring.services.keys.list(token)
    if as_json:
        show_json([_document(each) for each in found])
        return
    rows = [(k.key_id, f"…{k.last4}", _state(k), k.name, _granted(k)) for k in found]
    headings = ("key id", "secret", "state", "name", "permissions")
    show_table(
        headings, rows, none="this project has no keys yet; `importmgr key create` makes one"
    )


@key.command()
@click.argument("key_id")
def revoke(key_id: str) -> None:
    """Make a key useless at once and for ever."""
    with inside() as wiring:
        wiring.services.keys.revoke(key_id)
    click.echo(f"key {key_id} is revoked")


@key.command()
@click.argument("key_id")
@click.option("--json", "form", flag_value="json", help="Print JSON.")
@click.option(
    "--basic", "form", flag_value="basic", help="Print KEY_ID:SECRET, as curl -u takes it."
)
def rotate(key_id: str, form: str | None) -> None:
    """Give a key a new secret; the old one stays valid for 24 hours."""
    with inside() as wiring:
        made = wiring.services.keys.rotate(key_id)
    _show(made, form)
    if form is None:
        click.echo("The old secret stays valid for 24 hours.")


def _show(made: NewKey, form: str | None) -> None:
    """Print a key with its secret."""
    match form:
        case "json":
            parts = {name: getattr(made, name) for name in NEW_KEY}
            show_json({**parts, "permissions": sorted(made.permissions)})
        case "basic":
            click.echo(f"{made.key_id}:{made.secret}")
        case _:
            click.echo(f"key id   {made.key_id}\nsecret   {made.secret}")
            click.echo("The secret is not shown again: keep it now.")


def _document(found: Key) -> dict[str, object]:
    """Return what is known of a key for other programs."""
    return {
        "key_id": found.key_id,
        "name": found.name,
        "permissions": sorted(found.permissions),
        "secret_ends_with": found.last4,
        "created": found.created_at.timestamp(),
        "previous_secret_until": _epoch(found.previous_until),
        "revoked": _epoch(found.revoked_at),
    }


def _epoch(instant: datetime | None) -> float | None:
    return None if instant is None else instant.timestamp()


def _state(found: Key) -> str:
    return "in use" if found.revoked_at is None else f"revoked {moment(_epoch(found.revoked_at))}"


def _granted(found: Key) -> str:
    from importmgr.security.permissions import PERMISSIONS  # noqa: PLC0415 - light start

    everything = found.permissions == frozenset(PERMISSIONS)
    return "all" if everything else ", ".join(sorted(found.permissions))
