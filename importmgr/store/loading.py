"""Opening the writing end of a claimed run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from definitions.model import ImportDefinition
from destinations.base import LoadContext
from destinations.keeping import Keeping
from destinations.registry import open_destination
from destinations.rehearsal import Rehearsal
from destinations.session import LoadSession
from importmgr.store.audit import AuditStore
from importmgr.store.repairs import Repair
from importmgr.store.run_values import Claim
from importmgr.store.transactions import writing

if TYPE_CHECKING:
    from importmgr.store.repairing import RepairSession


@dataclass(frozen=True, slots=True)
class Sessions:
    """Opens the writing ends of claimed runs; of each `most_kept` bytes of rejected rows are kept.

    What a definition loads into is made anew if it is gone.
    """

    engine: Engine
    most_kept: int
    audit: AuditStore

    def load(self, claim: Claim, definition: ImportDefinition) -> LoadSession:
        """Return what commits the batches of a run under its token."""
        return open_session(self.engine, claim, definition, self.most_kept)

    def repair(self, claim: Claim, definition: ImportDefinition, repair: Repair) -> RepairSession:
        """Return what commits the batches of a repair under its token."""
        from importmgr.store.repairing import open_repair  # noqa: PLC0415 - needs the column engine

        return open_repair(self.engine, claim, definition, repair, self.audit)

    def rehearse(self, claim: Claim, definition: ImportDefinition, place: Path) -> Rehearsal:
        """Return what takes the records of a run to no effect; it keeps its own at `place`."""
        started_at = claim.run.started_at or claim.run.created_at
        context = LoadContext(
            project_id=claim.project.id, run_id=claim.run.id, started_at=started_at
        )
        return Rehearsal(self.engine, place, definition, context)


def open_session(
    engine: Engine, claim: Claim, definition: ImportDefinition, most_kept: int = 0
) -> LoadSession:
    """Return what commits the batches of a claimed run under its token.

    What the definition loads into is made anew if it is gone. Rejected rows are kept as long as
    they take no more than `most_kept` bytes.
    """
    started_at = claim.run.started_at or claim.run.created_at
    context = LoadContext(project_id=claim.project.id, run_id=claim.run.id, started_at=started_at)
    with writing(engine) as transaction:
        destination = open_destination(transaction, definition, context)
    return LoadSession(
        engine,
        destination,
        run_id=claim.run.id,
        token=claim.run.token,
        keeping=Keeping(started_at, most_kept),
    )
