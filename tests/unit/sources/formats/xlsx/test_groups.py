from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from definitions.model import FileFormat
from sources.base import ReadTerms
from sources.formats.xlsx import XlsxFormat
from sources.formats.xlsx.reader import XlsxReader
from tests.reading import assert_resumable
from tests.workbooks import saved

Row = list[object]
GROUPS: list[Row] = [[None, "2023", None, "2024", None], ["id", "Q1", "Q2", "Q1", "Q2"]]
PEOPLE: list[Row] = [["Jana", "Nová", "Brno", 1990, "x"], ["Petr", "Malý", "Praha", 1991, "y"]]


def opened(
    tmp_path: Path,
    rows: Sequence[Row],
    merged: str = "",
    layout: FileFormat | None = None,
    wanted: frozenset[str] | None = None,
) -> XlsxReader:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    for cells in merged.split():
        sheet.merge_cells(cells)
    (tmp_path / "f.xlsx").write_bytes(saved(book))
    terms = ReadTerms(layout=layout or FileFormat(), wanted=wanted or frozenset())
    return XlsxFormat(terms).open(tmp_path / "f.xlsx", "f.xlsx")


def told(reader: XlsxReader) -> tuple[tuple[str, ...], str]:
    return reader.header, reader.evidence["data_after_row"]


def rows_of(reader: XlsxReader) -> list[tuple[str, ...]]:
    return [row for batch in reader.batches() for row in batch.frame.rows()]


@pytest.mark.parametrize(
    "above",
    [
        GROUPS,
        [["id", "2023", None, "2024", None], [None, "Q1", "Q2", "Q1", "Q2"]],
        [["Report"], *GROUPS],
    ],
)
def test_groups_of_names_are_joined_with_each_name_below(above: list[Row], tmp_path: Path) -> None:
    reader = opened(tmp_path, [*above, ["a", 2, 3.5, 4, 5], ["b", 2, None, -4, 5]])
    assert told(reader) == (("id", "2023 Q1", "2023 Q2", "2024 Q1", "2024 Q2"), str(len(above)))
    assert reader.evidence["header"] == "two rows: groups of names above the names"
    assert rows_of(reader) == [("a", "2", "3.5", "4", "5"), ("b", "2", "", "-4", "5")]
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
def test_a_second_row_that_may_be_data_is_data(rows: list[Row], tmp_path: Path) -> None:
    reader = opened(tmp_path, rows)
    assert told(reader)[1] == "1"
    assert "header" not in reader.evidence


@pytest.mark.parametrize(
    ("above", "merged", "names"),
    [
        (  # several groups, the last one up to the last column
            [["Person", None, "Address"], ["first", "last", "city", "zip"]],
            "A1:B1 C1:D1",
            ("Person first", "Person last", "Address city", "Address zip"),
        ),
        (  # a column behind them that is in none
            [["Person", None, "Group", None], ["first", "last", "city", "zip", "note"]],
            "A1:B1 C1:D1",
            ("Person first", "Person last", "Group city", "Group zip", "note"),
        ),
        (  # a single group, and a name above nothing but values
            [["Person", None, "Group"], ["first", "last", "city", "born"]],
            "A1:B1",
            ("Person first", "Person last", "Group city", "born"),
        ),
        (  # names merged with the cells below them
            [["first", "last", "Address"], [None, None, "city", "zip"]],
            "A1:A2 B1:B2 C1:D1",
            ("first", "last", "Address city", "Address zip"),
        ),
        (  # groups of groups below a title
            [
                ["All of them"],
                [],
                ["Person", None, None, None],
                ["Name", None, "Address", None],
                ["first", "last", "city", "zip"],
            ],
            "A1:D1 A3:D3 A4:B4 C4:D4",
            ("Name first", "Name last", "Address city", "Address zip"),
        ),
        (
            [["A", None, None, "B"], ["x", None, "y", None], ["p", "q", "p", "q"]],
            "A1:C1 A2:B2 C2:D2",
            ("A x p", "A x q", "A y p", "B y q"),
        ),
    ],
)
def test_cells_that_are_merged_side_by_side_are_groups(
    above: list[Row], merged: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    people = [row[: len(names)] for row in PEOPLE]
    reader = opened(tmp_path, [*above, *people], merged)
    assert told(reader) == (names, str(len(above)))
    assert rows_of(reader) == [tuple(map(str, row)) for row in people]
    assert_resumable(reader)


@pytest.mark.parametrize(
    ("rows", "merged"),
    [
        # one name above two columns of data
        ([["Name", None, "City"], ["Jana", "Nová", "Brno"], ["Petr", "Malý", "Praha"]], "A1:B1"),
        # what would be a name is there again, is a number, or is missing below a group
        ([["A", None, "B", None], ["x", "y", "p", "q"], ["x", "z", "r", "s"]], "A1:B1 C1:D1"),
        ([["A", None, "B", None], ["x", 7, "p", "q"], ["y", 8, "r", "s"]], "A1:B1 C1:D1"),
        ([["A", None, "B", None], ["x", None, "p", "q"], ["y", "z", "r", "s"]], "A1:B1 C1:D1"),
        # a report in which all rows have merged cells
        ([["A", None, "B"], ["x", None, "p"], ["y", None, "q"]], "A1:B1 A2:B2 A3:B3"),
        ([["A", None, "B"]] + [["x", None, "p"]] * 9, " ".join(f"A{n}:B{n}" for n in range(1, 11))),
        # nothing below the names
        ([["A", None, "B", None], ["x", "y", "p", "q"]], "A1:B1 C1:D1"),
    ],
)
def test_merged_cells_above_what_may_be_data_are_no_groups(
    rows: list[Row], merged: str, tmp_path: Path
) -> None:
    reader = opened(tmp_path, rows, merged)
    assert told(reader)[1] == "1"
    assert "header" not in reader.evidence


MERGED: list[Row] = [["Person", None, "Place"], ["first", "last", "city", "born"]]


def test_groups_are_titles_where_the_wanted_names_are_those_below(tmp_path: Path) -> None:
    people = [row[:4] for row in PEOPLE]
    rows = [*MERGED, *people]
    reader = opened(tmp_path, rows, "A1:B1 C1:D1", wanted=frozenset({"first", "city"}))
    assert told(reader) == (("first", "last", "city", "born"), "2")
    assert "header" not in reader.evidence
    assert rows_of(reader) == [tuple(map(str, row)) for row in people]
    wanted = frozenset({"Person first", "city"})
    assert opened(tmp_path, rows, "A1:B1 C1:D1", wanted=wanted).header[0] == "Person first"


@pytest.mark.parametrize(
    ("merged", "names"),
    [
        ("A1:B1 C1:D1", ("Person first", "Person last", "Place city", "Place born")),
        ("", ("Person first", "last", "Place city", "born")),
    ],
)
def test_rows_that_are_said_to_be_the_header_have_merged_names_in_all_their_columns(
    merged: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    rows = [*MERGED, *(row[:4] for row in PEOPLE)]
    reader = opened(tmp_path, rows, merged, FileFormat(header_rows=2))
    assert told(reader) == (names, "2")
