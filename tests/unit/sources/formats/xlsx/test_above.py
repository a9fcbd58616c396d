from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from sources.formats.xlsx import XlsxFormat
from sources.formats.xlsx.reader import XlsxReader
from tests.reading import assert_resumable

NAMES = ["id", "name", "city"]
FIRST: list[object] = [1, "Jana", "Brno"]
SECOND: list[object] = [2, "Petr", "Praha"]
TABLE: list[list[object]] = [[*NAMES], FIRST, SECOND]
GROUPS = [[None, "2023", None, "2024", None], ["id", "Q1", "Q2", "Q1", "Q2"]]


def opened(tmp_path: Path, rows: list[list[object]]) -> XlsxReader:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "f.xlsx")
    return XlsxFormat().open(tmp_path / "f.xlsx", "f.xlsx")


def told(reader: XlsxReader) -> tuple[tuple[str, ...], str]:
    return reader.header, reader.evidence["data_after_row"]


@pytest.mark.parametrize(
    ("above", "last_row"),
    [
        ([["Report"], ["Created:", "2024-01-01"], []], "4"),
        ([["Created:", "2024-01-01"], ["By:", "Jana"]], "3"),
        ([["Created:", "2024-01-01"], ["all of them"]], "3"),
        ([["Filter: all", None, "Page 1"], []], "3"),
        ([["Period", 2024], [], ["Sales"]], "4"),
        ([["Report", 2024], ["Region", "North"]], "3"),
        ([["Sales"], [], ["Company", "ACME"], ["Day", "2024-01-31"], ["By", "Jana"]], "6"),
    ],
)
def test_labels_and_a_narrow_row_that_stands_apart_are_titles(
    above: list[list[object]], last_row: str, tmp_path: Path
) -> None:
    reader = opened(tmp_path, [*above, *TABLE])
    assert told(reader) == (tuple(NAMES), last_row)
    batches = list(reader.batches())
    rows = [row for batch in batches for row in batch.frame.rows()]
    assert rows == [("1", "Jana", "Brno"), ("2", "Petr", "Praha")]
    assert batches[0].lines.tolist() == [int(last_row) + 1, int(last_row) + 2]
    assert_resumable(reader)


@pytest.mark.parametrize(
    ("rows", "last_row"),
    [
        ([["code", "price"], ["A", 1], [], *TABLE], "1"),
        ([["code", "price"], *TABLE], "1"),
        ([["code", "price"], ["A", 1], *TABLE, [3, "Eva"]], "1"),
        ([["code", "price"], ["A", 1], FIRST, SECOND, [3, "Eva", "x"]], "1"),
        ([["code", "city"], ["A", "x"], [*NAMES], ["a", "b", "c"], ["d", "e", "f"]], "1"),
        ([["id", "name"], [], FIRST, SECOND], "1"),
        ([[*NAMES], [], FIRST, SECOND], "1"),
        ([["Name:", "City:"], ["Jana", "Brno"], ["Petr", "Praha"]], "1"),
        ([["Name:", "Jana"], ["City:", "Brno"]], "1"),
    ],
)
def test_what_may_be_a_table_is_no_title(
    rows: list[list[object]], last_row: str, tmp_path: Path
) -> None:
    assert told(opened(tmp_path, rows))[1] == last_row


@pytest.mark.parametrize(
    "above",
    [
        GROUPS,
        [["id", "2023", None, "2024", None], [None, "Q1", "Q2", "Q1", "Q2"]],
        [["Report"], *GROUPS],
    ],
)
def test_groups_of_names_are_joined_with_each_name_below(
    above: list[list[object]], tmp_path: Path
) -> None:
    reader = opened(tmp_path, [*above, ["a", 2, 3.5, 4, 5], ["b", 2, None, -4, 5]])
    assert told(reader) == (("id", "2023 Q1", "2023 Q2", "2024 Q1", "2024 Q2"), str(len(above)))
    assert reader.evidence["header"] == "two rows: groups of names above the names"
    rows = [row for batch in reader.batches() for row in batch.frame.rows()]
    assert rows == [("a", "2", "3.5", "4", "5"), ("b", "2", "", "-4", "5")]
    assert_resumable(reader)


@pytest.mark.parametrize(
    "rows",
    [
        [["id", "name", None], ["a", "x", "y"], ["b", "x", "y"]],
        [["id", "name", None], ["a", "x", 7], ["b", "x", 8]],
        [["id", "name", None, "n"], ["a", "x", None, "7"], ["b", "x", 7, 1]],
        [["id", "name", None], ["a", "x", "y"]],
    ],
)
def test_a_second_row_that_may_be_data_is_data(rows: list[list[object]], tmp_path: Path) -> None:
    reader = opened(tmp_path, rows)
    assert told(reader)[1] == "1"
    assert "header" not in reader.evidence
