"""Texts that stand for no value: cells of which nothing else is in are empty cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from definitions.batches import Batch


def emptied(batch: Batch, null_values: Sequence[str]) -> Batch:
    """Return a batch whose cells are empty where they hold one of these texts.

    White space around cell and text makes no difference; upper and lower case does.
    """
    if not null_values:
        return batch
    texts = pl.Series(null_values, dtype=pl.String).str.strip_chars()
    cell = pl.all()
    is_null = cell.str.strip_chars().is_in(texts.implode())
    return replace(
        batch, frame=batch.frame.select(pl.when(~is_null).then(cell).otherwise(pl.lit("")))
    )
