"""What every destination promises, on every database, through the session that runs use."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from definitions.batches import Checkpoint, Tally
from definitions.errors import LostLeaseError
from destinations.registry import DESTINATIONS
from destinations.session import LoadSession
from tests.engines import open_engine
from tests.loading import ready
from tests.loading_samples import SAMPLES, Loading, Sample, seeded

ROWS = 60


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with open_engine(database_url) as engine:
        yield engine


@pytest.fixture(params=sorted(DESTINATIONS))
def sample(request: pytest.FixtureRequest) -> Sample:
    return SAMPLES[request.param]


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
            checkpoint = run.load(ready(records, read=10), checkpoint)
        return checkpoint.tally

    with ThreadPoolExecutor(2) as pool:
        tallies = list(pool.map(work, runs))

    assert all(tally.adds_up for tally in tallies)
    alone = Loading(engine, sample, number=2)
    assert sum(tallies, Tally()).created == alone.load(rows).created


def test_a_batch_that_fails_at_the_end_leaves_nothing(engine: Engine, sample: Sample) -> None:
    loading = Loading(engine, sample)
    stale = replace(loading.checkpoint, batches=5)
    batch = ready(sample.records(sample.rows(seeded(6), ROWS)), read=ROWS)

    with pytest.raises(LostLeaseError):
        loading.session.load(batch, stale)

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
