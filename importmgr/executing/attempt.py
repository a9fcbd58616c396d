"""One attempt at a run: list, fetch, read, map, load, reconcile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import NamedTuple

from definitions.batches import Batch, Checkpoint
from definitions.compiled import CompiledMapping, Mapped
from definitions.errors import ReconcileError
from definitions.faults import Fault
from definitions.file_decisions import same_content
from definitions.mapping import compile_mapping
from definitions.model import ChangedWhen, FileSelection, FileStorageSource, ImportDefinition
from destinations.session import LoadSession
from importmgr.executing.control import Control
from importmgr.executing.prefetch import prefetch
from importmgr.log import get_logger
from importmgr.services.sources import Sources
from importmgr.store.file_ledger import FileLedger, PlannedFile
from importmgr.store.runs import Claim, OpenedFile, RunStore
from sources.base import Reader, Source, SpooledFile
from sources.spool import Spool
from sources.survey import find_styles

log = get_logger(__name__)

AHEAD = 2  # batches read and mapped while one is being written


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Works off a claimed run from its checkpoint to the last row of its last file."""

    runs: RunStore
    files: FileLedger
    sources: Sources
    spool: Spool
    open_reader: Callable[[SpooledFile, ImportDefinition, Callable[[], None]], Reader]
    open_session: Callable[[Claim, ImportDefinition], LoadSession]

    def __call__(self, claim: Claim, control: Control) -> None:
        """Load what is left of the run, whose lease `control` watches.

        Raise `TemporaryError` or `PermanentError` for what stops it, `ReconcileError` when rows
        are unaccounted for, and what `control` raises.
        """
        run = claim.run
        opened = self.sources.open(
            claim.definition, run.location, control.raise_if_asked, run.asked_for
        )
        checkpoint = claim.checkpoint
        with closing(opened) as source:
            for file in self._files(claim, source):
                if file.done or file.number < checkpoint.file:
                    continue
                spooled = source.fetch(file.remote, self.spool.place(run.id, file.number))
                if self._has_known_content(claim, file, spooled, checkpoint):
                    continue
                checkpoint = self._enter(claim, file.number, spooled, checkpoint)
                checkpoint = self._load(claim, spooled, checkpoint, control)
                self.files.loaded(run, file.number, spooled, checkpoint.tally)
        _reconcile(checkpoint)

    def forget(self, run_id: str) -> None:
        """Remove what was fetched for a run that will not be tried again."""
        self.spool.clear(run_id)

    def _files(self, claim: Claim, source: Source) -> Sequence[PlannedFile]:
        """Return the files of the run: those that its first attempt chose."""
        planned = self.files.planned(claim.run.id)
        if planned:
            return planned
        chosen = source.list()
        decisions = source.decisions()
        told = tuple(each.text for each in decisions if each.noteworthy)
        self.runs.add_warnings(claim.run.id, claim.run.token, told)
        log.info("files chosen", run_id=claim.run.id, files=len(chosen), noteworthy=len(told))
        return self.files.plan(claim.run, chosen)

    def _has_known_content(
        self, claim: Claim, file: PlannedFile, spooled: SpooledFile, reached: Checkpoint
    ) -> bool:
        """Tell whether a file is left out for its content; say so where the name is new."""
        source = self.sources.definition(claim.definition).source
        if not isinstance(source, FileStorageSource) or _is_begun(file, spooled, reached):
            return False
        known_as = self.files.with_content(claim.definition.id, spooled.sha256)
        leave = (
            source.selection is FileSelection.NOT_IMPORTED
            and source.changed_when is ChangedWhen.CONTENT
        )
        if known_as is None or (known_as == spooled.remote.path and not leave):
            return False
        decision = same_content(spooled.remote.path, known_as, left_out=leave)
        self.runs.add_warnings(claim.run.id, claim.run.token, (decision.text,))
        if leave:
            self.files.same_content(claim.run, file.number, spooled)
        return leave

    def _enter(
        self, claim: Claim, number: int, spooled: SpooledFile, reached: Checkpoint
    ) -> Checkpoint:
        """Return where to begin in a file: where the last attempt ended, if it is the same file."""
        if number == reached.file and spooled.sha256 == reached.identity:
            return reached
        if number == reached.file and reached.identity is not None:
            text = f"{spooled.remote.path} changed between two attempts and was loaded afresh"
            self.runs.add_warnings(claim.run.id, claim.run.token, (text,))
        return replace(reached, file=number, identity=spooled.sha256, position=None)

    def _load(
        self, claim: Claim, spooled: SpooledFile, checkpoint: Checkpoint, control: Control
    ) -> Checkpoint:
        """Commit the rest of one file, batch by batch; return the checkpoint after the last one."""
        definition = self.sources.definition(claim.definition)
        reader = self.open_reader(spooled, definition, control.raise_if_asked)
        plain = compile_mapping(definition, reader.header)
        styles = find_styles(reader, plain.questions)
        mapping = compile_mapping(definition, reader.header, styles)
        read_as = {**reader.evidence, **styles.evidence}
        self._announce(claim, OpenedFile(file=spooled.remote.path, read_as=read_as), mapping)
        log.info("file opened", run_id=claim.run.id, file=spooled.remote.path, **reader.evidence)
        session = self.open_session(claim, definition)
        mapped = _mapped(reader, mapping, spooled.remote.path, checkpoint)
        batches = (_prepared(batch, session, checkpoint) for batch in mapped)
        with closing(prefetch(batches, AHEAD, control.raise_if_asked)) as ready:
            for batch in ready:
                control.raise_if_asked()
                checkpoint = session.load(
                    batch.mapped.records,
                    batch.faults,
                    found=batch.fault_count,
                    read=batch.read.read,
                    reached=replace(checkpoint, position=batch.read.end),
                )
        return checkpoint

    def _announce(self, claim: Claim, opened: OpenedFile, mapping: CompiledMapping) -> None:
        """Write down from where and how the run loads, and what a person should look at."""
        run = claim.run
        self.runs.running(run.id, run.token, opened.file)
        self.runs.add_file(run.id, run.token, opened)
        self.runs.add_warnings(run.id, run.token, mapping.warnings)


def _is_begun(file: PlannedFile, spooled: SpooledFile, reached: Checkpoint) -> bool:
    """Tell whether rows of that very content are loaded already by this run."""
    return file.number == reached.file and spooled.sha256 == reached.identity


class _Ready(NamedTuple):
    """A batch as read and as mapped."""

    read: Batch
    mapped: Mapped

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Return malformed rows and bad cells in file order: all, or enough for a run."""
        both = (*self.read.faults, *self.mapped.faults)
        return tuple(sorted(both, key=lambda fault: fault.row))

    @property
    def fault_count(self) -> int:
        """Return how many malformed rows and bad cells there are in all."""
        return len(self.read.faults) + self.mapped.fault_count


def _mapped(
    reader: Reader, mapping: CompiledMapping, file: str, checkpoint: Checkpoint
) -> Iterator[_Ready]:
    """Yield what is left of a file, batch by batch, mapped."""
    for batch in reader.batches(checkpoint.position):
        yield _Ready(batch, mapping.apply(batch, file))


def _prepared(batch: _Ready, session: LoadSession, checkpoint: Checkpoint) -> _Ready:
    """Do for a batch what its writing would begin with; `checkpoint` is any of its file."""
    records = session.prepare(batch.mapped.records, checkpoint)
    return batch._replace(mapped=replace(batch.mapped, records=records))


def _reconcile(checkpoint: Checkpoint) -> None:
    """Raise `ReconcileError` unless every row read is accounted for exactly once."""
    if not checkpoint.tally.adds_up:
        msg = f"the counts do not add up: {checkpoint.tally}; look at the data before going on"
        raise ReconcileError(msg)
