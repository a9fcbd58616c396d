"""What a fleet has to do while it is struck: imports of every destination, and their true outcome.

Files of `STEADY` never change, so what a run of each must load is known. `CHANGING` files become
others while they are fetched. Into the folder `DROP` new files are put, each of which is one run.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.file_server import Chunked, Cut, Drip, FileServer, Lie, Stall, Status
from tests.file_serving import Step
from tests.killing import definition

ROWS = 240
BAD = 60  # every so many rows one that is rejected, or has a cell that does not fit
DROPPED_ROWS = 30
BUYERS = 90
MINUTE = 60

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steady:
    """A file that never changes, and where it goes."""

    name: str
    document: Document
    content: str


def steady(files: FileServer, count: int) -> list[Steady]:
    """Return so many imports, of events, customers and catalogs in turns, and serve their files."""
    made = [_named(_steady(files, number)) for number in range(count)]
    for each in made:
        files.put(f"/{each.name}.csv", each.content)
    return made


def _named(made: Steady) -> Steady:
    return replace(made, document={**made.document, "name": made.name})


def scheduled(document: Document, second: int) -> Document:
    """Return the import as one that fires each minute at that second."""
    zone = f"Test/{-second % MINUTE:02}"
    trigger = {
        "trigger_type": "scheduled",
        "frequency": "hourly",
        "minutes": list(range(MINUTE)),
        "timezone": zone,
        "missed": "all",
        "overlap": "queue",
    }
    return {**document, "trigger": trigger}


def _steady(files: FileServer, number: int) -> Steady:
    chance = random.Random(number)
    kind = ("events", "customers", "items")[number % 3]
    name = f"{kind}{number}"
    url = files.url(f"/{name}.csv")
    ids = [{"from_column": "mail", "to_id": "email"}]
    mails = [f"buyer{chance.randrange(BUYERS)}@example.com" for _ in range(ROWS)]
    amounts = ["much" if row % BAD == 7 else f"{row}.5" for row in range(ROWS)]
    if kind == "events":
        document = definition(
            url, {"event_destination": {"event_type": name}}, ids, {"amount": "number"}
        )
        lines = [f"{mail},{amount}" for mail, amount in zip(mails, amounts, strict=True)]
        return Steady(name=name, document=document, content="\n".join(["mail,amount", *lines, ""]))
    if kind == "customers":
        document = definition(url, {"customer_destination": {}}, ids, {name: "number"})
        once = dict(zip(mails, amounts, strict=True))
        lines = [f"{mail},{amount}" for mail, amount in once.items()]
        return Steady(name=name, document=document, content="\n".join([f"mail,{name}", *lines, ""]))
    catalog = {"catalog_name": name, "catalog_attributes": {"catalog_type": "product"}}
    document = definition(
        url, {"catalog_destination": catalog}, [], {"item_id": "string", "price": "number"}
    )
    lines = [f"item{row},{amount}" for row, amount in enumerate(amounts)]
    return Steady(name=name, document=document, content="\n".join(["item_id,price", *lines, ""]))


class Changing:
    """A file of events whose every row names its edition; editions follow each other."""

    name = "moods"

    def __init__(self, files: FileServer) -> None:
        self._files = files
        self.edition = 0
        made = definition(
            files.url("/moods.csv"),
            {"event_destination": {"event_type": self.name}},
            [{"from_column": "mail", "to_id": "email"}],
            {"edition": "number"},
        )
        self.document = {**made, "name": self.name}
        self.change()

    def change(self) -> None:
        """Serve the next edition from now on, in the middle of whatever is fetched."""
        self.edition += 1
        rows = [f"buyer{row % BUYERS}@example.com,{self.edition}" for row in range(ROWS)]
        self._files.put("/moods.csv", "\n".join(["mail,edition", *rows, ""]))


class Drop:
    """A folder into which files are put, one after the other."""

    event_type = "arrived"

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.count = 0

    def integration(self) -> Document:
        """Return the document of the connection to the folder."""
        return {"name": "Drop", "kind": "local", "settings": {"folder": str(self.folder)}}

    def document(self, integration_id: str) -> Document:
        """Return the import of every new file."""
        made = definition(
            "",
            {"event_destination": {"event_type": self.event_type}},
            [{"from_column": "mail", "to_id": "email"}],
            {"file": "number", "line": "number"},
        )
        source = {
            "source_type": "filestorage",
            "integration_id": integration_id,
            "path": "*.csv",
            "file_selection": "not_imported",
        }
        return {**made, "source": source, "trigger": {"trigger_type": "on_new_file"}}

    def put(self) -> None:
        """Let a file arrive, whole."""
        rows = [f"buyer{row}@example.com,{self.count},{row}" for row in range(DROPPED_ROWS)]
        written = self.folder / f".{self.count}"
        written.write_text("\n".join(["mail,file,line", *rows, ""]))
        written.rename(self.folder / f"f{self.count}.csv")
        self.count += 1


class Nasty:
    """Makes the file server fail in every way that a client can notice."""

    def __init__(self, files: FileServer, names: list[str], chance: random.Random) -> None:
        self._files = files
        self._paths = [f"/{name}.csv" for name in names]
        self._chance = chance

    def __call__(self) -> None:
        """Let the next requests of some files fail."""
        for path in self._chance.sample(self._paths, max(1, len(self._paths) // 4)):
            after = self._chance.randrange(1, 3000)
            steps: tuple[Step, ...] = (
                Cut(after=after),
                Stall(after=after, seconds=self._chance.uniform(0.2, 2.5)),
                Lie(by=self._chance.randrange(1, 500)),
                Status(status=503),
                Status(status=429, retry_after="1"),
                Chunked(cut=True),
                Drip(size=900, seconds=0.02),
            )
            self._files.script(path, *self._chance.sample(steps, 2))

    def end(self) -> None:
        """Let every request be served well."""
        for path in self._paths:
            self._files.script(path)
