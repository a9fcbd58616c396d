"""The calls of the API, one method each.

```python
client = Client(url="http://127.0.0.1:8080", key_id="…", secret="…", project="…")
definition_id = client.definitions.create(document)
for run in client.runs.watch(definition_id, client.definitions.run(definition_id)):
    print(run.status, run.rows_read)
```

Reading is tried again while only time is missing (no connection, 429, 5xx) and follows pages;
what changes something is sent once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any
from urllib.parse import quote

from definitions.lifecycle import RunCommand
from importmgr.client.audit import Audit
from importmgr.client.door import Door, Patience
from importmgr.client.dry_runs import DryRuns
from importmgr.client.faults import Faults
from importmgr.client.integrations import Integrations
from importmgr.client.paging import Listing
from importmgr.client.receivers import Emails, Receivers, Webhooks
from importmgr.client.rejects import Rejects
from importmgr.client.values import (
    Catalog,
    Created,
    Customer,
    Decision,
    Definition,
    Item,
    NextRun,
    Run,
    Schedule,
    catalog_of,
    created_of,
    customer_of,
    decision_of,
    definition_of,
    item_of,
    run_of,
    schedule_of,
)

PAGE = 50  # the most definitions or runs in one answer
EVERY = 0.5  # seconds between two looks at a run


RUNS = Listing(limit="limit", offset="offset", size=PAGE, member="runs")
DECISIONS = Listing(limit="limit", offset="offset", size=PAGE, member="decisions")
RECORDS = Listing(limit="count", offset="skip", size=500, member="data")


class Client:
    """One project of one service, seen with one key."""

    def __init__(
        self, url: str, key_id: str, secret: str, project: str, patience: Patience | None = None
    ) -> None:
        """Take the address, a private key and the project's token; nothing is sent yet."""
        door = Door(url, key_id, secret, patience or Patience())
        token = quote(project, safe="")
        self._shown = f"Client(url={door.url!r}, key_id={key_id!r}, project={project!r})"
        self._door = door
        self._token = token
        self.definitions = Definitions(door, f"/imports/v1/{token}")
        self.runs = Runs(door, f"/imports/v1/{token}")
        self.faults = Faults(door, f"/imports/v1/{token}")
        self.dry_runs = DryRuns(door, f"/imports/v1/{token}")
        self.rejects = Rejects(door, f"/imports/v1/{token}")
        self.catalogs = Catalogs(door, f"/data/v2/projects/{token}/catalogs")
        self.audit = Audit(door, f"/api/v1/projects/{token}")
        self.integrations = Integrations(door, f"/api/v1/projects/{token}")
        self.receivers = partial(Receivers, door, f"/api/v1/projects/{token}")  # of any kind
        self.webhooks = Webhooks(door, f"/api/v1/projects/{token}")
        self.emails = Emails(door, f"/api/v1/projects/{token}")
        self.customers = Customers(door, f"/data/v2/projects/{token}/customers")

    def __repr__(self) -> str:
        """Show who looks at what, never the secret."""
        return self._shown

    def system_time(self) -> float:
        """Return the service's clock in epoch seconds; the cheapest way to test a key."""
        answer = self._door.ask("GET", f"/track/v2/projects/{self._token}/system/time")
        with self._door.understood():
            return float(answer.body["time"])


class Definitions:
    """Import definitions of the project."""

    def __init__(self, door: Door, path: str) -> None:
        """Take the way to the definitions."""
        self._door = door
        self._path = path

    def create(self, document: Mapping[str, Any]) -> str:
        """Create a definition and return its id; an active `now` trigger queues its first run."""
        return self.submit(document).id

    def submit(self, document: Mapping[str, Any]) -> Created:
        """Create a definition and return its id with the service's warnings."""
        answer = self._door.tell("POST", self._path, json=document)
        with self._door.understood():
            return created_of(answer.body)

    def list(self) -> Iterator[Definition]:
        """Yield every definition in the order of creation, page by page."""
        for offset in count(0, PAGE):
            query = {"limit": PAGE, "offset": offset}
            answer = self._door.ask("GET", self._path, params=query)
            with self._door.understood():
                page = [definition_of(row) for row in answer.body]
                total = int(answer.headers["X-Total-Count"])
            yield from page
            if not page or offset + PAGE >= total:
                return

    def read(self, definition_id: str) -> Definition:
        """Return one definition."""
        answer = self._door.ask("GET", self._at(definition_id))
        with self._door.understood():
            return definition_of(answer.body["import"])

    def delete(self, definition_id: str) -> None:
        """Delete a definition and cancel its runs; what was imported stays."""
        self._door.tell("DELETE", self._at(definition_id))

    def run(
        self, definition_id: str, location: str | None = None, *, test_connection: bool = True
    ) -> str:
        """Queue a run, from `location` if given, and return its id.

        The service looks at the source first and refuses what it cannot read, unless told not to.
        """
        body: dict[str, Any] = {} if location is None else {"path": location}
        if not test_connection:
            body["test_connection"] = False
        answer = self._door.tell("POST", f"{self._at(definition_id)}/run", json=body)
        with self._door.understood():
            return str(answer.body["run_id"])

    def next_runs(
        self, definition_id: str, count: int = 20, after: float | None = None
    ) -> tuple[NextRun, ...]:
        """Return the next instants of a definition's schedule after `after`, or after now."""
        return self.schedule(definition_id, count, after).next_runs

    def schedule(self, definition_id: str, count: int = 20, after: float | None = None) -> Schedule:
        """Return the same, and whether the definition is active."""
        query: dict[str, Any] = {"count": count} | ({} if after is None else {"after": after})
        answer = self._door.ask("GET", f"{self._at(definition_id)}/next-runs", params=query)
        with self._door.understood():
            return schedule_of(answer.body)

    def activate(self, definition_id: str) -> None:
        """Let a definition run by itself from now on."""
        self._door.tell("POST", f"{self._at(definition_id)}/activate")

    def deactivate(self, definition_id: str) -> None:
        """Let a definition not run by itself any more."""
        self._door.tell("POST", f"{self._at(definition_id)}/deactivate")

    def decisions(self, definition_id: str, since: float | None = None) -> Iterator[Decision]:
        """Yield what the service decided about a definition, the newest first, page by page."""
        path = f"{self._at(definition_id)}/decisions"
        more = {} if since is None else {"since": since}
        return DECISIONS.follow(self._door, path, decision_of, **more)

    def last_look(self, definition_id: str) -> Decision | None:
        """Return how the last look for new files went, or None if nothing was looked for yet."""
        path = f"{self._at(definition_id)}/decisions"
        answer = self._door.ask("GET", path, params={"limit": 1})
        with self._door.understood():
            look = answer.body.get("last_look")
            return None if look is None else decision_of(look)

    def check(self, definition_id: str) -> None:
        """Return if the definition's source can be read now; queue nothing."""
        self._door.tell("POST", f"{self._at(definition_id)}/run", json={"test_connection": True})

    def _at(self, definition_id: str) -> str:
        return f"{self._path}/{quote(definition_id, safe='')}"


class Runs:
    """Runs of the project's definitions."""

    def __init__(self, door: Door, path: str) -> None:
        """Take the way to the definitions."""
        self._door = door
        self._path = path

    def list(
        self,
        definition_id: str | None = None,
        at_once: int = RUNS.size,
        **wanted: float | str | None,
    ) -> Iterator[Run]:
        """Yield runs of a definition, or of all, the newest first, in pages of so many `at_once`.

        `wanted` narrows them: `status`, `trigger`, `since` and `until` in epoch seconds (when they
        were asked for), and `rejecting="true"` for those with rejected rows.
        """
        path = f"{self._path}/runs" if definition_id is None else self._at(definition_id)
        given = {name: value for name, value in wanted.items() if value is not None}
        pages = replace(RUNS, size=min(at_once, RUNS.size))
        return pages.follow(self._door, path, run_of, **given)

    def show(self, definition_id: str, run_id: str) -> Run:
        """Return one run as it stands now."""
        answer = self._door.ask("GET", self._one(definition_id, run_id))
        with self._door.understood():
            return run_of(answer.body["run"])

    def pause(self, definition_id: str, run_id: str) -> Run:
        """Pause a run that has not ended and return it; later ones wait behind it."""
        return self._tell(definition_id, run_id, RunCommand.PAUSE)

    def resume(self, definition_id: str, run_id: str) -> Run:
        """Let a paused run go on where it stopped, and return it."""
        return self._tell(definition_id, run_id, RunCommand.RESUME)

    def cancel(self, definition_id: str, run_id: str) -> Run:
        """End a run that has not ended and return it; what it has loaded stays."""
        return self._tell(definition_id, run_id, RunCommand.CANCEL)

    def go_on(self, definition_id: str, run_id: str) -> Run:
        """Let a run go on that a brake has paused, and return it."""
        return self._tell(definition_id, run_id, RunCommand.CONTINUE)

    def retry(self, definition_id: str, run_id: str) -> Run:
        """Let a failed or cancelled run go on where it stopped, and return it."""
        return self._tell(definition_id, run_id, RunCommand.RETRY)

    def rerun(self, definition_id: str, run_id: str) -> str:
        """Start a run that loads the files of another from their beginnings; return its id."""
        answer = self._door.tell("POST", f"{self._one(definition_id, run_id)}/rerun")
        with self._door.understood():
            return str(answer.body["run_id"])

    def watch(self, definition_id: str, run_id: str, every: float = EVERY) -> Iterator[Run]:
        """Yield the run every so many seconds until it has ended."""
        while not (run := self.show(definition_id, run_id)).ended:
            yield run
            self._door.patience.sleep(every)
        yield run

    def _at(self, definition_id: str) -> str:
        return f"{self._path}/{quote(definition_id, safe='')}/runs"

    def _one(self, definition_id: str, run_id: str) -> str:
        return f"{self._at(definition_id)}/{quote(run_id, safe='')}"

    def _tell(self, definition_id: str, run_id: str, command: RunCommand) -> Run:
        answer = self._door.tell("POST", f"{self._one(definition_id, run_id)}/{command}")
        with self._door.understood():
            return run_of(answer.body["run"])


class Catalogs:
    """Catalogs of the project, to read back what was imported."""

    def __init__(self, door: Door, path: str) -> None:
        """Take the way to the catalogs."""
        self._door = door
        self._path = path

    def list(self) -> Iterator[Catalog]:
        """Yield every catalog, page by page."""
        return RECORDS.follow(self._door, self._path, catalog_of)

    def items(self, catalog_id: str) -> Iterator[Item]:
        """Yield every item of a catalog, page by page."""
        path = f"{self._path}/{quote(catalog_id, safe='')}/items"
        return RECORDS.follow(self._door, path, item_of)


class Customers:
    """Customers of the project, to read back what was imported."""

    def __init__(self, door: Door, path: str) -> None:
        """Take the way to the customers."""
        self._door = door
        self._path = path

    def export(self, customer_ids: Mapping[str, str]) -> Customer:
        """Return the customer with any of these ids, and its events."""
        body = {"customer_ids": dict(customer_ids)}
        answer = self._door.ask("POST", f"{self._path}/export-one", json=body)
        with self._door.understood():
            return customer_of(answer.body)
