"""One attempt at a dry run: everything that a run does, and nothing of it lasts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from definitions.batches import Batch, Checkpoint, Tally
from definitions.brakes import BrakeAction, brakes_of
from definitions.compiled import CompiledMapping, Mapped
from definitions.errors import PermanentError
from definitions.mapping import compile_mapping
from definitions.model import ImportDefinition
from definitions.rejecting import file_reached, gather_rejects
from definitions.rejects import RejectedFile
from destinations.rehearsal import Rehearsal
from importmgr.clock import Clock
from importmgr.executing.braking import RehearsedBrakes
from importmgr.executing.control import Control
from importmgr.executing.dry_report import SAMPLES, DryReport
from importmgr.executing.styled_mapping import StyledMapping
from importmgr.log import get_logger
from importmgr.services.doubts import told_of
from importmgr.services.sources import Sources
from importmgr.store.definitions import StoredDefinition
from importmgr.store.dry_runs import DryRunStore
from importmgr.store.runs import Claim, OpenedFile, RunStore
from sources.base import Reader, SpooledFile
from sources.begun import Begun
from sources.spool import Spool

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRunAttempt:
    """Works off a claimed dry run; each attempt begins at the first row."""

    runs: RunStore
    dry_runs: DryRunStore
    clock: Clock
    sources: Sources
    spool: Spool
    brake_action: BrakeAction
    open_reader: Callable[[SpooledFile, ImportDefinition, Callable[[], None]], Reader]
    open_rehearsal: Callable[[Claim, ImportDefinition, Path], Rehearsal]

    def __call__(self, claim: Claim, control: Control) -> None:
        """Read, map and look up all of the run's files, whose lease `control` watches.

        Raise what a run would raise. Files are chosen as the definition would choose them now;
        that they were looked at is noted nowhere.
        """
        try:
            self._work_off(claim, control)
        except PermanentError:
            self.dry_runs.let_go(claim.run, self.clock.now())
            raise

    def _work_off(self, claim: Claim, control: Control) -> None:
        run, definition = claim.run, self.sources.definition(claim.definition)
        chooser = self.dry_runs.original(run.id) or claim.definition
        scratch = self.spool.place(run.id, 0).with_name("rehearsal.db")
        going = _Going(claim, control, definition, DryReport(), self._brakes(chooser))
        reached = Checkpoint(batches=claim.checkpoint.batches)
        with (
            closing(self.open_rehearsal(claim, definition, scratch)) as rehearsal,
            closing(
                self.sources.open(chooser, None, control.raise_if_asked, run.asked_for)
            ) as source,
        ):
            for number, remote in zip(count(), source.list(), strict=False):
                spooled = source.fetch(remote, self.spool.place(run.id, number + 1))
                begun = replace(reached, file=number, identity=spooled.sha256, position=None)
                reached = self._rehearse(going, spooled, rehearsal, begun)
        going.brakes.read(reached.tally, whole=True)
        document = going.report.document(going.brakes.found.values())
        self.dry_runs.save(run, document, self.clock.now())

    def _brakes(self, definition: StoredDefinition) -> RehearsedBrakes:
        """Return what would watch a run; one that is not stored has had none before."""
        brakes = brakes_of(definition.document, self.brake_action)
        return RehearsedBrakes(
            brakes=brakes, history=self.runs.history(definition.id, brakes.row_count.runs)
        )

    def _rehearse(
        self, going: _Going, spooled: SpooledFile, rehearsal: Rehearsal, reached: Checkpoint
    ) -> Checkpoint:
        """Take one file through; return the checkpoint after it, which only shows how far it is."""
        control, name = going.control, spooled.remote.path
        reader = Begun(self.open_reader(spooled, going.definition, control.raise_if_asked))
        plain = compile_mapping(going.definition, reader.header)
        mapping = StyledMapping(going.definition, reader, plain)
        known, read_as = mapping.styles, {**reader.evidence, **mapping.styles.evidence}
        opened = OpenedFile(file=name, read_as=read_as)
        going.report.open(opened, reader.header, plain)
        self._announce(going.claim, opened, plain)
        going.brakes.opened(reader.header, going.definition.mapping.columns, plain.warnings)
        before = reached.tally.read
        file = file_reached(name, reached, reader.header)
        for batch in reader.batches():
            control.raise_if_asked()
            mapped = mapping.apply(batch, name)
            if mapping.styles is not known:
                known = mapping.styles
                opened = replace(opened, read_as={**read_as, **known.evidence})
                going.report.read_as(opened)
                self._announce(going.claim, opened, plain)
            reached = self._take(going.report, batch, _Way(plain, mapped, file, rehearsal), reached)
            going.brakes.read(reached.tally)
            self.dry_runs.go_on(going.claim.run, reached)
            control.advanced()
        going.brakes.file_ended(name, reached.tally.read - before)
        return reached

    def _take(self, report: DryReport, batch: Batch, way: _Way, reached: Checkpoint) -> Checkpoint:
        """Take one batch through."""
        batch = replace(batch, faults=way.mapping.masking.faults(batch.faults))
        mapped = way.mapped
        records = replace(mapped.records, file=reached.file, identity=reached.identity)
        wanted = SAMPLES if report.wants_samples else 0
        tally, samples = way.rehearsal.write(records, wanted)
        rejects = gather_rejects(batch, mapped, way.file)
        report.add(batch, mapped, samples, rejects)
        rejected = rejects.count if rejects else 0
        return replace(
            reached,
            position=batch.end,
            batches=reached.batches + 1,
            tally=reached.tally + tally + Tally(read=rejected, rejected=rejected),
            fault_count=reached.fault_count + len(batch.faults) + mapped.fault_count,
        )

    def _announce(self, claim: Claim, opened: OpenedFile, mapping: CompiledMapping) -> None:
        """Write down from where and how the run reads, and what a person should look at."""
        run = claim.run
        told = (*mapping.warnings, *told_of(opened.file, opened.read_as))
        self.runs.file_opened(run.id, run.token, opened, told)


@dataclass(frozen=True, slots=True)
class _Going:
    """What stays the same for all files of a dry run, and what it has found out."""

    claim: Claim
    control: Control
    definition: ImportDefinition
    report: DryReport
    brakes: RehearsedBrakes


@dataclass(frozen=True, slots=True)
class _Way:
    """What each batch of a file goes through."""

    mapping: CompiledMapping
    mapped: Mapped
    file: RejectedFile
    rehearsal: Rehearsal
