"""Faults of one run: each of those that are stored, and how many there are of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from importmgr.client.door import Door
from importmgr.client.paging import Listing
from importmgr.client.values import Document, RunFault, fault_of

FAULTS = Listing(limit="limit", offset="offset", size=1000, member="faults")


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultCount:
    """How many stored faults of a run have this code in this column (None: the whole row)."""

    code: str
    column: str | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultSummary:
    """How many faults a run has: all of them, those that are stored, and these by kind.

    Stored are also those in rows that a brake held back, which are not among all of them.
    """

    total: int
    stored: int
    held_back: int
    counts: tuple[FaultCount, ...]


class Faults:
    """Faults of the runs of the project."""

    def __init__(self, door: Door, path: str) -> None:
        """Take the way to the definitions."""
        self._door = door
        self._path = path

    def list(
        self,
        definition_id: str,
        run_id: str,
        column: str | None = None,
        code: str | None = None,
    ) -> Iterator[RunFault]:
        """Yield the stored faults of a run in file order, those of a column or code if given."""
        wanted = {"column": column, "code": code}
        more = {name: value for name, value in wanted.items() if value is not None}
        return FAULTS.follow(self._door, self._at(definition_id, run_id), fault_of, **more)

    def summary(self, definition_id: str, run_id: str) -> FaultSummary:
        """Return how many faults a run has."""
        answer = self._door.ask("GET", self._at(definition_id, run_id), params={"limit": 1})
        with self._door.understood():
            return summary_of(answer.body)

    def _at(self, definition_id: str, run_id: str) -> str:
        return f"{self._path}/{quote(definition_id, safe='')}/runs/{quote(run_id, safe='')}/faults"


def summary_of(document: Document) -> FaultSummary:
    """Read how many faults a run has."""
    names = FaultCount.__slots__
    counts = [FaultCount(**{name: each[name] for name in names}) for each in document["counts"]]
    return FaultSummary(
        total=document["errors_total"],
        stored=document["stored"],
        held_back=document.get("held_back", 0),
        counts=tuple(counts),
    )
