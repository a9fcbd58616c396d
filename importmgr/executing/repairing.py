"""One attempt at a repair: corrected rows are loaded in the place of those that were rejected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from definitions.batches import Batch
from definitions.compiled import CompiledMapping
from definitions.correcting import advice
from definitions.errors import FormatError, ReconcileError
from definitions.mapping import compile_mapping
from definitions.masking import refuse_masked
from definitions.model import ImportDefinition
from definitions.rejects import RejectedFile
from definitions.styles import Survey, beside_plain, styles_of
from importmgr.executing.control import Control
from importmgr.log import get_logger
from importmgr.services.sources import Sources
from importmgr.store.repairing import RepairSession
from importmgr.store.repairs import Repair, RepairStore
from importmgr.store.runs import Claim, RunStore
from sources.base import ReadTerms
from sources.formats.csv.corrected import CorrectedFile
from sources.spool import Spool, writing

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairAttempt:
    """Works off a claimed repair from its checkpoint to the last of the rows handed in."""

    runs: RunStore
    repairs: RepairStore
    sources: Sources
    spool: Spool
    read_terms: Callable[[Callable[[], None]], ReadTerms]
    open_session: Callable[[Claim, ImportDefinition, Repair], RepairSession]

    def __call__(self, claim: Claim, control: Control) -> None:
        """Load what is left of the repair, whose lease `control` watches.

        Raise `PermanentError` for what stops it, `ReconcileError` when rows are unaccounted for,
        and what `control` raises.
        """
        run, repair = claim.run, self.repairs.get(claim.run.id)
        definition, file = self.sources.definition(claim.definition), repair.kept.file
        place = self.spool.place(run.id, 0)
        with writing():
            place.write_bytes(repair.content)
        name = f"corrected rows of {file.name}"
        self.runs.running(run.id, run.token, name)
        corrected = CorrectedFile(place, name, file, self.read_terms(control.raise_if_asked))
        session = self.open_session(claim, definition, repair)
        mapping = _mapping(definition, file, map(session.look, corrected.batches()))
        log.info("repair opened", run_id=run.id, repairs=repair.of.id)
        reached = claim.checkpoint
        for rows in corrected.batches(reached.position):
            control.raise_if_asked()
            refuse_masked(rows, mapping.masking)
            before, reached = reached, session.load(rows, mapping, reached)
            control.loaded(reached.tally - before.tally)
        if not reached.tally.read:
            msg = f"{name!r} hold no row; hand in the rejected rows, corrected, below their header"
            raise FormatError(msg)
        if not reached.tally.adds_up:
            msg = f"the counts do not add up: {reached.tally}; look at the data before going on"
            raise ReconcileError(msg)
        counts = self.repairs.counts(run.id)
        skipped = reached.tally.skipped - counts.discarded
        texts = tuple(advice(untouched=counts.untouched, skipped=skipped))
        self.runs.add_warnings(run.id, run.token, texts)


def _mapping(
    definition: ImportDefinition, file: RejectedFile, corrected: Iterator[Batch]
) -> CompiledMapping:
    """Return the mapping that reads corrected rows as their file was read.

    How columns are written of which that tells nothing, the rows may prove themselves.
    """
    known = styles_of(file.styles)
    mapping = compile_mapping(definition, file.header, known)
    left = known.unanswered(mapping.questions)
    if not left:
        return mapping
    survey = Survey(left)
    for batch in corrected:
        survey.add(batch)
    return compile_mapping(definition, file.header, known.joined(beside_plain(survey.styles())))
