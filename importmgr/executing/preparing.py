"""Making batches ready to be written, as far as that can be done before it is their turn."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace

from definitions.batches import Batch, Checkpoint, Position, ReadyBatch
from definitions.compiled import CompiledMapping
from definitions.faults import MOST_FAULTS
from definitions.rejecting import count_rejects, gather_rejects
from definitions.rejects import RejectedFile
from definitions.styles import styles_document
from destinations.session import LoadSession
from importmgr.executing.late_styles import LateStyles
from importmgr.executing.prefetch import prefetch
from sources.base import Reader
from sources.begun import close_batches

READY_AHEAD = 1  # batch that is made, or ready, besides those under way


class Preparing:
    """Maps the batches of one file in their order; faults that are not stored are only counted."""

    def __init__(
        self,
        mapping: CompiledMapping,
        file: RejectedFile,
        session: LoadSession,
        reached: Checkpoint,
        late: LateStyles | None = None,
    ) -> None:
        """Take what writes the batches, and a checkpoint of the file before them."""
        self._mapping, self._file, self._late = mapping, file, late
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
        """Yield every batch as it is written; close what they come from, if that is to be done."""
        try:
            yield from map(self, batches)
        finally:
            close_batches(batches)

    def __call__(self, batch: Batch) -> ReadyBatch:
        """Return a batch as it is written."""
        most = max(0, MOST_FAULTS - self._found)
        batch = replace(batch, faults=self._mapping.masking.faults(batch.faults))
        mapped = self._mapping.apply(batch, self._file.name, most)
        restyled = None if self._late is None else self._late.answer(batch, mapped)
        if restyled is not None:
            self._mapping = restyled.mapping
            self._file = replace(self._file, styles=styles_document(restyled.styles))
            mapped = self._mapping.apply(batch, self._file.name, most)
        both = (*batch.faults[:most], *mapped.faults)
        count = len(batch.faults) + mapped.fault_count
        self._found += count
        gather = gather_rejects if self._session.keeps else count_rejects
        records = replace(mapped.records, rejects=gather(batch, mapped, self._file))
        return ReadyBatch(
            records=self._session.prepare(records, self._reached),
            faults=tuple(sorted(both, key=lambda fault: fault.row)),
            fault_count=count,
            read=batch.read,
            end=batch.end,
            evidence={} if restyled is None else restyled.styles.evidence,
        )
