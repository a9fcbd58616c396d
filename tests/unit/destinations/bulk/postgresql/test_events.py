from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from destinations.bulk.postgresql.events import prepare_events


@pytest.mark.parametrize("most", [1, 3, 40, 10_000])
def test_events_are_copied_in_the_order_of_their_index_each_of_them_once(most: int) -> None:
    chance, count = np.random.default_rng(most), 500
    customers = chance.integers(0, most, count)
    times = chance.integers(0, 5, count).astype(np.float64)
    fingerprints = [bytes([number]) * 16 for number in chance.integers(0, 4, count)]
    events = pl.DataFrame(
        {
            "type": ["view"] * count,
            "timestamp": times,
            "properties": ["{}"] * count,
            "run_id": ["r"] * count,
            "row": range(count),
            "fingerprint": fingerprints,
        }
    )

    plan = prepare_events(events, 1, customers).plan

    assert plan is not None
    firsts: dict[tuple[int, float, bytes], int] = {}
    for row, key in enumerate(zip(customers.tolist(), times.tolist(), fingerprints, strict=True)):
        firsts.setdefault(key, row)
    expected = sorted((*key[:2], row) for key, row in firsts.items())
    assert plan.new.tolist() == [row for *_, row in expected]
