"""Making batches ready to be written, as far as that can be done before it is their turn."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import Protocol

from definitions.batches import Batch, Checkpoint, Position, ReadyBatch
from definitions.compiled import Mapped
from definitions.faults import MOST_FAULTS
from definitions.masking import Masking
from definitions.rejecting import count_rejects, gather_rejects, none_but_styles
from definitions.rejects import RejectedFile, Rejects
from definitions.styles import Styles, styles_document
from destinations.session import LoadSession
from importmgr.executing.prefetch import prefetch
from sources.base import Reader
from sources.begun import close_batches

READY_AHEAD = 1  # batch that is made, or ready, besides those under way


class Mapping(Protocol):
    """Maps the batches of one file, and may find out with each how columns are written."""

    @property
    def styles(self) -> Styles:
        """Return what is known of that."""

    @property
    def masking(self) -> Masking:
        """Return what no fault may show."""

    def apply(self, batch: Batch, file: str, most: int) -> Mapped:
        """Map a batch, with its first `most` faults."""


class Preparing:
    """Maps the batches of one file in their order; faults that are not stored are only counted."""

    def __init__(
        self,
        mapping: Mapping,
        file: RejectedFile,
        session: LoadSession,
        reached: Checkpoint,
    ) -> None:
        """Take what writes the batches, and a checkpoint of the file before them."""
        self._mapping, self._file = mapping, file
        self._session, self._reached = session, reached
        self._found = reached.fault_count

    def ahead(
        self, reader: Reader, resume: Position | None, heartbeat: Callable[[], None]
    ) -> Generator[ReadyBatch]:
        """Yield the batches from `resume` on, read and made ready while the caller writes.

        `heartbeat` is called while batches are awaited; what it raises ends that.
        """
        return prefetch(self._each(reader.batches(resume)), READY_AHEAD, heartbeat)

    def _each(self, batches: Iterator[Batch]) -> Generator[ReadyBatch]:
        """Yield every batch as it is written; close what they come from."""
        try:
            yield from map(self, batches)
        finally:
            close_batches(batches)

    def __call__(self, batch: Batch) -> ReadyBatch:
        """Return a batch as it is written."""
        most = max(0, MOST_FAULTS - self._found)
        batch = replace(batch, faults=self._mapping.masking.faults(batch.faults))
        known = self._mapping.styles
        mapped = self._mapping.apply(batch, self._file.name, most)
        is_restyled = self._mapping.styles is not known
        if is_restyled:
            self._file = replace(self._file, styles=styles_document(self._mapping.styles))
        both = (*batch.faults[:most], *mapped.faults)
        count = len(batch.faults) + mapped.fault_count
        self._found += count
        rejects = self._rejects(batch, mapped)
        if is_restyled and rejects is None:
            rejects = none_but_styles(batch, self._file)
        records = replace(mapped.records, rejects=rejects)
        return ReadyBatch(
            records=self._session.prepare(records, self._reached),
            faults=tuple(sorted(both, key=lambda fault: fault.row)),
            fault_count=count,
            read=batch.read,
            end=batch.end,
            evidence=self._mapping.styles.evidence if is_restyled else {},
        )

    def _rejects(self, batch: Batch, mapped: Mapped) -> Rejects | None:
        """Return what a batch rejected, with its rows as long as there is room for them."""
        gather = gather_rejects if self._session.keeps else count_rejects
        return gather(batch, mapped, self._file)
