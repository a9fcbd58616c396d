"""A client of a fleet's API, to which any process may be dead, frozen or without its database."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

import requests

from definitions.errors import ImportmgrError
from importmgr.bootstrap import Wiring
from importmgr.security.permissions import PERMISSIONS
from tests.fleet import Fleet

PATIENCE = 300.0  # of who shares the machine with many
Document = dict[str, Any]


class Caller:
    """Asks one process or another, whichever answers."""

    def __init__(self, fleet: Fleet, wiring: Wiring, chance: random.Random) -> None:
        """Make a project and a key."""
        self._fleet = fleet
        self._chance = chance
        project = wiring.services.projects.create("Shop")
        key = wiring.services.keys.create(project.token, "test", PERMISSIONS)
        self._auth = (key.key_id, key.secret)
        self.token = project.token
        self.started: set[str] = set()

    def create(self, document: Document) -> str:
        """Create a definition."""
        return str(self._insist(f"/imports/v1/{self.token}", document)["import_id"])

    def connect(self, document: Document) -> str:
        """Create an integration."""
        path = f"/api/v1/projects/{self.token}/integrations"
        return str(self._insist(path, document)["integration_id"])

    def hook(self, document: Document) -> str:
        """Create a webhook and return the secret that signs."""
        return str(self._insist(self.hooks, document)["secret"])

    @property
    def hooks(self) -> str:
        """Return the path of the webhooks."""
        return f"/api/v1/projects/{self.token}/webhooks"

    def run_path(self, import_id: str, run_id: str) -> str:
        """Return the path of a run."""
        return f"/imports/v1/{self.token}/{import_id}/runs/{run_id}"

    def start(self, import_id: str) -> bool:
        """Ask any process for a run, once; tell whether it said that there will be one."""
        path = f"/imports/v1/{self.token}/{import_id}/run"
        answer = self.ask("POST", path, json={"test_connection": False})
        if answer is None or not answer.ok or not answer.json()["run_id"]:
            return False
        self.started.add(answer.json()["run_id"])
        return True

    def ask(self, method: str, path: str, **options: Any) -> requests.Response | None:  # noqa: ANN401 - of requests
        """Ask any process once; return None if there was no answer, whatever came of it."""
        self._fleet.tend(seconds=0)
        found = self._fleet.addresses()
        if not found:
            return None
        return self._ask(method, self._chance.choice(found) + path, 2, options)

    def _insist(self, path: str, document: Document) -> Document:
        deadline = time.monotonic() + PATIENCE
        while True:
            for url in self._fleet.addresses():
                answer = self._ask("POST", url + path, 30, {"json": document})
                if answer is not None:
                    assert answer.ok, answer.text
                    return dict(answer.json())
            assert time.monotonic() < deadline, "no process answers"
            self._fleet.tend(seconds=0.1)

    def _ask(
        self, method: str, url: str, within: float, options: Document
    ) -> requests.Response | None:
        try:
            return requests.request(method, url, auth=self._auth, timeout=within, **options)
        except requests.RequestException:
            return None


def eventually(condition: Callable[[], bool], fleet: Fleet, what: str) -> None:
    """Return once the condition holds; meanwhile the fleet is looked after."""
    deadline = time.monotonic() + PATIENCE
    while not _holds(condition):
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        fleet.tend(seconds=0.2)


def _holds(condition: Callable[[], bool]) -> bool:
    try:
        return condition()
    except ImportmgrError:
        return False
