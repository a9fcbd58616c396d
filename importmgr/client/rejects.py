"""Rejected rows of a run, to be corrected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from importmgr.client.door import Door
from importmgr.client.values import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectFile:
    """A file of a run that has rejected rows; `file` is its number among these.

    Of the `rejected` rows the first `kept` can be handed in again; `open` of them wait for that,
    `discarded` of them were given up. Cells are `masked` unless they are asked for.
    """

    file: int
    name: str
    rejected: int
    kept: int
    repaired: int
    discarded: int
    open: int
    masked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairDone:
    """A repair: who handed in corrected rows, when, and what became of them.

    Of the rows that are `rejected` still, `untouched` came back as they were; of those that were
    `skipped`, `discarded` were given up.
    """

    run_id: str
    status: str
    created: float
    asked_by: str
    rows: int
    loaded: int
    rejected: int
    untouched: int
    skipped: int
    discarded: int
    document: Document


class Rejects:
    """Rejected rows of the runs of the project."""

    def __init__(self, door: Door, path: str) -> None:
        """Take the way to the definitions."""
        self._door = door
        self._path = path

    def files(self, definition_id: str, run_id: str) -> tuple[RejectFile, ...]:
        """Return the files of a run that have rejected rows."""
        answer = self._door.ask("GET", f"{self._at(definition_id, run_id)}/files")
        with self._door.understood():
            return tuple(reject_file_of(each) for each in answer.body["files"])

    def read(
        self,
        definition_id: str,
        run_id: str,
        file: int | None = None,
        *,
        spreadsheet: bool = False,
        unmasked: bool = False,
    ) -> Iterator[bytes]:
        """Yield the rows that wait for a repair, as the pieces of a file.

        They are as they stand in their file, or for a spreadsheet. `file` is needed if the run has
        several with rejected rows. Cells of sensitive columns are masked unless they are asked for
        `unmasked`, which needs the permission `rejects.unmask`; only such rows can be handed in.
        """
        query: dict[str, Any] = {"as": "spreadsheet" if spreadsheet else "original"}
        query |= {} if file is None else {"file": file}
        path = self._at(definition_id, run_id)
        return self._door.read(f"{path}/unmasked" if unmasked else path, params=query)

    def repair(
        self, definition_id: str, run_id: str, corrected: bytes, file: int | None = None
    ) -> str:
        """Hand in corrected rows and return the id of the run that loads them."""
        query = {} if file is None else {"file": file}
        headers = {"Content-Type": "application/octet-stream"}
        path = self._at(definition_id, run_id)
        answer = self._door.tell("POST", path, params=query, data=corrected, headers=headers)
        with self._door.understood():
            return str(answer.body["run_id"])

    def repairs(self, definition_id: str, run_id: str) -> tuple[RepairDone, ...]:
        """Return the repairs of a run, the oldest first."""
        path = self._at(definition_id, run_id).removesuffix("rejects") + "repairs"
        answer = self._door.ask("GET", path)
        with self._door.understood():
            return tuple(repair_done_of(each) for each in answer.body["repairs"])

    def _at(self, definition_id: str, run_id: str) -> str:
        return f"{self._path}/{quote(definition_id, safe='')}/runs/{quote(run_id, safe='')}/rejects"


def reject_file_of(document: Document) -> RejectFile:
    """Read a file with rejected rows."""
    return RejectFile(**{name: document[name] for name in RejectFile.__slots__})


def repair_done_of(document: Document) -> RepairDone:
    """Read a repair."""
    return RepairDone(
        run_id=document["run_id"],
        status=document["status"],
        created=document["created"],
        asked_by=document["asked_by"],
        rows=document["rows_processed"],
        loaded=document["rows_loaded"],
        rejected=document["rows_failed"],
        untouched=document["rows_untouched"],
        skipped=document["rows_skipped"],
        discarded=document["rows_discarded"],
        document=document,
    )
