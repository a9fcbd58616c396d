"""The real service as a process, started, stopped and killed by tests.

```python
with Service(data_dir, IMPORTMGR_DATABASE_URL=url) as service:
    project = service.project()
    requests.get(f"{service.url}/imports/v1/{project.token}", auth=project.auth)
```
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import requests

from importmgr.bootstrap import build
from importmgr.security.permissions import PERMISSIONS
from importmgr.settings import Settings
from tests.canary import watch

ROOT = Path(__file__).resolve().parent.parent
READY = "importmgr is ready on "
START_SECONDS = 60
TERMINAL = {"completed", "failed", "cancelled"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectAccess:
    """A project and a key to it, for speaking to its part of the API."""

    url: str
    token: str
    auth: tuple[str, str]

    def call(self, method: str, path: str, **options: Any) -> requests.Response:  # noqa: ANN401
        """Send a request; `{t}` in the path is the project's token."""
        target = self.url + path.replace("{t}", self.token)
        watch.takes_from(options.get("json"))
        answer = requests.request(method, target, auth=self.auth, timeout=30, **options)
        watch.tells("answer over HTTP", answer.text)
        return answer

    def create(self, document: dict[str, Any]) -> str:
        """Create an import definition and return its id."""
        answer = self.call("POST", "/imports/v1/{t}", json=document)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["import_id"])

    def runs(self, import_id: str) -> list[dict[str, Any]]:
        """Return the runs of a definition, the newest first."""
        answer = self.call("GET", f"/imports/v1/{{t}}/{import_id}/runs")
        assert answer.status_code == 200, answer.text
        return list(answer.json()["runs"])

    def run(self, import_id: str, run_id: str) -> dict[str, Any]:
        """Return one run with its errors."""
        answer = self.call("GET", f"/imports/v1/{{t}}/{import_id}/runs/{run_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["run"])

    def finished(self, import_id: str, within: float = 15) -> dict[str, Any]:
        """Return the newest run once it has ended."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            newest = self.runs(import_id)[:1]
            if newest and newest[0]["status"] in TERMINAL:
                return self.run(import_id, newest[0]["run_id"])
            time.sleep(0.05)
        msg = f"no run ended within {within} s: {self.runs(import_id)}"
        raise AssertionError(msg)


class Service:
    """`importmgr serve` in a process group of its own."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        """Take the data folder and further settings by their full names."""
        self.data_dir = data_dir
        self.environ = {
            "IMPORTMGR_DATA_DIR": str(data_dir),
            "IMPORTMGR_PORT": "0",
            "IMPORTMGR_ALLOW_PRIVATE_SOURCES": "true",
            "IMPORTMGR_RATE_LIMITS": "false",
            "IMPORTMGR_POLL_SECONDS": "0.5",  # executors are woken; short waits eat the machine
            "IMPORTMGR_WATCHERS": "0",  # definitions that are to keep still wait for new files
            **settings,
        }
        self.url = ""
        self.log = data_dir.parent / f"{data_dir.name}.log"
        self._process: subprocess.Popen[str] | None = None

    @property
    def settings(self) -> Settings:
        """Return the settings the service runs with."""
        return Settings.from_environ(self.environ)

    def start(self) -> Self:
        """Start the process and wait until it accepts requests."""
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "importmgr", "serve"],
                cwd=ROOT,
                env={**os.environ, **self.environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.url = self._address(self._process)
        return self

    def project(
        self, permissions: Iterable[str] = PERMISSIONS, name: str = "test"
    ) -> ProjectAccess:
        """Make a new project with one key, beside the running service."""
        wiring = build(self.settings)
        project = wiring.services.projects.create(name)
        key = wiring.services.keys.create(project.token, "test", permissions)
        wiring.close()
        return ProjectAccess(url=self.url, token=project.token, auth=(key.key_id, key.secret))

    def moved(self, access: ProjectAccess) -> ProjectAccess:
        """Return the same access at the address the service has after a restart."""
        return replace(access, url=self.url)

    def kill(self) -> None:
        """End the process at once, wherever it is."""
        self._end(signal.SIGKILL)

    def terminate(self) -> int:
        """Ask the process to stop and return its exit code."""
        return self._end(signal.SIGTERM)

    def send(self, number: signal.Signals) -> None:
        """Send a signal and go on."""
        assert self._process is not None
        self._process.send_signal(number)

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(self, *exc: object) -> None:
        """Kill what is left."""
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        code = self._process.wait(30)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return code

    def _address(self, process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(READY):
                return line.removeprefix(READY).strip()
        msg = f"the service did not start:\n{self.log.read_text()[-2000:]}"
        raise AssertionError(msg)
