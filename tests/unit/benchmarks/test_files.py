"""The files of the benchmarks are the same each time, and the truth about them is true."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from benchmarks.files import EDITIONS, write
from benchmarks.kinds import KINDS

ROWS = 1_000


@pytest.mark.parametrize("name", sorted(EDITIONS))
def test_a_file_is_the_same_each_time(tmp_path: Path, name: str) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"

    assert write(name, first, ROWS) == write(name, second, ROWS)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("name", [name for name, each in EDITIONS.items() if not each.faulty])
def test_a_clean_file_has_nothing_but_well_formed_rows(tmp_path: Path, name: str) -> None:
    truth = write(name, tmp_path / "rows.csv", ROWS)
    header, *rows = _read(tmp_path / "rows.csv")

    assert tuple(header) == tuple(KINDS[EDITIONS[name].kind].columns)
    assert {len(row) for row in rows} == {len(header)}
    assert (truth.rows, truth.well_formed, truth.faults) == (len(rows), len(rows), ())


@pytest.mark.parametrize("name", [name for name, each in EDITIONS.items() if each.faulty])
def test_the_truth_names_every_row_that_differs_from_the_clean_one(
    tmp_path: Path, name: str
) -> None:
    truth = write(name, tmp_path / "rows.csv", ROWS)
    columns = list(KINDS[EDITIONS[name].kind].columns)
    _, *rows = _read(tmp_path / "rows.csv")
    lines = (tmp_path / "rows.csv").read_bytes().split(b"\n")

    assert (truth.rows, truth.malformed) == (len(rows), 4)
    assert truth.bad_cells + truth.malformed == len(truth.faults)
    for row, line, column in truth.faults:
        assert lines[line - 1].decode(errors="replace").startswith(rows[row - 1][0])
        if column is not None:
            assert rows[row - 1][columns.index(column)] in {
                "12,5x", "maybe", "31/31/2024", "2024-13-45T99:00", "[1, 2", '{"a":', "not a url",
            }  # fmt: skip


def test_a_fifth_of_the_rows_changes_and_the_rest_does_not(tmp_path: Path) -> None:
    write("items", tmp_path / "before.csv", ROWS)
    truth = write("items-changed", tmp_path / "after.csv", ROWS)
    before, after = _read(tmp_path / "before.csv"), _read(tmp_path / "after.csv")

    different = sum(one != other for one, other in zip(before, after, strict=True))
    assert truth.marked <= different <= truth.marked + truth.malformed
    assert ROWS // 6 < truth.marked < ROWS // 4


def test_every_event_is_of_a_known_customer(tmp_path: Path) -> None:
    write("events", tmp_path / "events.csv", ROWS)
    write("customers-known", tmp_path / "customers.csv", ROWS)
    known = {row[0] for row in _read(tmp_path / "customers.csv")[1:]}

    assert {row[0] for row in _read(tmp_path / "events.csv")[1:]} <= known


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return list(csv.reader(file))
