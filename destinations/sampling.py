"""Which keys of a batch tell whether it is worth looking for the others."""

from __future__ import annotations

from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

SAMPLE: Final = 100  # keys, hardly more

Keys = TypeVar("Keys", pl.DataFrame, pl.Series, npt.NDArray[np.intp])


def sample(keys: Keys) -> Keys:
    """Return some of the keys, evenly spread, all if there are few."""
    return keys[:: max(1, len(keys) // SAMPLE)]
