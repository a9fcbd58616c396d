"""What is measured at the default batch says which one that is."""

from __future__ import annotations

from benchmarks.holding import SMALL_BATCH, batch_of
from benchmarks.workshop import NOTHING_SET
from importmgr.settings import Settings


def test_a_load_without_settings_is_told_as_one_at_the_default_batch() -> None:
    assert batch_of(NOTHING_SET) == f"{Settings().batch_bytes >> 20} (default)"


def test_a_smaller_batch_is_told_as_it_is_set() -> None:
    assert batch_of(SMALL_BATCH) == "1"
