from __future__ import annotations

import zlib
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from sources.base import ReadTerms
from sources.formats.parquet import ParquetFormat
from sources.formats.parquet.footer import Meaning, meanings_in
from sources.formats.parquet.times import day_of, late_columns

# `id`, `opens` (08:00, 09:30) and `closes` (24:00, 17:00), which polars cannot write; DuckDB did.
PACKED = (
    "eNoLcAwyFGUQFRBV0hFlATLYRNkYGDS26v9V4HBkYGBkYGBgAmKghIKoEboKgUaglMLcLUA+A8O0qm/s+FUmXJcVAal8"
    "ctaeD6SSSdLHlEGCN6U0OTslKb44OSM1NxGoQ5RJlUGCKTNFVYlBlAXIZM0vSM0rVhXwqRGS0QHphwizJefkF6eiiIux"
    "SMpI2qgxyACNFmWQBBkiyiPGImYk5qLGYSPBAvKJBAvIT2IMGkg8QUEGSRlRkNNBYiD9LGD9EJvBRjiJhaj52EhwwLwJ"
    "ZEE9DjQKiyguI6Guhpu5gBFkKDRkgCxo2IANxRBFNVRsG6MYixqH2BtGBg0NF2AgujgplKUWFWfm5ymUGekZ6BkqaCSV"
    "ZuakKFikmFsYGpqkWhpoStrIMDBAEEMj0O8BwOgHAL18UhM="
)


@pytest.mark.parametrize(
    ("column", "day"),
    [
        ({6: 7}, 86_400_000),
        ({6: 8}, 86_400_000_000),
        ({6: 8, 10: {7: {1: True, 2: {2: {}}}}}, 86_400_000_000),
        ({10: {7: {1: True, 2: {3: {}}}}}, 86_400_000_000_000),
        ({10: {7: {2: {1: {}}}}}, 86_400_000),
        ({10: {8: {2: {1: {}}}}}, 0),
        ({6: 0}, 0),
        ({}, 0),
    ],
)
def test_a_day_is_counted_in_the_unit_of_a_column_of_times(
    column: dict[int, Any], day: int
) -> None:
    assert day_of(column) == day


def number(value: int) -> bytes:
    return value.to_bytes(4, "little", signed=True)


@pytest.mark.parametrize(
    ("statistics", "is_late"),
    [
        ({5: number(86_400_000), 6: number(0)}, True),
        ({5: number(86_399_999), 6: number(0)}, False),
        ({5: number(5), 6: number(-1)}, True),
        ({1: number(86_400_000)}, True),
        ({1: number(86_400_000), 5: number(7)}, False),
        ({3: 0}, False),
    ],
)
def test_columns_are_late_by_their_least_and_greatest_value(
    statistics: dict[int, Any], *, is_late: bool
) -> None:
    early = {3: {12: {5: number(1)}}}
    groups = [{1: [early, early]}, {1: [{3: {12: {5: number(2**30)}}}, {3: {12: statistics}}]}]
    assert late_columns(groups, [0, 86_400_000]) == ({1} if is_late else set())
    assert late_columns([{1: [{3: {}}]}, {}], [86_400_000]) == set()


def test_a_column_with_the_end_of_a_day_is_left_out_and_told(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(zlib.decompress(b64decode(PACKED)))

    assert meanings_in(tmp_path / "f") == [(None,), (None,), (Meaning.UNREADABLE,)]
    reader = ParquetFormat(ReadTerms()).open(tmp_path / "f", "f")
    assert reader.evidence["left_out"].startswith("no column: 'closes', as there are intervals")
    rows = [row for batch in reader.batches() for row in batch.frame.rows()]
    assert (reader.header, rows) == (("id", "opens"), [("1", "08:00:00"), ("2", "09:30:00")])
