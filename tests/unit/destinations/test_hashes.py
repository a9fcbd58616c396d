from __future__ import annotations

import subprocess
import sys

import polars as pl

from destinations.bulk import ALGORITHM_BITS
from destinations.hashes import write_hash

ROWS = pl.DataFrame(
    {"text": ["a", "a", "b", "", None, "a\0", "a"], "at": [1.0, None, 1.0, 1.0, 1.0, None, 2.0]}
)
PROGRAM = """
import polars as pl; from destinations.hashes import write_hash
print(pl.select(pl.lit("a").alias("text")).select(write_hash("text")).item())
"""


def test_writes_that_differ_have_hashes_that_differ() -> None:
    hashes = ROWS.select(write_hash("text", "at").alias("hash"))["hash"]

    assert hashes.dtype == pl.Int64
    assert hashes.n_unique() == ROWS.height


def test_equal_writes_have_equal_hashes_in_every_batch_and_process() -> None:
    whole = ROWS.select(write_hash("text"))["text"].to_list()
    parts = [ROWS[at : at + 1].select(write_hash("text")).item() for at in range(ROWS.height)]
    elsewhere = subprocess.run(
        [sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True
    )

    assert whole == parts
    assert int(elsewhere.stdout) == whole[0]


def test_the_last_bits_are_those_of_the_algorithm() -> None:
    hashes = ROWS.select(write_hash("text") & ALGORITHM_BITS)["text"]

    assert hashes.n_unique() == 1
