from __future__ import annotations

import gc
import os
import signal
import threading
from pathlib import Path

import polars as pl
import pytest

from definitions.errors import FormatError, TemporaryError
from sources.formats.parquet.apart import Apart, Column


@pytest.fixture
def file(tmp_path: Path) -> Path:
    pl.DataFrame({"id": [1, 2, 3], "raw": [b"x", b"y", None]}).write_parquet(tmp_path / "f")
    return tmp_path / "f"


def children() -> list[int]:
    """Return the processes that this thread has begun and that are there yet."""
    task = Path(f"/proc/self/task/{threading.get_native_id()}/children")
    return [int(number) for number in task.read_text().split()]


def begun(file: Path) -> tuple[Apart, int]:
    """Return an open file and the process that reads it."""
    before = set(children())
    table = Apart(file, "f")
    (number,) = set(children()) - before
    return table, number


def test_another_process_tells_of_a_file_and_gives_its_rows(file: Path) -> None:
    table = Apart(file, "f")

    assert table.height == 3
    assert table.columns == [
        Column(name="id", is_binary=False, is_typed=True),
        Column(name="raw", is_binary=True, is_typed=False),
    ]
    assert table.window(0, 2).rows() == [("1", "eA=="), ("2", "eQ==")]
    assert table.window(2, 9).rows() == [("3", "")]
    assert table.window(1, 1).rows() == [("2", "eQ==")]


def test_it_ends_with_the_object(file: Path) -> None:
    table, number = begun(file)
    del table
    gc.collect()
    assert number not in children()


def test_what_is_for_all_processes_does_not_stop_it(file: Path) -> None:
    table, number = begun(file)
    for each in (signal.SIGINT, signal.SIGTERM):
        os.kill(number, each)
    assert table.window(0, 1).height == 1


@pytest.mark.parametrize(
    ("ended", "error", "message"),
    [
        (signal.SIGABRT, FormatError, r"the Parquet file 'f' is damaged \(.*SIGABRT\); write it"),
        (signal.SIGSEGV, FormatError, r"the Parquet file 'f' is damaged \(.*SIGSEGV\); write it"),
        (signal.SIGKILL, TemporaryError, "what reads the Parquet file 'f' was ended by SIGKILL;"),
    ],
)
def test_its_end_is_told(
    ended: signal.Signals, error: type[Exception], message: str, file: Path
) -> None:
    table, number = begun(file)
    os.kill(number, ended)
    with pytest.raises(error, match=message):
        table.window(0, 1)


def test_a_small_file_of_a_huge_cell_is_refused_before_it_takes_all_memory(tmp_path: Path) -> None:
    huge = pl.Series("a", ["x" * 300_000_000])
    huge.to_frame().write_parquet(tmp_path / "f", compression="zstd")
    table = Apart(tmp_path / "f", "f")

    with pytest.raises(FormatError, match=r"'f' .*it grows beyond all bounds"):
        table.window(0, 10)
