"""Each party that is here reads plain files rightly, as a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.measuring import SkippedError
from benchmarks.polluted.reading import PARTIES, Party, Terms, measure
from benchmarks.polluted.tables.registry import tables


def test_a_party_whose_program_is_missing_says_so() -> None:
    with pytest.raises(SkippedError, match="no-such-shell is not installed"):
        Party(title="t", script="s", program="no-such-shell").python()


def test_all_few_or_named_tables_are_wanted() -> None:
    assert all(map(Terms().wants, tables()))
    assert 3 <= sum(map(Terms(quick=True).wants, tables())) <= 10
    assert list(filter(Terms(tables=["years"]).wants, tables())) == ["years"]


@pytest.mark.slow
def test_parties_read_a_table_and_are_compared(tmp_path: Path) -> None:
    told: list[str] = []

    outcome = measure(tmp_path, Terms(tables=["numbers"]), told.append)

    ours = next(line for line in outcome.lines if line.startswith("| importmgr |"))
    assert float(ours.split("|")[6]) > 9.5
    assert sum("csv module, `Sniffer`" in line for line in outcome.lines) >= 3
    assert outcome.sentence.startswith("- Of ")
    assert len(told) >= len(PARTIES)
