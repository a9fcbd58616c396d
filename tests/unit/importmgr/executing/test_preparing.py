from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeAlias

import pytest
from sqlalchemy import Connection, Engine

from definitions.batches import Batch, Checkpoint, Position, Records, Tally
from definitions.compiled import Mapped
from definitions.faults import MOST_FAULTS
from definitions.mapping import compile_mapping
from definitions.rejects import RejectedFile, Rejects
from definitions.styles import Styles
from definitions.written import COMMA
from destinations.bulk import Bulk, Connect
from destinations.lanes import Turn
from destinations.session import LoadSession
from importmgr.executing.preparing import Preparing
from sources.formats.csv.lazy_faults import LazyFaults, Origin, Where, one_malformed
from sources.formats.csv.problems import wrong_width
from tests.engines import open_engine
from tests.plain_mapping import PlainMapping
from tests.unit.definitions.cases import CUSTOMERS, batch_from, definition, prop

FILE = RejectedFile(name="f", number=0, identity="x", header=("mail", "n"), form=None, styles={})
Prepares: TypeAlias = Callable[..., Preparing]


@dataclass
class Nowhere:
    """A destination that is only got ready, and the threads in which it was."""

    threads: set[int] = field(default_factory=set)

    def prepare(self, records: Records, bulk: Bulk, connect: Connect) -> Records:  # noqa: ARG002
        """Leave a mark."""
        self.threads.add(threading.get_ident())
        return replace(records, ready="ready")

    def write(self, connection: Connection, records: Records, turn: Turn | None = None, /) -> Tally:
        """Refuse what nobody asked for."""
        raise NotImplementedError


@dataclass
class Reading:
    """A reader of three batches of one row, and the threads that it read in."""

    threads: set[int] = field(default_factory=set)
    closed: bool = False

    header: tuple[str, ...] = ("mail", "n")
    named: bool = True
    unnamed: tuple[str, ...] = ()

    @property
    def evidence(self) -> dict[str, str]:
        """Tell nothing."""
        return {}

    def batches(self, resume: Position | None = None) -> Iterator[Batch]:
        """Yield the rows after the place to go on from."""
        try:
            for row in range(1 if resume is None else resume.row, 4):
                self.threads.add(threading.get_ident())
                yield batch_from(row, mail=[f"m{row}"], n=["1"])
        finally:
            self.closed = True


class Finding(PlainMapping):
    """A mapping that finds out with each row called "asks" how a column is written."""

    def apply(self, batch: Batch, file: str, most: int) -> Mapped:
        """Map a batch."""
        if "asks" in batch.frame["mail"]:
            object.__setattr__(self, "styles", Styles(numbers={"n": COMMA}))
        return super().apply(batch, file, most)


@pytest.fixture
def nowhere() -> Nowhere:
    return Nowhere()


@pytest.fixture
def preparing(nowhere: Nowhere) -> Iterator[Prepares]:
    """What prepares batches for a destination that is nowhere."""
    with open_engine("sqlite://") as engine:
        yield partial(_preparing, engine, nowhere)


def _preparing(
    engine: Engine, nowhere: Nowhere, known: int, kind: type[PlainMapping] = PlainMapping
) -> Preparing:
    made = definition(CUSTOMERS, ids={"mail": "m"}, properties=[prop("n", target="number")])
    session = LoadSession(engine, nowhere, run_id="r", token=1)
    reached = Checkpoint(file=3, identity="x", fault_count=known)
    mapping = kind(compile_mapping(made, ("mail", "n")))
    return Preparing(mapping, FILE, session, reached)


def test_a_batch_is_mapped_and_made_ready_with_its_faults_in_file_order(
    preparing: Prepares,
) -> None:
    malformed = one_malformed(wrong_width(2, 1), Where(row=2, line=4, begin=0, end=2))
    left = LazyFaults([(Origin(file="f", buffer=b"x\n"), malformed)])
    rows = batch_from(1, mail=["a", "", "c"], n=["1", "x", "y"])
    rows = replace(rows, rows=rows.rows + (rows.rows > 1), faults=left, rejected_count=1)

    ready = preparing(0)(rows)

    assert [(fault.row, fault.code) for fault in ready.faults] == [
        (2, "too_few_fields"),
        (3, "not_a_number"),
        (3, "missing_key"),
        (4, "not_a_number"),
    ]
    assert (ready.fault_count, ready.read) == (4, 4)
    assert ready.end == Position(byte=0, row=4, line=8)
    assert (ready.records.ready, ready.records.file, ready.records.identity) == ("ready", 3, "x")
    assert ready.records.rejects is not None
    assert ready.records.rejects.count == 2


def test_batches_are_read_and_made_ready_in_a_thread_that_closes_what_it_reads(
    preparing: Prepares, nowhere: Nowhere
) -> None:
    reader = Reading()

    ready = list(preparing(0).ahead(reader, Position(byte=0, row=2, line=1), lambda: None))

    assert [each.records.frame["row"].to_list() for each in ready] == [[2], [3]]
    assert reader.threads == nowhere.threads
    assert threading.get_ident() not in reader.threads
    assert reader.closed


def test_a_batch_that_finds_out_how_columns_are_written_says_so_without_a_rejected_row(
    preparing: Prepares,
) -> None:
    prepare = preparing(0, kind=Finding)

    made = [prepare(batch_from(1, mail=[mail], n=["1"])) for mail in ("a", "asks", "b")]

    styles = {"numbers": {"n": "comma"}, "dates": {}}
    told = Rejects(file=replace(FILE, styles=styles), rows=(), count=0)
    assert [ready.records.rejects for ready in made] == [None, told, None]


def test_faults_that_a_run_does_not_store_are_counted_only(preparing: Prepares) -> None:
    prepare = preparing(MOST_FAULTS - 3)
    rows = batch_from(1, mail=["a", "b"], n=["x", "y"])

    made = [prepare(rows) for _ in range(3)]

    assert [len(ready.faults) for ready in made] == [2, 1, 0]
    assert [ready.fault_count for ready in made] == [2, 2, 2]
