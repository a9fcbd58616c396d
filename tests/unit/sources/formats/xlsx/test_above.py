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
