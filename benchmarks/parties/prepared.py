"""The database's own bulk command, fed with the very rows that ours stores, ready made.

It neither reads the file nor converts a cell: what it takes is what any loader takes at least.
The rows go into the same tables with the same keys and indexes.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import BenchmarkError, Command, SkippedError, measure
from benchmarks.ours import Home
from benchmarks.parties.base import Figure
from benchmarks.places import plain
from benchmarks.workshop import State, Workshop

PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Loads what ours has stored of `file` on top of `history`, by psql or the sqlite3 shell."""

    file: str
    history: State = ()

    def measure(self, shop: Workshop) -> Figure:
        """Load all prepared rows."""
        words = {"PostgreSQL": _psql, "SQLite": _shell}[shop.place.name]
        folder = self._prepare(shop)
        home = shop.start(self.history)
        shop.queue(home, self.file, fetched=False)  # makes the catalog the rows belong to
        done = measure(words(home, shop.kind(self.file).tables, folder))
        shop.place.drop(home)
        if done.code:
            msg = f"the bulk command ended with {done.code}: {done.said}"
            raise BenchmarkError(msg)
        truth = shop.files.truth(self.file)
        return Figure.of(done, truth.well_formed)

    def _prepare(self, shop: Workshop) -> Path:
        """Write the rows once per engine and file."""
        folder = shop.files.folder / f"{shop.place.name}-{self.file}"
        if not folder.exists():
            loaded = shop.start((*self.history, self.file))
            folder.mkdir()
            shop.place.dump(loaded, shop.kind(self.file).tables, folder)
            shop.place.drop(loaded)
        return folder


def _psql(home: Home, tables: Sequence[str], folder: Path) -> Command:
    _require("psql")
    copies = [
        word
        for table in tables
        for word in ("-c", rf"\copy {table} from '{folder / table}.postgresql'")
    ]
    return Command(words=["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", *copies, plain(home)])


def _shell(home: Home, tables: Sequence[str], folder: Path) -> Command:
    _require("sqlite3")
    imports = [f".import --csv '{folder / table}.sqlite' {table}" for table in tables]
    words = ["sqlite3", "-bail", plain(home), PRAGMAS, *imports]
    return Command(words=words)


def _require(program: str) -> None:
    if shutil.which(program) is None:
        msg = f"there is no {program!r} on this machine"
        raise SkippedError(msg)
