"""importmgr as its users have it; the only module of the benchmarks that knows its inside.

`python -m benchmarks.ours` is an executor's process from its start to its end: settings from the
environment, everything wired, then every queued run claimed, leased, read, mapped, loaded and
concluded, as the service's executors do it. It ends when nothing is queued any more.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importmgr.bootstrap import Wiring
    from importmgr.executing.bell import Bell
    from importmgr.store.run_lists import RunFilter

COMMAND = (sys.executable, "-m", "benchmarks.ours")
ORIGIN = "bloomreach"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where an installation keeps what it has: its database and its folder."""

    url: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """Return the settings of a process of this installation."""
        return {
            "IMPORTMGR_DATABASE_URL": self.url,
            "IMPORTMGR_DATA_DIR": str(self.folder),
            "IMPORTMGR_ALLOW_PRIVATE_SOURCES": "true",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended: its state, its counts and its faults as row, line and column."""

    state: str
    error: str | None
    counts: Mapping[str, int]
    fault_count: int
    faults: tuple[tuple[int, int, str | None], ...]


def main() -> None:
    """Work off every queued run, with no package that an installation has not."""
    sys.modules["rich"] = None  # type: ignore[assignment] # of the checks' tools; structlog loads it
    from importmgr.memory import nothing_is_garbage  # noqa: PLC0415 - its time is part of all

    with nothing_is_garbage():  # as `importmgr serve` does
        wiring = _wired()
        executor = wiring.executor("benchmark", _last_bell())
    executor.work(threading.Event())
    wiring.close()


def _wired() -> Wiring:
    """Wire everything, as the environment says."""
    from importmgr.bootstrap import build  # noqa: PLC0415 - as above
    from importmgr.log import set_up  # noqa: PLC0415 - as above
    from importmgr.settings import Settings  # noqa: PLC0415 - as above

    settings = Settings.from_environ(os.environ)
    set_up(settings.log_level, settings.log_format, sys.stderr)
    return build(settings)


def _last_bell() -> Bell:
    """Return a bell that stops an executor at the moment it would wait for another run."""
    from importmgr.executing.bell import Bell  # noqa: PLC0415 - as above

    class LastBell(Bell):
        def wait(self, most: timedelta, stop: threading.Event) -> None:
            del most
            stop.set()

    return LastBell()


def found(home: Home) -> None:
    """Make the tables and a project in an empty database."""
    from importmgr.store.migrate import upgrade  # noqa: PLC0415 - only where it is needed

    upgrade(home.url)
    with _opened(home) as wiring:
        wiring.services.projects.create("benchmark")


def queue(home: Home, document: dict[str, object], *, fetched: bool) -> str:
    """Store a definition, whose first run is queued by that, and return its id.

    With `fetched`, the file is brought to the spool now, as an earlier attempt would have left it.
    """
    with _opened(home) as wiring:
        (project,) = wiring.services.projects.list()
        definition_id = wiring.services.definitions.create(project, document, ORIGIN)
        if fetched:
            stored = wiring.services.definitions.require(project, definition_id, ORIGIN)
            ((run, *_), _) = wiring.stores.runs.list(_of(definition_id), 1, 0)
            source = wiring.sources.open(stored, None)
            for number, file in enumerate(source.list()):
                source.fetch(file, wiring.spool.place(run.id, number))
    return definition_id


def outcome(home: Home, definition_id: str, most_faults: int) -> Outcome:
    """Return how the definition's only run ended, with its first faults."""
    with _opened(home) as wiring:
        ((run, *_), _) = wiring.stores.runs.list(_of(definition_id), 1, 0)
        faults = wiring.stores.runs.faults_of([run.id], most_faults).get(run.id, ())
    tally = run.tally
    names = ("read", "created", "updated", "unchanged", "rejected", "skipped")
    return Outcome(
        state=str(run.state),
        error=run.error,
        counts={name: getattr(tally, name) for name in names},
        fault_count=run.fault_count,
        faults=tuple((fault.row, fault.line, fault.column) for fault in faults),
    )


@contextmanager
def _opened(home: Home) -> Iterator[Wiring]:
    from importmgr.bootstrap import build  # noqa: PLC0415 - only where it is needed
    from importmgr.settings import Settings  # noqa: PLC0415 - as above

    wiring = build(Settings.from_environ(home.environment))
    try:
        yield wiring
    finally:
        wiring.close()


def _of(definition_id: str) -> RunFilter:
    from importmgr.store.run_lists import RunFilter  # noqa: PLC0415 - only where it is needed

    return RunFilter(definition_id=definition_id)


if __name__ == "__main__":
    main()
