"""The score is that of Pollock: success, and precision, recall and F1 of three things."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.polluted.scoring import BEST, Read, score
from benchmarks.polluted.sheets import Sheet, Table, Way

TABLE = Table(header=("id", "name"), rows=(("1", "a"), ("2", "b"), ("2", "b"), ("3", "c\nd")))
SHEET = Sheet.of(TABLE, Way())


def test_the_right_table_is_perfect_whatever_ends_its_lines() -> None:
    read = Read(header=TABLE.header, rows=(*TABLE.rows[:3], ("3", "c\r\nd")))

    assert score(SHEET, read).total == pytest.approx(BEST)
    assert score(SHEET, read).is_perfect


def test_a_file_that_is_not_read_has_no_points() -> None:
    assert score(SHEET, None).total == 0
    assert score(SHEET, Read(header=(), rows=())).total == 1


def test_rows_and_cells_are_counted_as_often_as_they_are_there() -> None:
    found = score(SHEET, Read(header=TABLE.header, rows=TABLE.rows[:2]))

    assert (found.records.precision, found.records.recall) == (1.0, 0.5)
    assert found.records.f1 == pytest.approx(2 / 3)
    assert (found.cells.precision, found.cells.recall) == (1.0, 0.5)
    assert not found.is_perfect


def test_a_header_taken_for_a_row_costs_both() -> None:
    found = score(SHEET, Read(header=(), rows=(TABLE.header, *TABLE.rows)))

    assert found.header.total == 0
    assert found.records.precision == pytest.approx(0.8)


def test_nameless_and_repeated_columns_may_be_called_anything() -> None:
    sheet = Sheet.of(Table(header=("", "v", "v"), rows=(("1", "2", "3"),)), Way())

    assert score(sheet, Read(header=("column_1", "v", "v_2"), rows=(("1", "2", "3"),))).is_perfect
    assert not score(sheet, Read(header=("x", "w", "v"), rows=(("1", "2", "3"),))).is_perfect


def test_spaces_around_cells_count_unless_the_table_is_drawn() -> None:
    read = Read(header=TABLE.header, rows=tuple((f"{one} ", other) for one, other in TABLE.rows))

    assert not score(SHEET, read).is_perfect
    assert score(replace(SHEET, trimmed=True), read).is_perfect
