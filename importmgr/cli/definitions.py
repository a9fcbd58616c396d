"""`importmgr definitions`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from itertools import islice
from operator import attrgetter
from typing import IO, TYPE_CHECKING, Any

import click

from importmgr.cli.documents import read_document
from importmgr.cli.dry_run import cancel_dry_run, dry_run
from importmgr.cli.moments import MOMENT
from importmgr.cli.open_matters import tell_what_is_open
from importmgr.cli.remote import connected
from importmgr.cli.runs import watch_run
from importmgr.cli.text import moment, one_line, show_json, show_table

if TYPE_CHECKING:
    from importmgr.client import Client, Definition

NOTES = {
    None: "",
    "gap": "the clocks skip the time that was asked for",
    "repeat": "the clocks show this time twice",
    "month_end": "the month lacks the day that was asked for",
}
NOTHING_DECIDED = "nothing to explain"


@click.group()
def definitions() -> None:
    """List, create and run definitions, over HTTP."""


@definitions.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@connected
def list_(client: Client, *, as_json: bool) -> None:
    """List the definitions in the order of their creation."""
    found = list(client.definitions.list())
    if as_json:
        show_json([_listed(each) for each in found])
        return
    rows = [(each.id, _trigger(each), each.name) for each in found]
    none = "no definitions yet; `importmgr definitions create FILE` makes one"
    show_table(("id", "trigger", "name"), rows, none=none)


@definitions.command()
@click.argument("definition_id")
@click.option("--json", "as_json", is_flag=True, help="Print its id too, as list does.")
@connected
def show(client: Client, definition_id: str, *, as_json: bool) -> None:
    """Print a definition as a JSON document that `create` accepts."""
    found = client.definitions.read(definition_id)
    show_json(_wrapped(found.id, found.document) if as_json else found.document)


@definitions.command()
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@connected
def create(client: Client, file: IO[str], *, as_json: bool) -> None:
    """Create a definition from a JSON document in FILE (- for stdin) and print its id."""
    made = client.definitions.submit(read_document(file))
    if as_json:
        show_json({"import_id": made.id, "warnings": list(made.warnings)})
        return
    click.echo(made.id)
    for warning in made.warnings:
        click.echo(f"warning: {one_line(warning)}", err=True)


@definitions.command()
@click.argument("definition_id")
@connected
def delete(client: Client, definition_id: str) -> None:
    """Delete a definition and cancel its runs; what was imported stays."""
    client.definitions.delete(definition_id)
    click.echo(f"definition {definition_id} is deleted")


@definitions.command()
@click.argument("definition_id")
@click.option("--from", "location", metavar="URL", help="Import from here, this time only.")
@click.option("--unchecked", is_flag=True, help="Do not look at the source before the run.")
@click.option("--watch", is_flag=True, help="Wait for the end of the run and show it.")
@click.option("--wait", is_flag=True, help="With --watch: stay while the run is paused.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@connected
def run(client: Client, definition_id: str, location: str | None, **options: bool) -> int:
    """Queue a run and print its id."""
    checked = not options["unchecked"]
    queued = client.definitions.run(definition_id, location, test_connection=checked)
    if options["watch"]:
        how = {name: options[name] for name in ("as_json", "wait")}
        return watch_run(client, definition_id, queued, **how)
    if options["as_json"]:
        show_json({"import_id": definition_id, "run_id": queued})
    else:
        click.echo(queued)
    return 0


@definitions.command("next-runs")
@click.argument("definition_id")
@click.option("--count", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.option("--after", type=MOMENT, help="Only what lies after this.  [default: now]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@connected
def next_runs(
    client: Client, definition_id: str, *, count: int, after: float | None, as_json: bool
) -> None:
    """Print when a definition fires next, and what is special about these times."""
    found = client.definitions.schedule(definition_id, count, after)
    if found.next_runs and not found.active:
        click.echo("the definition is inactive: it fires then only once it is activated", err=True)
    if as_json:
        show_json([asdict(each) for each in found.next_runs])
        return
    rows = [
        (moment(each.at), each.local, NOTES.get(each.note, each.note)) for each in found.next_runs
    ]
    show_table(("at (UTC)", "local", "note"), rows, none="no next runs")


@definitions.command()
@click.argument("definition_id")
@click.option("--since", type=MOMENT, help="Only what was decided then or later.")
@click.option("--last", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@connected
def why(
    client: Client, definition_id: str, *, since: float | None, last: int, as_json: bool
) -> None:
    """Print why a definition ran or did not, failed or rejected rows, in the order of time.

    What waits for somebody still is told with the commands that lead on. The last look for new
    files has a line too, whatever came of it.
    """
    found = list(islice(client.definitions.decisions(definition_id, since), last))[::-1]
    look = client.definitions.last_look(definition_id)
    if look is not None and look.at >= (since or 0):
        found = sorted([*found, look], key=attrgetter("at"))
    if as_json:
        show_json([asdict(each) for each in found])
        return
    rows = [(moment(each.at), each.text) for each in found]
    none = "" if rows else f"{NOTHING_DECIDED}; {_what_next(client, definition_id)}"
    show_table(("decided (UTC)", "why"), rows, none=none)
    if rows:
        tell_what_is_open(client, definition_id, found)


@definitions.command()
@click.argument("definition_id")
@connected
def activate(client: Client, definition_id: str) -> None:
    """Let a definition run by itself, from now on."""
    client.definitions.activate(definition_id)
    click.echo(f"definition {definition_id} is active")


@definitions.command()
@click.argument("definition_id")
@connected
def deactivate(client: Client, definition_id: str) -> None:
    """Let a definition not run by itself any more; it can still be run by hand."""
    client.definitions.deactivate(definition_id)
    click.echo(f"definition {definition_id} is inactive")


def _listed(definition: Definition) -> dict[str, Any]:
    freshness = definition.freshness
    told = {} if freshness is None else {"freshness": freshness}
    return _wrapped(definition.id, definition.document) | told


def _wrapped(definition_id: str, document: Mapping[str, Any]) -> dict[str, Any]:
    return {"import_id": definition_id, "import_definition": document}


def _what_next(client: Client, definition_id: str) -> str:
    """Return when a definition runs by itself next, or why it never does."""
    document = client.definitions.read(definition_id).document
    if not document.get("active", True):
        return f"it is inactive: `importmgr definitions activate {definition_id}`"
    if document["trigger"]["trigger_type"] != "scheduled":
        return "`importmgr runs list DEFINITION_ID` shows its runs"
    coming = client.definitions.next_runs(definition_id, 1)
    if not coming:
        return "its schedule has no further instant, so it never runs by itself"
    return f"it fires next at {moment(coming[0].at)} UTC"


def _trigger(definition: Definition) -> str:
    """Return when a definition fires, and what is the matter with it."""
    document, freshness = definition.document, definition.freshness
    trigger = document["trigger"]
    when = trigger.get("frequency", trigger["trigger_type"])
    if not document.get("active", True):
        return f"{when} (inactive)"
    is_broken = freshness is not None and freshness["state"] == "broken"
    return f"{when} (not fresh)" if is_broken else str(when)


definitions.add_command(dry_run)
definitions.add_command(cancel_dry_run)
