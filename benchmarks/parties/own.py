"""importmgr, by its executor's own path."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.parties.base import Figure
from benchmarks.workshop import State, Workshop, check, work


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """Loads `file` into an installation that has loaded `history` before.

    The file lies in the spool already, since the others find theirs on the disk as well; unless
    `fetched` is False: then the time has the download from this machine in it. `becomes` is what
    counts must say of marked rows and of the others.
    """

    file: str
    history: State = ()
    fetched: bool = True
    becomes: tuple[str, str] = ("created", "created")

    def measure(self, shop: Workshop) -> Figure:
        """Load the whole file and compare every count and fault with the truth."""
        truth = shop.files.truth(self.file)
        home = shop.start(self.history)
        definition_id = shop.queue(home, self.file, fetched=self.fetched)
        done = work(home)
        check(done, home, definition_id, truth, self.becomes)
        shop.keep((*self.history, self.file), home)
        return Figure.of(done, truth.well_formed)
