"""`importmgr integration`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from definitions.errors import RequestError
from definitions.troubles import Trouble
from importmgr.cli.remote import STDIN, connected
from importmgr.cli.text import show_json, show_table

if TYPE_CHECKING:
    from importmgr.client import Client, StorageReport

FAILED = 1
KINDS = ("local", "sftp", "s3", "gcs", "azure")
SSH_PORT = 22


@click.group()
def integration() -> None:
    """Manage connections to file storages, over HTTP."""


@integration.command()
@click.argument("name")
@click.option("--kind", required=True, type=click.Choice(KINDS), help="What it connects to.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="One of its settings.")
@click.option("--ask", "asked", multiple=True, metavar="KEY", help="A secret setting to ask for.")
@click.option(
    "--read",
    "files",
    multiple=True,
    metavar="KEY=FILE",
    help="A setting in a file; - is stdin.",
)
@click.option("--trust", is_flag=True, help="Trust the host key that the SFTP server shows now.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@connected
def create(client: Client, name: str, kind: str, **options: Any) -> None:  # noqa: ANN401 - click's
    """Create an integration called NAME and print its id.

    An SFTP server is connected to only with the host key that was trusted: without --trust its
    fingerprint is shown and nothing is created.
    """
    found = dict(_pair(text) for text in options["settings"])
    found |= {key: click.prompt(key, hide_input=True, err=True) for key in options["asked"]}
    found |= {key: _content(path) for key, path in map(_pair, options["files"])}
    settings: dict[str, Any] = {key: _number(key, value) for key, value in found.items()}
    if kind == "sftp" and "host_key" not in settings:
        settings["host_key"] = _host_key(client, settings, trust=options["trust"])
    made = client.integrations.create({"name": name, "kind": kind, "settings": settings})
    if options["as_json"]:
        show_json({"integration_id": made})
    else:
        click.echo(made)


@integration.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@connected
def list_(client: Client, *, as_json: bool) -> None:
    """List the integrations in the order of their creation."""
    found = list(client.integrations.list())
    if as_json:
        show_json([{"integration_id": each.id, "integration": each.document} for each in found])
        return
    none = "no integrations yet; `importmgr integration create` makes one"
    rows = [(each.id, each.kind, each.name) for each in found]
    show_table(("id", "kind", "name"), rows, none=none)


@integration.command()
@click.argument("integration_id")
@connected
def show(client: Client, integration_id: str) -> None:
    """Print an integration as JSON; its secrets are sealed."""
    show_json(client.integrations.read(integration_id).document)


@integration.command()
@click.argument("integration_id")
@click.option("--trust", is_flag=True, help="Trust the host key that the SFTP server shows now.")
@click.option("--write", is_flag=True, help="Also write, rename and delete a file there.")
@click.option("--path", "folder", help="With --write: in this folder below, which must be there.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@connected
def test(client: Client, integration_id: str, **options: Any) -> int:  # noqa: ANN401 - as click has them
    """Connect, list the folder, and show latency and clock, or what is wrong.

    Follow-ups such as after_success need to write there as well: --write tries that, and leaves
    nothing behind.
    """
    folder, write = options["folder"], options["write"]
    if folder is not None and not write:
        msg = f"--path {folder!r} is heeded with --write only; add that, or leave --path out"
        raise click.UsageError(msg)
    if options["trust"]:
        _trust(client, integration_id)
    integrations = client.integrations
    report = (
        integrations.test_writing(integration_id, folder)
        if write
        else integrations.test(integration_id)
    )
    if options["as_json"]:
        show_json({name: getattr(report, name) for name in report.__slots__})
    else:
        click.echo("\n".join(_lines(report)))
        if report.trouble == Trouble.HOST_KEY:
            click.echo(
                f"to trust it: importmgr integration test {integration_id} --trust", err=True
            )
    return 0 if report.trouble is None else FAILED


@integration.command()
@click.argument("integration_id")
@connected
def delete(client: Client, integration_id: str) -> None:
    """Delete an integration that no definition uses any more."""
    client.integrations.delete(integration_id)
    click.echo(f"integration {integration_id} is deleted")


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        msg = f"{text!r} must look like KEY=VALUE"
        raise click.UsageError(msg)
    return key, value


def _content(path: str) -> str:
    """Return the text of a file, without a line end after it."""
    text = sys.stdin.read() if path == STDIN else Path(path).read_text(encoding="utf-8")
    return text.rstrip("\r\n")


def _number(key: str, value: str) -> str | int:
    return int(value) if key == "port" and value.isascii() and value.isdigit() else value


def _host_key(client: Client, settings: dict[str, Any], *, trust: bool) -> str:
    """Show the host key of the server; return it if it is to be trusted."""
    host, port = settings.get("host"), settings.get("port", SSH_PORT)
    if host is None:
        msg = "give the server with --set host=…"
        raise click.UsageError(msg)
    shown = client.integrations.host_key(host, port)
    if not trust:
        msg = (
            f"{host}:{port} shows the host key {shown}; if its operator says the same, "
            "repeat the command with --trust"
        )
        raise RequestError(msg)
    click.echo(f"trusting the host key {shown} of {host}:{port}", err=True)
    return shown


def _trust(client: Client, integration_id: str) -> None:
    """Trust what the server of an integration shows now, and show it."""
    settings = client.integrations.read(integration_id).document["settings"]
    if "host_key" not in settings:
        msg = f"integration {integration_id!r} has no host key; only those of SFTP servers have one"
        raise RequestError(msg)
    shown = client.integrations.host_key(settings["host"], settings["port"])
    if shown != settings["host_key"]:
        click.echo(f"host key was {settings['host_key']}, trusting {shown}", err=True)
        client.integrations.trust(integration_id, shown)


def _lines(report: StorageReport) -> list[str]:
    """Return what a person wants to know of a test."""
    lines: list[str] = []
    if report.connect_ms is not None:
        skew = report.clock_skew
        clock = "not told" if skew is None else f"{skew:+.1f} s against ours"
        lines = [
            f"connected  {report.connect_ms:.0f} ms",
            f"listed     {report.files} files in {report.list_ms:.0f} ms",
            f"clock      {clock}",
        ]
    if report.write_ms is not None:
        lines.append(f"written    renamed and deleted in {report.write_ms:.0f} ms")
    if report.trouble is not None:
        lines.append(f"{report.trouble}: {report.error}")
    return lines
