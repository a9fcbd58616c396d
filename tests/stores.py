"""A filled store for tests: projects, definitions and runs with as little ado as possible."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.batches import Checkpoint, Position, Tally
from definitions.lifecycle import Cause, RunState, StopReason
from destinations.ledger import commit
from importmgr.store.definitions import DefinitionStore, StoredDefinition
from importmgr.store.keys import KeyStore
from importmgr.store.projects import Project, ProjectStore
from importmgr.store.runs import Claim, Ending, NewRun, Run, RunStore
from importmgr.store.tables import runs
from importmgr.store.transactions import is_postgresql, writing
from tests.clocks import HandClock

NOW = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
LEASE = timedelta(seconds=60)
DONE = Ending(state=RunState.COMPLETED, reason=StopReason.DONE)
ORIGIN = "bloomreach"

_numbers = itertools.count(1)


def new_id() -> str:
    """Return an id that no other call in this process returns."""
    return f"{next(_numbers):024x}"


class Stores:
    """Every store of one database, and the clock of their machine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.clock = HandClock(NOW)
        self.projects = ProjectStore(engine)
        self.keys = KeyStore(engine)
        self.definitions = DefinitionStore(engine)
        self.runs = RunStore(engine, self.clock)

    def project(self) -> Project:
        """Return a new project."""
        return self.projects.add(new_id(), "Shop", NOW)

    def definition(
        self, project: Project | None = None, *, active: bool = True, secret: bytes | None = None
    ) -> StoredDefinition:
        """Return a new stored definition, in a project of its own unless told."""
        made = definition(project or self.project(), active=active)
        made = replace(made, secret=secret)
        self.definitions.add(made, max_active=1000)
        return made

    def queue(self, of: StoredDefinition, at: datetime = NOW, most: int = 100) -> Run:
        """Return a new queued run."""
        return self.runs.queue(None, new_run(of, at), max_waiting=most)

    def claim(self, owner: str = "me") -> Claim:
        """Return the next run, claimed; there must be one."""
        claimed = self.runs.claim(owner, LEASE)
        assert claimed is not None
        return claimed

    def pass_time(self, by: timedelta) -> None:
        """Let so much time pass."""
        pass_time(self.engine, self.clock, by)

    def commit(self, run: Run, checkpoint: Checkpoint) -> None:
        """Commit one batch of a run as its holder does."""
        with writing(self.engine) as transaction:
            commit(transaction, run.id, run.token, checkpoint)

    def state(self, run: Run) -> RunState:
        """Return the present state of a run."""
        return self.again(run).state

    def again(self, run: Run) -> Run:
        """Return a run as it stands now."""
        found = self.runs.get(run.definition_id, run.id)
        assert found is not None
        return found


def pass_time(engine: Engine, clock: HandClock, by: timedelta) -> None:
    """Let so much time pass for runs.

    The clock of a database server cannot be set; what is compared with it moves back instead.
    """
    clock.move(by.total_seconds())
    with writing(engine) as transaction:
        if is_postgresql(transaction):
            moved = sa.literal(by, sa.Interval())
            back = {name: runs.c[name] - moved for name in ("lease_until", "not_before")}
            transaction.execute(sa.update(runs).values(back))


def definition(project: Project, *, active: bool = True) -> StoredDefinition:
    """Return a definition that is not stored yet."""
    return StoredDefinition(
        id=new_id(),
        project_id=project.id,
        origin=ORIGIN,
        document={"name": "People", "active": active},
        secret=None,
        active=active,
        created_at=NOW,
    )


def new_run(of: StoredDefinition, at: datetime = NOW) -> NewRun:
    """Return a run to queue."""
    return NewRun(
        id=new_id(),
        definition_id=of.id,
        project_id=of.project_id,
        cause=Cause.MANUAL,
        location=None,
        now=at,
    )


def checkpoint(batches: int) -> Checkpoint:
    """Return the checkpoint after so many batches of ten rows, one of them rejected each."""
    tally = Tally(read=10 * batches, created=9 * batches, rejected=batches)
    return Checkpoint(
        file=0,
        identity="abc",
        position=Position(byte=100 * batches, row=10 * batches + 1, line=10 * batches + 2),
        batches=batches,
        tally=tally,
        fault_count=batches,
    )
