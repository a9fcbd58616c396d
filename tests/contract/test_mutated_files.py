"""Files changed at random are read or refused, never an error of the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.files import complaint, drawn, samples

SEEDS, PARTS = 1_000, 4


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_becomes_of_a_file_each_row_is_accounted_for(part: int, tmp_path: Path) -> None:
    files = samples()
    wrong = {}
    for seed in range(part, SEEDS, PARTS):
        kind, data, terms = drawn(seed, files)
        if found := complaint(kind, data, terms, tmp_path):
            wrong[seed] = found
    assert wrong == {}
