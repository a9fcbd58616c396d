"""A folder that definitions watch, and watchers that look when a test says so."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from definitions.sentences import sentence
from sources.base import RemoteFile
from sources.storages.local import LocalSession
from tests.acceptance.documents import changed, idle, people
from tests.product import Product
from tests.stores import ORIGIN


@dataclass
class Watch:
    """A product with an integration of a folder."""

    product: Product
    folder: Path
    integration_id: str

    @classmethod
    def of(cls, product: Product, folder: Path) -> Watch:
        """Let the product know the folder."""
        folder.mkdir(exist_ok=True)
        document = {"name": "Drop", "kind": "local", "settings": {"folder": str(folder)}}
        made = product.services.integrations.create(product.project, document)
        return cls(product, folder, made)

    def put(self, name: str, *mails: str, age: float = 1000) -> None:
        """Write a file that was last changed so many seconds ago by the clock of the test."""
        target = self.folder / name
        target.write_text("mail,name\n" + "".join(f"{mail}@example.com,x\n" for mail in mails))
        moment = self.product.clock.at.timestamp() - age
        os.utime(target, (moment, moment))

    def create(self, selection: str = "not_imported", **source: object) -> str:
        """Create a definition that waits for new files."""
        members = {
            "source_type": "filestorage",
            "integration_id": self.integration_id,
            "path": "*.csv",
            "file_selection": selection,
            **source,
        }
        return self.product.create(changed(idle(people()), "source", members))

    def look(self, after: float = 61, by: Product | None = None) -> None:
        """Let so much time pass and look at everything that is due."""
        self.pass_time(after)
        watching = (by or self.product).wiring.watching()
        while watching.look_once():
            pass

    def pass_time(self, seconds: float) -> None:
        """Let so much time pass for watches; a database server's clock cannot be set."""
        self.product.clock.move(seconds)

    def told(self, import_id: str) -> list[str]:
        """Return what was decided, in the order of time, as people read it."""
        schedules = self.product.services.schedules
        page = schedules.decisions(self.product.project, import_id, ORIGIN, (500, 0), None)
        return [sentence(each.code, each.facts) for each in reversed(page.items)]

    def taken(self, import_id: str) -> list[str]:
        """Return the files of the definition's runs, the oldest run first."""
        runs = reversed(self.product.runs(import_id))
        planned = self.product.wiring.stores.files.planned
        return [file.remote.path for run in runs for file in planned(run.id)]

    def here(self, form: str) -> str:
        """Write the time of the definitions."""
        return self.product.clock.at.strftime(form)


@dataclass
class Slow:
    """Listings of a folder, each of which does something before it answers."""

    before: dict[str, Callable[[], object]] = field(default_factory=dict)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let every local folder do so."""
        whole = LocalSession.list

        def slow(session: LocalSession, folder: str, depth: int | None) -> Iterator[RemoteFile]:
            self.before.pop(folder, lambda: None)()
            return whole(session, folder, depth)

        monkeypatch.setattr(LocalSession, "list", slow)


def after_an_outage(watch: Watch, days: int = 3) -> tuple[str, list[str]]:
    """Make a definition with a folder a day, each with a file, that nobody looked for."""
    import_id = watch.create(parent_path="{dd}", path="*.csv")
    watch.look()
    names = []
    for _ in range(days):
        watch.pass_time(86_400)
        names.append(watch.here("%d"))
        (watch.folder / names[-1]).mkdir()
        watch.put(f"{names[-1]}/a.csv", names[-1])
    watch.pass_time(100)
    return import_id, [f"{name}/a.csv" for name in names]
