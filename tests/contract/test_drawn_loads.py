"""Loads that a seed draws, with all that can befall them, leave what a dictionary holds.

`make fuzz-loads` plays others for as long as one likes.
"""

from __future__ import annotations

import pytest

from tests.fuzz.lanes import How, run_plan

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", [0, 1])
def test_what_is_loaded_at_once_is_what_is_loaded_one_by_one(database_url: str, seed: int) -> None:
    run_plan(database_url, seed, How.CALM)


@pytest.mark.parametrize("seed", [2, 3, 5])
def test_nothing_is_lost_or_doubled_where_the_database_fails(database_url: str, seed: int) -> None:
    run_plan(database_url, seed, How.STRUCK)


@pytest.mark.parametrize("seed", [6])
def test_nothing_is_lost_or_doubled_where_a_process_is_killed(database_url: str, seed: int) -> None:
    run_plan(database_url, seed, How.KILLED)
