"""Dry runs: what a definition would do with its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from importmgr.client.door import Door
from importmgr.client.values import Document, Run, run_of

EVERY = 0.5  # seconds between two looks


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """A dry run as it stood when it was asked about; its counts are those a run would have.

    `report` is there once it has completed: `samples`, `faults`, `fault_counts`, `files`,
    `brakes`, `warnings`, as the API answers them.
    """

    run: Run
    definition_id: str | None
    report: Document | None


class DryRuns:
    """Dry runs of the project."""

    def __init__(self, door: Door, path: str) -> None:
        """Take the way to the definitions."""
        self._door = door
        self._path = path

    def start(self, definition_id: str) -> str:
        """Queue a dry run of a definition and return its id."""
        path = f"{self._path}/{quote(definition_id, safe='')}/dry-run"
        return self._started(path)

    def start_unsaved(self, document: Mapping[str, Any]) -> str:
        """Queue a dry run of a definition that is not stored and return its id."""
        return self._started(f"{self._path}/dry-run", json=document)

    def show(self, run_id: str) -> DryRun:
        """Return a dry run as it stands now."""
        answer = self._door.ask("GET", f"{self._path}/dry-runs/{quote(run_id, safe='')}")
        with self._door.understood():
            found = answer.body["dry_run"]
            return DryRun(
                run=run_of(found), definition_id=found["import_id"], report=found["report"]
            )

    def cancel(self, run_id: str) -> None:
        """End a dry run that has not ended."""
        self._door.tell("POST", f"{self._path}/dry-runs/{quote(run_id, safe='')}/cancel")

    def watch(self, run_id: str, every: float = EVERY) -> Iterator[DryRun]:
        """Yield the dry run every so many seconds until it has ended."""
        while not (found := self.show(run_id)).run.ended:
            yield found
            self._door.patience.sleep(every)
        yield found

    def _started(self, path: str, **parts: Any) -> str:  # noqa: ANN401 - any JSON
        answer = self._door.tell("POST", path, **parts)
        with self._door.understood():
            return str(answer.body["run_id"])
