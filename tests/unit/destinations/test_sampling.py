from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from destinations.sampling import SAMPLE, sample


@pytest.mark.parametrize(("count", "step"), [(0, 1), (1, 1), (199, 1), (200, 2), (10_050, 100)])
def test_a_sample_is_spread_over_all_keys(count: int, step: int) -> None:
    expected = list(range(0, count, step))
    assert sample(np.arange(count)).tolist() == expected
    assert sample(pl.Series("n", range(count), pl.Int64)).to_list() == expected
    frame = pl.DataFrame({"n": range(count)}, schema={"n": pl.Int64})
    assert sample(frame)["n"].to_list() == expected
    assert len(expected) < 2 * SAMPLE
