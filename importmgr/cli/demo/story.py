"""What the demo does and shows, step by step."""

# tested by: tests/integration/test_demo.py

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from definitions.errors import PermanentError, TemporaryError
from importmgr.cli.demo.files import served
from importmgr.cli.progress import follow
from importmgr.cli.report import show_faults
from importmgr.cli.text import moment, one_line, plural, show_table
from importmgr.client import Client
from importmgr.clock import SystemClock

if TYPE_CHECKING:
    from importmgr.cli.demo.process import ServiceProcess
    from importmgr.client import Customer, Run

DOCUMENTS = ("customers", "products", "purchases")
RUN_SECONDS = 120.0
LOOK_SECONDS = 0.2
SAMPLES = 3
COUNTS = ("import", "read", "created", "updated", "unchanged", "rejected", "skipped")
NEXT = """\
make serve                                      start the service for good
.venv/bin/importmgr project create "My shop"    a project of your own
.venv/bin/importmgr --help                      every command
README.md                                       your first import, step by step"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A definition that was made, and its run at the end."""

    name: str
    id: str
    run: Run


def tell(service: ServiceProcess, examples: Path) -> int:
    """Show everything and return the exit code; raise an `ImportmgrError` if it cannot go on."""
    steps = count(1)
    _head(steps, "The service runs on a free port, with a temporary data folder")
    click.echo(f"importmgr is ready on {service.url}")

    _head(steps, "A project and a private key for it")
    client = _client(service)

    with served(examples) as files:
        _head(steps, "Three imports, created over HTTP; the trigger `now` fires them at once")
        imports = [_import(client, examples / f"{name}.json", files) for name in DOCUMENTS]

        _head(steps, "What became of every row")
        show_table(COUNTS, [_counts(each) for each in imports], none="nothing")

        _head(steps, "What could not be used, and why")
        _explain(imports)

        _head(steps, "The last file once more: nothing is doubled")
        again = _again(client, imports[-1])
        click.echo()
        show_table(COUNTS, [_counts(again)], none="nothing")

    _head(steps, "Read back over HTTP")
    _show_customer(client, examples)
    _show_items(client)

    _head(steps, "To go on")
    click.echo(NEXT)
    return 0


def _head(steps: Iterator[int], title: str) -> None:
    click.echo(f"\n{click.style(f'{next(steps)}. {title}', bold=True)}\n")


def _client(service: ServiceProcess) -> Client:
    """Make a project and a key as an operator does, and return a client for them."""
    project = service.command("project", "create", "Demo shop")
    token = project["project_token"]
    _command(f'importmgr project create "{project["name"]}"', token)
    key = service.command(
        "key", "create", "--project", token, "--name", "demo", "--all-permissions"
    )
    _command(f"importmgr key create --project {token} \\", "")
    _command("    --name demo --all-permissions", f"key id   {key['key_id']}", prompt=" ")
    client = Client(service.url, key["key_id"], key["secret"], token)
    click.echo(f"the service's clock, asked for with that key: {moment(client.system_time())} UTC")
    return client


def _command(typed: str, answer: str, prompt: str = "$") -> None:
    """Show what was typed and what it printed."""
    click.echo(f"{prompt} {typed}")
    if answer:
        click.echo(answer)


def _import(client: Client, path: Path, files: str) -> Import:
    """Create a definition from an example, served from here, and follow its run to the end."""
    document = json.loads(path.read_text(encoding="utf-8"))
    document["source"]["import_url"] = files + urlsplit(document["source"]["import_url"]).path
    made = client.definitions.create(document)
    click.echo(f"POST /imports/v1/…  {path.name}  ->  import_id {made}")
    run = next(client.runs.list(made), None)
    if run is None:
        msg = f"import {made} did not fire"
        raise PermanentError(msg)
    return Import(
        name=document["name"], id=made, run=_follow(client, document["name"], made, run.id)
    )


def _again(client: Client, done: Import) -> Import:
    """Run an import once more."""
    queued = client.definitions.run(done.id)
    click.echo(f"POST …/{done.id}/run  ->  run_id {queued}")
    return replace(done, run=_follow(client, done.name, done.id, queued))


def _follow(client: Client, name: str, definition_id: str, run_id: str) -> Run:
    """Show a run to its end; raise `PermanentError` unless it completed."""
    looks = client.runs.watch(definition_id, run_id, LOOK_SECONDS)
    last = follow(_in_time(looks), f"  {name:<9}", sys.stdout)
    if not last.completed:
        msg = f"the run of {name!r} is {last.status}: {last.error or 'no reason given'}"
        raise PermanentError(msg)
    return last


def _in_time(looks: Iterable[Run]) -> Iterator[Run]:
    """Yield the looks at a run; raise `TemporaryError` when it takes much too long."""
    clock = SystemClock()
    end = clock.monotonic() + RUN_SECONDS
    for look in looks:
        yield look
        if not look.ended and clock.monotonic() > end:
            msg = f"run {look.id} is still {look.status} after {RUN_SECONDS:g} seconds"
            raise TemporaryError(msg)


def _counts(done: Import) -> tuple[object, ...]:
    run = done.run
    parts = (run.rows_created, run.rows_updated, run.rows_unchanged, run.rows_rejected)
    return (done.name, run.rows_read, *parts, run.rows_skipped)


def _explain(imports: list[Import]) -> None:
    """Show every fault, and how many rows they cost."""
    show_faults(fault for each in imports for fault in each.run.faults)
    faults = sum(each.run.fault_count for each in imports)
    rejected = sum(each.run.rows_rejected for each in imports)
    click.echo(
        f"\n{plural(faults, 'fault')}: {plural(rejected, 'row')} rejected; of the others only "
        "the faulty cell is left out."
    )


def _show_customer(client: Client, examples: Path) -> None:
    """Show the first buyer of the sample data as the service keeps it."""
    with (examples / "purchases.csv").open(encoding="utf-8", newline="") as file:
        buyer = next(csv.DictReader(file))["customer_id"]
    customer = client.customers.export({"registered": buyer})
    click.echo(f'POST …/customers/export-one  {{"registered": {_json(buyer)}}}')
    show_table(("property", "value"), _pairs(customer), none="no properties")
    click.echo()
    rows = [
        (event.type, moment(event.timestamp), _json(event.properties)) for event in customer.events
    ]
    show_table(("event", "time (UTC)", "properties"), rows[:SAMPLES], none="no events")
    click.echo()


def _pairs(customer: Customer) -> list[tuple[str, str]]:
    return [(name, _json(value)) for name, value in customer.properties.items()]


def _show_items(client: Client) -> None:
    """Show the first items of the catalog."""
    for catalog in client.catalogs.list():
        click.echo(f"GET …/catalogs/{catalog.id}/items  ({one_line(catalog.name)})")
        items = islice(client.catalogs.items(catalog.id), SAMPLES)
        rows = [(item.id, _json(item.properties)) for item in items]
        show_table(("item", "properties"), rows, none="no items")


def _json(value: Any) -> str:  # noqa: ANN401 - any JSON
    return json.dumps(value, ensure_ascii=False)
