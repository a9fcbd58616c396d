"""One attempt at a run: list, fetch, read, map, load, reconcile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from definitions.batches import Checkpoint, ReadyBatch
from definitions.brakes import BrakeAction, brakes_of
from definitions.compiled import CompiledMapping
from definitions.errors import BrakedError, ImportmgrError, MissingColumnError, ReconcileError
from definitions.file_decisions import FileCode, FileDecision, same_content
from definitions.mapping import compile_mapping
from definitions.model import ChangedWhen, FileSelection, FileStorageSource, ImportDefinition
from definitions.rejecting import file_reached
from destinations.lanes import Lanes
from destinations.session import LoadSession
from importmgr.executing.announcing import Announcer
from importmgr.executing.braking import RunBrakes
from importmgr.executing.control import Control
from importmgr.executing.preparing import Preparing
from importmgr.executing.styled_mapping import StyledMapping
from importmgr.log import get_logger
from importmgr.services.follow_ups import FollowUps
from importmgr.services.sources import Sources
from importmgr.services.storages import after_run
from importmgr.store.file_ledger import FileLedger, PlannedFile
from importmgr.store.runs import Claim, OpenedFile, RunStore
from sources.base import Reader, Source, SpooledFile
from sources.begun import Begun
from sources.spool import Spool

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Works off a claimed run from its checkpoint to the last row of its last file."""

    runs: RunStore
    files: FileLedger
    announcer: Announcer
    sources: Sources
    follow_ups: FollowUps
    spool: Spool
    brake_action: BrakeAction
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
        brakes = self._brakes(claim)
        with closing(opened) as source:
            files = self._files(claim, source)
            for file in files:
                if file.done or file.number < checkpoint.file:
                    continue
                spooled = source.fetch(file.remote, self.spool.place(run.id, file.number))
                self.announcer.decided(claim, source.decisions())
                self._compare(claim, file, spooled)
                if self._leave_out_if_known(claim, file, spooled, checkpoint):
                    continue
                entered = self._enter(claim, file.number, spooled, checkpoint)
                last = file.number == files[-1].number
                loading = _Loading(claim, control, brakes, last=last, alone=len(files) == 1)
                checkpoint = self._load(loading, spooled, entered)
                if entered.position is None:
                    read = checkpoint.tally.read - entered.tally.read
                    brakes.file_ended(spooled.remote.path, read)
                self.files.loaded(run, file.number, spooled, checkpoint.tally)
        _reconcile(checkpoint)
        brakes.run_ended(checkpoint.tally)

    def _brakes(self, claim: Claim) -> RunBrakes:
        """Return what watches this attempt."""
        brakes = brakes_of(claim.definition.document, self.brake_action)
        return RunBrakes(
            claim=claim,
            brakes=brakes,
            history=self.runs.history(claim.definition.id, brakes.row_count.runs),
            runs=self.runs,
        )

    def fetched(self, run_id: str) -> int:
        """Return how many bytes were fetched for a run so far."""
        return self.spool.size(run_id)

    def forget(self, run_id: str) -> None:
        """Remove what was fetched for a run that will not be tried again."""
        self.spool.clear(run_id)

    def follow_up(self, run_id: str, go_on: Callable[[], bool]) -> None:
        """Do what is owed to the files of a run if it has ended; stop when `go_on` says so.

        What a busy database does not let be done is a chore later.
        """
        try:
            self.follow_ups.work_off(go_on, run_id)
        except ImportmgrError as exc:
            log.warning("follow-ups not finished", run_id=run_id, error=str(exc))

    def _files(self, claim: Claim, source: Source) -> Sequence[PlannedFile]:
        """Return the files of the run: those that its first attempt chose."""
        planned = self.files.planned(claim.run.id)
        if planned:
            return planned
        chosen = source.list()
        self.announcer.chosen(claim, source.decisions())
        log.info("files chosen", run_id=claim.run.id, files=len(chosen))
        after = after_run(self.sources.definition(claim.definition))
        return self.files.plan(claim.run, chosen, after)

    def _compare(self, claim: Claim, file: PlannedFile, spooled: SpooledFile) -> None:
        """Tell of a file that is not what the run loaded of which this is a repetition."""
        if file.expected not in {None, spooled.sha256}:
            facts = {"path": spooled.remote.path, "of_run_id": claim.run.rerun_of}
            decision = FileDecision(code=FileCode.UNLIKE_BEFORE, facts=facts)
            self.announcer.decided(claim, [decision])

    def _leave_out_if_known(
        self, claim: Claim, file: PlannedFile, spooled: SpooledFile, reached: Checkpoint
    ) -> bool:
        """Leave a file out if its content is known and the definition goes by that; return whether.

        It is entered as done then. Where known content has a new name, that is told either way.
        """
        source = self.sources.definition(claim.definition).source
        if not isinstance(source, FileStorageSource) or _is_begun(file, spooled, reached):
            return False
        if claim.run.rerun_of is not None:
            return False
        known = self.files.with_content(claim.definition.id, spooled.sha256)
        leave = (
            source.selection is FileSelection.NOT_IMPORTED
            and source.changed_when is ChangedWhen.CONTENT
        )
        if known is None or (known[0] == spooled.remote.path and not leave):
            return False
        known_as, run_id = known
        path = spooled.remote.path
        decision = same_content(path, known_as, known_run_id=run_id, left_out=leave)
        self.announcer.decided(claim, [decision])
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
            facts = {"path": spooled.remote.path}
            decision = FileDecision(code=FileCode.RELOADED, facts=facts)
            self.announcer.decided(claim, [decision])
        return replace(reached, file=number, identity=spooled.sha256, position=None)

    def _load(self, loading: _Loading, spooled: SpooledFile, checkpoint: Checkpoint) -> Checkpoint:
        """Commit the rest of one file, batch by batch; return the checkpoint after the last one."""
        claim, control = loading.claim, loading.control
        definition = self.sources.definition(claim.definition)
        reader = Begun(self.open_reader(spooled, definition, control.raise_if_asked))
        plain = self._plain_mapping(claim, definition, spooled, reader)
        mapping = StyledMapping(definition, reader, plain)
        read_as = {**reader.evidence, **mapping.styles.evidence}
        opened = OpenedFile(file=spooled.remote.path, read_as=read_as)
        named = None if loading.alone else opened.file
        self.announcer.opened(claim, opened, loading.brakes.warnings(named, plain.warnings))
        loading.brakes.opened(reader.header, definition.mapping.columns, plain.warnings)
        log.info("file opened", run_id=claim.run.id, file=spooled.remote.path, **reader.evidence)
        session = self.open_session(claim, definition)
        file = file_reached(spooled.remote.path, checkpoint, reader.header, mapping.styles)
        preparing = Preparing(mapping, file, session, checkpoint)
        batches = preparing.ahead(reader, checkpoint.position, control.raise_if_asked)
        with closing(batches) as ready:
            announced = self.announcer.found_with(claim, opened, ready)
            return _commit(loading, announced, session, checkpoint)

    def _plain_mapping(
        self, claim: Claim, definition: ImportDefinition, spooled: SpooledFile, reader: Reader
    ) -> CompiledMapping:
        """Return the mapping before its styles are found; tell how a file without one was read."""
        try:
            return compile_mapping(definition, reader.header)
        except MissingColumnError:
            opened = OpenedFile(file=spooled.remote.path, read_as=reader.evidence)
            self.announcer.opened(claim, opened)
            raise


@dataclass(frozen=True, slots=True)
class _Loading:
    """One file of a run being loaded: whether it is its last one, and whether its only one."""

    claim: Claim
    control: Control
    brakes: RunBrakes
    last: bool
    alone: bool


def _commit(
    loading: _Loading, ready: Iterator[ReadyBatch], session: LoadSession, checkpoint: Checkpoint
) -> Checkpoint:
    """Commit batches as they come; return the checkpoint after the last one."""
    brakes, control = loading.brakes, loading.control
    with closing(Lanes(session, checkpoint, control.loaded)) as lanes:
        for batch, last in brakes.paced(ready, last_file=loading.last):
            control.raise_if_asked()
            try:
                brakes.batch(lanes.given, batch.read, batch.rejected, last=last)
            except BrakedError:
                session.hold(batch.faults, lanes.finish())
                raise
            lanes.load(batch)
        return lanes.finish()


def _is_begun(file: PlannedFile, spooled: SpooledFile, reached: Checkpoint) -> bool:
    """Tell whether rows of that very content are loaded already by this run."""
    return file.number == reached.file and spooled.sha256 == reached.identity


def _reconcile(checkpoint: Checkpoint) -> None:
    """Raise `ReconcileError` unless every row read is accounted for exactly once."""
    if not checkpoint.tally.adds_up:
        msg = f"the counts do not add up: {checkpoint.tally}; look at the data before going on"
        raise ReconcileError(msg)
