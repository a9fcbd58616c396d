r"""The product wired for tests: real stores and services, a clock and ids that tests foresee.

```python
def test_it(product, file_server):
    url = file_server.put("/people.csv", "mail,name\njana@example.com,Jana\n")
    run = product.settle(product.create(people(url)))
    assert run.state is RunState.COMPLETED
```
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from definitions.lifecycle import HELD, Cause
from importmgr.bootstrap import build
from importmgr.executing.executor import Executor
from importmgr.services.runs import StartRun
from importmgr.settings import Settings
from importmgr.store.projects import Project
from importmgr.store.runs import Run
from importmgr.world import World
from tests.clocks import CountingIdentity, HandClock
from tests.stores import NOW, ORIGIN, pass_time

PATIENCE_SECONDS = 15
SHORTEST_LOOK_SECONDS = 0.005
LONGEST_LOOK_SECONDS = 0.02
AS_IT_IS = StartRun(test_connection=False)


class Product:
    """One installation with one project; it shares clock and ids with those made `beside` it."""

    def __init__(
        self,
        database_url: str,
        data_dir: Path,
        beside: Product | None = None,
        **settings: Any,  # noqa: ANN401 - of any type
    ) -> None:
        self.clock: HandClock = beside.clock if beside else HandClock(NOW)
        self.identity: CountingIdentity = beside.identity if beside else CountingIdentity()
        chosen: dict[str, Any] = {
            "data_dir": data_dir,
            "database_url": database_url,
            "allow_private_sources": True,
            "poll_seconds": 0.01,
            **settings,
        }
        self.wiring = build(Settings(**chosen), World(clock=self.clock, identity=self.identity))
        self.services = self.wiring.services
        self.project = self.services.projects.create("Shop")

    def beside(self, **settings: Any) -> Product:  # noqa: ANN401 - of any type
        """Return a second process on the same database and data folder, with other settings."""
        own = self.wiring.settings
        return Product(own.database_url, own.data_dir, self, **settings)

    def create(self, document: Mapping[str, Any], project: Project | None = None) -> str:
        """Create a definition and return its id."""
        return self.services.definitions.create(project or self.project, document, ORIGIN)

    def start(self, import_id: str, command: StartRun = AS_IT_IS) -> Run:
        """Queue a run of a definition."""
        run_id = self.services.runs.start(self.project, import_id, ORIGIN, command, Cause.MANUAL)
        return self.run(import_id, run_id)

    def runs(self, import_id: str) -> tuple[Run, ...]:
        """Return the runs of a definition, the newest first."""
        page = self.services.runs.list(self.project, import_id, ORIGIN, (1000, 0))
        return tuple(report.run for report in page.items)

    def run(self, import_id: str, run_id: str | None = None) -> Run:
        """Return a run as it stands, the newest unless told."""
        found = self.runs(import_id)
        return next(run for run in found if run_id in {None, run.id})

    def settle(self, import_id: str, executor: Executor | None = None) -> Run:
        """Let an executor make one attempt at the newest run, and return the run after it."""
        before = self.run(import_id)
        runs = self.wiring.stores.runs

        def has_settled() -> bool:
            now = runs.get(import_id, before.id)  # one row: who lists runs slows the executor down
            return now is not None and now.token > before.token and now.state not in HELD

        with working(executor or self.wiring.executor("test")):
            wait_until(has_settled)
        return self.run(import_id, before.id)

    def pass_time(self, seconds: float) -> None:
        """Let so much time pass, for runs too."""
        pass_time(self.wiring.engine, self.clock, timedelta(seconds=seconds))

    def customers(self) -> int:
        """Return how many customers the project has."""
        return self.services.customers.count(self.project)

    def close(self) -> None:
        """Close the database."""
        self.wiring.close()


@contextmanager
def working(executor: Executor) -> Iterator[threading.Event]:
    """Let an executor work in a thread; yield what stops it."""
    stop = threading.Event()
    thread = threading.Thread(target=executor.work, args=[stop], daemon=True)
    thread.start()
    try:
        yield stop
        assert thread.is_alive() or stop.is_set(), "the executor died"
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive(), "the executor does not stop"


def wait_until(condition: Callable[[], object], within: float = PATIENCE_SECONDS) -> None:
    """Return once the condition holds; what takes longer is looked at less often."""
    start = time.monotonic()
    while not condition():
        waited = time.monotonic() - start
        assert waited < within, "waited in vain"
        time.sleep(min(max(SHORTEST_LOOK_SECONDS, waited / 8), LONGEST_LOOK_SECONDS))
