"""What every destination promises, on every database, through the session that runs use."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from definitions.batches import Checkpoint, Position, Records, Tally
from definitions.errors import LostLeaseError
from definitions.model import (
    CatalogDestination,
    CatalogType,
    CustomerDestination,
    Destination,
    EventDestination,
    ImportDefinition,
    Mapping,
    NowTrigger,
    UrlSource,
)
from destinations.base import Destination as Writer
from destinations.registry import DESTINATIONS, open_destination
from destinations.session import LoadSession
from tests.loading import (
    CustomerRow,
    EventRow,
    ItemRow,
    context,
    customer_records,
    event_records,
    item_records,
    opened,
    stored_customers,
    stored_events,
    stored_items,
)

ROWS = 60


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Rows for one kind of destination, many of which touch the same things, and what is stored."""

    target: Destination
    rows: Callable[[random.Random, int], Sequence[Any]]
    records: Callable[..., Records]
    stored: Callable[[Engine, int], Sequence[object]]


def seeded(seed: int) -> random.Random:
    """Return what draws the same rows at every time."""
    return random.Random(seed)


def customer_rows(rng: random.Random, count: int) -> list[CustomerRow]:
    return [
        CustomerRow(
            ids={
                "a": str(rng.randrange(count)),
                "b": rng.choice([None, str(rng.randrange(count))]),
            },
            properties={rng.choice("pqr"): rng.randrange(3)},
        )
        for _ in range(count)
    ]


def event_rows(rng: random.Random, count: int) -> list[EventRow]:
    return [
        EventRow(
            ids={"a": str(rng.randrange(count // 2)), "b": None},
            properties={"p": rng.randrange(2)},
            timestamp=rng.choice([None, float(rng.randrange(3))]),
        )
        for _ in range(count)
    ]


def item_rows(rng: random.Random, count: int) -> list[ItemRow]:
    return [
        ItemRow(
            item_id=str(rng.randrange(count // 2)),
            properties={rng.choice("pqr"): rng.choice([rng.randrange(3), "long text " * 20])},
        )
        for _ in range(count)
    ]


SAMPLES = {
    "customers": Sample(
        target=CustomerDestination(),
        rows=customer_rows,
        records=customer_records,
        stored=stored_customers,
    ),
    "events": Sample(
        target=EventDestination(event_type=None, triggers=False),
        rows=event_rows,
        records=event_records,
        stored=lambda engine, number: (
            stored_customers(engine, number),
            stored_events(engine, number),
        ),
    ),
    "catalogs": Sample(
        target=CatalogDestination(
            name="Products", type=CatalogType.PRODUCT, associated_catalog_id=None
        ),
        rows=item_rows,
        records=item_records,
        stored=stored_items,
    ),
}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with opened(database_url) as engine:
        yield engine


@pytest.fixture(params=sorted(DESTINATIONS))
def sample(request: pytest.FixtureRequest) -> Sample:
    return SAMPLES[request.param]


@dataclass
class Loading:
    """A run that loads rows into project (and catalog) `number` batch by batch."""

    engine: Engine
    sample: Sample
    number: int = 1
    token: int = 1
    row: int = 1

    def __post_init__(self) -> None:
        self.session = LoadSession(
            self.engine, self.destination(), run_id=f"{self.number:024}", token=self.token
        )
        self.checkpoint = self.session.open()

    def load(self, rows: Sequence[Any], *, first: int | None = None) -> Tally:
        """Load one batch and return the counts so far."""
        start = self.row if first is None else first
        records = self.sample.records(rows, first=start)
        end = Position(byte=start + len(rows), row=start + len(rows), line=start + len(rows))
        self.checkpoint = self.session.load(
            records, (), read=len(rows), reached=replace(self.checkpoint, position=end)
        )
        self.row = start + len(rows)
        return self.checkpoint.tally

    def stored(self) -> Sequence[object]:
        """Return what the destination holds."""
        return self.sample.stored(self.engine, self.number)

    def destination(self) -> Writer:
        definition = ImportDefinition(
            name="x",
            active=True,
            trigger=NowTrigger(),
            source=UrlSource(url="https://files.example.test/x.csv", use_proxy=False, auth=None),
            destination=self.sample.target,
            mapping=Mapping(timezone=ZoneInfo("UTC"), ids=(), properties=(), timestamp_column=None),
        )
        with self.engine.begin() as connection:
            run = context(self.number, run_id=f"{self.number:024}")
            return open_destination(connection, definition, run)


def test_every_kind_is_held_to_the_promises() -> None:
    assert SAMPLES.keys() == DESTINATIONS.keys()


def test_every_row_is_accounted_for(engine: Engine, sample: Sample) -> None:
    tally = Loading(engine, sample).load(sample.rows(seeded(1), ROWS))

    assert tally.read == ROWS
    assert tally.adds_up
    assert tally.created
    assert tally.created < ROWS


def test_batches_of_any_size_leave_the_same_bytes_and_counts(
    engine: Engine, sample: Sample
) -> None:
    rows = sample.rows(seeded(2), ROWS)
    whole, parts = Loading(engine, sample, number=1), Loading(engine, sample, number=2)

    one = whole.load(rows)
    for at in range(0, ROWS, 7):
        many = parts.load(rows[at : at + 7])

    assert whole.stored() == parts.stored()
    assert one == many


def test_loading_a_batch_again_changes_nothing(engine: Engine, sample: Sample) -> None:
    rng = seeded(3)
    loading = Loading(engine, sample)
    loading.load(sample.rows(rng, ROWS))
    rows, first = sample.rows(rng, ROWS), loading.row
    before = loading.load(rows)
    stored = loading.stored()

    after = loading.load(rows, first=first)

    assert loading.stored() == stored
    assert after.created == before.created


def test_a_batch_of_many_rows_is_loaded_as_a_small_one(engine: Engine, sample: Sample) -> None:
    """Beyond the sizes at which statistics are gathered and a copy goes in several pieces."""
    rows = sample.rows(seeded(4), 9000)

    tally = Loading(engine, sample, number=1).load(rows)

    assert tally.adds_up
    assert Loading(engine, sample, number=2).load(rows) == tally


def test_two_runs_at_once_end_as_one_after_the_other(engine: Engine, sample: Sample) -> None:
    """Both bring the same rows: whoever comes second finds them there."""
    rows = sample.rows(seeded(5), ROWS)
    runs = [
        LoadSession(engine, Loading(engine, sample).destination(), run_id=name * 24, token=1)
        for name in "ab"
    ]

    def work(run: LoadSession) -> Tally:
        checkpoint = run.open()
        for at in range(0, ROWS, 10):
            records = sample.records(rows[at : at + 10], first=at + 1)
            checkpoint = run.load(records, (), read=10, reached=checkpoint)
        return checkpoint.tally

    with ThreadPoolExecutor(2) as pool:
        tallies = list(pool.map(work, runs))

    assert all(tally.adds_up for tally in tallies)
    alone = Loading(engine, sample, number=2)
    assert sum(tallies, Tally()).created == alone.load(rows).created


def test_a_batch_that_fails_at_the_end_leaves_nothing(engine: Engine, sample: Sample) -> None:
    loading = Loading(engine, sample)
    stale = replace(loading.checkpoint, batches=5)

    with pytest.raises(LostLeaseError):
        loading.session.load(
            sample.records(sample.rows(seeded(6), ROWS)), (), read=ROWS, reached=stale
        )

    assert not any(loading.stored())
    assert loading.session.open() == Checkpoint()


def test_a_zombie_writes_nothing(engine: Engine, sample: Sample) -> None:
    zombie = Loading(engine, sample, token=1)
    heir = Loading(engine, sample, token=2)
    rows = sample.rows(seeded(7), ROWS)
    heir.load(rows[:30])
    stored = heir.stored()

    with pytest.raises(LostLeaseError):
        zombie.load(rows)

    assert heir.stored() == stored


def test_writing_takes_part_in_the_transaction_it_is_given(engine: Engine, sample: Sample) -> None:
    loading = Loading(engine, sample)
    records = sample.records(sample.rows(seeded(8), ROWS))

    with engine.connect() as connection:
        assert loading.destination().write(connection, records).created
        connection.rollback()

    assert not any(loading.stored())
