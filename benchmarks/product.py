"""Loading as an executor does: read, map, and commit batch by batch with the ledger."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from benchmarks.data import Kind, document
from definitions.batches import Batch, Checkpoint
from definitions.compiled import Mapped
from definitions.mapping import compile_mapping
from definitions.model import ImportDefinition
from definitions.schema import normalise, to_definition
from destinations.base import LoadContext
from destinations.engine import create_engine
from destinations.registry import open_destination
from destinations.session import LoadSession
from importmgr.clock import SystemClock
from importmgr.executing.attempt import AHEAD
from importmgr.executing.prefetch import prefetch
from importmgr.store.migrate import upgrade
from sources.formats.csv import CsvFormat

RUN = "a" * 24


def prepare(url: str, kind: Kind) -> None:
    """Make the tables; this is not measured."""
    del kind
    upgrade(url)


def load(url: str, kind: Kind, path: Path) -> int:
    """Load the file and return how many rows were written."""
    engine = create_engine(url)
    definition = to_definition(normalise(document(kind)))
    context = LoadContext(project_id=1, run_id=RUN, started_at=SystemClock().now())
    with engine.begin() as connection:
        destination = open_destination(connection, definition, context)
    session = LoadSession(engine, destination, run_id=RUN, token=1)
    checkpoint = _load(session, definition, path)
    engine.dispose()
    assert checkpoint.tally.adds_up
    return checkpoint.tally.created


def _load(session: LoadSession, definition: ImportDefinition, path: Path) -> Checkpoint:
    reader = CsvFormat().open(path, "rows.csv")
    mapping = compile_mapping(definition, reader.header)
    checkpoint = session.open()

    def mapped(batch: Batch) -> tuple[Batch, Mapped]:
        return batch, mapping.apply(batch, "rows.csv")

    with closing(prefetch(map(mapped, reader.batches()), AHEAD)) as batches:
        for batch, made in batches:
            faults = (*batch.faults, *made.faults)
            reached = replace(checkpoint, position=batch.end)
            checkpoint = session.load(made.records, faults, read=batch.read, reached=reached)
    return checkpoint
