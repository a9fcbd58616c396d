"""One attempt at a run: list, fetch, read, map, load, reconcile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from definitions.batches import Checkpoint, ReadyBatch
from definitions.brakes import BrakeAction, brakes_of
from definitions.compiled import CompiledMapping
from definitions.decisions import Decision, DecisionCode
from definitions.errors import BrakedError, ImportmgrError, MissingColumnError, ReconcileError
from definitions.file_decisions import FileCode, FileDecision, choice, same_content
from definitions.lifecycle import Cause
from definitions.mapping import compile_mapping
from definitions.model import ChangedWhen, FileSelection, FileStorageSource, ImportDefinition
from definitions.rejecting import file_reached
from destinations.lanes import Lanes
from destinations.session import LoadSession
from importmgr.clock import Clock
from importmgr.executing.braking import RunBrakes
from importmgr.executing.control import Control
from importmgr.executing.preparing import Preparing
from importmgr.executing.styled_mapping import StyledMapping
from importmgr.log import get_logger
from importmgr.services.follow_ups import FollowUps
from importmgr.services.sources import Sources
from importmgr.services.storages import after_run
from importmgr.store.decisions import DecisionStore
from importmgr.store.file_ledger import FileLedger, PlannedFile
from importmgr.store.runs import Claim, OpenedFile, RunStore
from sources.base import Reader, Source, SpooledFile
from sources.begun import Begun
from sources.spool import Spool

log = get_logger(__name__)

MOST_TOLD = 100  # decisions of one look at the files of a run


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Works off a claimed run from its checkpoint to the last row of its last file."""

    runs: RunStore
    files: FileLedger
    decisions: DecisionStore
    clock: Clock
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
                self._tell_of(claim, source)
                self._compare(claim, file, spooled)
                if self._has_known_content(claim, file, spooled, checkpoint):
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
        self._tell_chosen(claim, source.decisions())
        log.info("files chosen", run_id=claim.run.id, files=len(chosen))
        after = after_run(self.sources.definition(claim.definition))
        return self.files.plan(claim.run, chosen, after)

    def _compare(self, claim: Claim, file: PlannedFile, spooled: SpooledFile) -> None:
        """Tell of a file that is not what the run loaded of which this is a repetition."""
        if file.expected not in {None, spooled.sha256}:
            facts = {"path": spooled.remote.path, "of_run_id": claim.run.rerun_of}
            self._tell(claim, [FileDecision(code=FileCode.UNLIKE_BEFORE, facts=facts)])

    def _has_known_content(
        self, claim: Claim, file: PlannedFile, spooled: SpooledFile, reached: Checkpoint
    ) -> bool:
        """Tell whether a file is left out for its content; say so where the name is new."""
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
        self._tell(claim, [decision])
        if leave:
            self.files.same_content(claim.run, file.number, spooled)
        return leave

    def _tell_chosen(self, claim: Claim, made: Sequence[FileDecision]) -> None:
        """Tell which files the run takes; of one that new files started, that was told before."""
        self._tell(claim, [each for each in made if each.noteworthy])
        self._tell_of_definition(claim, [e for e in made if e.code is FileCode.PASSED_OVER])
        told = choice(made)
        if told is None or not told["taken"]:
            why = tuple(each.text for each in made if not each.noteworthy)
            self.runs.add_warnings(claim.run.id, claim.run.token, why)
        if told is not None and claim.run.cause is not Cause.NEW_FILE:
            facts = {**told, "run_id": claim.run.id}
            decision = Decision(code=DecisionCode.FILES_CHOSEN, facts=facts)
            self.decisions.tell(claim.definition.id, [decision], self.clock.now())

    def _tell_of(self, claim: Claim, source: Source) -> None:
        """Tell what the source decided since it was last asked, and a person should know."""
        self._tell(claim, [each for each in source.decisions() if each.noteworthy])

    def _tell(self, claim: Claim, made: Sequence[FileDecision]) -> None:
        """Tell of files where the run is looked at, and where its definition is."""
        if not made:
            return
        self.runs.add_warnings(claim.run.id, claim.run.token, tuple(each.text for each in made))
        self._tell_of_definition(claim, made)

    def _tell_of_definition(self, claim: Claim, made: Sequence[FileDecision]) -> None:
        decisions = [
            Decision(
                code=DecisionCode(each.code.value), facts={**each.facts, "run_id": claim.run.id}
            )
            for each in made[:MOST_TOLD]
        ]
        self.decisions.tell(claim.definition.id, decisions, self.clock.now())

    def _enter(
        self, claim: Claim, number: int, spooled: SpooledFile, reached: Checkpoint
    ) -> Checkpoint:
        """Return where to begin in a file: where the last attempt ended, if it is the same file."""
        if number == reached.file and spooled.sha256 == reached.identity:
            return reached
        if number == reached.file and reached.identity is not None:
            facts = {"path": spooled.remote.path}
            self._tell(claim, [FileDecision(code=FileCode.RELOADED, facts=facts)])
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
        self._announce(claim, opened, loading.brakes.warnings(named, plain.warnings))
        loading.brakes.opened(reader.header, definition.mapping.columns, plain.warnings)
        log.info("file opened", run_id=claim.run.id, file=spooled.remote.path, **reader.evidence)
        session = self.open_session(claim, definition)
        file = file_reached(spooled.remote.path, checkpoint, reader.header, mapping.styles)
        preparing = Preparing(mapping, file, session, checkpoint)
        batches = preparing.ahead(reader, checkpoint.position, control.raise_if_asked)
        with closing(batches) as ready:
            told = self._telling(claim, opened, ready)
            return _commit(loading, told, session, checkpoint)

    def _telling(
        self, claim: Claim, opened: OpenedFile, batches: Iterator[ReadyBatch]
    ) -> Iterator[ReadyBatch]:
        """Yield the batches, and write down what is found out of the file with some of them."""
        for batch in batches:
            if batch.evidence:
                read_as = {**opened.read_as, **batch.evidence}
                self._announce(claim, replace(opened, read_as=read_as), ())
            yield batch

    def _plain_mapping(
        self, claim: Claim, definition: ImportDefinition, spooled: SpooledFile, reader: Reader
    ) -> CompiledMapping:
        """Return the mapping before its styles are found; tell how a file without one was read."""
        try:
            return compile_mapping(definition, reader.header)
        except MissingColumnError:
            self._announce(claim, OpenedFile(file=spooled.remote.path, read_as=reader.evidence), ())
            raise

    def _announce(self, claim: Claim, opened: OpenedFile, warnings: tuple[str, ...]) -> None:
        """Write down from where and how the run loads, and what a person should look at."""
        self.runs.file_opened(claim.run.id, claim.run.token, opened, warnings)


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
